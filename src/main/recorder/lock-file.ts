/** `locks.json` beside a camera's footage: its locks, so that a lost database does not unlock anything. */
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { type FootageLock, FootageLockSchema } from '../../shared/domain-storage.ts';
import { LOCK_FILE, listCameraFolders } from './camera-file.ts';

const LockFileSchema = z.object({ locks: z.array(FootageLockSchema) });

/** Replaces a camera's file in one step; without locks there is none. Throws what the disk says. */
export async function writeLockFile(
  root: string,
  cameraId: string,
  locks: readonly FootageLock[],
): Promise<void> {
  const path = join(root, cameraId, LOCK_FILE);
  if (locks.length === 0) return rm(path, { force: true });
  await mkdir(join(root, cameraId), { recursive: true });
  const file = await open(`${path}.partial`, 'w');
  try {
    await file.writeFile(`${JSON.stringify({ locks }, null, 2)}\n`);
    await file.datasync();
  } finally {
    await file.close();
  }
  await rename(`${path}.partial`, path);
}

/** The locks that stand in the files of all cameras, and the files that could not be read. Throws when the folder itself cannot be. */
export async function readLockFiles(
  root: string,
): Promise<{ locks: FootageLock[]; unreadable: Array<{ cameraId: string; error: unknown }> }> {
  const locks: FootageLock[] = [];
  const unreadable: Array<{ cameraId: string; error: unknown }> = [];
  for (const cameraId of await listCameraFolders(root)) {
    try {
      const text = await readFile(join(root, cameraId, LOCK_FILE), 'utf8');
      // The folder says whose footage it is: a copied file must not lock another camera's.
      for (const lock of LockFileSchema.parse(JSON.parse(text)).locks) locks.push({ ...lock, cameraId });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') unreadable.push({ cameraId, error });
    }
  }
  return { locks, unreadable };
}
