import { afterEach, beforeEach, expect, test } from 'vitest';
import { buildSegmentPath, type SegmentRecord } from '../media/segment.ts';
import { closeDatabase, openDatabase, type Sql } from './database.ts';
import { migration008 } from './migrations/008-recorded-spans.ts';
import { STEPS_SQL } from './recorded-spans.ts';
import { SegmentStore } from './recordings.ts';

const CAMERA = '3fa85f64-5717-4562-b3fc-2c963f66afa6';
let sql: Sql;
let segments: SegmentStore;
beforeEach(() => {
  sql = openDatabase(':memory:');
  segments = new SegmentStore(sql);
});
afterEach(() => closeDatabase(sql));

function segment(startEpochMs: number, durationMs: number): SegmentRecord {
  return {
    ...{ cameraId: CAMERA, stream: 'main', startEpochMs, durationMs, sizeBytes: 100, closed: durationMs > 0 },
    path: buildSegmentPath(CAMERA, 'main', startEpochMs),
    ...{ videoCodecString: 'avc1', audioCodecString: null, width: 1, height: 1, videoTimescale: 1000 },
    ...{ audioTimescale: null, initBytes: 10, keyframes: [], volumeId: 0 },
  };
}

const rows = () =>
  sql
    .prepare<[], { start: number; end: number }>(
      'SELECT start_epoch_ms AS start, end_epoch_ms AS end FROM recorded_spans ORDER BY start_epoch_ms',
    )
    .all()
    .map(({ start, end }) => [start, end]);

/** The same from the segments, one after the other. */
function expected(joinMs: number, fromEpochMs = 0, toEpochMs = Number.MAX_SAFE_INTEGER) {
  const joined: Array<[number, number]> = [];
  const query = { cameraId: CAMERA, stream: 'main' as const, fromEpochMs, toEpochMs };
  for (const { startEpochMs, durationMs } of segments.listSpans(query)) {
    if (durationMs === 0) continue;
    const last = joined.at(-1);
    const end = startEpochMs + durationMs;
    if (last && startEpochMs - last[1] <= joinMs) last[1] = Math.max(last[1], end);
    else joined.push([startEpochMs, end]);
  }
  return joined;
}

function stepped(joinMs: number, fromEpochMs: number, toEpochMs: number) {
  const joined: Array<[number, number]> = [];
  const query = { cameraId: CAMERA, stream: 'main' as const, fromEpochMs, toEpochMs };
  for (const { startEpochMs, durationMs } of segments.listSpans(query, joinMs)) {
    const last = joined.at(-1);
    if (last && startEpochMs - last[1] <= joinMs) last[1] = startEpochMs + durationMs;
    else joined.push([startEpochMs, startEpochMs + durationMs]);
  }
  return joined.map(([start, end]) => [Math.max(start, fromEpochMs), Math.min(end, toEpochMs)]);
}

test('grow, join, shrink and split with the segments', () => {
  segments.putSegment(segment(100_000, 0));
  expect(rows()).toEqual([]);
  segments.putSegment(segment(100_000, 60_000));
  segments.putSegment(segment(220_000, 60_000));
  expect(rows()).toEqual([
    [100_000, 160_000],
    [220_000, 280_000],
  ]);
  segments.putSegment(segment(161_000, 58_000));
  expect(rows()).toEqual([[100_000, 280_000]]);
  segments.removeSegment(segment(100_000, 0).path);
  expect(rows()).toEqual([[161_000, 280_000]]);
  segments.putSegment(segment(281_400, 10_000));
  segments.removeSegment(segment(220_000, 0).path);
  expect(rows()).toEqual([
    [161_000, 219_000],
    [281_400, 291_400],
  ]);
  segments.removeCameraSegments(CAMERA, []);
  expect(rows()).toEqual([]);
});

test('are what the segments say, however those came and went, and so are the steps at every width and what the migration fills in', () => {
  let seed = 7;
  const random = (below: number) => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    return (seed >>> 8) % below;
  };
  const all: SegmentRecord[] = [];
  for (let at = 1_000_000; all.length < 400; ) {
    const made = segment(at, 5000 + random(55_000));
    all.push(made);
    at += made.durationMs + (random(6) === 0 ? random(400_000) : random(1200));
  }
  const shuffled = [...all].sort(
    (a, b) => ((a.startEpochMs * 7919) % 1009) - ((b.startEpochMs * 7919) % 1009),
  );
  for (const made of shuffled) segments.putSegment(made);
  for (const [index, { path }] of shuffled.entries()) if (index % 7 === 3) segments.removeSegment(path);
  expect(rows()).toEqual(expected(1500));
  const end = all.at(-1)?.startEpochMs ?? 0;
  for (const joinMs of [1500, 20_000, 200_000, 3_000_000]) {
    expect(stepped(joinMs, 0, Number.MAX_SAFE_INTEGER - 10_000_000)).toEqual(expected(joinMs));
    const middle = [Math.round(end / 3), Math.round(end / 2)] as const;
    const clipped = expected(joinMs, ...middle).map(([from, to]) => [
      Math.max(from, middle[0]),
      Math.min(to, middle[1]),
    ]);
    expect(stepped(joinMs, ...middle)).toEqual(clipped);
  }
  const kept = rows();
  sql.exec(`DROP TABLE recorded_spans; ${migration008.sql}`);
  expect(rows()).toEqual(kept);
});

test('are stepped through by their key, never scanned', () => {
  const plan = sql
    .prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${STEPS_SQL}`)
    .all({ cameraId: CAMERA, stream: 'main', fromEpochMs: 0, toEpochMs: 1, joinMs: 1 })
    .map(({ detail }) => detail);
  expect(plan.filter((detail) => /recorded_spans/.test(detail)).length).toBeGreaterThanOrEqual(5);
  expect(plan.filter((detail) => /SCAN recorded_spans|TEMP B-TREE/.test(detail))).toEqual([]);
});
