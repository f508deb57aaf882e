/** Whether a folder can be taken for recordings, and how fast its disk is. Knows nothing of the folders in use but their paths. */
import { randomBytes } from 'node:crypto';
import { open, realpath, rm, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { AppError } from '../../shared/errors.ts';
import { describeDiskFailure, folderWords } from './disk-failure.ts';

const SPEED_BYTES = 32 * 1024 * 1024;
const PIECE_BYTES = 1024 * 1024;
const SPEED_FILE = '.threshold-speed-test';

/** Throws AppError `invalid-input`, in the user's words, for a folder that is not there or overlaps one of `taken`. */
export async function refuseFolder(path: string, taken: readonly string[]): Promise<void> {
  const real = await realPathOf(path);
  if (real === null) throw new AppError('invalid-input', `There is no folder “${path}”.`);
  const { isDirectory } = await stat(real).then((found) => ({ isDirectory: found.isDirectory() }));
  if (!isDirectory) throw new AppError('invalid-input', `“${path}” is not a folder.`);
  for (const other of taken) {
    const realOther = (await realPathOf(other)) ?? other;
    if (realOther === real) throw new AppError('invalid-input', `“${path}” is in use already.`);
    if (isInside(real, realOther) || isInside(realOther, real))
      throw new AppError(
        'invalid-input',
        `“${path}” and “${other}”, which is in use, lie one inside the other.`,
      );
  }
}

/** Writes and flushes 32 MB. Returns bytes per second; throws AppError `invalid-input` where the folder cannot be written. */
export async function measureSpeed(folder: string): Promise<number> {
  const path = join(folder, SPEED_FILE);
  // Not zeros: a disk or file system may be too clever about these.
  const piece = randomBytes(PIECE_BYTES);
  try {
    const startedMs = performance.now();
    const file = await open(path, 'w');
    try {
      for (let written = 0; written < SPEED_BYTES; written += PIECE_BYTES)
        for (let at = 0; at < PIECE_BYTES; ) at += (await file.write(piece, at)).bytesWritten;
      await file.datasync();
    } finally {
      await file.close();
    }
    return Math.round(SPEED_BYTES / ((performance.now() - startedMs) / 1000));
  } catch (cause) {
    throw new AppError('invalid-input', describeDiskFailure(cause, folderWords(folder)).detail, { cause });
  } finally {
    await rm(path, { force: true }).catch(() => {}); // said by what failed before
  }
}

/** Null where nothing is there. */
async function realPathOf(path: string): Promise<string | null> {
  try {
    return await realpath(path);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw new AppError('invalid-input', describeDiskFailure(cause, folderWords(path)).detail, { cause });
  }
}

function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && way !== path;
}
