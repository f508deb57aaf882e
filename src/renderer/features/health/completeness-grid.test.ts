import { expect, test } from 'vitest';
import { arrangeCompleteness, dayOf, lastDays, levelOf } from './completeness-grid.ts';

test('lastDays goes over the ends of months', () => {
  expect(lastDays('2026-03-02', 4)).toEqual(['2026-02-27', '2026-02-28', '2026-03-01', '2026-03-02']);
});

test('arrangeCompleteness leaves days empty in which nothing was wanted', () => {
  const rows = arrangeCompleteness(
    [
      { cameraId: 'a', day: '2026-03-02', completeness: 0.5 },
      { cameraId: 'b', day: '2026-03-01', completeness: 1 },
    ],
    ['a', 'b'],
    ['2026-03-01', '2026-03-02'],
  );
  expect(rows).toEqual([
    { cameraId: 'a', days: [null, 0.5] },
    { cameraId: 'b', days: [1, null] },
  ]);
});

test.each([
  [1, 'whole'],
  [0.9999, 'whole'],
  [0.9998, 'nearly'],
  [0.99, 'nearly'],
  [0.95, 'partly'],
  [0.5, 'little'],
  [0, 'none'],
] as const)('levelOf(%s)', (share, level) => {
  expect(levelOf(share)).toBe(level);
});

test('dayOf is the local day', () => {
  expect(dayOf(new Date(2026, 0, 5, 23, 59).getTime())).toBe('2026-01-05');
});
