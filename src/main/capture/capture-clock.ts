/**
 * When a frame was captured, by the engine's clock: the camera's timestamps, anchored on arrival. The network only ever delays, so the
 * smallest (arrival − timestamp) of the last half minute is the best guess; it is followed by at most 500 ppm.
 */
export type ClockVerdict =
  | 'steady'
  /** The camera's clock or ours stepped: the anchor is new, what comes next does not continue what was. */
  | 'stepped';

const BUCKET_MS = 1000;
const BUCKETS = 30;
const MAX_SLEW = 500e-6;
const STEP_MS = 250;
const LEAP_MS = 2500;
/** Frames this late for this long are no hiccup of the network: the camera's time has fallen behind. */
const LATE_MS = 2000;
/** A guess that gets better by less than this, or a frame that is later than the guess by less, is jitter. */
const JITTER_MS = 20;
const HELD_UP_MS = 100;

export class CaptureClock {
  private anchor: number | null = null;
  private buckets: Array<{ slot: number; least: number }> = [];
  private settled = false;
  private lastArrival = 0;
  private lastPresentation = 0;
  private lateSince: number | null = null;
  private newest = 0;
  private betterAt = 0;
  private heldUpAt = 0;

  /** Epoch ms of timestamp 0. */
  get offsetMs(): number {
    return this.anchor ?? 0;
  }

  /** For how many ms, at the last arrival, the guess has not become better and no frame has come held up. */
  get steadyMs(): number {
    return this.lastArrival - Math.max(this.betterAt, this.heldUpAt);
  }

  /** The same of the guess alone, for what comes in bundles; infinite where nothing has come. */
  get sameGuessMs(): number {
    return this.anchor === null ? Number.POSITIVE_INFINITY : this.lastArrival - this.betterAt;
  }

  /** `presentationMs`: the frame's timestamp, unwrapped, in ms. `arrivalEpochMs`: when its last byte came. */
  observe(presentationMs: number, arrivalEpochMs: number): ClockVerdict {
    const delta = arrivalEpochMs - presentationMs;
    if (this.anchor === null) {
      this.restart(delta, arrivalEpochMs, presentationMs);
      return 'steady';
    }
    if (this.hasStepped(delta, presentationMs, arrivalEpochMs)) {
      this.restart(delta, arrivalEpochMs, presentationMs);
      return 'stepped';
    }
    // A leap of the arrivals is a hiccup or a step of our own clock, and no time in which anything drifts.
    const elapsed = Math.min(BUCKET_MS, Math.max(0, arrivalEpochMs - this.lastArrival));
    this.lastArrival = arrivalEpochMs;
    this.lastPresentation = presentationMs;
    const lateMs = delta - this.least();
    if (lateMs < -JITTER_MS) this.betterAt = arrivalEpochMs;
    const isReordered = presentationMs < this.newest;
    if (lateMs > HELD_UP_MS && !isReordered) this.heldUpAt = arrivalEpochMs;
    this.newest = Math.max(this.newest, presentationMs);
    this.note(delta, arrivalEpochMs);
    const target = this.least();
    const limit = this.settled ? elapsed * MAX_SLEW : Number.POSITIVE_INFINITY;
    this.anchor += Math.min(limit, Math.max(-limit, target - this.anchor));
    return 'steady';
  }

  /** From now on the anchor moves slowly. Before, and when called again, it takes the best guess at once. */
  settle(): void {
    this.settled = true;
    if (this.buckets.length > 0) this.anchor = this.least();
  }

  private hasStepped(delta: number, presentationMs: number, arrivalEpochMs: number): boolean {
    const anchor = this.anchor!;
    if (this.settled && delta < anchor - STEP_MS) return true;
    // A burst of stored frames shortens the arrivals; only a step makes one frame leap ahead.
    const leap = presentationMs - this.lastPresentation - (arrivalEpochMs - this.lastArrival);
    if (leap > LEAP_MS) return true;
    const back = this.lastPresentation - presentationMs;
    if (back > 2 * STEP_MS) return true;
    if (delta <= anchor + STEP_MS) {
      this.lateSince = null;
      return false;
    }
    this.lateSince ??= arrivalEpochMs;
    return arrivalEpochMs - this.lateSince > LATE_MS;
  }

  private restart(delta: number, arrivalEpochMs: number, presentationMs: number): void {
    this.anchor = delta;
    this.buckets = [];
    this.lateSince = null;
    this.settled = false;
    this.newest = presentationMs;
    this.betterAt = arrivalEpochMs;
    this.heldUpAt = arrivalEpochMs;
    this.lastArrival = arrivalEpochMs;
    this.lastPresentation = presentationMs;
    this.note(delta, arrivalEpochMs);
  }

  private note(delta: number, arrivalEpochMs: number): void {
    const slot = Math.floor(arrivalEpochMs / BUCKET_MS);
    const last = this.buckets.at(-1);
    if (last && last.slot >= slot) last.least = Math.min(last.least, delta);
    else this.buckets.push({ slot, least: delta });
    while (this.buckets.length > 1 && this.buckets[0]!.slot <= slot - BUCKETS) this.buckets.shift();
  }

  private least(): number {
    let least = Number.POSITIVE_INFINITY;
    for (const bucket of this.buckets) if (bucket.least < least) least = bucket.least;
    return least;
  }
}
