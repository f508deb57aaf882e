/**
 * Recording "around events": everything is recorded, so that the pre-roll is there, and segments that no event touches are removed
 * a few minutes later. Whole segments are kept or removed: the rolls are at least as long as stated.
 */
import type { Gap } from '../../shared/domain.ts';
import { removeSegmentFile } from './retention.ts';
import type { Ledger, SegmentFileFacts, SegmentIndex } from './segment-index.ts';

export const PRE_ROLL_MS = 10_000;
export const POST_ROLL_MS = 30_000;
/** Events may come late (uploads, slow analysis): younger footage is not judged. */
export const SETTLE_MS = 5 * 60_000;
/** Footage from before the mode was chosen stays; a restart looks back this far. */
export const LOOK_BACK_MS = 15 * 60_000;
const BATCH = 500;
const JOIN_MS = 1500;
const DETAIL = 'No event: this camera keeps recordings only around events.';

export interface EventRetentionDeps {
  root: string;
  index: SegmentIndex;
  ledger: Ledger;
  /** Whether an event of the camera began in [from, to). */
  hasEvents(cameraId: string, fromEpochMs: number, toEpochMs: number): boolean;
}

/** Judges a camera's segments that begin in [from, now − settle); returns where to go on. Throws when a file cannot be removed. */
export async function keepAroundEvents(
  deps: EventRetentionDeps,
  cameraId: string,
  fromEpochMs: number,
  nowEpochMs: number,
): Promise<number> {
  const { root, index, hasEvents } = deps;
  const endBeforeEpochMs = Math.floor(nowEpochMs - SETTLE_MS);
  let from = Math.floor(fromEpochMs);
  for (;;) {
    const files = index.listOldest({ cameraId, startFromEpochMs: from, endBeforeEpochMs, limit: BATCH });
    for (const file of files) {
      const endEpochMs = file.startEpochMs + file.durationMs;
      if (hasEvents(cameraId, file.startEpochMs - POST_ROLL_MS, endEpochMs + PRE_ROLL_MS)) continue;
      await removeSegmentFile(root, index, file.path);
      if (file.stream === 'main') noteRemoved(deps.ledger, file);
    }
    const next = planNext(files);
    if (next === null) return Math.max(from, ...files.map((file) => file.startEpochMs + 1));
    from = next;
  }
}

/** Streams are listed one after the other: goes on behind the one that is least far, null when both are at their end. */
function planNext(files: readonly SegmentFileFacts[]): number | null {
  const reached = (['main', 'sub'] as const).flatMap((stream) => {
    const own = files.filter((file) => file.stream === stream);
    return own.length >= BATCH ? [(own.at(-1)?.startEpochMs ?? 0) + 1] : [];
  });
  return reached.length > 0 ? Math.min(...reached) : null;
}

/** Neighbours share one row of the ledger. */
function noteRemoved(ledger: Ledger, { cameraId, startEpochMs, durationMs }: SegmentFileFacts): void {
  const before = ledger.listGaps(cameraId, startEpochMs - JOIN_MS, startEpochMs + 1).at(-1);
  const joins = before?.cause === 'deleted' && before.endEpochMs !== null && before.detail === DETAIL;
  const gap: Gap = {
    startEpochMs: joins && before ? before.startEpochMs : startEpochMs,
    endEpochMs: startEpochMs + durationMs,
    cause: 'deleted',
    detail: DETAIL,
  };
  ledger.putGap(cameraId, gap);
}
