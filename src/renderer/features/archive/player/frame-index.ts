/** When each buffered picture is shown, for stepping frame by frame, and which are key frames. Media seconds, ascending. Pure. */
import type { ScannedFragment } from './mp4-boxes.ts';

/** Two pictures closer than this are the same one, delivered twice. */
const SAME_SECONDS = 0.0005;

export class FrameIndex {
  #times: number[] = [];
  #keyframes: number[] = [];

  add({ timesSeconds, keyframe }: Pick<ScannedFragment, 'timesSeconds' | 'keyframe'>): void {
    for (const time of timesSeconds) insert(this.#times, time);
    const [first] = timesSeconds;
    if (keyframe && first !== undefined) insert(this.#keyframes, first);
  }

  clear(): void {
    this.#times = [];
    this.#keyframes = [];
  }

  /** The picture that is shown at this time. */
  shownAt(seconds: number): number | null {
    return this.#times[firstAfter(this.#times, seconds + SAME_SECONDS) - 1] ?? null;
  }

  next(seconds: number): number | null {
    return this.#times[firstAfter(this.#times, seconds + SAME_SECONDS)] ?? null;
  }

  previous(seconds: number): number | null {
    return this.#times[firstAfter(this.#times, seconds + SAME_SECONDS) - 2] ?? null;
  }

  /** The key frame that a picture is decoded from. */
  keyframeAt(seconds: number): number | null {
    return this.#keyframes[firstAfter(this.#keyframes, seconds + SAME_SECONDS) - 1] ?? null;
  }

  /** Where to put the playhead so that this picture is surely the one shown: a little into it. */
  insideOf(frameSeconds: number): number {
    const following = this.next(frameSeconds);
    const length = following === null ? 0.02 : following - frameSeconds;
    return frameSeconds + Math.min(length / 2, 0.004);
  }
}

/** Keeps the order, and each time once. */
function insert(times: number[], time: number): void {
  const at = firstAfter(times, time - SAME_SECONDS);
  if (!(times[at]! - time <= SAME_SECONDS)) times.splice(at, 0, time);
}

function firstAfter(times: readonly number[], seconds: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle]! > seconds) high = middle;
    else low = middle + 1;
  }
  return low;
}
