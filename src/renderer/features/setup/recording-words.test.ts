import { expect, test } from 'vitest';
import { judgeFolder } from './recording-words.ts';

function check(bytesPerSecond: number, freeBytes: number) {
  return judgeFolder({ path: '/x', bytesPerSecond, freeBytes, totalBytes: 1e13 }, 1e9);
}

test.each([
  [
    200e6,
    1e12,
    'well',
    /fast enough for 100 cameras and more/,
    /about 20 days of one camera, about 5 days of four/,
  ],
  [10e6, 1e12, 'well', /fast enough for 8 cameras/, /about 20 days/],
  [1.2e6, 1e12, 'well', /fast enough for one camera/, /about 20 days/],
  [5e5, 1e12, 'degraded', /too slow even for one camera/, /about 20 days/],
  [200e6, 6e10, 'degraded', /100 cameras/, /about 1 day of one camera, less than a day of four/],
  [200e6, 1e8, 'degraded', /100 cameras/, /less than a day of one/],
  [200e6, 9e13, 'well', /100 cameras/, /more than a year of one/],
] as const)('judges %d B/s and %d B free as %s', (speed, free, tone, speedWords, spaceWords) => {
  const verdict = check(speed, free);
  expect(verdict.tone).toBe(tone);
  expect(verdict.speed).toMatch(speedWords);
  expect(verdict.space).toMatch(spaceWords);
});
