import { expect, test } from 'vitest';
import { LiveReserve } from './live-reserve.ts';

function runDry(reserve: LiveReserve, atMs: number, lengthMs: number): number {
  reserve.ranDry(atMs);
  reserve.wentOn(atMs + lengthMs);
  return reserve.secondsAt(atMs + lengthMs);
}

test('grows each time playback runs dry, by the more the longer that lasts, to a limit', () => {
  const reserve = new LiveReserve(1000);
  const first = reserve.secondsAt(1000);
  expect(first).toBeLessThan(0.02);
  expect(runDry(reserve, 3900, 50)).toBe(first); // still starting
  expect(runDry(reserve, 5000, 50)).toBeCloseTo(first + 0.01);
  expect(runDry(reserve, 6000, 50)).toBeCloseTo(first + 0.01); // the same hiccup
  expect(runDry(reserve, 8000, 300)).toBeCloseTo(first + 0.11);
  expect(runDry(reserve, 12_000, 9000)).toBeCloseTo(first + 0.31);
  for (let at = 24_000; at < 60_000; at += 3000) runDry(reserve, at, 600);
  expect(reserve.secondsAt(60_000)).toBeCloseTo(1.5);
});

test('shrinks again while playback does not run dry', () => {
  const reserve = new LiveReserve(0);
  const least = reserve.secondsAt(0);
  const grown = runDry(reserve, 10_000, 10_000);
  expect(grown).toBeCloseTo(least + 0.2);
  expect(reserve.secondsAt(60_000)).toBeCloseTo(grown * 0.8 * 0.8);
  expect(reserve.secondsAt(900_000)).toBe(least);
});

test('going on without having run dry changes nothing', () => {
  const reserve = new LiveReserve(0);
  reserve.wentOn(10_000);
  expect(reserve.secondsAt(10_000)).toBe(new LiveReserve(0).secondsAt(0));
});
