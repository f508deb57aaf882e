/** The mark inside a recording folder: by it a drive is known, wherever it is mounted, and its absence too. */
import { open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

export const MARK_FILE = '.threshold-folder.json';

const VolumeMarkSchema = z.object({
  /** Of this folder. */
  uuid: z.guid(),
  /** Of the installation that made it. */
  installation: z.guid(),
});
export type VolumeMark = z.infer<typeof VolumeMarkSchema>;

/** Null where there is no mark, or none that can be read. Throws what the disk says, ENOENT and ENOTDIR excepted. */
export async function readMark(folder: string): Promise<VolumeMark | null> {
  let text: string;
  try {
    text = await readFile(join(folder, MARK_FILE), 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw error;
  }
  try {
    return VolumeMarkSchema.parse(JSON.parse(text));
  } catch {
    return null; // another program's file, or cut off by a crash: not ours to trust
  }
}

/** Makes or replaces the mark in one step, on the disk when it resolves. Throws what the disk says. */
export async function writeMark(folder: string, mark: VolumeMark): Promise<void> {
  const path = join(folder, MARK_FILE);
  const file = await open(`${path}.partial`, 'w');
  try {
    await file.writeFile(`${JSON.stringify(mark, null, 2)}\n`);
    await file.datasync();
  } finally {
    await file.close();
  }
  await rename(`${path}.partial`, path);
}
