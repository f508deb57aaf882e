/** Recorded spans as sorted, disjoint intervals [start, end) of epoch ms. Pure. */
import type { Gap } from '../../../../shared/domain-storage.ts';
import type { EpochRange } from '../../../../shared/units.ts';

export type Span = [startEpochMs: number, endEpochMs: number];

/** Sorts, and joins spans that overlap or lie no further apart than `slackMs`. */
export function mergeSpans(spans: readonly Span[], slackMs = 0): Span[] {
  const sorted = spans.filter(([start, end]) => end > start).sort((a, b) => a[0] - b[0]);
  const merged: Span[] = [];
  for (const [start, end] of sorted) {
    const last = merged.at(-1);
    if (last && start <= last[1] + slackMs) last[1] = Math.max(last[1], end);
    else merged.push([start, end]);
  }
  return merged;
}

export function clipSpans(spans: readonly Span[], range: EpochRange): Span[] {
  const clipped: Span[] = [];
  for (const [start, end] of spans) {
    const from = Math.max(start, range.startEpochMs);
    const to = Math.min(end, range.endEpochMs);
    if (to > from) clipped.push([from, to]);
  }
  return clipped;
}

/** Index of the first span that ends after the time; `spans.length` if none does. */
export function firstEndingAfter(spans: readonly Span[], epochMs: number): number {
  let low = 0;
  let high = spans.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (spans[middle]![1] > epochMs) high = middle;
    else low = middle + 1;
  }
  return low;
}

export function spanAt(spans: readonly Span[], epochMs: number): Span | null {
  const span = spans[firstEndingAfter(spans, epochMs)];
  return span && span[0] <= epochMs ? span : null;
}

export function nextSpanStart(spans: readonly Span[], epochMs: number): number | null {
  const span = spans[firstEndingAfter(spans, epochMs)];
  if (!span) return null;
  return span[0] > epochMs ? span[0] : epochMs;
}

export interface Hole extends EpochRange {
  /** The ledger's entry that explains it; null where the ledger says nothing. */
  gap: Gap | null;
}

/**
 * What lies between recorded spans inside `range`, each piece with the ledger's entry that covers most of it.
 * Before the first and after the last footage is not a hole unless the ledger names it.
 */
export function holesOf(
  spans: readonly Span[],
  gaps: readonly Gap[],
  range: EpochRange,
  nowEpochMs: number,
): Hole[] {
  const holes: Hole[] = [];
  const add = (startEpochMs: number, endEpochMs: number, needsGap: boolean) => {
    const from = Math.max(startEpochMs, range.startEpochMs);
    const to = Math.min(endEpochMs, range.endEpochMs, nowEpochMs);
    if (to <= from) return;
    const gap = gapCovering(gaps, from, to, nowEpochMs);
    if (gap || !needsGap) holes.push({ startEpochMs: from, endEpochMs: to, gap });
  };
  let cursor = range.startEpochMs;
  spans.forEach(([start, end], index) => {
    if (start > cursor) {
      if (index === 0) addLedgerOnly(gaps, cursor, start, nowEpochMs, holes);
      else add(cursor, start, false);
    }
    cursor = Math.max(cursor, end);
  });
  addLedgerOnly(gaps, cursor, Math.min(range.endEpochMs, nowEpochMs), nowEpochMs, holes);
  return holes;
}

/** The ledger's entry at that time, the shortest if several overlap. */
export function gapAt(gaps: readonly Gap[], epochMs: number, nowEpochMs: number): Gap | null {
  let best: Gap | null = null;
  for (const gap of gaps) {
    const end = gap.endEpochMs ?? nowEpochMs;
    if (gap.startEpochMs > epochMs || end < epochMs) continue;
    if (!best || end - gap.startEpochMs < (best.endEpochMs ?? nowEpochMs) - best.startEpochMs) best = gap;
  }
  return best;
}

function addLedgerOnly(gaps: readonly Gap[], from: number, to: number, now: number, into: Hole[]): void {
  for (const gap of gaps) {
    const start = Math.max(from, gap.startEpochMs);
    const end = Math.min(to, gap.endEpochMs ?? now);
    if (end > start) into.push({ startEpochMs: start, endEpochMs: end, gap });
  }
}

function gapCovering(gaps: readonly Gap[], from: number, to: number, now: number): Gap | null {
  let best: Gap | null = null;
  let bestShare = 0;
  for (const gap of gaps) {
    const share = Math.min(to, gap.endEpochMs ?? now) - Math.max(from, gap.startEpochMs);
    if (share > bestShare) {
      best = gap;
      bestShare = share;
    }
  }
  return best;
}
