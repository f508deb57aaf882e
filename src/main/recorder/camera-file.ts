/** `camera.json` beside a camera's footage: whose it is and how long it is to be kept, so that a lost database orphans nothing. */
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { RecordingSchema } from '../../shared/domain-camera.ts';

export const CAMERA_FILE = 'camera.json';
/** Beside it: the camera's locks. */
export const LOCK_FILE = 'locks.json';
const CAMERA_FOLDER = /^[0-9a-f-]{36}$/;
/** Without its file nobody knows how long footage was to be kept: as long as can be. */
const LONGEST_DAYS = 3650;

const CameraFileSchema = z.object({
  name: z.string().min(1).max(200),
  recording: RecordingSchema.partial().optional(),
});

export interface CameraFacts {
  id: string;
  /** Null: not known. */
  name: string | null;
  recording: z.infer<typeof RecordingSchema>;
}

/** Writes the file where it says something else. Throws what the disk says. */
export async function writeCameraFile(
  root: string,
  { id, name, recording }: { id: string; name: string; recording: object },
): Promise<void> {
  const folder = join(root, id);
  const path = join(folder, CAMERA_FILE);
  const text = `${JSON.stringify({ id, name, recording }, null, 2)}\n`;
  if ((await readFile(path, 'utf8').catch(() => '')) === text) return;
  await mkdir(folder, { recursive: true });
  await writeFile(`${path}.partial`, text);
  await rename(`${path}.partial`, path);
}

/** What is known of a camera from beside its footage. */
export async function readCameraFile(root: string, cameraId: string): Promise<CameraFacts> {
  const unknown = { id: cameraId, name: null, recording: RecordingSchema.parse({ days: LONGEST_DAYS }) };
  try {
    const file = CameraFileSchema.parse(
      JSON.parse(await readFile(join(root, cameraId, CAMERA_FILE), 'utf8')),
    );
    return {
      id: cameraId,
      name: file.name,
      recording: RecordingSchema.parse({ days: LONGEST_DAYS, ...file.recording }),
    };
  } catch {
    return unknown; // a missing or foreign file: the recordings are there all the same
  }
}

/** Removes what stands beside the footage of cameras that have none left in this folder. Throws what the disk says. */
export async function removeEmptiedCameras(root: string): Promise<void> {
  for (const cameraId of await listCameraFolders(root)) {
    const folder = join(root, cameraId);
    const files = await readdir(folder, { recursive: true, withFileTypes: true });
    const isOurs = (name: string) => name === CAMERA_FILE || name === LOCK_FILE;
    if (files.every((entry) => entry.isDirectory() || isOurs(entry.name)))
      await rm(folder, { recursive: true });
  }
}

/** Cameras that have a folder. Throws when the recordings folder cannot be read. */
export async function listCameraFolders(root: string): Promise<string[]> {
  return (await readdir(root)).filter((name) => CAMERA_FOLDER.test(name)).sort();
}
