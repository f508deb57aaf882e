/** The recording folders that a provision file names. Part of the composition root. */
import { resolve } from 'node:path';
import type { RecordingFolder } from '../shared/domain-storage.ts';
import { AppError, messageOf } from '../shared/errors.ts';
import { measureSpeed, refuseFolder } from './recorder/folder-check.ts';
import type { RecordingFolders } from './recorder/recording-folders.ts';

/**
 * Looks at the folders before anything of the file is applied. Those in use (`known`) are not asked: their drives may be away. Throws
 * AppError `invalid-input`, its message beginning with the JSON path.
 */
export async function refuseBadFolders(
  folders: readonly RecordingFolder[],
  dataDir: string,
  known: readonly string[],
): Promise<void> {
  const taken = [resolve(dataDir), ...known];
  for (const [i, folder] of folders.entries()) {
    const path = resolve(folder.path);
    if (known.includes(path)) continue;
    await told(i, async () => {
      await refuseFolder(path, taken);
      await measureSpeed(path);
    });
    taken.push(path);
  }
}

/** Adds or changes them. Throws as `refuseBadFolders`. */
export async function applyFolders(
  folders: readonly RecordingFolder[],
  to: Pick<RecordingFolders, 'ensure'>,
): Promise<void> {
  for (const [i, folder] of folders.entries()) await told(i, () => to.ensure(folder));
}

async function told(i: number, action: () => Promise<void>): Promise<void> {
  try {
    await action();
  } catch (cause) {
    if (!(cause instanceof AppError)) throw cause;
    throw new AppError('invalid-input', `storage.folders[${i}]: ${messageOf(cause)}`, { cause });
  }
}
