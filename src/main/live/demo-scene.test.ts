import { expect, test } from 'vitest';
import { demoUnlocks, loopPositionSeconds } from './demo-scene.ts';

const actor = { actorId: '1', actorName: 'Ada', actorEmail: 'ada@example.test' };
const scene = {
  durationSeconds: 60,
  unlocks: [
    { ...actor, atSeconds: 40 },
    { ...actor, atSeconds: 5 },
  ],
};

test.each([
  [0, 60, [5, 40]],
  [5, 5.001, [5]],
  [5.001, 40, []],
  [30, 110, [40, 65, 100]],
  [600, 600, []],
])('unlocks from %d s to %d s', (from, to, expected) => {
  const found = demoUnlocks(scene, from * 1000, to * 1000);
  expect(found.map((unlock) => unlock.atEpochMs / 1000)).toEqual(expected);
});

test('each unlock is found once when the clock is asked in steps, at its place in the loop', () => {
  const start = 1_790_000_000_000;
  const found: number[] = [];
  for (let at = start; at < start + 600_000; at += 730) {
    found.push(
      ...demoUnlocks(scene, at, Math.min(at + 730, start + 600_000)).map((unlock) => unlock.atEpochMs),
    );
  }
  expect(found).toHaveLength(20);
  expect(new Set(found.map((at) => Math.round(loopPositionSeconds(scene, at))))).toEqual(new Set([5, 40]));
});
