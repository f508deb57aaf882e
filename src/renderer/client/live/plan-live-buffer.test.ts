import { describe, expect, test } from 'vitest';
import { planLiveBuffer } from './plan-live-buffer.ts';

const plan = (currentTimeSeconds: number, ranges: Array<[number, number]>, playbackRate = 1) =>
  planLiveBuffer({
    currentTimeSeconds,
    playbackRate,
    targetSeconds: 0.4,
    frameSeconds: 0.1,
    ranges: ranges.map(([start, end]) => ({ start, end })),
  });

describe('planLiveBuffer', () => {
  test('waits while nothing is buffered', () => {
    expect(plan(0, [])).toEqual({ seekToSeconds: null, playbackRate: 1, removeBeforeSeconds: null });
  });

  test.each([
    { name: 'joins at the edge when the stream began long ago', at: 0, ranges: [[5000, 5002]], seek: 5001.6 },
    { name: 'does not seek before what is buffered', at: 0, ranges: [[5000, 5000.2]], seek: 5000 },
    {
      name: 'jumps over a hole',
      at: 10,
      ranges: [
        [5, 10],
        [14, 16],
      ],
      seek: 15.6,
    },
    { name: 'jumps when far behind', at: 10, ranges: [[5, 14]], seek: 13.6 },
    { name: 'comes back when beyond the end', at: 20, ranges: [[5, 14]], seek: 13.6 },
    { name: 'stays when near', at: 13.5, ranges: [[5, 14]], seek: null },
  ] as const)('$name', ({ at, ranges, seek }) => {
    const { seekToSeconds } = plan(at, ranges as unknown as Array<[number, number]>);
    if (seek === null) expect(seekToSeconds).toBeNull();
    else expect(seekToSeconds).toBeCloseTo(seek);
  });

  test.each([
    { name: 'plays normally at the target', behind: 0.4, rate: 1, expected: 1 },
    { name: 'plays normally when a picture has just come', behind: 0.49, rate: 1, expected: 1 },
    { name: 'catches up when behind', behind: 0.55, rate: 1, expected: 1.1 },
    { name: 'goes on catching up until the target', behind: 0.5, rate: 1.1, expected: 1.1 },
    { name: 'stops catching up at the target', behind: 0.39, rate: 1.1, expected: 1 },
    { name: 'slows down when it runs dry', behind: 0.1, rate: 1, expected: 0.95 },
    { name: 'slows down until the target', behind: 0.3, rate: 0.95, expected: 0.95 },
  ])('$name', ({ behind, rate, expected }) => {
    expect(plan(20 - behind, [[10, 20]], rate).playbackRate).toBe(expected);
  });

  test('lets old media go, and keeps a little', () => {
    expect(plan(39.6, [[0, 40]]).removeBeforeSeconds).toBeCloseTo(29.6);
    expect(plan(19.6, [[0, 20]]).removeBeforeSeconds).toBeNull();
  });
});
