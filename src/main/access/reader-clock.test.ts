import { expect, test } from 'vitest';
import { estimateClockOffset } from './reader-clock.ts';

/** Somebody unlocks every few minutes and comes through 0.8 to 3.2 s later; some do not come, some come unasked. */
function day(offsetMs: number): { unlocks: number[]; crossings: number[] } {
  const unlocks: number[] = [];
  const crossings: number[] = [];
  let seed = 7;
  const random = () => {
    seed = (seed * 16_807) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
  for (let at = 0; unlocks.length < 60; at += 120_000 + 400_000 * random()) {
    unlocks.push(at + offsetMs);
    if (random() < 0.9) crossings.push(at + 800 + 2400 * random());
    if (random() < 0.3) crossings.push(at + 60_000 * random());
  }
  return { unlocks, crossings };
}

test.each([-90_000, -31_000, -4000, 4000, 31_000, 120_000])('a reader that is %d ms ahead', (offsetMs) => {
  const { unlocks, crossings } = day(offsetMs);
  const estimate = estimateClockOffset(unlocks, crossings, 6000);
  expect(Math.abs(estimate!.offsetMs - offsetMs)).toBeLessThanOrEqual(1000);
  expect(estimate!.explained / estimate!.unlocks).toBeGreaterThan(0.8);
});

test('clocks that agree', () => {
  const { unlocks, crossings } = day(0);
  expect(estimateClockOffset(unlocks, crossings, 6000)?.offsetMs).toBe(0);
});

test.each([
  ['too few unlocks', [0, 1, 2], [0]],
  ['unlocks after which nobody comes', Array.from({ length: 20 }, (_, i) => i * 600_000), []],
  [
    'a door through which somebody walks all the time',
    Array.from({ length: 20 }, (_, i) => i * 600_000),
    Array.from({ length: 6000 }, (_, i) => i * 2000),
  ],
] as const)('nothing is said of %s', (_, unlocks, crossings) => {
  expect(estimateClockOffset(unlocks, crossings, 6000)).toBeNull();
});
