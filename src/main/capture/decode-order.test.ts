import { expect, test } from 'vitest';
import { DecodeOrder } from './decode-order.ts';

const cases: Array<[string, number, number[], number[]]> = [
  ['no reordering', 0, [0, 10, 20, 30], [0, 10, 20, 30]],
  ['one B-frame', 1, [0, 20, 10, 40, 30], [-10, 0, 10, 20, 30]],
  ['a pyramid of three', 2, [0, 40, 20, 10, 30, 80, 60, 50, 70], [-20, -10, 0, 10, 20, 30, 40, 50, 60]],
  ['told deeper than it is', 2, [0, 10, 20, 30], [-20, -10, 0, 10]],
];

test.each(cases)('%s', (_name, depth, presentation, expected) => {
  const order = new DecodeOrder(depth);
  expect(presentation.map((time) => order.next(time, 10))).toEqual(expected);
});

test('deeper than told: it learns, ascending all the way', () => {
  const order = new DecodeOrder(0);
  const presentation = [0, 30, 10, 20, 60, 40, 50, 90, 70, 80, 120, 100, 110];
  const decode = presentation.map((time) => order.next(time, 10));
  for (let at = 1; at < decode.length; at++) expect(decode[at]).toBeGreaterThan(decode[at - 1]!);
  for (let at = 5; at < decode.length; at++) expect(decode[at]).toBeLessThanOrEqual(presentation[at]!);
});
