/** Locked footage on real files and SQLite: kept from every kind of retention, capped, and there again after the database is lost. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ManualClock } from '../../src/main/platform/clock.ts';
import { silentLogger } from '../../src/main/platform/log.ts';
import type { RecordingHandle } from '../../src/main/recorder/recorded-camera.ts';
import { RecordingService } from '../../src/main/recorder/recording-service.ts';
import { Volumes } from '../../src/main/recorder/volumes.ts';
import { openDatabase, type Sql } from '../../src/main/store/database.ts';
import { GapStore } from '../../src/main/store/gaps.ts';
import { LockStore } from '../../src/main/store/locks.ts';
import { SegmentStore } from '../../src/main/store/recordings.ts';
import { DAY_MS, HOUR_MS } from '../../src/shared/units.ts';
import { deliver, makeFootage, until } from './recording-fixture.ts';

const CAMERA = '3fa85f64-5717-4562-b3fc-2c963f66afa6';
const DOOR = { id: CAMERA, name: 'Door', recording: { mode: 'continuous' as const, days: 30 } };
const START = Date.UTC(2026, 10, 20, 12, 0, 0);
const footage = makeFootage(10);

let dataDir: string;
let sql: Sql;
let segments: SegmentStore;
let gaps: GapStore;
let clock: ManualClock;
let limits: { maxBytes: number | null; minFreeBytes: number; lockCapShare?: number };
const services: RecordingService[] = [];

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'locks-'));
  open();
  clock = new ManualClock(START);
  limits = { maxBytes: null, minFreeBytes: 0 };
});
afterEach(async () => {
  await Promise.all(services.splice(0).map((service) => service.stop()));
  sql.close();
  rmSync(dataDir, { recursive: true, force: true });
});

function open(): void {
  sql = openDatabase(join(dataDir, 'threshold.db'));
  segments = new SegmentStore(sql);
  gaps = new GapStore(sql);
}

function build(): RecordingService {
  const service = new RecordingService({
    volumes: new Volumes({ root: join(dataDir, 'recordings'), clock, log: silentLogger }),
    ...{ index: segments, ledger: gaps, locks: new LockStore(sql), limits: () => limits },
    ...{ clock, log: silentLogger, segmentMs: 1000 },
  });
  services.push(service);
  return service;
}

const listAll = () =>
  segments.listSegments({
    cameraId: CAMERA,
    stream: 'main',
    fromEpochMs: 0,
    toEpochMs: Number.MAX_SAFE_INTEGER,
  });
const listGaps = () => gaps.listGaps(CAMERA, 0, Number.MAX_SAFE_INTEGER);
const lockFile = () => join(dataDir, 'recordings', CAMERA, 'locks.json');

/** A service with ten seconds of footage from START on, in about ten segments. */
async function record() {
  const service = build();
  await service.start();
  const camera = await service.addCamera(DOOR);
  deliver(footage, camera.main, START);
  camera.main.lost('camera-unreachable', 'gone');
  await until('all is stored', () => listGaps().some((gap) => gap.endEpochMs === null));
  return { service, camera, all: listAll() };
}

const lockOf = (fromMs: number, toMs: number, expiresEpochMs: number | null = null) => ({
  cameraId: CAMERA,
  startEpochMs: START + fromMs,
  endEpochMs: START + toMs,
  reason: 'Police',
  createdBy: 'owner@example.test',
  expiresEpochMs,
});

const touched = (fromMs: number, toMs: number) =>
  listAll().filter(
    ({ startEpochMs, durationMs }) =>
      startEpochMs < START + toMs && startEpochMs + durationMs > START + fromMs,
  );
const bytesOf = (list: Array<{ sizeBytes: number }>) =>
  list.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);

async function end({
  service,
  camera,
}: {
  service: RecordingService;
  camera: RecordingHandle;
}): Promise<void> {
  camera.main.lost('stream-ended', 'gone');
  await service.stop();
}

test('days, bytes of the camera and bytes in all leave what is locked, and the ledger names the holes around it', async () => {
  const { service, camera, all } = await record();
  limits.lockCapShare = 0.9;
  await service.locks.create(lockOf(3200, 4100));
  const kept = touched(3200, 4100);
  expect(kept.length).toBeGreaterThanOrEqual(2);

  limits.maxBytes = bytesOf(all) - 1;
  await service.applyLimits();
  expect(listAll()).toEqual(all.slice(1));
  limits.maxBytes = null;
  const own = bytesOf(kept) + bytesOf(all.slice(-2));
  await camera.update({ ...DOOR, recording: { ...DOOR.recording, maxBytes: own } });
  await service.applyLimits();
  expect(listAll()).toEqual([...kept, ...all.slice(-2)]);

  clock.advance(31 * DAY_MS);
  await service.applyLimits();
  expect(listAll()).toEqual(kept);
  expect(kept.every(({ path }) => existsSync(join(dataDir, 'recordings', path)))).toBe(true);
  const first = kept[0]?.startEpochMs ?? 0;
  const last = (kept.at(-1)?.startEpochMs ?? 0) + (kept.at(-1)?.durationMs ?? 0);
  expect(listGaps().map(({ startEpochMs, endEpochMs, cause }) => [startEpochMs, endEpochMs, cause])).toEqual([
    [START, first, 'deleted'],
    [last, START + 10_000, 'deleted'],
    [START + 10_000, null, 'camera-unreachable'],
  ]);
});

test('a full disk and a limit lowered below the locks do not unlock anything, and new footage keeps its share', async () => {
  const { service, all } = await record();
  limits.lockCapShare = 0.5;
  await service.locks.create(lockOf(0, 3900));
  const kept = touched(0, 3900);
  limits.maxBytes = Math.round(bytesOf(kept) / 2);
  await service.applyLimits();
  expect(listAll().slice(0, kept.length)).toEqual(kept);
  const rest = bytesOf(listAll()) - bytesOf(kept);
  expect(rest).toBeLessThanOrEqual(limits.maxBytes / 2);
  expect(rest).toBeGreaterThan(0);
  limits = { maxBytes: null, minFreeBytes: Number.MAX_SAFE_INTEGER };
  clock.advance(2 * HOUR_MS);
  await service.applyLimits();
  expect(listAll()).toEqual(kept);
  expect(all.length).toBeGreaterThan(kept.length);
});

test('locks are counted once, capped in words and figures, and end by removal and expiry', async () => {
  const { service, all } = await record();
  limits.lockCapShare = 0.9;
  const first = await service.locks.create(lockOf(0, 3000));
  const second = await service.locks.create(lockOf(2000, 5000, START + HOUR_MS));
  expect(await service.storage()).toMatchObject({ lockedBytes: bytesOf(touched(0, 5000)) });
  limits.maxBytes = bytesOf(all);
  limits.lockCapShare = 0.5;
  await expect(service.locks.create(lockOf(0, 9000))).rejects.toThrow(
    /This range holds .+ kB.*may hold .+ kB in all/,
  );
  await expect(service.locks.create(lockOf(-60_000, -30_000))).rejects.toThrow('Nothing is recorded');
  await expect(service.locks.create(lockOf(0, 2 * HOUR_MS))).rejects.toThrow('an hour into the future');
  await expect(service.locks.change(second.id, { expiresEpochMs: START - 1 })).rejects.toThrow(
    'in the future',
  );
  expect(await service.locks.change(first.id, { reason: 'Court' })).toMatchObject({ reason: 'Court' });
  expect(() => service.locks.refuseDeletion(CAMERA, 'Door')).toThrow(
    /^Door has 2 locked ranges of footage \(.+\) that would be lost\. Remove the locks first\.$/,
  );
  expect(JSON.parse(readFileSync(lockFile(), 'utf8')).locks).toMatchObject([
    { reason: 'Court' },
    { id: second.id },
  ]);

  clock.advance(HOUR_MS);
  await service.locks.expire();
  expect(service.locks.list()).toMatchObject([{ id: first.id }]);
  await service.locks.remove(first.id);
  await expect(service.locks.remove(first.id)).rejects.toThrow('no such lock');
  expect(service.locks.heldBytes()).toBe(0);
  expect(existsSync(lockFile())).toBe(false);
  expect(new LockStore(sql).listLocks()).toEqual([]);
  service.locks.refuseDeletion(CAMERA, 'Door');
});

test('a lost database unlocks nothing, a lost file is written again, and a file that cannot be read is left', async () => {
  const recorded = await record();
  limits.lockCapShare = 0.9;
  const lock = await recorded.service.locks.create(lockOf(0, 3000));
  const kept = touched(0, 3000);
  await end(recorded);
  sql.close();
  rmSync(join(dataDir, 'threshold.db'));
  open();
  limits.maxBytes = 1;
  clock.advance(60_000);
  const again = build();
  await again.start();
  await again.applyLimits();
  expect(again.locks.list()).toEqual([lock]);
  expect(new LockStore(sql).listLocks()).toEqual([lock]);
  expect(listAll()).toEqual(kept);
  await again.stop();

  rmSync(lockFile());
  await build().start();
  expect(JSON.parse(readFileSync(lockFile(), 'utf8'))).toEqual({ locks: [lock] });
  writeFileSync(lockFile(), '{ "locks": [');
  const third = build();
  await third.start();
  expect(third.locks.list()).toEqual([lock]);
});
