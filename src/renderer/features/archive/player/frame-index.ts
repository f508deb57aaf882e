/** When each buffered picture is shown, for stepping frame by frame. Media seconds, ascending. Pure. */

/** Two pictures closer than this are the same one, delivered twice. */
const SAME_SECONDS = 0.0005;

export class FrameIndex {
  #times: number[] = [];

  add(timesSeconds: readonly number[]): void {
    for (const time of timesSeconds) {
      if (time > (this.#times.at(-1) ?? Number.NEGATIVE_INFINITY) + SAME_SECONDS) {
        this.#times.push(time);
        continue;
      }
      const at = this.#firstAfter(time - SAME_SECONDS);
      if (Math.abs((this.#times[at] ?? Number.POSITIVE_INFINITY) - time) > SAME_SECONDS) {
        this.#times.splice(at, 0, time);
      }
    }
  }

  clear(): void {
    this.#times = [];
  }

  /** Forgets what lies before. */
  trim(beforeSeconds: number): void {
    const keep = this.#firstAfter(beforeSeconds);
    if (keep > 0) this.#times.splice(0, keep);
  }

  /** The picture that is shown at this time. */
  shownAt(seconds: number): number | null {
    return this.#times[this.#firstAfter(seconds + SAME_SECONDS) - 1] ?? null;
  }

  next(seconds: number): number | null {
    return this.#times[this.#firstAfter(seconds + SAME_SECONDS)] ?? null;
  }

  previous(seconds: number): number | null {
    return this.#times[this.#firstAfter(seconds + SAME_SECONDS) - 2] ?? null;
  }

  /** Where to put the playhead so that this picture is surely the one shown: a little into it. */
  insideOf(frameSeconds: number): number {
    const following = this.next(frameSeconds);
    const length = following === null ? 0.02 : following - frameSeconds;
    return frameSeconds + Math.min(length / 2, 0.004);
  }

  #firstAfter(seconds: number): number {
    let low = 0;
    let high = this.#times.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#times[middle]! > seconds) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
