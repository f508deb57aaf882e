/** Where an export is written: a folder that is there in full under its name, or only as `NAME.partial`. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../shared/errors.ts';
import { startChild } from '../platform/child.ts';
import type { WrittenFile } from './clip.ts';
import { freeName } from './names.ts';

export interface Target {
  /** Absolute; exports lie in it. */
  root: string;
  /** In the user's words: `the disk of the recorder`, `“STICK”`. */
  place: string;
  /** What its file system can hold in one file; null: as much as there is room for. */
  maxFileBytes: number | null;
  /** Every file is read back and compared: it is handed out of the house. */
  isRemovable: boolean;
}

export const PARTIAL = '.partial';
/** An empty working folder for `name`; what an earlier try left is removed. */
export async function openWorkFolder(root: string, name: string): Promise<string> {
  const folder = join(root, name + PARTIAL);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  return folder;
}

/** The files, relative to the working folder and without `.partial`, get their names; then the folder, or the only file, its own. */
export async function finishWork(
  root: string,
  folder: string,
  { name, files, isFolder }: { name: string; files: readonly string[]; isFolder: boolean },
): Promise<string> {
  const taken = new Set((await readdir(root)).map((entry) => entry.toLowerCase()));
  const free = freeName(name, (candidate) => taken.has(candidate.toLowerCase()));
  for (const file of files) await rename(join(folder, file + PARTIAL), join(folder, file));
  if (isFolder) {
    await syncFolders(folder, files);
    await rename(folder, join(root, free));
  } else {
    await rename(join(folder, files[0] as string), join(root, free));
    await rm(folder, { recursive: true, force: true });
  }
  await syncFolder(root);
  return free;
}

/** Copies to `path` and flushes it. */
export async function copyFlushed(
  from: string,
  path: string,
  { signal, onWritten }: { signal?: AbortSignal; onWritten?(bytes: number): void } = {},
): Promise<WrittenFile> {
  const hash = createHash('sha256');
  const out = await open(path, 'w');
  let sizeBytes = 0;
  try {
    for await (const chunk of createReadStream(from, {
      highWaterMark: 1024 * 1024,
    }) as AsyncIterable<Buffer>) {
      signal?.throwIfAborted();
      hash.update(chunk);
      await out.writeFile(chunk);
      sizeBytes += chunk.length;
      onWritten?.(sizeBytes);
    }
    await out.sync();
  } finally {
    await out.close();
  }
  return { sizeBytes, sha256: hash.digest('hex') };
}

/** Writes a small file and flushes it. */
export async function writeFlushed(path: string, bytes: string | Buffer): Promise<WrittenFile> {
  const out = await open(path, 'w');
  try {
    await out.writeFile(bytes);
    await out.sync();
  } finally {
    await out.close();
  }
  const whole = Buffer.from(bytes);
  return { sizeBytes: whole.length, sha256: createHash('sha256').update(whole).digest('hex') };
}

/** Reads a file back, from the medium where the system lets it. Throws AppError `unavailable` when it is not what was written. */
export async function checkWritten(
  path: string,
  name: string,
  written: WrittenFile,
  { signal, onRead }: { signal?: AbortSignal; onRead?(bytes: number): void } = {},
): Promise<void> {
  await dropFromMemory(path);
  const hash = createHash('sha256');
  let sizeBytes = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 }) as AsyncIterable<Buffer>) {
    signal?.throwIfAborted();
    hash.update(chunk);
    sizeBytes += chunk.length;
    onRead?.(chunk.length);
  }
  if (sizeBytes === written.sizeBytes && hash.digest('hex') === written.sha256) return;
  throw new AppError(
    'unavailable',
    `“${name}” could not be read back as it was written: the drive is damaged or is being removed. Use another one.`,
  );
}

/** Linux keeps written pages in memory, and reading them back would prove nothing. Elsewhere, and where it fails, that is how it stays. */
async function dropFromMemory(path: string): Promise<void> {
  if (process.platform !== 'linux') return;
  await startChild('dd', [`if=${path}`, 'iflag=nocache', 'count=0'], { stdio: 'ignore' }).exit;
}

async function syncFolders(folder: string, files: readonly string[]): Promise<void> {
  const inner = new Set(files.map((file) => file.split('/').slice(0, -1).join('/')));
  for (const path of inner) await syncFolder(join(folder, path));
}

/** Windows flushes directories by itself, and some file systems refuse it. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  await folder
    .sync()
    .catch((error: NodeJS.ErrnoException) => {
      if (!['EINVAL', 'ENOTSUP', 'ENOSYS'].includes(error.code ?? '')) throw error;
    })
    .finally(() => folder.close());
}

/** Bytes of a file; 0 where there is none. */
export async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}
