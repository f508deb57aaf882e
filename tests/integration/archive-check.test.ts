/** Files and index brought together again, on real files: what a kill, another program or a lost database leaves. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, readdirSync, renameSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ManualClock } from '../../src/main/platform/clock.ts';
import { silentLogger } from '../../src/main/platform/log.ts';
import { checkArchive, listAwayCameras } from '../../src/main/recorder/archive-check.ts';
import { RecordingService } from '../../src/main/recorder/recording-service.ts';
import { Volumes } from '../../src/main/recorder/volumes.ts';
import { openDatabase, type Sql } from '../../src/main/store/database.ts';
import { GapStore } from '../../src/main/store/gaps.ts';
import { LockStore } from '../../src/main/store/locks.ts';
import { SegmentStore } from '../../src/main/store/recordings.ts';
import { DAY_MS } from '../../src/shared/units.ts';
import { startEngine } from '../fixtures/engine.ts';
import { deliver, makeFootage, until } from './recording-fixture.ts';

const CAMERA = '3fa85f64-5717-4562-b3fc-2c963f66afa6';
const START = Date.UTC(2026, 10, 20, 12, 0, 0);
const DAYS = [0, 1, 2, 3, 4].map((day) => START + day * DAY_MS);
const footage = makeFootage(3);

let dataDir: string;
let root: string;
let sql: Sql;
let segments: SegmentStore;
let gaps: GapStore;

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'archive-check-'));
  root = join(dataDir, 'recordings');
  open();
  const clock = new ManualClock(START);
  const service = new RecordingService({
    volumes: new Volumes({ root, clock, log: silentLogger }),
    ...{ index: segments, ledger: gaps, locks: new LockStore(sql), clock, log: silentLogger },
    ...{ limits: () => ({ maxBytes: null, minFreeBytes: 0, lockCapShare: 0.9 }), segmentMs: 1000 },
  });
  await service.start();
  const recording = { mode: 'continuous' as const, days: 90, maxBytes: 5_000_000_000 };
  const camera = await service.addCamera({ id: CAMERA, name: 'Door', recording });
  for (const startEpochMs of DAYS) {
    deliver(footage, camera.main, startEpochMs);
    camera.main.lost('camera-unreachable', 'gone');
  }
  await until('all is stored', () =>
    gaps
      .listGaps(CAMERA, 0, Number.MAX_SAFE_INTEGER)
      .some((gap) => gap.endEpochMs === null && gap.startEpochMs > (DAYS[4] ?? 0)),
  );
  await service.locks.create({
    ...{ cameraId: CAMERA, startEpochMs: START, endEpochMs: START + 1000, reason: 'Police' },
    ...{ createdBy: 'owner@example.test', expiresEpochMs: null },
  });
  await service.stop();
});
afterEach(() => {
  sql.close();
  rmSync(dataDir, { recursive: true, force: true });
});

function open(): void {
  sql = openDatabase(join(dataDir, 'threshold.db'));
  segments = new SegmentStore(sql);
  gaps = new GapStore(sql);
}

/** For a file's times, in seconds. */
const anHourAgo = () => Date.now() / 1000 - 3600;

const check = (changes: Partial<Parameters<typeof checkArchive>[0]> = {}) =>
  checkArchive(
    {
      ...{ volume: { id: 0, path: root }, isThere: async () => true },
      ...{ index: segments, ledger: gaps, away: new Set<string>() },
      ...{ nowEpochMs: () => Date.now() + DAY_MS, ...changes },
    },
    new AbortController().signal,
  );

test('what differs from the index anywhere in the archive is found by names and sizes, and put right', async () => {
  const all = segments.allSegments();
  expect(await check()).toEqual({ files: all.length, repaired: 0, found: 0, removed: 0, cutBytes: 0 });
  const [gone, unknown, grown] = all;
  rmSync(join(root, gone?.path ?? ''));
  segments.removeSegment(unknown?.path ?? '');
  appendFileSync(join(root, grown?.path ?? ''), Buffer.alloc(20));
  const young = segments.allSegments()[4];
  segments.removeSegment(young?.path ?? '');
  const settled = { nowEpochMs: () => Date.now() };
  expect(await check(settled)).toMatchObject({ repaired: 0, found: 0, removed: 1 });
  for (const { path } of all.slice(1)) utimesSync(join(root, path), anHourAgo(), anHourAgo());
  expect(await check(settled)).toMatchObject({ repaired: 1, found: 2, removed: 0, cutBytes: 20 });
  expect(segments.allSegments()).toEqual(all.slice(1));
  expect(gaps.listGaps(CAMERA, START, START + 100)).toMatchObject([
    { startEpochMs: START, cause: 'unknown', detail: expect.stringContaining('vanished') },
  ]);
});

test('a day that vanished leaves no rows; a camera whose folder is not there keeps them', async () => {
  const count = segments.allSegments().length;
  const day = dirname(segments.allSegments()[0]?.path ?? '');
  rmSync(join(root, day), { recursive: true });
  const report = await check();
  expect(report.removed).toBeGreaterThanOrEqual(3);
  expect(segments.listPaths(`${day}/`)).toEqual([]);
  renameSync(join(root, CAMERA), join(dataDir, 'elsewhere'));
  const away = await listAwayCameras([{ id: 0, path: root }], segments);
  expect(away).toEqual(new Set([CAMERA]));
  expect(await check({ away })).toMatchObject({ files: 0, removed: 0 });
  expect(segments.allSegments()).toHaveLength(count - report.removed);
});

test('reindex says how far it is, and after a lost database restores cameras, footage, locks and what was set', async () => {
  const before = segments.allSegments();
  const locks = new LockStore(sql).listLocks();
  sql.close();
  rmSync(join(dataDir, 'threshold.db'));
  const command = join(import.meta.dirname, '../../src/main/reindex.ts');
  const child = spawn(process.execPath, [command, '--data', dataDir], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let words = '';
  child.stderr.on('data', (chunk: Buffer) => {
    words += chunk.toString();
  });
  expect(await once(child, 'close')).toEqual([0, null]);
  const lines = words
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines.at(-2)).toMatchObject({ event: 'progress', total: before.length, percent: 100 });
  expect(lines.at(-1)).toMatchObject({
    ...{ event: 'done', segments: before.length, unusable: 0, restoredLocks: 1 },
    cameras: [{ cameraId: CAMERA, name: 'Door', segments: before.length, restored: true }],
  });
  open();
  expect(segments.allSegments()).toEqual(before);
  expect(new LockStore(sql).listLocks()).toEqual(locks);
  sql.close();
  const engine = await startEngine(dataDir);
  expect(await engine.get('/cameras')).toMatchObject([
    {
      id: CAMERA,
      name: 'Door',
      source: null,
      recording: { days: 90, maxBytes: 5_000_000_000 },
      status: { state: 'no-source' },
    },
  ]);
  expect(await engine.get('/locks')).toMatchObject([{ reason: 'Police', sizeBytes: expect.any(Number) }]);
  const [lane] = await engine.get<Array<{ spans: unknown[]; locks: unknown[] }>>(
    `/archive/timeline?cameraIds=${CAMERA}&fromEpochMs=${START - DAY_MS}&toEpochMs=${START + 30 * DAY_MS}`,
  );
  expect(lane?.spans).toHaveLength(DAYS.length);
  expect(lane?.locks).toHaveLength(1);
  await expect(engine.send('DELETE', `/cameras/${CAMERA}`)).rejects.toThrow(/409.*locked range/);
  expect(await engine.stop()).toBe(0);
  open();
});

test('an engine that starts without its database finds cameras and the whole archive again by itself', async () => {
  const before = segments.allSegments();
  for (const { path } of before) utimesSync(join(root, path), anHourAgo(), anHourAgo());
  sql.close();
  rmSync(join(dataDir, 'threshold.db'));
  open();
  const clock = new ManualClock(Date.now());
  const service = new RecordingService({
    volumes: new Volumes({ root, clock, log: silentLogger }),
    ...{ index: segments, ledger: gaps, clock, log: silentLogger },
    limits: () => ({ maxBytes: null, minFreeBytes: 0 }),
  });
  await service.start();
  expect(segments.allSegments().length).toBeLessThan(before.length);
  clock.advance(10_000);
  await until('the archive is compared', () => segments.allSegments().length === before.length);
  await service.stop();
  expect(segments.allSegments()).toEqual(before);
  expect(readdirSync(root)).toEqual([CAMERA]);
});
