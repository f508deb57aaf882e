/**
 * How much media was left to play each time the next picture came: what decides whether live playback may come nearer or has to wait.
 * Looked at in beats. While the playback rate is normal, the last WINDOW beats count; while it catches up or waits, only the last one does.
 */
const WINDOW_BEATS = 6;
/** With fewer beats nothing is said: one good second does not make a good network. */
const ENOUGH_BEATS = 4;

/** Seconds. */
export interface Left {
  least: number;
  /** The least of the best beat: what is left when nothing is late. */
  usual: number;
}

export class LeftToPlay {
  #now: number | null = null;
  #beats: number[] = [];

  /** `seconds`: left when a picture came. */
  note(seconds: number): void {
    this.#now = Math.min(this.#now ?? seconds, seconds);
  }

  /** Ends a beat; null while nothing can be told. */
  beat(isNormalRate: boolean): Left | null {
    const last = this.#now;
    this.#now = null;
    if (!isNormalRate) {
      this.#beats = [];
      return last === null ? null : { least: last, usual: last };
    }
    if (last !== null) this.#beats.push(last);
    if (this.#beats.length > WINDOW_BEATS) this.#beats.shift();
    if (this.#beats.length < ENOUGH_BEATS) return null;
    return { least: Math.min(...this.#beats), usual: Math.max(...this.#beats) };
  }
}
