/** What the UI's API needs from the running engine; `compose.ts` connects it. */
import type { CameraStatus } from '../../../shared/contract-cameras.ts';
import type { CompletenessDay, GapLedger, HealthView, StorageView } from '../../../shared/contract-health.ts';
import type { EpochRange } from '../../../shared/units.ts';

export interface EnginePorts {
  /** How a stored camera is doing right now. Cheap, never throws. */
  cameraStatus(cameraId: string): CameraStatus;
  /** Stops whatever runs for the camera and deletes its recordings. The camera is removed from the store afterwards. */
  releaseCamera(cameraId: string): Promise<void>;
  storage(): Promise<StorageView>;
  health(): Promise<HealthView>;
  /** Of the last `days` local days, today included; of all cameras where none is named. */
  completeness(days: number, cameraIds: readonly string[] | undefined): Promise<CompletenessDay[]>;
  /** The newest `limit` gaps of the range, and totals of all; of all cameras where none is named. */
  gaps(range: EpochRange, cameraIds: readonly string[] | undefined, limit: number): GapLedger;
}
