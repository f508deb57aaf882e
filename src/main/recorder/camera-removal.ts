/** Deletes all footage of a camera, in every recording folder. Ended at any point, the next start goes on with it. */
import { readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { PatientWriter } from './patient-writer.ts';
import type { Ledger, SegmentIndex } from './segment-index.ts';
import type { Volumes } from './volumes.ts';

/** Folders of removed cameras, until they are really gone. */
const DELETING = '.deleting-';

export interface CameraRemovalDeps {
  volumes: Volumes;
  index: SegmentIndex;
  ledger: Ledger;
  writer: PatientWriter;
}

/** What lies on drives that are away goes when they come back. Throws what the disks say. */
export async function removeCameraFootage(
  { volumes, index, ledger, writer }: CameraRemovalDeps,
  cameraId: string,
): Promise<void> {
  const writable = volumes.writable();
  const away = volumes.all().filter(({ volume }) => !writable.includes(volume));
  const asideIn = (folder: string) => join(folder, `${DELETING}${cameraId}`);
  // The folder is renamed first: a crash must not leave files that the next start takes for recordings.
  for (const { path } of writable) {
    await rename(join(path, cameraId), asideIn(path)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
  }
  writer.write(() => {
    index.removeCameraSegments(
      cameraId,
      away.map(({ volume }) => volume.id),
    );
    ledger.removeCameraGaps(cameraId);
  });
  for (const { path } of writable) await rm(asideIn(path), { recursive: true, force: true });
}

/** Ends removals that a crash broke off. Throws what the disk says. */
export async function clearRemovedCameras(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (name.startsWith(DELETING)) await rm(join(folder, name), { recursive: true, force: true });
  }
}
