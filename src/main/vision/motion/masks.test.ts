import { expect, test } from 'vitest';
import type { Detection } from '../detector/detection.ts';
import { InferenceGate } from './gate.ts';
import type { Grey } from './grey.ts';
import { Masks } from './masks.ts';
import { MotionDetector } from './motion.ts';

const LEFT_HALF = [
  { x: 0, y: 0 },
  { x: 0.5, y: 0 },
  { x: 0.5, y: 1 },
  { x: 0, y: 1 },
];
const WIDTH = 40;
const HEIGHT = 20;

/** An even picture with a bright square from `left`, `shift` lighter as a whole. */
function grey(left: number | null, shift = 0): Grey {
  const values = Float32Array.from({ length: WIDTH * HEIGHT }, (_, i) => {
    const x = i % WIDTH;
    const y = Math.floor(i / WIDTH);
    const inSquare = left !== null && x >= left && x < left + 8 && y >= 6 && y < 14;
    return (inSquare ? 200 : 60) + shift;
  });
  return { width: WIDTH, height: HEIGHT, values };
}

/** Whether an object that appears is motion, and opens the gate after a quiet time. */
function appears(left: number | null, shift = 0) {
  const masks = new Masks([{ points: LEFT_HALF }]);
  const motion = new MotionDetector();
  const gate = new InferenceGate();
  let atMs = 0;
  for (; atMs < 2800; atMs += 200) {
    const still = masks.hide(grey(null));
    motion.step(atMs, still);
    if (gate.decide(atMs, still, motion.noise, false)) gate.learn(atMs, []);
  }
  const picture = masks.hide(grey(left, shift));
  const { boxes } = motion.step(atMs, picture);
  return { moved: boxes.length > 0, looked: gate.decide(atMs, picture, motion.noise, false) };
}

test.each<[string, number | null, number, boolean]>([
  ['an object outside the mask', 26, 0, true],
  ['an object in the mask', 6, 0, false],
  ['light switched on', null, 30, false],
  ['light switched on and an object outside', 26, 30, true],
])('%s', (_, left, shift, noticed) => {
  expect(appears(left, shift)).toEqual({ moved: noticed, looked: noticed });
});

test('who stands in a mask is not followed, who reaches over it is', () => {
  const detection = (x: number): Detection => ({
    label: 'person',
    confidence: 0.9,
    box: { x, y: 0.4, width: 0.2, height: 0.6 },
  });
  const masks = new Masks([{ points: LEFT_HALF }]);
  expect(masks.keep([detection(0.2), detection(0.45)])).toEqual([detection(0.45)]);
  const all = [detection(0.2)];
  expect(new Masks([]).keep(all)).toBe(all);
});

test.each([
  ['nothing', [], false],
  ['half of the picture', [LEFT_HALF], false],
  ['both halves', [LEFT_HALF, LEFT_HALF.map(({ x, y }) => ({ x: x + 0.5, y }))], true],
])('whether anything is left to look at: masked is %s', (_, polygons, hidesAll) => {
  const masks = new Masks(polygons.map((points) => ({ points })));
  masks.hide(grey(null));
  expect(masks.hidesAll).toBe(hidesAll);
});
