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
function onBatches(batches: () => Iterable<Partial<FootageBatch>>): Rehearsals {
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
