/** How much of the time in which recording was wanted is really there. Pure. */
import type { Gap } from '../../shared/domain-storage.ts';
import type { EpochRange } from '../../shared/units.ts';

/** Time that nobody wanted recorded, or that is gone on purpose. */
const NOT_WANTED: ReadonlySet<Gap['cause']> = new Set(['paused', 'deleted', 'connecting', 'no-event']);

/**
 * Recorded share, 0..1, of a range: [start, min(end, now)) without pauses, what is deleted and what no event was near; the time before `sinceEpochMs`
 * (when the camera came) does not count either. Null when nothing was wanted in it.
 */
export function planCompleteness(
  range: EpochRange,
  spans: ReadonlyArray<{ startEpochMs: number; durationMs: number }>,
  gaps: readonly Gap[],
  sinceEpochMs: number | null,
  nowEpochMs: number,
): number | null {
  const start = Math.max(range.startEpochMs, sinceEpochMs ?? range.startEpochMs);
  const end = Math.min(range.endEpochMs, nowEpochMs);
  if (end <= start) return null;
  const within = (from: number, to: number) => Math.max(0, Math.min(to, end) - Math.max(from, start));
  const unwanted = gaps
    .filter((gap) => NOT_WANTED.has(gap.cause))
    .reduce((sum, gap) => sum + within(gap.startEpochMs, gap.endEpochMs ?? end), 0);
  const wanted = end - start - unwanted;
  if (wanted <= 0) return null;
  let recorded = 0;
  let reached = start;
  for (const { startEpochMs, durationMs } of spans) {
    recorded += within(Math.max(startEpochMs, reached), startEpochMs + durationMs);
    reached = Math.max(reached, startEpochMs + durationMs);
  }
  // Borders of segments differ by rounding and by the drift of the camera's clock: up to a second a day is no loss.
  const missing = Math.max(0, wanted - recorded - ((end - start) / 86_400_000) * 1000);
  return Math.min(1, 1 - missing / wanted);
}

/** The local calendar day that a time lies in, `YYYY-MM-DD`, and its borders; days last 23 to 25 hours. */
export function localDay(epochMs: number, daysBack = 0): EpochRange & { day: string } {
  const at = new Date(epochMs);
  const start = new Date(at.getFullYear(), at.getMonth(), at.getDate() - daysBack);
  const end = new Date(start.getFullYear(), start.getMonth(), start.getDate() + 1);
  const pad = (value: number) => String(value).padStart(2, '0');
  return {
    day: `${start.getFullYear()}-${pad(start.getMonth() + 1)}-${pad(start.getDate())}`,
    startEpochMs: start.getTime(),
    endEpochMs: end.getTime(),
  };
}
