/** Footage that an export is still to read stays until it has: where the disk is full, the oldest is deleted all the time. */
import type { ExportJob } from '../../shared/contract-exports.ts';
import { DAY_MS, type EpochRange } from '../../shared/units.ts';
import { rangesOf } from './export-pieces.ts';

/** Where footage is deleted to make room. */
export interface FootageKeeper {
  /** Keeps ranges for a reader until the earlier of `letGo` and `expiresEpochMs`; false where that is too much. */
  hold(
    reader: string,
    ranges: ReadonlyArray<EpochRange & { cameraId: string; expiresEpochMs: number }>,
  ): boolean;
  letGo(reader: string): void;
}

/** From each change of its state on: what waits or is paused for longer has been forgotten. */
const KEEPS_MS = DAY_MS;

/** Lets go where the export has ended. False where its footage is too much to be kept. */
export function keepFootageOf(job: ExportJob, keep: FootageKeeper, nowEpochMs: number): boolean {
  if (hasEnded(job)) {
    keep.letGo(job.id);
    return true;
  }
  const expiresEpochMs = nowEpochMs + KEEPS_MS;
  const ranges = job.cameras.flatMap(({ id }) =>
    rangesOf(job, id).map(({ cameraId, fromEpochMs, toEpochMs }) => ({
      ...{ cameraId, startEpochMs: fromEpochMs, endEpochMs: toEpochMs, expiresEpochMs },
    })),
  );
  return keep.hold(job.id, ranges);
}

function hasEnded({ state }: ExportJob): boolean {
  return state === 'done' || state === 'failed' || state === 'cancelled';
}
