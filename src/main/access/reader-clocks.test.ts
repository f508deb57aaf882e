import { expect, test } from 'vitest';
import type { AccessEvent } from '../../shared/domain-events.ts';
import { ManualClock } from '../platform/clock.ts';
import { ReaderClocks } from './reader-clocks.ts';

const MINUTE_MS = 60_000;

/** A door whose reader is 30 s ahead: twenty unlocks, each followed by a person two seconds later. */
function build() {
  const clock = new ManualClock();
  const start = clock.epochMs() - 60 * MINUTE_MS;
  const times = Array.from({ length: 20 }, (_, index) => start + index * 3 * MINUTE_MS - index * 7000);
  const report = (atMs: number): AccessEvent => ({
    ...{ deviceId: 'door', atMs, eventType: 'entry unlocked', labels: [] },
  });
  let offsets: Record<string, number> = {};
  const clocks = new ReaderClocks({
    offsets: {
      get: () => offsets,
      put(given) {
        offsets = given;
      },
    },
    cameras: () => [{ id: 'camera', readers: ['door'], lines: [] }],
    reports: (_, from, to) =>
      times.map((at) => report(at + 30_000)).filter(({ atMs }) => atMs >= from && atMs < to),
    crossings: () => times.map((at) => at + 2000),
    clock,
  });
  return { clocks, times, report };
}

test('a wrong clock is seen, set, and corrected', () => {
  const { clocks, times, report } = build();
  const estimate = { offsetSeconds: 30, unlocks: 20, explained: 20 };
  expect(clocks.list()).toEqual([{ deviceId: 'door', offsetSeconds: 0, estimate }]);
  expect(clocks.correct(report(times[0]!)).atMs).toBe(times[0]);
  clocks.set('door', 30_000);
  expect(clocks.list()).toEqual([{ deviceId: 'door', offsetSeconds: 30, estimate }]);
  expect(clocks.correct(report(times[0]! + 30_000)).atMs).toBe(times[0]);
  expect(clocks.correct({ ...report(5), deviceId: 'other' }).atMs).toBe(5);
});

test('reports of a range of the cameras’ clock are looked for on the reader’s', () => {
  const { clocks, times } = build();
  clocks.set('door', 30_000);
  expect(clocks.reports(['door'], times[3]!, times[3]! + 1).map(({ atMs }) => atMs)).toEqual([times[3]]);
  clocks.set('door', 0);
  expect(clocks.reports(['door'], times[3]!, times[3]! + 1)).toEqual([]);
});
