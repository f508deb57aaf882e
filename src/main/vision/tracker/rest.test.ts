import { expect, test } from 'vitest';
import type { Box } from '../../../shared/geometry.ts';
import { noteMovement, noteRise, type Rest } from './rest.ts';

const SIXTEEN_NINTHS = 16 / 9;
const person: Box = { x: 0.5, y: 0.3, width: 0.08, height: 0.36 };

/** `hasMoved` after sights at these places (fractions of the picture across), 0.2 s apart. */
function movedAfter(places: readonly number[]): boolean {
  const rest: Rest = {
    origin: person,
    hasMoved: false,
    movedSinceMs: null,
    resting: 0,
    lastWay: 0,
    rise: null,
  };
  for (const [index, x] of places.entries())
    noteMovement(rest, index * 200, { ...person, x }, SIXTEEN_NINTHS, 0.2);
  return rest.hasMoved;
}
const standing = Array.from({ length: 10 }, (_, index) => 0.5 + (index % 2) * 0.004);

test.each<[string, number[], boolean]>([
  ['stands', standing, false],
  ['walks at once', [0.5, 0.53, 0.56, 0.6, 0.64], true],
  [
    'waits for the door, then walks at a pace that is a step beyond jitter each time',
    [...standing, 0.58, 0.66, 0.74, 0.82],
    true,
  ],
  ['waits, then runs', [...standing, 0.62, 0.74, 0.86], true],
  [
    'is a row of still look-alikes: jumps once and stays',
    [...standing, 0.66, 0.66, 0.664, 0.66, 0.662],
    false,
  ],
])('who %s', (_what, places, moved) => {
  expect(movedAfter(places)).toBe(moved);
});

test('who stood close to the camera has moved before the edge of the picture hides them', () => {
  // Left edge, width: a stride makes the box wider, then the picture ends.
  const sights = [...Array.from({ length: 27 }, () => [0.5, 0.21]), [0.5, 0.25], [0.53, 0.25], [0.57, 0.3]];
  sights.push([0.7, 0.25], [0.72, 0.28], [0.79, 0.21], [0.89, 0.11]);
  const origin = { x: 0.5, y: 0.02, width: 0.21, height: 0.88 };
  const rest: Rest = { origin, hasMoved: false, movedSinceMs: null, resting: 0, lastWay: 0, rise: null };
  for (const [index, [x, width]] of sights.entries())
    noteMovement(rest, index * 200, { ...origin, x: x!, width: width! }, SIXTEEN_NINTHS, 0.2);
  expect(rest.hasMoved).toBe(true);
});

/** `hasMoved` after sights of a box whose foot stays and whose top edge is at these places, 0.2 s apart. */
function risenAfter(tops: readonly number[]): boolean {
  const rest: Rest = {
    ...{ origin: person, hasMoved: false, movedSinceMs: null, resting: 0, lastWay: 0, rise: null },
  };
  for (const [index, y] of tops.entries()) noteRise(rest, index * 200, { ...person, y, height: 0.92 - y });
  return rest.hasMoved;
}
const still = Array.from({ length: 20 }, (_, index) => 0.3 + (index % 3) * 0.004);

test.each<[string, number[], boolean]>([
  ['stands behind a counter', still, false],
  ['comes up behind a counter', [0.68, 0.5, 0.47, 0.42, 0.39, 0.37, 0.34], true],
  ['comes up slowly, with jitter', [0.7, 0.65, 0.655, 0.6, 0.55, 0.5, 0.44, 0.4], true],
  ['is drawn now with legs and now without', [0.3, 0.6, 0.3, 0.6, 0.3, 0.6, 0.3, 0.6, 0.3], false],
  ['is drawn whole at last', [...still, 0.3, 0.02, 0.016, 0.012, 0.008, 0.004, 0], false],
  ['sits down', [0.3, 0.36, 0.42, 0.48, 0.54, 0.6], false],
])('who %s', (_what, tops, moved) => {
  expect(risenAfter(tops)).toBe(moved);
});
