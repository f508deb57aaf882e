/** Folder 0, DATA/recordings: the one that is there without being named. */
import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { readMark, writeMark } from './volume-mark.ts';
import type { Volume } from './volume-plan.ts';

/** What is kept of folders; the store implements it. `path` of folder 0 is null: it is DATA/recordings. */
export interface VolumeIndex {
  installation(known?: string): string;
  listVolumes(): Array<Omit<Volume, 'path'> & { path: string | null }>;
  putVolume(volume: Omit<Volume, 'path'> & { path: string | null }): void;
}

/** Makes folder 0 and its mark at the first start. Where it had a mark and has none now, it is not there: nothing is made in its place. */
export async function prepareFirstFolder(root: string, store?: VolumeIndex): Promise<void> {
  const known = store?.listVolumes().find(({ id }) => id === 0);
  // Deleted as a whole, while the data folder around it is there: begun anew. A mount point without its drive would still be a folder.
  const isNew = (await mkdir(root, { recursive: true })) !== undefined;
  if (!store || (known && !isNew)) return;
  const mark = await readMark(root);
  const uuid = mark?.uuid ?? known?.uuid ?? randomUUID();
  const installation = store.installation(mark?.installation);
  if (!mark) await writeMark(root, { uuid, installation });
  if (!known) store.putVolume({ ...firstVolume(root), uuid, path: null });
}

export function firstVolume(root: string): Volume {
  return {
    ...{ id: 0, uuid: '', path: root, role: 'record' },
    ...{ afterDays: null, minFreeBytes: null, maxBytes: null },
  };
}
