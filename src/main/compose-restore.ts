/** Cameras that the database has lost, made known again from what stands beside their footage. Part of the composition root. */
import { existsSync } from 'node:fs';
import { AnalysisSchema } from '../shared/domain-camera.ts';
import type { Logger } from './platform/log.ts';
import { type CameraFacts, listCameraFolders, readCameraFile } from './recorder/camera-file.ts';
import type { CameraStore } from './store/cameras.ts';
import type { SiteStore } from './store/sites.ts';

interface RestoreTarget {
  cameras: Pick<CameraStore, 'get' | 'byName' | 'add'>;
  sites: Pick<SiteStore, 'ensureDefault'>;
}

/** Without a source, which stands nowhere else: its footage is in the archive again, and the owner gives it its address anew. False when it is known. */
export function restoreCamera(
  { cameras, sites }: RestoreTarget,
  { id, name, recording }: CameraFacts,
  nowEpochMs: number,
): boolean {
  if (cameras.get(id)) return false;
  cameras.add(
    {
      ...{
        id,
        name: freeName(cameras, name ?? `Camera ${id.slice(0, 8)}`),
        siteId: sites.ensureDefault().id,
      },
      ...{ recording, analysis: AnalysisSchema.parse({}), zones: [], lines: [], readers: [] },
    },
    nowEpochMs,
  );
  return true;
}

/** At the start: every camera that has said beside its footage whose it is. Before a provision file is applied, which knows them by name. */
export async function restoreCameras(
  root: string,
  target: RestoreTarget,
  nowEpochMs: number,
  log: Logger,
): Promise<void> {
  if (!existsSync(root)) return;
  for (const cameraId of await listCameraFolders(root)) {
    if (target.cameras.get(cameraId)) continue;
    const facts = await readCameraFile(root, cameraId);
    if (facts.name === null) continue;
    restoreCamera(target, facts, nowEpochMs);
    log.warn(
      { cameraId, name: facts.name },
      'a camera that the database had lost was restored from beside its footage',
    );
  }
}

function freeName(cameras: RestoreTarget['cameras'], name: string): string {
  for (let count = 1; ; count++) {
    const free = count === 1 ? name : `${name} (restored${count === 2 ? '' : ` ${count - 1}`})`;
    if (!cameras.byName(free)) return free;
  }
}
