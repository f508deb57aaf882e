import { expect, test } from 'vitest';
import { LiveReserve } from './live-reserve.ts';

test('grows each time playback runs dry, to a limit, and shrinks again while it does not', () => {
  const reserve = new LiveReserve(1000);
  const first = reserve.secondsAt(1000);
  expect(first).toBeLessThan(0.05);
  reserve.ranDry(3900); // still starting
  expect(reserve.secondsAt(4000)).toBe(first);
  reserve.ranDry(5000);
  const grown = reserve.secondsAt(5000);
  reserve.ranDry(6000); // the same hiccup
  expect(reserve.secondsAt(6000)).toBe(grown);
  reserve.ranDry(7000);
  expect(reserve.secondsAt(7000)).toBeGreaterThan(grown);
  for (let at = 9000; at <= 39_000; at += 2000) reserve.ranDry(at);
  expect(reserve.secondsAt(39_000)).toBeCloseTo(1.5);
  expect(reserve.secondsAt(79_000)).toBeCloseTo(1.5 * 0.8 * 0.8);
  expect(reserve.secondsAt(600_000)).toBe(first);
});
