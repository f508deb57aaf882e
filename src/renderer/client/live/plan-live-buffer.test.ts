import { describe, expect, test } from 'vitest';
import type { Left } from './left-to-play.ts';
import { planLiveBuffer } from './plan-live-buffer.ts';

const plan = (
  currentTimeSeconds: number,
  ranges: Array<[number, number]>,
  playbackRate = 1,
  left: Left | null = null,
) =>
  planLiveBuffer({
    currentTimeSeconds,
    playbackRate,
    left,
    wantedSeconds: 0.35,
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
    { name: 'plays normally while nothing is known', left: null, rate: 1, expected: 1 },
    { name: 'goes on as it does while nothing is known', left: null, rate: 1.03, expected: 1.03 },
    { name: 'plays normally where it should be', left: 0.35, rate: 1, expected: 1 },
    { name: 'plays normally when there is little more', left: 0.36, rate: 1, expected: 1 },
    { name: 'catches up when far behind', left: 0.55, rate: 1, expected: 1.1 },
    { name: 'comes nearer gently', left: 0.37, rate: 1, expected: 1.03 },
    { name: 'goes on coming nearer until it is there', left: 0.36, rate: 1.03, expected: 1.03 },
    { name: 'stops coming nearer there', left: 0.352, rate: 1.03, expected: 1 },
    { name: 'slows down when too little is left', left: 0.3, rate: 1, expected: 0.97 },
    { name: 'slows down until there is enough', left: 0.34, rate: 0.97, expected: 0.97 },
    { name: 'plays normally again with enough', left: 0.348, rate: 0.97, expected: 1 },
  ])('$name', ({ left, rate, expected }) => {
    const known = left === null ? null : { least: left, usual: left };
    expect(plan(19.6, [[10, 20]], rate, known).playbackRate).toBe(expected);
  });

  test('neither waits nor comes nearer when a picture is late now and then', () => {
    expect(plan(19.6, [[10, 20]], 1, { least: 0.1, usual: 0.36 }).playbackRate).toBe(1);
    expect(plan(19.6, [[10, 20]], 1, { least: 0.1, usual: 0.9 }).playbackRate).toBe(1);
  });

  test('lets old media go, and keeps a little', () => {
    expect(plan(39.6, [[0, 40]]).removeBeforeSeconds).toBeCloseTo(29.6);
    expect(plan(19.6, [[0, 20]]).removeBeforeSeconds).toBeNull();
  });
});
