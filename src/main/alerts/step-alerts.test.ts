import { expect, test } from 'vitest';
import type { AlertKind } from '../../shared/domain-storage.ts';
import { ALERT_TIMINGS, type AlertState, stepAlerts, type Trouble } from './step-alerts.ts';

const offline: Trouble = { kind: 'camera-offline', cameraId: 'a', words: 'Offline.', advice: 'Look.' };

/** Runs [fromSecond, toSecond) pieces of trouble past the reducer, one look a second; says what was told when. */
function run(pieces: ReadonlyArray<[number, number, Trouble]>, seconds: number): string[] {
  let state: AlertState = new Map();
  const told: string[] = [];
  for (let second = 0; second <= seconds; second++) {
    const troubles = pieces.flatMap(([from, to, trouble]) =>
      second >= from && second < to ? [trouble] : [],
    );
    const stepped = stepAlerts(state, { atMs: second * 1000, troubles }, ALERT_TIMINGS);
    state = stepped.state;
    for (const { change, trouble } of stepped.findings)
      told.push(
        `${second} ${change} ${trouble.kind} ${trouble.cameraId} ${trouble.sinceMs / 1000}-${trouble.lastMs / 1000}`,
      );
  }
  return told;
}

test('an outage of 35 s is told once at 30 s and once when it is over', () => {
  expect(run([[10, 45, offline]], 120)).toEqual([
    '40 raised camera-offline a 10-40',
    '49 over camera-offline a 10-44',
  ]);
});

test.each([5, 29])('an outage of %d s is not told', (seconds) => {
  expect(run([[10, 10 + seconds, offline]], 120)).toEqual([]);
});

test('a camera that comes back for 3 s at a time is away; one that is back for 6 s is not', () => {
  const flapping: Array<[number, number, Trouble]> = [0, 15, 30, 45].map((at) => [at, at + 12, offline]);
  expect(run(flapping, 100)).toEqual(['30 raised camera-offline a 0-30', '61 over camera-offline a 0-56']);
  const recovering: Array<[number, number, Trouble]> = [0, 26, 52].map((at) => [at, at + 20, offline]);
  expect(run(recovering, 100)).toEqual([]);
});

test('cameras and kinds are apart, and another cause changes the words only', () => {
  const other = { ...offline, cameraId: 'b' };
  expect(run([[0, 40, offline], [0, 40, other]], 60)).toHaveLength(4); // biome-ignore format: two pieces
  const reworded = { ...offline, words: 'Offline. Wrong password.' };
  expect(
    run(
      [
        [0, 40, offline],
        [40, 60, reworded],
      ],
      70,
    ),
  ).toEqual([
    // biome-ignore format: two pieces
    '30 raised camera-offline a 0-30',
    '40 reworded camera-offline a 0-40',
    '64 over camera-offline a 0-59',
  ]);
});

test('a trouble that was known before it was looked at counts from then', () => {
  const frozen = { ...offline, kind: 'picture-frozen' as AlertKind, sinceMs: 0 };
  expect(run([[25, 60, frozen]], 40)).toEqual(['30 raised picture-frozen a 0-30']);
});
