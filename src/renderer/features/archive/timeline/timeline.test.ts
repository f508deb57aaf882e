import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Bookmark } from '../../../../shared/bookmarks.ts';
import type { TimelineMark } from '../../../../shared/contract-archive.ts';
import type { Alert, FootageLock, Gap } from '../../../../shared/domain-storage.ts';
import { markKind } from '../../../../shared/mark-kind.ts';
import { hitTest, LAYOUT, laneTop, momentOf } from './hit.ts';
import { joinTiles, planTiles, resolutionFor } from './lane-data.ts';
import { thinMarks } from './marks.ts';
import {
  clampScale,
  fitRange,
  MIN_MS_PER_PIXEL,
  panBy,
  pinch,
  timeAtX,
  xOfTime,
  zoomAbout,
} from './scale.ts';
import { gapAt, holesOf, mergeSpans, nextSpanStart, spanAt } from './spans.ts';

const zoneBefore = process.env.TZ;
beforeEach(() => {
  process.env.TZ = 'Europe/Berlin';
});
afterEach(() => {
  process.env.TZ = zoneBefore;
});

const at = (iso: string) => Date.parse(iso);
const view = { centreEpochMs: at('2026-11-20T12:00:00Z'), msPerPixel: 1000, widthPx: 1000 };
const mark = (
  startEpochMs: number,
  type: TimelineMark['type'] = 'object',
  label: string | null = 'person',
) => ({
  eventId: `${type}-${startEpochMs}`,
  type,
  label,
  startEpochMs,
  count: 1,
});
const gap = (startEpochMs: number, endEpochMs: number | null, detail = 'x'): Gap => ({
  startEpochMs,
  endEpochMs,
  cause: 'camera-unreachable',
  detail,
});
const upload = (startEpochMs: number, endEpochMs: number) => ({
  ...{ id: `u${startEpochMs}`, contentType: 'video/mp4' as const, startEpochMs, endEpochMs, count: 1 },
});
const lock = (id: string, startEpochMs: number, endEpochMs: number): FootageLock => ({
  ...{ id, cameraId: 'a', startEpochMs, endEpochMs, reason: 'Police', createdBy: 'owner@example.test' },
  ...{ createdEpochMs: 0, expiresEpochMs: null },
});
const bookmark = (startEpochMs: number, endEpochMs: number): Bookmark => ({
  ...{ id: `b${startEpochMs}`, cameraIds: ['a'], startEpochMs, endEpochMs, title: 'Parcel', note: '' },
  ...{ colour: 'blue', createdBy: 'owner@example.test', createdEpochMs: 0 },
});
const pictureAlert = (startEpochMs: number, endEpochMs: number | null): Alert => ({
  ...{ id: 1, kind: 'picture-frozen', cameraId: 'a', cameraName: 'Gate', startEpochMs, endEpochMs },
  ...{ words: 'The picture is frozen.', advice: '', acknowledgedEpochMs: null },
});

describe('scale', () => {
  it('is its own inverse', () => {
    expect(timeAtX(view, xOfTime(view, view.centreEpochMs + 12_345))).toBeCloseTo(
      view.centreEpochMs + 12_345,
    );
  });
  it.each([0, 130, 500, 999])('keeps the time below the pointer at x=%d when it zooms', (x) => {
    for (const factor of [0.3, 1.1, 7]) {
      expect(timeAtX(zoomAbout(view, x, factor), x)).toBeCloseTo(timeAtX(view, x), 3);
    }
  });
  it('keeps the pointer time at the limits of zoom too', () => {
    const zoomed = zoomAbout(view, 100, 1e9);
    expect(zoomed.msPerPixel).toBe(MIN_MS_PER_PIXEL);
    expect(timeAtX(zoomed, 100)).toBeCloseTo(timeAtX(view, 100), 3);
    expect(clampScale(1e12)).toBeLessThan(1e12);
  });
  it('pans with the finger and pinches about both', () => {
    expect(timeAtX(panBy(view, 40), 140)).toBeCloseTo(timeAtX(view, 100), 3);
    const pinched = pinch(view, [200, 400], [100, 600]);
    expect(timeAtX(pinched, 100)).toBeCloseTo(timeAtX(view, 200), 3);
    expect(timeAtX(pinched, 600)).toBeCloseTo(timeAtX(view, 400), 3);
  });
  it('fits a range with its margin', () => {
    const fitted = fitRange(1000, { startEpochMs: 0, endEpochMs: 900_000 }, 0.05);
    expect(xOfTime(fitted, 0)).toBeCloseTo(50);
    expect(xOfTime(fitted, 900_000)).toBeCloseTo(950);
  });
});

describe('spans', () => {
  it('joins what overlaps or is close', () => {
    expect(
      mergeSpans(
        [
          [20, 30],
          [0, 10],
          [10, 12],
          [31, 40],
        ],
        1,
      ),
    ).toEqual([
      [0, 12],
      [20, 40],
    ]);
    expect(mergeSpans([[5, 5]])).toEqual([]);
  });
  it('finds the span at a time and the next footage', () => {
    const spans: Array<[number, number]> = [
      [0, 10],
      [20, 30],
    ];
    expect(spanAt(spans, 9)).toEqual([0, 10]);
    expect(spanAt(spans, 10)).toBeNull();
    expect(nextSpanStart(spans, 12)).toBe(20);
    expect(nextSpanStart(spans, 25)).toBe(25);
    expect(nextSpanStart(spans, 30)).toBeNull();
  });
  it('explains holes by the ledger, and leaves time before the first footage empty', () => {
    const holes = holesOf(
      [
        [100, 200],
        [300, 400],
      ],
      [gap(200, 290), gap(400, null)],
      { startEpochMs: 0, endEpochMs: 1000 },
      500,
    );
    expect(holes.map((hole) => [hole.startEpochMs, hole.endEpochMs, hole.gap?.startEpochMs])).toEqual([
      [200, 300, 200],
      [400, 500, 400],
    ]);
    expect(
      holesOf(
        [
          [100, 200],
          [300, 400],
        ],
        [],
        { startEpochMs: 0, endEpochMs: 400 },
        500,
      ),
    ).toEqual([{ startEpochMs: 200, endEpochMs: 300, gap: null }]);
  });
  it('prefers the narrower of two gaps', () => {
    expect(gapAt([gap(0, 100, 'wide'), gap(40, 60, 'narrow')], 50, 200)?.detail).toBe('narrow');
  });
});

describe('marks', () => {
  it.each([
    ['object', 'person', 'person'],
    ['line-crossing', 'truck', 'vehicle'],
    ['object', 'dog', 'animal'],
    ['tailgating', 'person', 'alarm'],
    ['access', 'forced open', 'alarm'],
    ['access', 'entry unlocked', 'access'],
    ['motion', null, 'motion'],
    ['sabotage', null, 'camera'],
  ] as const)('%s of %s is drawn as %s', (type, label, kind) => {
    expect(markKind(type, label)).toBe(kind);
  });
  it('joins crowded marks: the strongest kind stands for all', () => {
    const thinned = thinMarks([mark(99), mark(10), mark(5, 'tailgating'), mark(0)], 50);
    expect(thinned.map((item) => [item.type, item.startEpochMs, item.count])).toEqual([
      ['tailgating', 5, 3],
      ['object', 99, 1],
    ]);
  });
});

describe('hit test', () => {
  const start = view.centreEpochMs;
  const lane = {
    cameraId: 'a',
    spans: [[start, start + 100_000]] as Array<[number, number]>,
    gaps: [],
    holes: [{ startEpochMs: start - 50_000, endEpochMs: start, gap: gap(start - 50_000, start) }],
    locks: [],
    bookmarks: [bookmark(start + 30_000, start + 45_000)],
    pictureAlerts: [pictureAlert(start + 40_000, start + 41_000)],
    marks: [mark(start + 20_000, 'motion', null), mark(start + 21_000, 'tailgating')],
    uploads: [upload(start + 50_000, start + 50_100), upload(start + 150_000, start + 160_000)],
  };
  const scene = {
    view,
    lanes: [lane],
    selection: { startEpochMs: start + 60_000, endEpochMs: start + 80_000 },
  };
  const y = laneTop(0) + 10;
  it.each([
    [540, 'recorded'],
    [551, 'upload'],
    [655, 'upload'],
    [520, 'mark'],
    [480, 'gap'],
    [559, 'handle'],
    [700, 'nothing'],
  ] as const)('x=%d is %s', (x, kind) => {
    expect(hitTest(scene, x, y).kind).toBe(kind);
  });
  it.each([
    [536, 0],
    [537, 1],
    [540, 1],
    [541, 1],
    [545, 0],
  ])('x=%d is in %d frozen pictures', (x, count) => {
    const hit = hitTest(scene, x, y);
    expect(hit.kind === 'recorded' && hit.pictureAlerts).toHaveLength(count);
  });
  it('meets a bookmark at the top of its lane, over all of its range, and leads to its start', () => {
    const top = laneTop(0) + 4;
    expect(hitTest(scene, 528, top).kind).toBe('bookmark');
    expect(hitTest(scene, 551, top).kind).toBe('upload');
    const hit = hitTest(scene, 544, top);
    expect(hit.kind).toBe('bookmark');
    expect(momentOf(hit, start + 44_000)).toBe(start + 30_000);
  });
  it('leads into an upload that is drawn wider than it lasts', () => {
    const hit = hitTest(scene, 551, y);
    expect(momentOf(hit, start + 51_000)).toBe(start + 50_099);
    expect(momentOf(hitTest(scene, 655, y), start + 155_000)).toBe(start + 155_000);
  });
  it('prefers an alarm over motion beside it, and knows the ruler', () => {
    const hit = hitTest(scene, 520, y);
    expect(hit.kind === 'mark' && hit.mark.type).toBe('tailgating');
    expect(hitTest(scene, 540, LAYOUT.rulerHeightPx - 1).kind).toBe('ruler');
  });
});

describe('tiles', () => {
  it('asks for at least one answer per pixel, nearest first, without holes', () => {
    expect(resolutionFor(1500)).toBe(1024);
    const tiles = planTiles(view);
    const sorted = [...tiles].sort((a, b) => a.startEpochMs - b.startEpochMs);
    expect(sorted[0]!.startEpochMs).toBeLessThan(view.centreEpochMs - 500_000);
    expect(sorted.at(-1)!.endEpochMs).toBeGreaterThan(view.centreEpochMs + 500_000);
    sorted.slice(1).forEach((tile, index) => {
      expect(tile.startEpochMs).toBe(sorted[index]!.endEpochMs);
    });
    expect(tiles[0]!.startEpochMs).toBeLessThanOrEqual(view.centreEpochMs);
  });
  it('joins spans across tile borders and drops doubled gaps and marks', () => {
    const answer = (start: number, end: number) => ({
      tile: { resolutionMs: 1, startEpochMs: start, endEpochMs: end },
      lanes: [
        {
          cameraId: 'a',
          spans: [[50, 150]] as Array<[number, number]>,
          gaps: [gap(150, 180)],
          locks: [lock('x', 60, 120)],
          bookmarks: [bookmark(70, 110)],
          pictureAlerts: [pictureAlert(70, 130)],
          marks: [mark(60)],
          uploads: [upload(90, 120)],
        },
      ],
    });
    const [lane] = joinTiles(
      [answer(0, 100), answer(100, 200)],
      ['a'],
      { startEpochMs: 0, endEpochMs: 200 },
      200,
    );
    expect(lane!.spans).toEqual([[50, 150]]);
    expect(lane!.holes).toHaveLength(1);
    expect(lane!.locks.map(({ id }) => id)).toEqual(['x']);
    expect(lane!.bookmarks).toEqual([bookmark(70, 110)]);
    expect(lane!.marks).toHaveLength(1);
    expect(lane!.pictureAlerts).toHaveLength(1);
    expect(lane!.uploads).toEqual([upload(90, 120)]);
  });
});
