/** When a segment ends and the next one begins, and what that says of a hole between them. Pure. */
import type { GapCause } from '../../shared/domain.ts';
import type { Fragment } from '../media/fragment.ts';
import type { SegmentFile } from './segment-file.ts';

/** A camera clock that runs away by more than this starts a new segment. */
const CLOCK_TOLERANCE_MS = 250;
/** Missing frames longer than this end a segment; shorter ones are a held picture. */
export const HOLE_MS = 1500;

export type CutReason = 'full' | 'clock' | 'hole' | 'changed';

/** Why a key frame must begin a new segment; null where it goes on in this one. */
export function planCut(
  segment: Pick<SegmentFile, 'record' | 'videoBase' | 'videoEnd' | 'epochMsAt'>,
  keyframe: Pick<Fragment, 'decodeTime' | 'captureEpochMs'>,
  limitMs: number,
): CutReason | null {
  const ticksPerMs = segment.record.videoTimescale / 1000;
  const missingMs = (keyframe.decodeTime - segment.videoEnd) / ticksPerMs;
  if (missingMs > HOLE_MS || missingMs < -CLOCK_TOLERANCE_MS) return 'hole';
  const runAwayMs = keyframe.captureEpochMs - segment.epochMsAt(keyframe.decodeTime);
  if (Math.abs(runAwayMs) > CLOCK_TOLERANCE_MS) return 'clock';
  return (keyframe.decodeTime - segment.videoBase) / ticksPerMs >= limitMs ? 'full' : null;
}

/**
 * Where a segment begins. After a step of the camera's clock its time is estimated anew, a few ms apart from the estimate before: then
 * it begins where the segment before ends, so that footage never overlaps.
 */
export function planStart(captureEpochMs: number, endBeforeEpochMs: number | null): number {
  const overlapMs = (endBeforeEpochMs ?? captureEpochMs) - captureEpochMs;
  return overlapMs > 0 && overlapMs <= CLOCK_TOLERANCE_MS ? captureEpochMs + overlapMs : captureEpochMs;
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
