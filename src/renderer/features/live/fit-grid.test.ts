import { describe, expect, test } from 'vitest';
import { fitGrid, stackColumn } from './fit-grid.ts';

const WIDE = 16 / 9;
const area = { width: 1280, height: 720, gap: 4 };
const same = (count: number, aspect = WIDE) => Array.from({ length: count }, () => aspect);

describe('fitGrid', () => {
  test('fills the area with one picture of its shape', () => {
    expect(fitGrid([WIDE], area).rects).toEqual([{ x: 0, y: 0, width: 1280, height: 720 }]);
  });

  test.each([
    [2, 1],
    [4, 2],
    [9, 3],
    [16, 4],
  ])('%i equal pictures', (count, rows) => {
    const { rects } = fitGrid(same(count), area);
    const tops = new Set(rects.map(({ y }) => Math.round(y)));
    expect(rects).toHaveLength(count);
    if (count > 2) expect(tops.size).toBe(rows);
  });

  test.each([1, 2, 3, 4, 5, 6, 7, 8, 12, 16])(
    '%i pictures stay within the area, apart, in order',
    (count) => {
      const { rects } = fitGrid(same(count), area);
      for (const [index, rect] of rects.entries()) {
        expect(rect.x).toBeGreaterThanOrEqual(-0.01);
        expect(rect.y).toBeGreaterThanOrEqual(-0.01);
        expect(rect.x + rect.width).toBeLessThanOrEqual(area.width + 0.01);
        expect(rect.y + rect.height).toBeLessThanOrEqual(area.height + 0.01);
        const next = rects[index + 1];
        if (next) expect(next.y > rect.y + 1 || next.x >= rect.x + rect.width + area.gap - 0.01).toBe(true);
      }
    },
  );

  test('shows every picture whole', () => {
    for (const width of [500, 800, 1000, 1280, 1600, 2200])
      for (const { width: w, height: h } of fitGrid(same(5), { ...area, width }).rects) {
        expect(w / h).toBeCloseTo(WIDE, 6);
      }
  });

  test('gives an upright picture less width than a wide one', () => {
    const { rects } = fitGrid([WIDE, 9 / 16], area);
    expect(rects[0]!.width).toBeGreaterThan(rects[1]!.width);
    expect(rects[0]!.height).toBeCloseTo(rects[1]!.height);
  });

  test('scrolls instead of making pictures too small', () => {
    const { rects, height } = fitGrid(same(64), { width: 640, height: 480, gap: 4 });
    expect(rects[0]!.width).toBeGreaterThanOrEqual(200);
    expect(height).toBeGreaterThan(480);
  });

  test('has no pictures in no area', () => {
    expect(fitGrid([WIDE], { width: 0, height: 0, gap: 4 }).rects).toEqual([]);
    expect(fitGrid([], area).rects).toEqual([]);
  });
});

test('stackColumn puts one below the other', () => {
  expect(stackColumn([2, 1], 300, 10)).toEqual({
    rects: [
      { x: 0, y: 0, width: 300, height: 150 },
      { x: 0, y: 160, width: 300, height: 300 },
    ],
    height: 460,
  });
});
