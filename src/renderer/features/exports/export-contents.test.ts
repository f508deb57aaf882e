import { describe, expect, it } from 'vitest';
import type { ExportContent } from '../../../shared/contract-exports.ts';
import { missingWords } from './export-contents.ts';

const MIN = 60_000;
const FROM = new Date(2024, 5, 4, 14).getTime();
const [DOOR, YARD] = [
  { id: 'a', name: 'Door' },
  { id: 'b', name: 'Yard' },
];
const content = (askedMs: number, gaps: Array<[number, number]>, cameraId = 'a'): ExportContent => ({
  ...{ cameraId, askedMs, gapCount: gaps.length },
  recordedMs: askedMs - gaps.reduce((sum, [from, to]) => sum + to - from, 0),
  gaps: gaps.map(([from, to]) => ({ fromEpochMs: FROM + from, toEpochMs: FROM + to })),
});
const words = (contents: ExportContent[] | null, cameras = [DOOR!]) =>
  missingWords({ cameras, contents, fromEpochMs: FROM });

describe('what is missing in an export', () => {
  it.each([
    ['of earlier versions', null],
    ['that is whole', [content(60 * MIN, [])]],
    ['with less than a second missing', [content(60 * MIN, [[0, 900]])]],
  ])('is not told of one %s', (_, contents) => {
    expect(words(contents)).toEqual([]);
  });
  it.each([
    [[[10, 50]], 60, '20 min of 1 h are in it; a gap is left out, 2:10:00 PM to 2:50:00 PM'],
    [
      [
        [10, 20],
        [40, 52],
      ],
      60,
      '38 min of 1 h are in it; 2 gaps are left out, the first 2:10:00 PM to 2:20:00 PM',
    ],
    [[[10, 10.5]], 120, '30 s of 2 h are missing; a gap is left out, 2:10:00 PM to 2:10:30 PM'],
    [[[0, 660]], 720, '1 h of 12 h are in it; a gap is left out, 2:00:00 PM to Wed, Jun 5, 2024 1:00:00 AM'],
    [
      [[610, 620]],
      720,
      '11 h 50 min of 12 h are in it; a gap is left out, Wed, Jun 5, 2024 12:10:00 AM to 12:20:00 AM',
    ],
  ])('is told in words: %j of %i min', (gaps, askedMin, expected) => {
    const inMs = gaps.map(([from = 0, to = 0]): [number, number] => [from * MIN, to * MIN]);
    expect(words([content(askedMin * MIN, inMs)])).toEqual([expected]);
  });
  it('is told for each camera that lacks something', () => {
    const contents = [content(MIN, []), content(MIN, [[0, MIN]], 'b')];
    expect(words(contents, [DOOR!, YARD!])).toEqual(['Yard: nothing of 1 min is in it']);
  });
});
