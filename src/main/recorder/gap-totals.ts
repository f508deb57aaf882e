/** What the ledger says of a stretch of time in sum: how many gaps of each cause, and how long. Pure. */
import type { Gap, GapCause } from '../../shared/domain-storage.ts';
import type { EpochRange } from '../../shared/units.ts';

export interface GapTotal {
  cause: GapCause;
  /** Gaps that reach into the range. */
  count: number;
  /** Of the range, however far they reach beyond it. */
  missingMs: number;
}

/** Totals by cause, the longest first. A gap that lasts ends at `nowEpochMs`. Gaps of one camera do not overlap; those of several are summed. */
export function sumGaps(gaps: readonly Gap[], range: EpochRange, nowEpochMs: number): GapTotal[] {
  const totals = new Map<GapCause, GapTotal>();
  for (const { cause, startEpochMs, endEpochMs } of gaps) {
    const from = Math.max(startEpochMs, range.startEpochMs);
    const to = Math.min(endEpochMs ?? nowEpochMs, range.endEpochMs, nowEpochMs);
    if (to <= from) continue;
    const total = totals.get(cause) ?? { cause, count: 0, missingMs: 0 };
    totals.set(cause, { cause, count: total.count + 1, missingMs: total.missingMs + to - from });
  }
  return [...totals.values()].sort((a, b) => b.missingMs - a.missingMs);
}
