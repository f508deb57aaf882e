import { expect, test } from 'vitest';
import { COCO_CLASSES, COCO_LABELS, COCO_LOOK_ALIKES } from '../models/card.ts';
import { countYoloxRows, decodeDetr, decodeYolov8, decodeYolox, planClasses } from './decode.ts';

const card = { classes: COCO_CLASSES, labels: COCO_LABELS, lookAlikes: COCO_LOOK_ALIKES };
const letterbox = { inputWidth: 64, inputHeight: 32, pictureWidth: 64, pictureHeight: 20 };
const context = { letterbox, classes: planClasses(card, 'ignored'), minScore: 0.1 };
const overhead = { ...context, classes: planClasses(card, 'counted') };
const marked = { ...context, classes: planClasses(card, 'marked') };
const PHONE = COCO_CLASSES.indexOf('cell phone');

/** A YOLOX output for the 64x32 input with one busy row. */
function yoloxOutput(
  row: number,
  values: [number, number, number, number, number],
  scores: Record<number, number>,
) {
  const rows = countYoloxRows([8, 16, 32], 64, 32);
  const data = new Float32Array(rows * 85);
  data.set(values, row * 85);
  for (const [index, score] of Object.entries(scores)) data[row * 85 + 5 + Number(index)] = score;
  return { data, dims: [1, rows, 85] };
}

test('rows of YOLOX: every cell of every stride', () => {
  expect(countYoloxRows([8, 16, 32], 64, 32)).toBe(8 * 4 + 4 * 2 + 2);
  expect(countYoloxRows([8, 16, 32], 640, 384)).toBe(5040);
});

test('YOLOX: offsets from the cell, log sizes, fractions of the picture and not of the input', () => {
  // Second stride (16): row 32 + 1 * 4 + 2 is the cell in column 2, row 1; its centre is (2.5, 1.25) cells = (40, 20) pixels.
  const [found, ...rest] = decodeYolox(
    yoloxOutput(38, [0.5, 0.25, Math.log(1), Math.log(2), 0.8], { 0: 0.5 }),
    [8, 16, 32],
    context,
  );
  expect(rest).toEqual([]);
  expect(found!.label).toBe('person');
  expect(found!.confidence).toBeCloseTo(0.4);
  // 16 x 32 pixels around (40, 20): x 32..48, y 4..36, cut at the picture's edge, 20.
  expect(found!.box.x).toBeCloseTo(32 / 64);
  expect(found!.box.width).toBeCloseTo(16 / 64);
  expect(found!.box.y).toBeCloseTo(4 / 20);
  expect(found!.box.height).toBeCloseTo(16 / 20);
});

test.each([
  ['objectness and class too low together', [0, 0, 0, 0, 0.3], { 0: 0.3 }, context, []],
  ['a class that is none of ours', [0, 0, 0, 0, 0.9], { [PHONE]: 0.9 }, context, []],
  ['a look-alike, seen from above', [0, 0, 0, 0, 0.9], { [PHONE]: 0.9 }, overhead, ['car']],
  ['the best of our classes', [0, 0, 0, 0, 0.9], { 2: 0.4, 7: 0.6, [PHONE]: 0.9 }, context, ['truck']],
  ['a look-alike, marked', [0, 0, 0, 0, 0.9], { [PHONE]: 0.9 }, marked, ['car?']],
  ['a car that may be a phone', [0, 0, 0, 0, 0.9], { 2: 0.4, [PHONE]: 0.9 }, marked, ['car', 'car?']],
  ['a car that is hardly a phone', [0, 0, 0, 0, 0.9], { 2: 0.4, [PHONE]: 0.3 }, marked, ['car']],
  ['a bird may be anything', [0, 0, 0, 0, 0.9], { [COCO_CLASSES.indexOf('bird')]: 0.9 }, marked, []],
  ['not a number', [Number.NaN, 0, 0, 0, 0.9], { 0: 0.9 }, context, []],
  ['outside the picture', [0, 20, 0, 0, 0.9], { 0: 0.9 }, context, []],
] as const)('YOLOX: %s', (_, values, scores, given, labels) => {
  const output = yoloxOutput(0, [...values], scores);
  const found = decodeYolox(output, [8, 16, 32], given);
  expect(found.map((each) => `${each.label}${each.isLookAlike ? '?' : ''}`)).toEqual(labels);
});

test('YOLOv8: columns of centre and size in input pixels', () => {
  const count = 3;
  const data = new Float32Array(84 * count);
  for (const [row, value] of [32, 10, 16, 8].entries()) data[row * count + 1] = value;
  data[(4 + 2) * count + 1] = 0.7;
  const [found, ...rest] = decodeYolov8({ data, dims: [1, 84, count] }, context);
  expect(rest).toEqual([]);
  expect(found).toMatchObject({ label: 'car', box: { x: 24 / 64, y: 6 / 20, width: 16 / 64 } });
  expect(found!.box.height).toBeCloseTo(8 / 20);
});

test('DETR: softmax over classes and no object, boxes in fractions of the input', () => {
  const scores = new Float32Array(2 * 81);
  scores[0] = 10; // query 0: person
  scores[81 + 80] = 10; // query 1: no object
  const boxes = new Float32Array([0.5, 0.25, 0.25, 0.5, 0.5, 0.5, 1, 1]);
  const format = { boxFormat: 'centre', activation: 'softmax' } as const;
  const found = decodeDetr(
    { data: boxes, dims: [1, 2, 4] },
    { data: scores, dims: [1, 2, 81] },
    format,
    context,
  );
  expect(found).toHaveLength(1);
  expect(found[0]!.confidence).toBeGreaterThan(0.9);
  expect(found[0]!.box).toEqual({ x: 0.375, y: 0, width: 0.25, height: 0.8 });
});
