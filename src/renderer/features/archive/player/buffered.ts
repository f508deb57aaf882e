/** Questions about buffered ranges. Pure; media seconds. */

type Ranges = Pick<TimeRanges, 'length' | 'start' | 'end'>;

/** Seconds of footage from here to the end of the range it lies in; 0 outside all ranges. */
export function bufferedSecondsFrom(ranges: Ranges, seconds: number): number {
  for (let index = 0; index < ranges.length; index++) {
    // A frame's time may be rounded to just before the range that begins with it.
    if (seconds >= ranges.start(index) - 0.002 && seconds < ranges.end(index))
      return ranges.end(index) - seconds;
  }
  return 0;
}

export function nextBufferedStart(ranges: Ranges, seconds: number): number | null {
  for (let index = 0; index < ranges.length; index++) {
    if (ranges.start(index) > seconds) return ranges.start(index);
  }
  return null;
}

/** Seconds of footage after a time, over all ranges. */
export function bufferedSecondsAhead(ranges: Ranges, seconds: number): number {
  let sum = 0;
  for (let index = 0; index < ranges.length; index++) {
    sum += Math.max(0, ranges.end(index) - Math.max(seconds, ranges.start(index)));
  }
  return sum;
}
