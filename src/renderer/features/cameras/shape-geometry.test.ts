import { describe, expect, test } from 'vitest';
import { sideOfLine } from '../../../shared/geometry.ts';
import {
  forwardNormal,
  freeName,
  movePoints,
  problemOfPolygon,
  rectangleOf,
  wordsOfForward,
} from './shape-geometry.ts';

const at = (x: number, y: number) => ({ x, y });

describe('forward direction', () => {
  test.each([
    { name: 'left to right', a: at(0.2, 0.5), b: at(0.8, 0.5), words: 'down the picture' },
    { name: 'right to left', a: at(0.8, 0.5), b: at(0.2, 0.5), words: 'up the picture' },
    { name: 'top to bottom', a: at(0.5, 0.1), b: at(0.5, 0.9), words: 'to the left' },
    { name: 'bottom to top', a: at(0.5, 0.9), b: at(0.5, 0.1), words: 'to the right' },
    { name: 'diagonal', a: at(0.2, 0.2), b: at(0.6, 0.8), words: 'down and to the left' },
  ])('$name', ({ a, b, words }) => {
    expect(wordsOfForward(a, b, 1)).toBe(words);
    const normal = forwardNormal(a, b, 1);
    // the side that the engine calls forward
    expect(sideOfLine(a, b, at(a.x + normal.x * 0.1, a.y + normal.y * 0.1))).toBeGreaterThan(0);
  });
});

test('movePoints stops at the edge without changing the shape', () => {
  const moved = movePoints([at(0.1, 0.1), at(0.3, 0.2)], -0.5, 0.1);
  expect(moved).toEqual([at(0, 0.2), at(0.2, 0.3)]);
});

test.each([
  { name: 'a rectangle', points: rectangleOf(at(0.1, 0.1), at(0.5, 0.5)), ok: true },
  { name: 'two corners', points: [at(0, 0), at(1, 1)], ok: false },
  { name: 'a bow tie', points: [at(0, 0), at(1, 1), at(1, 0), at(0, 1)], ok: false },
  { name: 'a speck', points: rectangleOf(at(0.1, 0.1), at(0.101, 0.101)), ok: false },
])('problemOfPolygon: $name', ({ points, ok }) => {
  expect(problemOfPolygon(points) === null).toBe(ok);
});

test('freeName', () => {
  expect(freeName('Enter', [])).toBe('Enter');
  expect(freeName('Enter', [{ name: 'enter' }, { name: 'Enter 2' }])).toBe('Enter 3');
});
