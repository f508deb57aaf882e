import { expect, test } from 'vitest';
import type { EventIndex, EventQuery, Found } from '../../store/event-index.ts';
import { findAny, gatherPage, takePage } from './search-plan.ts';

const CAMERAS = ['a', 'b', 'c'];

/** 400 events of three cameras in about two hours, many at the same moment. */
const EVENTS = Array.from({ length: 400 }, (_, i) => ({
  sequence: i + 1,
  startEpochMs: ((i * 7919) % 700) * 10_000,
  cameraId: CAMERAS[(i * 31) % 3]!,
}));

function run(order: 'asc' | 'desc', { fromEpochMs = -1, toEpochMs = 1e12 }): Found[] {
  const sign = order === 'asc' ? 1 : -1;
  return EVENTS.filter(({ startEpochMs }) => startEpochMs >= fromEpochMs && startEpochMs < toEpochMs).sort(
    (a, b) => sign * (a.startEpochMs - b.startEpochMs || a.sequence - b.sequence),
  );
}

test.each([
  ['asc', 1],
  ['asc', 7],
  ['desc', 1],
  ['desc', 3],
  ['desc', 100],
] as const)('paging %s by the last date, %d at once, gives every event once', (order, limit) => {
  const seen: number[] = [];
  let bound: { fromEpochMs?: number; toEpochMs?: number } = {};
  for (let more = true; more; ) {
    const page = takePage(run(order, bound), limit);
    seen.push(...page.entries.map(({ sequence }) => sequence));
    const date = page.entries.at(-1)!.startEpochMs;
    bound = order === 'asc' ? { fromEpochMs: date + 1 } : { toEpochMs: date };
    more = page.more;
  }
  expect(seen).toHaveLength(EVENTS.length);
  expect(new Set(seen).size).toBe(EVENTS.length);
});

test.each([
  ['asc', 1, 3_600_000],
  ['desc', 1, 3_600_000],
  ['desc', 2, 60_000],
  ['asc', 5, 1000],
] as const)(
  'paging %s by the last date, %d at once, gives every bucket once and whole',
  (order, limit, unitMs) => {
    const seen: string[] = [];
    const events: number[] = [];
    let dateEpochMs: number | null = null;
    for (let more = true; more; ) {
      const page = gatherPage({
        run: (bound) => run(order, bound),
        cameraOf: (sequence) => EVENTS[sequence - 1]!.cameraId,
        unitMs,
        order,
        dateEpochMs,
        limit,
      });
      seen.push(...page.entries.map(({ cameraId, unitEpochMs }) => `${cameraId} ${unitEpochMs}`));
      events.push(...page.entries.flatMap((entry) => entry.events.map(({ sequence }) => sequence)));
      dateEpochMs = page.entries.at(-1)!.startEpochMs;
      more = page.more;
    }
    const all = new Set(
      EVENTS.map(({ cameraId, startEpochMs }) => `${cameraId} ${Math.floor(startEpochMs / unitMs) * unitMs}`),
    );
    expect(new Set(seen)).toEqual(all);
    expect(seen).toHaveLength(all.size);
    expect(new Set(events).size).toBe(EVENTS.length);
  },
);

test('of several queries each event comes once, in order', () => {
  const index = {
    find: function* (query: EventQuery) {
      yield* run(query.order, {}).filter(({ sequence }) => query.sequences!.has(sequence));
    },
  } as Pick<EventIndex, 'find'> as EventIndex;
  const query = (sequences: number[]): EventQuery => ({
    labels: [],
    minInterest: 0,
    order: 'desc',
    sequences: new Set(sequences),
  });
  const found = [...findAny(index, [query([1, 2, 3, 4]), query([3, 4, 5]), query([])])];
  const expected = run('desc', {}).filter(({ sequence }) => sequence <= 5);
  expect(found.map(({ sequence }) => sequence)).toEqual(expected.map(({ sequence }) => sequence));
});
