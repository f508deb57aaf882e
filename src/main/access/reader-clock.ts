/**
 * How far a reader's clock is ahead of the cameras', judged by who came through after its unlocks. Pure.
 * A reader whose clock is ahead seems to unlock after people have crossed; the offset that gives most unlocks a person is the likely one.
 */

export interface ClockEstimate {
  /** Ahead of the cameras' clock; 0 when they agree. */
  offsetMs: number;
  /** Unlocks that were looked at, and those that have a person with this offset. */
  unlocks: number;
  explained: number;
}

const MOST_OFFSET_MS = 180_000;
const STEP_MS = 500;
const LEAST_UNLOCKS = 8;
const LEAST_SHARE = 0.6;
/** People take about this long from the unlock to the line. */
const USUAL_DELAY_MS = 2000;
/** Less than people's own differences is no offset. */
const AGREES_MS = 2000;

/**
 * Times in ms, any order; unlocks on the reader's clock, crossings on the cameras'. `windowMs`: how long an unlock admits people.
 * Null when there are too few, or no offset explains most of them better than chance would.
 */
export function estimateClockOffset(
  unlocks: readonly number[],
  crossings: readonly number[],
  windowMs: number,
): ClockEstimate | null {
  if (unlocks.length < LEAST_UNLOCKS) return null;
  const sorted = Float64Array.from(crossings).sort();
  const explainedWith = (offsetMs: number) =>
    unlocks.filter((at) => delayOf(at - offsetMs, sorted, windowMs) !== null).length;
  const offsets = Array.from(
    { length: (2 * MOST_OFFSET_MS) / STEP_MS + 1 },
    (_, index) => index * STEP_MS - MOST_OFFSET_MS,
  );
  const scores = offsets.map(explainedWith);
  const explained = Math.max(...scores);
  if (explained < LEAST_SHARE * unlocks.length) return null;
  // Doors in constant use explain every offset: nothing can be said.
  const typical = [...scores].sort((a, b) => a - b)[scores.length >> 1]!;
  if (explained - typical < unlocks.length * 0.3) return null;
  const run = nearestRun(offsets, scores, explained);
  const middle = (run.from + run.to) / 2;
  const delays = unlocks.flatMap((at) => delayOf(at - middle, sorted, windowMs) ?? []).sort((a, b) => a - b);
  const shifted = middle + USUAL_DELAY_MS - delays[delays.length >> 1]!;
  const offsetMs = Math.round(Math.min(run.to, Math.max(run.from, shifted)) / STEP_MS) * STEP_MS;
  return { offsetMs: Math.abs(offsetMs) < AGREES_MS ? 0 : offsetMs, unlocks: unlocks.length, explained };
}

/** Time from an unlock to the next crossing within the window; null when nobody came. */
function delayOf(unlockMs: number, crossings: Float64Array, windowMs: number): number | null {
  let low = 0;
  let high = crossings.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (crossings[middle]! < unlockMs) low = middle + 1;
    else high = middle;
  }
  const next = crossings[low];
  return next !== undefined && next - unlockMs <= windowMs ? next - unlockMs : null;
}

/** The stretch of neighbouring best offsets that is nearest to none. */
function nearestRun(offsets: readonly number[], scores: readonly number[], best: number) {
  const runs: Array<{ from: number; to: number }> = [];
  for (const [index, offset] of offsets.entries()) {
    if (scores[index] !== best) continue;
    const last = runs.at(-1);
    if (last && offset - last.to <= STEP_MS) last.to = offset;
    else runs.push({ from: offset, to: offset });
  }
  const distance = ({ from, to }: { from: number; to: number }) =>
    from <= 0 && to >= 0 ? 0 : Math.min(Math.abs(from), Math.abs(to));
  return runs.reduce((a, b) => (distance(b) < distance(a) ? b : a));
}
