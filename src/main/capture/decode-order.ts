/**
 * Decode times for a stream that tells only display times (RTP): with a reorder depth of D, the n-th frame in decoding order is
 * decoded when the (n − D)-th in display order is shown. Exact, without delay; with depth 0 both times are the same.
 */
const MAX_DEPTH = 16;

export class DecodeOrder {
  private depth: number;
  /** Display times not yet used as decode times, ascending; `depth` of them wait. */
  private waiting: number[] = [];
  private lastDecode: number | null = null;

  /** `depth`: as the parameter set says, 0 where it does not; it grows when frames prove it wrong. */
  constructor(depth: number) {
    this.depth = Math.min(depth, MAX_DEPTH);
  }

  /** Ticks in, ticks out; strictly ascending, never after `presentation` unless the stream turns out deeper than told. */
  next(presentation: number, frameTicks: number): number {
    if (this.lastDecode === null)
      for (let before = this.depth; before > 0; before--)
        this.waiting.push(presentation - before * frameTicks);
    const place = this.waiting.findIndex((other) => other > presentation);
    this.waiting.splice(place < 0 ? this.waiting.length : place, 0, presentation);
    const least = this.lastDecode === null ? Number.NEGATIVE_INFINITY : this.lastDecode + 1;
    let decode = this.waiting[0]!;
    if (this.lastDecode !== null && presentation < this.lastDecode && this.depth < MAX_DEPTH) {
      this.depth++; // deeper than told: one more frame waits from now on
      decode = this.lastDecode + 1;
    } else this.waiting.shift();
    decode = Math.max(decode, least);
    this.lastDecode = decode;
    return decode;
  }
}
