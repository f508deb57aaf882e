import { describe, expect, it } from 'vitest';
import { defaultSelectionMs, moveHandle, selectionAround, setEdge } from './selection.ts';

describe('selection', () => {
  it('lets a handle pass the other', () => {
    const moved = moveHandle({ startEpochMs: 0, endEpochMs: 10_000 }, 'start', 20_000);
    expect(moved).toEqual({ selection: { startEpochMs: 10_000, endEpochMs: 20_000 }, edge: 'end' });
  });
  it('never selects the future', () => {
    expect(selectionAround(100, 60, 110)).toEqual({ startEpochMs: 50, endEpochMs: 110 });
    expect(selectionAround(100, 60, 1000)).toEqual({ startEpochMs: 70, endEpochMs: 130 });
  });
  it('sets ends at the playhead', () => {
    expect(setEdge(null, 'start', 100, 50)).toEqual({ startEpochMs: 100, endEpochMs: 150 });
    expect(setEdge({ startEpochMs: 100, endEpochMs: 150 }, 'end', 120, 50)).toEqual({
      startEpochMs: 100,
      endEpochMs: 120,
    });
    expect(setEdge({ startEpochMs: 100, endEpochMs: 150 }, 'end', 90, 50)).toEqual({
      startEpochMs: 40,
      endEpochMs: 90,
    });
    expect(defaultSelectionMs({ centreEpochMs: 0, msPerPixel: 1000, widthPx: 1000 })).toBe(120_000);
  });
});
