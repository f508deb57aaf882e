import { describe, expect, it } from 'vitest';
import { buildExportInput, type ExportDraft, isSlow, NO_DRIVE, newDraft } from './export-draft.ts';
import { moveRegion, regionBetween, resizeRegion } from './hidden-regions.ts';

const range = { startEpochMs: 1000.4, endEpochMs: 2000.6 };
const region = { how: 'black' as const, x: 0, y: 0, width: 0.5, height: 0.5 };
const draft: ExportDraft = {
  ...newDraft(['a']),
  ...{ caption: true, timeLapse: '60', reason: ' x ', driveId: 'd' },
  hidden: [
    { ...region, cameraId: 'a' },
    { ...region, cameraId: 'b' },
  ],
};

describe('what the export dialog asks for', () => {
  it('is a plain clip with sound at first', () => {
    expect(buildExportInput(newDraft(['a']), range)).toMatchObject({
      ...{ form: 'clip', cameraIds: ['a'], fromEpochMs: 1000, toEpochMs: 2001, driveId: null },
      options: { audio: true, caption: false, hidden: [], timeLapse: null, compatible: false },
    });
    expect([isSlow(newDraft([])), isSlow(draft), newDraft([]).driveId]).toEqual([false, true, NO_DRIVE]);
  });
  it('hides only what is of the cameras chosen', () => {
    const { options, driveId, reason } = buildExportInput(draft, range);
    expect(options).toMatchObject({ caption: true, timeLapse: 60, hidden: [{ cameraId: 'a' }] });
    expect([driveId, reason]).toEqual(['d', 'x']);
  });
  it('never changes evidence', () => {
    const input = buildExportInput({ ...draft, form: 'evidence', compatible: true }, range);
    expect(input.options).toEqual({ audio: true, compatible: true });
  });
});

describe('hidden parts', () => {
  it('lie between two corners, within the picture', () => {
    expect(regionBetween({ x: 0.5, y: -1 }, { x: 0.25, y: 0.5 })).toEqual({
      x: 0.25,
      y: 0,
      width: 0.25,
      height: 0.5,
    });
    expect(regionBetween({ x: 0.5, y: 0.5 }, { x: 0.51, y: 0.9 })).toBeNull();
  });
  it('stay within it when they are moved and resized', () => {
    expect(moveRegion(region, 0.7, -0.1)).toMatchObject({ x: 0.5, y: 0 });
    expect(resizeRegion(region, 0.7, -0.9)).toMatchObject({ width: 1, height: 0.02 });
  });
});
