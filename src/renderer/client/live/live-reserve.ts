/**
 * How much media beyond the newest frame live playback holds back, so that the network's unevenness does not show: as little as does.
 * It grows each time that playback runs dry, and shrinks slowly while it does not. Times: ms of any clock that does not step.
 */
const LEAST_SECONDS = 0.01;
const MOST_SECONDS = 1.5;
/** Where it begins to grow from. */
const GROW_TO_SECONDS = 0.06;
const GROW = 1.5;
const SHRINK = 0.8;
const SHRINK_EVERY_MS = 20_000;
/** A decoder that starts runs dry whatever the network does. */
const START_MS = 3000;
/** One hiccup makes playback run dry more than once. */
const HICCUP_MS = 2000;

export class LiveReserve {
  #seconds = LEAST_SECONDS;
  readonly #startedMs: number;
  #changedMs: number;
  #grownMs = Number.NEGATIVE_INFINITY;

  constructor(nowMs: number) {
    this.#startedMs = nowMs;
    this.#changedMs = nowMs;
  }

  secondsAt(nowMs: number): number {
    for (; nowMs - this.#changedMs >= SHRINK_EVERY_MS; this.#changedMs += SHRINK_EVERY_MS)
      this.#seconds = Math.max(LEAST_SECONDS, this.#seconds * SHRINK);
    return this.#seconds;
  }

  ranDry(nowMs: number): void {
    if (nowMs - this.#startedMs < START_MS || nowMs - this.#grownMs < HICCUP_MS) return;
    this.#grownMs = nowMs;
    this.#seconds = Math.min(MOST_SECONDS, Math.max(GROW_TO_SECONDS, this.secondsAt(nowMs) * GROW));
    this.#changedMs = nowMs;
  }
}
