import { expect, test } from 'vitest';
import { AnalysisSchema } from '../../shared/domain-camera.ts';
import type { Finding, NvrEvent, Observation } from '../../shared/domain-events.ts';
import type { Backfill } from '../../shared/rehearsal.ts';
import { systemClock } from '../platform/clock.ts';
import { silentLogger } from '../platform/log.ts';
import { line, observe, type Row, walk, zone } from '../rules/timeline.ts';
import type { FootageRequest } from '../vision/footage/analyze-footage.ts';
import { Backfills } from './backfills.ts';
import type { Analyser } from './ports.ts';

const CAMERA = '3fa85f64-5717-4562-b3fc-2c963f66afa6';
const END_MS = 70_000;
const ZONE = zone(0.2, 0.2, 0.9, 1, { loiteringSeconds: 40 });
const LINE = line(0.5, 1, 0.5, 0, { windowSeconds: 3 });

/** Somebody who comes in at 4 s, walks to and fro in the zone for a minute, and goes at 64 s; and two who pass at 29 and 31 s. */
const wanderer: Row[] = [
  ...walk([2, 0.05, 0.8], [8, 0.4, 0.8]),
  ...Array.from({ length: 9 }, (_, i) => {
    const [from, to] = i % 2 ? [0.8, 0.4] : [0.4, 0.8];
    return walk([8 + 6 * i, from, 0.8], [14 + 6 * i, to, 0.8]).slice(1);
  }).flat(),
  ...walk([62, 0.8, 0.8], [66, 0.98, 0.8]).slice(1),
];
const PEOPLE = [
  { id: 1, rows: wanderer },
  { id: 2, rows: walk([26, 0.3, 0.5], [32, 0.7, 0.5]) },
  { id: 3, rows: walk([27.4, 0.3, 0.45], [33.4, 0.7, 0.45]) },
];

/** What an analysis that begins at `fromMs` sees: its own ids, and nobody seen, nor known to move, before. */
function seenFrom(fromMs: number): Observation[] {
  const first = new Map<number, { id: number; atMs: number; x: number }>();
  return observe(PEOPLE)
    .filter(({ atMs }) => atMs >= fromMs)
    .map((observation) => {
      const tracks = observation.tracks.map((track) => {
        const start = { id: first.size + 1, atMs: track.lastSeenMs, x: track.foot.x };
        const begun = first.get(track.trackId) ?? start;
        first.set(track.trackId, begun);
        const hasMoved = Math.abs(track.foot.x - begun.x) > 0.02 || observation.atMs - begun.atMs > 1500;
        return { ...track, trackId: begun.id, firstSeenMs: begun.atMs, hasMoved };
      });
      const endedTrackIds = observation.endedTrackIds.flatMap((id) => first.get(id)?.id ?? []);
      return { ...observation, tracks, endedTrackIds };
    });
}

/** A search that is interrupted as soon as it has reached each of `stopsMs`; 'restart' as by a program that ends. */
async function search(stopsMs: readonly number[], how: 'pause' | 'restart') {
  const events: NvrEvent[] = [];
  const jobs = new Map<string, Backfill>();
  const memories = new Map<string, Buffer | null>();
  const stops = [...stopsMs];
  let interrupt: () => Promise<void> = async () => {};
  const startAnalysis = ({ fromMs }: FootageRequest): Analyser => {
    const left = seenFrom(fromMs);
    let stopped = false;
    return {
      async next() {
        if (stopped) throw new Error('it was stopped');
        const observations = left.splice(0, 7);
        const reachedMs = observations.at(-1)?.atMs ?? END_MS;
        if (stops.length > 0 && reachedMs >= stops[0]!) {
          stops.shift();
          void interrupt();
        }
        await new Promise(setImmediate);
        return { observations, reachedMs, problems: [], isLast: left.length === 0 };
      },
      snapshot: async () => null,
      stop: async () => {
        stopped = true;
      },
    };
  };
  const begin = () =>
    new Backfills({
      index: {
        putBackfill: (job) => void jobs.set(job.id, job),
        putBackfillMemory: (id, memory) => void memories.set(id, memory),
        backfillMemory: (id) => memories.get(id) ?? null,
        removeBackfill: (id) => void jobs.delete(id),
        listBackfills: () => [...jobs.values()],
      },
      camera: () => ({
        ...{ name: 'door', zones: [ZONE], lines: [LINE], readers: [] },
        analysis: AnalysisSchema.parse({}),
      }),
      files: () => [{ path: '/file', startMs: 0, endMs: END_MS, width: 640, height: 360 }],
      reports: () => [],
      startAnalysis,
      eventsBetween: (_, from, to) =>
        events.filter(({ startEpochMs, endEpochMs }) => endEpochMs >= from && startEpochMs <= to),
      storeFinding: async (_, finding) => {
        events.push(stored(`event ${events.length}`, finding));
        return events.at(-1)!;
      },
      clock: systemClock,
      log: silentLogger,
    });
  let backfills = begin();
  const { id } = backfills.create({ cameraId: CAMERA, fromEpochMs: 0, toEpochMs: END_MS });
  interrupt = async () => {
    if (how === 'pause') {
      await backfills.pause(id);
      backfills.resume(id);
      return;
    }
    await backfills.stop();
    backfills = begin();
    backfills.start();
  };
  await expect.poll(() => jobs.get(id)?.state, { timeout: 10_000, interval: 5 }).toBe('done');
  expect(memories.get(id)).toBeNull();
  expect(stops).toEqual([]);
  return events
    .map(({ type, startEpochMs, endEpochMs, detail: { label, line, zone, direction, dwellSeconds } }) => ({
      ...{ type, startEpochMs, endEpochMs, label, line, zone, direction, dwellSeconds },
    }))
    .sort((a, b) => a.endEpochMs - b.endEpochMs || a.type.localeCompare(b.type));
}

function stored(id: string, finding: Finding): NvrEvent {
  const { type, atMs, startMs = atMs, detail } = finding;
  return {
    ...{ id, sequence: 1, cameraId: CAMERA, cameraName: 'door', type, detail },
    ...{ startEpochMs: startMs, endEpochMs: atMs, labels: [], hasSnapshot: false },
  };
}

test('in one go, somebody who walks about for a minute comes, stays and goes once', async () => {
  const events = await search([], 'pause');
  const count = (type: string) => events.filter((event) => event.type === type).length;
  expect(count('object')).toBe(3);
  expect(count('zone-enter')).toBe(3);
  expect(count('zone-leave')).toBe(3);
  expect(count('loitering')).toBe(1);
  expect(count('line-crossing')).toBeGreaterThan(8);
  expect(count('tailgating')).toBeGreaterThan(0);
});

test.each([
  ['paused at 30 s', [30_000], 'pause'],
  ['paused again and again', [6000, 29_500, 30_000, 31_000, 45_000, 65_000], 'pause'],
  ['ended with the program at 30 s', [30_000], 'restart'],
  ['ended with the program twice', [43_000, 50_000], 'restart'],
] as const)('%s, the search finds what it finds in one go', async (_, stopsMs, how) => {
  expect(await search(stopsMs, how)).toEqual(await search([], how));
});
