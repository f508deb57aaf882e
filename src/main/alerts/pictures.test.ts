import { describe, expect, test } from 'vitest';
import { GREY_HEIGHT, GREY_WIDTH, isBlackOrUniform, wantsLook } from './dark-picture.ts';
import { type StillStreak, stepStill } from './still-picture.ts';

/** A picture whose level at (x, y) is given, each 0..1. */
function paint(level: (x: number, y: number) => number): Uint8Array {
  const cells = new Uint8Array(GREY_WIDTH * GREY_HEIGHT);
  for (let i = 0; i < cells.length; i++)
    cells[i] = level((i % GREY_WIDTH) / GREY_WIDTH, Math.floor(i / GREY_WIDTH) / GREY_HEIGHT);
  return cells;
}

test.each<[string, (x: number, y: number) => number, boolean]>([
  ['black', () => 16, true],
  ['black with noise that is left after averaging', (x) => 18 + ((x * 977) % 3), true],
  ['black with a name and time at the edges', (_x, y) => (y < 0.1 || y > 0.9 ? 200 : 16), true],
  ['grey as of a dead sensor', () => 128, true],
  ['a night yard with one lamp', (x, y) => (Math.hypot(x - 0.5, y - 0.5) < 0.06 ? 160 : 18), false],
  ['a night sky over a darker field', (_x, y) => (y < 0.5 ? 30 : 17), false],
  ['fog', (_x, y) => 150 + y * 20, false],
  ['a scene', (x, y) => 60 + 100 * Math.abs(Math.sin(x * 9 + y * 5)), false],
])('black or not: %s', (_name, level, expected) => {
  expect(isBlackOrUniform(paint(level))).toBe(expected);
});

test('a look at the start, when a key frame lost much of its bytes, while black, and seldom otherwise', () => {
  const last = { atMs: 0, keyBytes: 50_000, isBlack: false };
  expect(wantsLook(null, { atMs: 0, keyBytes: 50_000 })).toBe(true);
  expect(wantsLook(last, { atMs: 10_000, keyBytes: 49_000 })).toBe(false);
  expect(wantsLook(last, { atMs: 10_000, keyBytes: 5_000 })).toBe(true);
  expect(wantsLook(last, { atMs: 2_000, keyBytes: 5_000 })).toBe(false);
  expect(wantsLook({ ...last, isBlack: true }, { atMs: 4_000, keyBytes: 50_000 })).toBe(false);
  expect(wantsLook({ ...last, isBlack: true }, { atMs: 8_000, keyBytes: 50_000 })).toBe(true);
  expect(wantsLook(last, { atMs: 600_000, keyBytes: 50_000 })).toBe(true);
});

describe('a streak of key frames that could be the same picture', () => {
  const run = (frames: ReadonlyArray<[keyBytes: number, deltaBytes: number | null]>) => {
    let streak: StillStreak | null = null;
    for (const [second, [keyBytes, deltaBytes]] of frames.entries())
      streak = stepStill(streak, { atMs: second * 1000, keyBytes, deltaBytes });
    return streak!.keyframes;
  };
  test.each<[string, Array<[number, number | null]>, number]>([
    [
      'frozen: same sizes, nothing between',
      [
        [60_000, 130],
        [60_001, 130],
        [60_000, 131],
      ],
      3,
    ],
    [
      'still, with the noise of a sensor',
      [
        [60_000, 900],
        [60_210, 850],
        [59_820, 910],
      ],
      1,
    ],
    [
      'a loop of one group of pictures, with movement',
      [
        [60_000, 4000],
        [60_000, 4000],
        [60_000, 4000],
      ],
      1,
    ],
    [
      'key frames only',
      [
        [60_000, null],
        [60_000, null],
      ],
      2,
    ],
    [
      'something moved once',
      [
        [60_000, 130],
        [60_000, 130],
        [60_000, 5000],
        [60_000, 130],
      ],
      2,
    ],
  ])('%s', (_name, frames, keyframes) => {
    expect(run(frames)).toBe(keyframes);
  });
});
