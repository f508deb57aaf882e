/** What fleet, Faceter and Camlytics need to know of cameras at work; `compose-integrations.ts` connects it. */
import type { CameraStatus } from '../../shared/contract-cameras.ts';
import type { StoredCamera } from '../store/cameras.ts';

export interface CameraEngine {
  cameraStatus(cameraId: string): CameraStatus;
  /** Frames within 10 s; for cameras that only upload, an upload or a configuration call within 120 s. */
  isOnline(camera: StoredCamera): boolean;
  /** When a camera was last heard of, and when its newest video ends; null: never. */
  lastHeard(camera: StoredCamera): { lastSeenEpochMs: number | null; lastVideoEpochMs: number | null };
  /** The newest picture of the stream, of uploads or of recordings, at most `width` wide; null where there is none. */
  newestPicture(cameraId: string, width: number): Promise<{ jpeg: Buffer; atEpochMs: number } | null>;
  /** Cheap: whether `newestPicture` would find one. */
  hasPicture(cameraId: string): boolean;
  /** The newest whole segment on disk, else what is there of the first one; null when nothing is recorded. */
  newestSegment(cameraId: string): { sizeBytes: number; durationMs: number } | null;
  /** Stops a camera and removes it with its recordings and events. */
  removeCamera(cameraId: string): Promise<void>;
}

/** The serial number a camera is known by: its own, else its MAC address, else its id. */
export function serialNumberOf(camera: Pick<StoredCamera, 'id' | 'serialNumber' | 'macAddress'>): string {
  return camera.serialNumber ?? camera.macAddress ?? camera.id;
}
