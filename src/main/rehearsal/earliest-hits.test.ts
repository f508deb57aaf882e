import { expect, test } from 'vitest';
import type { Finding } from '../../shared/domain-events.ts';
import { MAX_HITS } from '../../shared/rehearsal.ts';
import { EarliestHits } from './earliest-hits.ts';

const motion = (atMs: number, trackId = 0): Finding => ({
  type: 'motion',
  atMs,
  detail: { trackId, path: [{ atMs, x: 0, y: 0 }] },
});

test('what is told late goes to its place; what is told together stays in that order', () => {
  const hits = new EarliestHits();
  hits.add([motion(1000), motion(3000, 1), motion(3000, 2)]);
  hits.add([motion(2000)]);
  expect(hits.list.map(({ atMs, detail }) => [atMs, detail.trackId])).toEqual([
    [1000, 0],
    [2000, 0],
    [3000, 1],
    [3000, 2],
  ]);
  expect(hits.list[0]).toEqual({ type: 'motion', atMs: 1000, startMs: 1000, detail: { trackId: 0 } });
});

test('the earliest are kept', () => {
  const hits = new EarliestHits();
  for (let i = 0; i < MAX_HITS + 10; i++) hits.add([motion(10_000 + i)]);
  hits.add([motion(5)]);
  expect(hits.list).toHaveLength(MAX_HITS);
  expect(hits.list[0]!.atMs).toBe(5);
  expect(hits.list.at(-1)!.atMs).toBe(10_000 + MAX_HITS - 2);
});
