import { expect, it } from 'vitest';
import { openDatabase } from '../store/database.ts';
import { MotionGridStore } from '../store/motion-grids.ts';
import {
  BLOCK_MS,
  cellsOf,
  GRID,
  lookAtBlock,
  markMotion,
  newBlock,
  packBlock,
  SLOT_MS,
  unpackBlock,
} from './motion-grid.ts';
import { MotionGrids } from './motion-grids.ts';
import { subtractRanges } from './motion-search.ts';

const CAMERA = '3fa85f64-5717-4562-b3fc-2c963f66afa6';
const START = 1000 * BLOCK_MS;
const TOP_LEFT = { x: 0, y: 0, width: 0.25, height: 0.25 };
const BOTTOM_RIGHT = { x: 0.75, y: 0.75, width: 0.25, height: 0.25 };
const ALL = { startEpochMs: 0, endEpochMs: 10 * START };

it.each([
  [{ x: 0, y: 0, width: 1, height: 1 }, GRID.columns * GRID.rows],
  [{ x: 0, y: 0, width: 1 / 32, height: 1 / 18 }, 1],
  [{ x: 0.99, y: 0.99, width: 0.2, height: 0.2 }, 1],
  [{ x: 0.5, y: 0.5, width: 0, height: 0 }, 1],
])('a box %o touches %d cells', (box, count) => {
  expect(cellsOf(box)).toHaveLength(count);
});

it('says when something moved in a part of the picture, and which time was analysed', () => {
  const block = newBlock();
  markMotion(block, START, [TOP_LEFT]);
  markMotion(block, START + SLOT_MS, []);
  markMotion(block, START + 3 * SLOT_MS, [BOTTOM_RIGHT]);
  const slot = (from: number, to: number) => ({
    ...{ startEpochMs: START + from * SLOT_MS, endEpochMs: START + to * SLOT_MS },
  });
  const again = unpackBlock(packBlock(block))!;
  expect(again).toEqual(block);
  expect(lookAtBlock(again, 1000, cellsOf(TOP_LEFT), ALL)).toEqual({
    ...{ moved: [slot(0, 1)], analysed: [slot(0, 2), slot(3, 4)] },
  });
  expect(lookAtBlock(again, 1000, cellsOf(BOTTOM_RIGHT), ALL).moved).toEqual([slot(3, 4)]);
  expect(lookAtBlock(again, 1000, cellsOf({ ...TOP_LEFT, x: 0.4 }), ALL).moved).toEqual([]);
  expect(unpackBlock(Buffer.from('no block'))).toBeNull();
});

it('takes little room: a still block, and one in which somebody walks about all the time', () => {
  const [still, busy] = [newBlock(), newBlock()];
  for (let at = START; at < START + BLOCK_MS; at += SLOT_MS) {
    const x = 0.4 + 0.4 * Math.sin(at / 9000);
    markMotion(still, at, []);
    markMotion(busy, at, [{ x, y: 0.3, width: 0.1, height: 0.5 }]);
  }
  expect(packBlock(still).length).toBeLessThan(100);
  expect(packBlock(busy).length).toBeLessThan(4000);
});

it('keeps grids over a restart, and lets them go with the footage', () => {
  const store = new MotionGridStore(openDatabase(':memory:'));
  const grids = new MotionGrids(store);
  grids.note(CAMERA, START, [TOP_LEFT]);
  grids.note(CAMERA, START + BLOCK_MS, [BOTTOM_RIGHT]);
  grids.stop();
  const after = new MotionGrids(store);
  after.note(CAMERA, START + BLOCK_MS + SLOT_MS, [TOP_LEFT]);
  const moved = () => [...after.search(CAMERA, TOP_LEFT, ALL)].flatMap((found) => found.moved);
  const starts = () => moved().map(({ startEpochMs }) => startEpochMs - START);
  expect(starts()).toEqual([0, BLOCK_MS + SLOT_MS]);
  expect([...after.search(CAMERA, BOTTOM_RIGHT, ALL)].flatMap((found) => found.moved)).toHaveLength(1);
  after.forget(CAMERA, START + BLOCK_MS, 30, START + 2 * BLOCK_MS);
  expect(starts()).toEqual([BLOCK_MS + SLOT_MS]);
  after.forgetCamera(CAMERA);
  expect(starts()).toEqual([]);
});

it('takes what is known out of what is recorded', () => {
  const range = (startEpochMs: number, endEpochMs: number) => ({ startEpochMs, endEpochMs });
  expect(
    subtractRanges([range(0, 100), range(200, 300)], [range(-5, 10), range(50, 60), range(90, 250)]),
  ).toEqual([...[range(10, 50), range(60, 90), range(250, 300)]]);
  expect(subtractRanges([range(0, 100)], [])).toEqual([range(0, 100)]);
  expect(subtractRanges([range(0, 100)], [range(0, 100)])).toEqual([]);
});
