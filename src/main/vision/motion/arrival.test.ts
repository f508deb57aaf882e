import { expect, test } from 'vitest';
import { ArrivalWatch } from './arrival.ts';
import type { Grey } from './grey.ts';

const WIDTH = 160;
const HEIGHT = 90;
const BOX = { x: 0.4, y: 0.2, width: 0.15, height: 0.6 };

type Paint = (x: number, y: number) => number;

const wall: Paint = (x, y) => 100 + 30 * Math.sin(x / 6) + 20 * Math.cos(y / 5);
const body: Paint = (x, y) => 90 + 40 * Math.sin((x + 2 * y) / 3);
const inBox = (x: number, y: number) =>
  x >= BOX.x * WIDTH &&
  x < (BOX.x + BOX.width) * WIDTH &&
  y >= BOX.y * HEIGHT &&
  y < (BOX.y + BOX.height) * HEIGHT;
const withBody: Paint = (x, y) => (inBox(x, y) ? body(x, y) : wall(x, y));

function paint(level: Paint): Grey {
  const values = Float32Array.from({ length: WIDTH * HEIGHT }, (_, i) =>
    level(i % WIDTH, Math.floor(i / WIDTH)),
  );
  return { width: WIDTH, height: HEIGHT, values };
}

/** When the object, first seen after 4 s and never seen to move, is found to have come; null: never. */
function arrivalOf(sceneAt: (t: number) => Paint, { from = 0, firstSeen = 4, hasMoved = false } = {}) {
  const watch = new ArrivalWatch();
  for (let i = from * 5; i <= 30 * 5; i++) {
    const t = i / 5;
    const object = { trackId: 1, box: BOX, hasMoved, firstSeenMs: firstSeen * 1000, lastSeenMs: t * 1000 };
    // Reported a little after it was first seen, as tracks are.
    const arrived = watch.step(t * 1000, paint(sceneAt(t)), t >= firstSeen + 0.4 ? [object] : []);
    if (arrived.length > 0) return t;
  }
  return null;
}

test('who stands where the wall was seen before has come', () => {
  const at = arrivalOf((t) => (t < 3.6 ? wall : withBody));
  expect(at).toBeGreaterThan(5);
  expect(at).toBeLessThan(8);
});

test.each<[string, (t: number) => Paint]>([
  ['is as it always was', () => withBody],
  ['is lit differently', (t) => (t < 4 ? withBody : (x, y) => (x < 90 ? 0.6 : 1) * withBody(x, y))],
  [
    'was passed by somebody just then',
    (t) =>
      t < 3.6 || t > 6 ? withBody : (x, y) => (inBox(x, y) ? 30 + ((x * 7 + y * 13) % 40) : wall(x, y)),
  ],
  ['is seen by a camera that was turned', (t) => (t < 3.6 ? (x, y) => wall(3 * x, 90 - y) : withBody)],
  ['changed long afterwards', (t) => (t < 25 ? wall : withBody)],
])('what %s has not', (_, sceneAt) => {
  expect(arrivalOf(sceneAt)).toBeNull();
});

test('what was there when the analysis began, or was seen to move, is not asked about', () => {
  expect(arrivalOf((t) => (t < 3.6 ? wall : withBody), { from: 3.5 })).toBeNull();
  expect(arrivalOf((t) => (t < 3.6 ? wall : withBody), { hasMoved: true })).toBeNull();
});
