import { afterEach, expect, test } from 'vitest';
import type { Observation } from '../../shared/domain-events.ts';
import { type RehearsalHit, RehearsalRulesSchema } from '../../shared/rehearsal.ts';
import { systemClock } from '../platform/clock.ts';
import { silentLogger } from '../platform/log.ts';
import { line, observe, walk } from '../rules/timeline.ts';
import type { FootageRequest } from '../vision/footage/analyze-footage.ts';
import type { FootageBatch } from '../vision/footage/footage-messages.ts';
import type { Analyser } from './ports.ts';
import { Rehearsals, type RehearsedFootage } from './rehearsals.ts';

const CAMERA = '3fa85f64-5717-4562-b3fc-2c963f66afa6';
const FILE = { path: '/video', startMs: 0, width: 640, height: 360 };

/** Two people who cross the middle from left to right, the second 4 s after the first: not on anybody's heels. */
const TWO = observe([
  { id: 1, rows: walk([0, 0.2, 0.8], [4, 0.8, 0.8]) },
  { id: 2, rows: walk([4, 0.2, 0.8], [8, 0.8, 0.8]) },
]);

let rehearsals: Rehearsals | null = null;
let asked: FootageRequest[] = [];
afterEach(async () => {
  await rehearsals?.stop();
  asked = [];
});

/** Rehearsals whose analysis hands these batches out, whatever the footage. */
function onBatches(batches: () => Iterable<Partial<FootageBatch>>, mostBytes?: number): Rehearsals {
  const startAnalysis = (request: FootageRequest): Analyser => {
    asked.push(request);
    const left = batches()[Symbol.iterator]();
    return {
      next: async () => {
        const { value } = left.next() as { value: Partial<FootageBatch> };
        return { observations: [], reachedMs: 0, problems: [], isLast: false, ...value };
      },
      snapshot: async () => null,
      stop: async () => {},
    };
  };
  rehearsals = new Rehearsals({
    files: () => [{ ...FILE, endMs: 10_000 }],
    reports: () => [],
    startAnalysis,
    clock: systemClock,
    log: silentLogger,
    mostBytes,
  });
  return rehearsals;
}

const allAtOnce = (observations: Observation[], reachedMs: number) => () => [
  { observations, reachedMs, isLast: true },
];

async function ended(all: Rehearsals, id: string) {
  await expect.poll(() => all.get(id).state, { timeout: 20_000, interval: 10 }).not.toBe('running');
  return all.get(id);
}

const rulesWith = (readers: string[]) =>
  RehearsalRulesSchema.parse({ lines: [line(0.5, 1, 0.5, 0, { windowSeconds: 2 })], readers });
const types = (hits: readonly RehearsalHit[]) =>
  hits.map(({ type }) => type).filter((type) => type !== 'object');

test.each<[string, RehearsedFootage, string[], number]>([
  ['recorded footage with readers', { kind: 'recorded', fromEpochMs: 0, toEpochMs: 10_000 }, ['door'], 2],
  ['recorded footage without', { kind: 'recorded', fromEpochMs: 0, toEpochMs: 10_000 }, [], 0],
  ['a video, readers or not', { kind: 'video', file: { ...FILE, endMs: 10_000 } }, ['door'], 0],
])('who crosses without an unlock on %s', async (_, footage, readers, tailgaters) => {
  const all = onBatches(allAtOnce(TWO, 10_000));
  const { hits } = await ended(all, all.create(CAMERA, footage, rulesWith(readers)).id);
  expect(types(hits).filter((type) => type === 'line-crossing')).toHaveLength(2);
  expect(types(hits).filter((type) => type === 'tailgating')).toHaveLength(tailgaters);
});

test('a video that does not say how long it is is looked through to its end', async () => {
  const batches = [
    { observations: TWO.slice(0, 20), reachedMs: TWO[19]!.atMs },
    { observations: TWO.slice(20), reachedMs: 1e9, isLast: true },
  ];
  const all = onBatches(() => batches);
  const file = { ...FILE, endMs: Number.POSITIVE_INFINITY };
  const begun = all.create(CAMERA, { kind: 'video', file }, rulesWith([]));
  expect(begun).toMatchObject({ state: 'running', progress: null, fromMs: 0, toMs: 0 });
  const rehearsal = await ended(all, begun.id);
  expect(rehearsal).toMatchObject({ state: 'ended', progress: 1, problem: null, toMs: TWO.at(-1)!.atMs });
  expect(types(rehearsal.hits)).toEqual(['line-crossing', 'line-crossing']);
  expect(asked[0]!.toMs).toBe(12 * 3_600_000);
});

/** A crowd that wanders about at 5 pictures a second, each box at its own odd place. */
function* busy(pictures: number, people: number): Generator<Partial<FootageBatch>> {
  for (let at = 0; at < pictures; at += 20) {
    const observations = Array.from({ length: 20 }, (_, i): Observation => {
      const atMs = (at + i) * 200;
      const tracks = Array.from({ length: people }, (_, id) => {
        const x = 0.5 + 0.4 * Math.sin(atMs / (3000 + 170 * id) + id) + 0.002 * Math.random();
        const y = 0.7 + 0.2 * Math.cos(atMs / (4000 + 90 * id)) + 0.002 * Math.random();
        const box = { x: x - 0.05, y: y - 0.2, width: 0.1 + 0.003 * Math.random(), height: 0.2 };
        const sure = { confidence: 0.5 + 0.4 * Math.random(), maxConfidence: 0.93, hasMoved: true };
        const times = { firstSeenMs: 0, lastSeenMs: atMs };
        return { trackId: id, label: 'person' as const, box, foot: { x, y }, ...sure, ...times };
      });
      const boxes = tracks.map(({ box }) => box);
      return { atMs, tracks, endedTrackIds: [], motion: { ratio: 0.1234567, boxes }, sabotage: null };
    });
    yield { observations, reachedMs: (at + 20) * 200, isLast: at + 20 >= pictures };
  }
}

const range = (toEpochMs: number): RehearsedFootage => ({ kind: 'recorded', fromEpochMs: 0, toEpochMs });

test('rules that are tried again on what was kept find the same as at first', async () => {
  const all = onBatches(() => busy(1500, 6));
  const first = await ended(all, all.create(CAMERA, range(300_000), rulesWith([])).id);
  expect(first).toMatchObject({ pictures: 1500, problem: null });
  expect(types(first.hits).length).toBeGreaterThan(20);
  const { hits } = await all.change(first.id, RehearsalRulesSchema.parse({}));
  expect(types(hits)).toEqual(['motion']);
  expect((await all.change(first.id, rulesWith([]))).hits).toEqual(first.hits);
}, 30_000);

test('where more happens than can be kept, it says how much of it was tried', async () => {
  const all = onBatches(() => busy(2000, 6), 200_000);
  const rehearsal = await ended(all, all.create(CAMERA, range(400_000), rulesWith([])).id);
  expect(rehearsal.state).toBe('ended');
  expect(rehearsal.problem).toMatch(/only the first \d min were tried/);
  expect(rehearsal.toMs).toBeLessThan(400_000);
  expect(rehearsal.pictures).toBeLessThan(2000);
}, 30_000);
