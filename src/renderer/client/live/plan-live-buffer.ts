/** Decides how live playback stays near the newest picture: play faster, jump, or wait, and what old media to let go. Pure. */

export interface LiveBuffer {
  currentTimeSeconds: number;
  playbackRate: number;
  /** What is buffered, ascending. */
  ranges: ReadonlyArray<{ start: number; end: number }>;
  /** How far behind the newest media playback should stay, so that small delays of the network do not show. */
  targetSeconds: number;
  /** From one picture to the next: what is buffered grows by so much at a time. */
  frameSeconds: number;
}

export interface LivePlan {
  seekToSeconds: number | null;
  playbackRate: number;
  /** Media before this time is no longer needed. */
  removeBeforeSeconds: number | null;
}

const SEEK_BEHIND_SECONDS = 3;
const CATCH_UP_RATE = 1.1;
const WAIT_RATE = 0.95;
const KEEP_SECONDS = 10;
const TRIM_AT_SECONDS = 30;
/** A range may start this far after the playhead without the player noticing. */
const TOUCHING_SECONDS = 0.1;

export function planLiveBuffer({
  currentTimeSeconds,
  playbackRate,
  ranges,
  targetSeconds,
  frameSeconds,
}: LiveBuffer): LivePlan {
  const newest = ranges.at(-1);
  if (!newest) return { seekToSeconds: null, playbackRate: 1, removeBeforeSeconds: null };

  const edge = Math.max(newest.start, newest.end - targetSeconds);
  const behind = newest.end - currentTimeSeconds;
  const outside = currentTimeSeconds < newest.start - TOUCHING_SECONDS;
  const ahead = currentTimeSeconds > newest.end + TOUCHING_SECONDS;
  if (outside || ahead || behind > targetSeconds + SEEK_BEHIND_SECONDS)
    return { seekToSeconds: edge, playbackRate: 1, removeBeforeSeconds: planTrim(ranges, edge) };

  return {
    seekToSeconds: null,
    playbackRate: planRate(behind, targetSeconds, frameSeconds, playbackRate),
    removeBeforeSeconds: planTrim(ranges, currentTimeSeconds),
  };
}

/** Catches up until the target is reached, not only until it is near: otherwise the rate would flutter. */
function planRate(behind: number, target: number, frame: number, playbackRate: number): number {
  if (behind > target + frame) return CATCH_UP_RATE;
  if (playbackRate > 1 && behind > target) return CATCH_UP_RATE;
  if (behind < target / 3) return WAIT_RATE;
  if (playbackRate < 1 && behind < target) return WAIT_RATE;
  return 1;
}

function planTrim(ranges: LiveBuffer['ranges'], currentTimeSeconds: number): number | null {
  const first = ranges[0];
  if (!first || currentTimeSeconds - first.start < TRIM_AT_SECONDS) return null;
  return currentTimeSeconds - KEEP_SECONDS;
}
