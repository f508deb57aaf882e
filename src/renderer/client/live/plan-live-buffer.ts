/** Decides how live playback stays near the newest picture: play faster, jump, or wait, and what old media to let go. Pure. */

import type { Left } from './left-to-play.ts';

export interface LiveBuffer {
  currentTimeSeconds: number;
  playbackRate: number;
  /** What is buffered, ascending. */
  ranges: ReadonlyArray<{ start: number; end: number }>;
  /** Media that was left to play when a picture came; null where that is not known yet. */
  left: Left | null;
  /** What should be left then: less than one picture, and browsers count as dry; beyond that, what the network asks for. */
  wantedSeconds: number;
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
/** For the last bit: nobody sees or hears it, and it ends where it should. */
const EASE_UP_RATE = 1.03;
const WAIT_RATE = 0.97;
/** Off by more than this is caught up fast, by less than that not at all. */
const FAR_SECONDS = 0.15;
const NEAR_SECONDS = 0.012;
/** Where catching up and waiting end. */
const THERE_SECONDS = 0.004;
const KEEP_SECONDS = 10;
const TRIM_AT_SECONDS = 30;
/** A range may start this far after the playhead without the player noticing. */
const TOUCHING_SECONDS = 0.1;

export function planLiveBuffer({
  currentTimeSeconds,
  playbackRate,
  ranges,
  left,
  wantedSeconds,
  frameSeconds,
}: LiveBuffer): LivePlan {
  const newest = ranges.at(-1);
  if (!newest) return { seekToSeconds: null, playbackRate: 1, removeBeforeSeconds: null };

  const targetSeconds = wantedSeconds + frameSeconds / 2;
  const edge = Math.max(newest.start, newest.end - targetSeconds);
  const behind = newest.end - currentTimeSeconds;
  const outside = currentTimeSeconds < newest.start - TOUCHING_SECONDS;
  const ahead = currentTimeSeconds > newest.end + TOUCHING_SECONDS;
  if (outside || ahead || behind > targetSeconds + SEEK_BEHIND_SECONDS)
    return { seekToSeconds: edge, playbackRate: 1, removeBeforeSeconds: planTrim(ranges, edge) };

  return {
    seekToSeconds: null,
    playbackRate: left ? planRate(left, wantedSeconds, playbackRate) : playbackRate,
    removeBeforeSeconds: planTrim(ranges, currentTimeSeconds),
  };
}

/** Catches up or waits until it is right, not only until it is nearly: otherwise the rate would flutter. */
function planRate({ least, usual }: Left, wanted: number, playbackRate: number): number {
  const spare = least - wanted;
  if (spare > FAR_SECONDS) return CATCH_UP_RATE;
  if (spare > NEAR_SECONDS || (playbackRate > 1 && spare > THERE_SECONDS)) return EASE_UP_RATE;
  // What is late now and then is what the reserve is for.
  const missing = wanted - usual;
  if (missing > NEAR_SECONDS || (playbackRate < 1 && missing > THERE_SECONDS)) return WAIT_RATE;
  return 1;
}

function planTrim(ranges: LiveBuffer['ranges'], currentTimeSeconds: number): number | null {
  const first = ranges[0];
  if (!first || currentTimeSeconds - first.start < TRIM_AT_SECONDS) return null;
  return currentTimeSeconds - KEEP_SECONDS;
}
