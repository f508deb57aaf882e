import { expect, test } from 'vitest';
import { assign } from './assignment.ts';

test.each<[string, number[][], number[]]>([
  ['nothing', [], []],
  ['rows without columns', [[], []], [-1, -1]],
  [
    'the least total, not the least first',
    [
      [0.1, 0.2],
      [0.15, 0.9],
    ],
    [1, 0],
  ],
  ['more rows than columns', [[0.5], [0.1], [0.3]], [-1, 0, -1]],
  ['more columns than rows', [[0.5, 0.1, 0.3]], [1]],
  [
    'no pair at the limit or above',
    [
      [1, 0.2],
      [1, 0.3],
    ],
    [1, -1],
  ],
  [
    'not more pairs for a worse fit',
    [
      [0.1, 1],
      [0.2, 1],
    ],
    [0, -1],
  ],
])('%s', (_, cost, expected) => {
  expect(assign(cost, 1)).toEqual(expected);
});

test('finds the least total as trying all does', () => {
  let seed = 7;
  const random = () => {
    seed = (seed * 16_807) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
  for (let round = 0; round < 50; round++) {
    const cost = Array.from({ length: 5 }, () => Array.from({ length: 5 }, random));
    const columns = assign(cost, 2);
    const total = columns.reduce((sum, column, row) => sum + cost[row]![column]!, 0);
    expect(new Set(columns).size).toBe(5);
    expect(total).toBeCloseTo(leastTotal(cost, new Set()), 9);
  }
});

function leastTotal(cost: number[][], used: Set<number>): number {
  const row = used.size;
  if (row === cost.length) return 0;
  const totals = cost[row]!.flatMap((value, column) =>
    used.has(column) ? [] : [value + leastTotal(cost, new Set([...used, column]))],
  );
  return Math.min(...totals);
}
