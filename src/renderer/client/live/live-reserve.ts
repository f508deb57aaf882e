/**
 * How much media beyond the newest frame live playback holds back, so that the network's unevenness does not show: as little as does.
 * It grows each time that playback runs dry, by the more the longer that lasts, and shrinks slowly while it does not. Times: ms of any
 * clock that does not step.
 */
const LEAST_SECONDS = 0.01;
const MOST_SECONDS = 1.5;
/** For each time; the most, so that one break of the connection does not make the picture late for minutes. */
const LEAST_GROWTH_SECONDS = 0.01;
const MOST_GROWTH_SECONDS = 0.2;
/** Of this length, a dry spell is a frame's hiccup. */
const SHORT_SECONDS = 0.1;
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
  #dryMs: number | null = null;

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
    this.#dryMs ??= nowMs;
  }

  /** Playback goes on after it has run dry. */
  wentOn(nowMs: number): void {
    if (this.#dryMs === null) return;
    const drySeconds = (nowMs - this.#dryMs) / 1000;
    const growth = Math.max(LEAST_GROWTH_SECONDS, (drySeconds - SHORT_SECONDS) / 2);
    this.#seconds = Math.min(MOST_SECONDS, this.secondsAt(nowMs) + Math.min(MOST_GROWTH_SECONDS, growth));
    this.#dryMs = null;
    this.#grownMs = nowMs;
    this.#changedMs = nowMs;
  }
}
