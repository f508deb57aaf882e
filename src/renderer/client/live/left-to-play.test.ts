import { expect, test } from 'vitest';
import { type Left, LeftToPlay } from './left-to-play.ts';

function beats(left: LeftToPlay, lefts: number[], isNormalRate = true): Array<Left | null> {
  return lefts.map((seconds) => {
    left.note(seconds);
    left.note(seconds + 0.01);
    return left.beat(isNormalRate);
  });
}

test('the last beats count, once there are enough of them', () => {
  const left = new LeftToPlay();
  expect(beats(left, [0.1, 0.02, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1])).toEqual([
    ...[null, null, null],
    ...Array.from({ length: 4 }, () => ({ least: 0.02, usual: 0.1 })),
    { least: 0.1, usual: 0.1 },
  ]);
});

test('while playback catches up or waits only the last beat counts, and afterwards none of before', () => {
  const left = new LeftToPlay();
  beats(left, [0.3, 0.3, 0.3, 0.3]);
  expect(beats(left, [0.2, 0.1], false)).toEqual(
    [0.2, 0.1].map((seconds) => ({ least: seconds, usual: seconds })),
  );
  expect(left.beat(false)).toBeNull();
  expect(beats(left, [0.01, 0.01, 0.01, 0.01])).toEqual([null, null, null, { least: 0.01, usual: 0.01 }]);
});

test('a beat without a picture says nothing new', () => {
  const left = new LeftToPlay();
  beats(left, [0.1, 0.1, 0.1, 0.1]);
  expect(left.beat(true)).toEqual({ least: 0.1, usual: 0.1 });
});
