/** Cameras as the Camio API names them: by name in any case, or by camera_id, which for cameras made by an upload is the id it gave. */
import { AppError } from '../../../shared/errors.ts';
import type { StoredCamera } from '../../store/cameras.ts';
import type { CamioDeps } from './ports.ts';

type LookupDeps = Pick<CamioDeps, 'cameras' | 'camioClients'>;

/** Null when there is none. A name wins over an id. */
export function findCamera({ cameras, camioClients }: LookupDeps, nameOrId: string): StoredCamera | null {
  const byName = cameras.byName(nameOrId);
  if (byName) return byName;
  return cameraById({ cameras, camioClients }, nameOrId);
}

export function cameraById({ cameras, camioClients }: LookupDeps, cameraId: string): StoredCamera | null {
  const given = camioClients.cameraByGivenId(cameraId);
  return (given === null ? null : cameras.get(given)) ?? cameras.get(cameraId);
}

/** Throws AppError `not-found`. */
export function requireCamera(deps: LookupDeps, nameOrId: string): StoredCamera {
  const camera = findCamera(deps, nameOrId);
  if (!camera) throw new AppError('not-found', 'There is no such camera.');
  return camera;
}

/** The id under which Camio's clients know a camera. */
export function wireCameraId(
  { camioClients }: Pick<CamioDeps, 'camioClients'>,
  camera: StoredCamera,
): string {
  return camioClients.givenIds().get(camera.id) ?? camera.id;
}
