/** When a segment ends and the next one begins, and what that says of a hole between them. Pure. */
import type { GapCause } from '../../shared/domain-storage.ts';
import type { Fragment } from '../media/fragment.ts';
import type { SegmentFile } from './segment-file.ts';

/** A camera clock that runs away by more than this starts a new segment. */
const CLOCK_TOLERANCE_MS = 250;
/** Missing frames longer than this end a segment; shorter ones are a held picture. */
export const HOLE_MS = 1500;

/** Silence is given up before frames can come later than this. */
const MAX_AHEAD_MS = 10_000;

export type CutReason = 'full' | 'clock' | 'hole' | 'changed';

/** Why a key frame must begin a new segment; null where it goes on in this one. `aheadMs`: by how much its start was moved on. */
export function planCut(
  segment: Pick<SegmentFile, 'record' | 'videoBase' | 'videoEnd' | 'epochMsAt'>,
  keyframe: Pick<Fragment, 'decodeTime' | 'captureEpochMs'>,
  limitMs: number,
  aheadMs: number,
): CutReason | null {
  const ticksPerMs = segment.record.videoTimescale / 1000;
  const missingMs = (keyframe.decodeTime - segment.videoEnd) / ticksPerMs;
  if (missingMs > HOLE_MS || missingMs < -CLOCK_TOLERANCE_MS) return 'hole';
  const runAwayMs = keyframe.captureEpochMs + aheadMs - segment.epochMsAt(keyframe.decodeTime);
  if (Math.abs(runAwayMs) > CLOCK_TOLERANCE_MS) return 'clock';
  return (keyframe.decodeTime - segment.videoBase) / ticksPerMs >= limitMs ? 'full' : null;
}

/**
 * Where a segment begins: at the capture time of its key frame, but not before the newest footage ends. A time that was estimated too
 * late at first (everything came late) is put right by a step back, and footage must not overlap for it.
 */
export function planStart(captureEpochMs: number, newestEndEpochMs: number): number {
  const overlapMs = newestEndEpochMs - captureEpochMs;
  return overlapMs > 0 && overlapMs <= MAX_AHEAD_MS ? newestEndEpochMs : captureEpochMs;
}

/** Cameras that started together must not all open files together: the first segment is shorter, by the stream's name. */
export function planFirstLimit(fullMs: number, streamName: string): number {
  return fullMs * (0.5 + hashFraction(streamName) / 2);
}

/** For the ledger, where time is missing between the segments. */
export const CUT_WORDS: Record<CutReason, { cause: GapCause; detail: string }> = {
  full: { cause: 'unknown', detail: 'Frames are missing between two segments.' },
  clock: { cause: 'clock-step', detail: "The camera's or this computer's clock was set." },
  changed: { cause: 'stream-ended', detail: 'The camera began its stream anew.' },
  hole: { cause: 'stream-stalled', detail: 'The camera left out pictures.' },
};

/** A number in [0, 1) that is always the same for the same text (FNV-1a). */
function hashFraction(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++)
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return (hash >>> 0) / 2 ** 32;
}
