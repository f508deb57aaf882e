import { expect, test } from 'vitest';
import type { FaceterEventQuery, FaceterEventRow } from '../../store/faceter-events.ts';
import { listGroups } from './events.ts';

/** Events of one type by start and end in seconds, ids a, b, c … by start. */
function pager(spans: ReadonlyArray<readonly [number, number]>) {
  const rows = spans.map(
    ([start, end], index) =>
      ({
        faceterType: 'Motion',
        event: {
          id: String.fromCharCode(97 + index),
          sequence: index + 1,
          type: 'motion',
          startEpochMs: start * 1000,
          endEpochMs: end * 1000,
          detail: {},
        },
      }) as FaceterEventRow,
  );
  return ({ order, after, limit }: FaceterEventQuery) => {
    const ordered = order === 'asc' ? rows : rows.toReversed();
    const from = after ? ordered.findIndex(({ event }) => event.sequence === after.sequence) + 1 : 0;
    return ordered.slice(from, from + limit);
  };
}

const SPANS = [
  [0, 10],
  [12, 13],
  [14, 15],
  [40, 41],
  [60, 61],
  [62, 63],
] as const;

test.each<['asc' | 'desc', number, number, string[], boolean]>([
  ['asc', 0, 10, ['a', 'b', 'c', 'd', 'e', 'f'], false],
  ['desc', 0, 2, ['f', 'e'], true],
  ['asc', 2, 10, ['abc', 'd', 'ef'], false],
  ['desc', 2, 10, ['ef', 'd', 'abc'], false],
  ['desc', 1, 10, ['ef', 'd', 'bc', 'a'], false],
  ['asc', 2, 1, ['abc'], true],
  ['desc', 2, 2, ['ef', 'd'], true],
  ['desc', 3600, 1, ['abcdef'], false],
])('%s, merged over %i s, limit %i', (order, mergeSeconds, limit, expected, more) => {
  const { groups, hasMore } = listGroups(pager(SPANS), {
    ...{ camera: { id: 'x', zones: [] }, types: null, fromEpochMs: 0, toEpochMs: 1e6 },
    ...{ order, mergeMs: mergeSeconds * 1000, limit },
  });
  expect(groups.map(({ events }) => events.map(({ id }) => id).join(''))).toEqual(expected);
  expect(hasMore).toBe(more);
});

test('a long event that began before joins what lies within it, whichever way it is read', () => {
  const inside = [
    [0, 100],
    [20, 21],
    [50, 51],
  ] as const;
  for (const order of ['asc', 'desc'] as const) {
    const { groups } = listGroups(pager(inside), {
      ...{ camera: { id: 'x', zones: [] }, types: null, fromEpochMs: 0, toEpochMs: 1e6 },
      ...{ order, mergeMs: 5000, limit: 10 },
    });
    expect(groups).toMatchObject([{ startEpochMs: 0, endEpochMs: 100_000 }]);
    expect(groups[0]!.events.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
  }
});
