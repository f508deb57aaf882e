/** The stretch of time between two handles. Pure. */
import { type EpochRange, SECOND_MS } from '../../../../shared/units.ts';
import { type TimeView, visibleRange } from './scale.ts';

export const MIN_SELECTION_MS = 500;

/** Moves one handle; past the other one the two change places. */
export function moveHandle(
  selection: EpochRange,
  edge: 'start' | 'end',
  epochMs: number,
): { selection: EpochRange; edge: 'start' | 'end' } {
  const fixed = edge === 'start' ? selection.endEpochMs : selection.startEpochMs;
  const startEpochMs = Math.min(fixed, epochMs);
  const endEpochMs = Math.max(fixed, epochMs);
  const movedEdge = epochMs <= fixed ? 'start' : 'end';
  if (endEpochMs - startEpochMs >= MIN_SELECTION_MS) {
    return { selection: { startEpochMs, endEpochMs }, edge: movedEdge };
  }
  return {
    selection:
      movedEdge === 'start'
        ? { startEpochMs: fixed - MIN_SELECTION_MS, endEpochMs: fixed }
        : { startEpochMs: fixed, endEpochMs: fixed + MIN_SELECTION_MS },
    edge: movedEdge,
  };
}

/** `[` or `]`: sets one end at the time; where that would turn the selection round, a new one begins there. */
export function setEdge(
  selection: EpochRange | null,
  edge: 'start' | 'end',
  epochMs: number,
  defaultMs: number,
): EpochRange {
  if (edge === 'start') {
    const endEpochMs =
      selection && selection.endEpochMs > epochMs ? selection.endEpochMs : epochMs + defaultMs;
    return { startEpochMs: epochMs, endEpochMs };
  }
  const startEpochMs =
    selection && selection.startEpochMs < epochMs ? selection.startEpochMs : epochMs - defaultMs;
  return { startEpochMs, endEpochMs: epochMs };
}

/** A selection of that length around a time, never reaching into the future. */
export function selectionAround(epochMs: number, lengthMs: number, nowEpochMs: number): EpochRange {
  const endEpochMs = Math.min(epochMs + lengthMs / 2, nowEpochMs);
  return { startEpochMs: endEpochMs - lengthMs, endEpochMs };
}

/** A round length that is easy to grab at this zoom: about a fifth of the view, between 10 s and 6 h. */
export function defaultSelectionMs(view: TimeView): number {
  const range = visibleRange(view);
  const wanted = (range.endEpochMs - range.startEpochMs) / 5;
  const lengths = [10, 30, 60, 120, 300, 600, 1800, 3600, 10_800, 21_600].map((value) => value * SECOND_MS);
  return lengths.findLast((length) => length <= wanted) ?? lengths[0]!;
}
