import { expect, test } from 'vitest';
import type { SegmentRecord } from '../media/segment.ts';
import { pieceAt, planPieces } from './piece.ts';

const START = 1_700_000_000_000;

/** Key frames at these seconds, 1000 bytes apart. */
function segment(seconds: readonly number[], closed: boolean): SegmentRecord {
  return {
    ...{ cameraId: 'c', stream: 'main', startEpochMs: START, durationMs: 12_000, sizeBytes: 99_000 },
    ...{ path: 'p', volumeId: 0, closed, videoCodecString: 'hvc1', audioCodecString: null },
    ...{ width: 640, height: 360, videoTimescale: 90_000, audioTimescale: null, initBytes: 500 },
    keyframes: seconds.map((second, index) => ({ offset: 500 + index * 1000, time: second * 90_000 })),
  };
}

const outline = (one: SegmentRecord) =>
  planPieces(one).map(({ time, from, to, whole }) => [time / 90_000, from, to, whole]);

test('pieces are two seconds long at least, whatever the distance of key frames', () => {
  expect(outline(segment([0, 1, 2, 3, 4.5, 5], true))).toEqual([
    [0, 500, 2500, true],
    [2, 2500, 4500, true],
    [4.5, 4500, 99_000, true],
  ]);
  expect(outline(segment([0, 10], true))).toEqual([
    [0, 500, 1500, true],
    [10, 1500, 99_000, true],
  ]);
});

test('the last piece is whole when nothing is added any more', () => {
  expect(outline(segment([0, 2], false))).toEqual([
    [0, 500, 1500, true],
    [2, 1500, 99_000, false],
  ]);
});

test.each([
  [0, 0, 2],
  [1999, 2, 4],
  [1998, 0, 2],
  [3500, 2, 4],
  [9000, 4, null],
  [-50, 0, 2],
])('the piece that shows %s ms', (ms, seconds, next) => {
  const found = pieceAt(segment([0, 2, 4], true), START + ms, START - 1);
  expect([found.piece, found.next].map((piece) => piece && piece.time / 90_000)).toEqual([seconds, next]);
});

test('nothing begins before time 0 of the player', () => {
  const found = pieceAt(segment([0, 2, 4], true), START + 3000, START + 3000);
  expect(found.piece?.time).toBe(4 * 90_000);
  expect(pieceAt(segment([0], true), START, START + 1000).piece).toBeNull();
});
