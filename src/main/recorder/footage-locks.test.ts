import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { HOUR_MS } from '../../shared/units.ts';
import type { SegmentRecord } from '../media/segment.ts';
import { ManualClock } from '../platform/clock.ts';
import { silentLogger } from '../platform/log.ts';
import { FootageLocks } from './footage-locks.ts';

const CAMERA = '3fa85f64-5717-4562-b3fc-2c963f66afa6';
const NOW = 10 * HOUR_MS;
let root: string;
let clock: ManualClock;
let open: Array<Pick<SegmentRecord, 'startEpochMs' | 'durationMs' | 'sizeBytes' | 'initBytes'>>;
let closedBytes: number;
let changes: number;
let locks: FootageLocks;

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'footage-locks-'));
  clock = new ManualClock(NOW);
  open = [];
  closedBytes = 0;
  changes = 0;
  locks = new FootageLocks({
    ...{
      roots: () => [root],
      readFrom: () => root,
      store: undefined,
      index: { bytesWithin: (_camera, ranges) => ranges.length * closedBytes },
      clock,
      log: silentLogger,
    },
    openSegments: () => open as SegmentRecord[],
    capBytes: () => 1000,
    onChange: () => changes++,
  });
  await locks.start();
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const range = (startEpochMs: number, endEpochMs: number, expiresEpochMs: number | null = null) => ({
  ...{ cameraId: CAMERA, startEpochMs, endEpochMs, reason: 'Police', createdBy: 'owner@example.test' },
  expiresEpochMs,
});

test('what is being written can be locked, and is counted as it grows and once it is closed', async () => {
  await expect(locks.create(range(NOW - 5000, NOW))).rejects.toThrow('Nothing is recorded');
  open = [{ startEpochMs: NOW - 20_000, durationMs: 19_000, sizeBytes: 110, initBytes: 10 }];
  await locks.create(range(NOW - 5000, NOW));
  expect(locks.heldBytes(CAMERA)).toBe(100);
  open = [{ startEpochMs: NOW - 20_000, durationMs: 40_000, sizeBytes: 210, initBytes: 10 }];
  clock.advance(11_000);
  expect(locks.heldBytes()).toBe(200);
  open = [];
  closedBytes = 300;
  clock.advance(11_000);
  expect(locks.heldBytes()).toBe(300);
  clock.advance(11_000);
  closedBytes = 999;
  expect(locks.heldBytes()).toBe(300);
});

test('what is open outside of the range is not counted', async () => {
  open = [{ startEpochMs: NOW - 20_000, durationMs: 19_000, sizeBytes: 110, initBytes: 10 }];
  await expect(locks.create(range(NOW - 30_000, NOW - 20_000))).rejects.toThrow('Nothing is recorded');
});

test('whoever shows locks is told of every change, and of no refusal', async () => {
  closedBytes = 10;
  const { id } = await locks.create(range(0, 1000, NOW + HOUR_MS));
  await locks.change(id, { reason: 'Court' });
  closedBytes = 2000;
  await expect(locks.create(range(0, 9000))).rejects.toThrow(/may hold 1.0 kB in all/);
  await locks.expire();
  expect(changes).toBe(2);
  clock.advance(HOUR_MS);
  await locks.expire();
  expect(changes).toBe(3);
  expect(locks.list()).toEqual([]);
});

test('what is being read is held until it is let go of or has run out, as far as locks may hold', async () => {
  closedBytes = 600;
  const hold = { ...range(0, 1000, NOW + HOUR_MS) };
  expect(locks.hold('export', [hold])).toBe(true);
  expect(locks.rangesOf(CAMERA)).toEqual([{ startEpochMs: 0, endEpochMs: 1000 }]);
  expect(locks.list()).toEqual([]);
  locks.letGo('export');
  expect(locks.rangesOf(CAMERA)).toEqual([]);
  expect(locks.hold('export', [hold])).toBe(true);
  clock.advance(HOUR_MS);
  await locks.expire();
  expect(locks.rangesOf(CAMERA)).toEqual([]);
  expect(locks.hold('export', [{ ...hold, expiresEpochMs: null }])).toBe(true);
  await locks.create(range(2000, 3000));
  expect(locks.rangesOf(CAMERA)).toEqual([{ startEpochMs: 2000, endEpochMs: 3000 }]);
  expect(locks.lockedBytes()).toBe(600);
  closedBytes = 2000;
  expect(locks.hold('another', [{ ...hold, expiresEpochMs: null }])).toBe(false);
  expect(locks.rangesOf(CAMERA)).toEqual([{ startEpochMs: 2000, endEpochMs: 3000 }]);
});

test('locks of another run are read from beside the footage', async () => {
  closedBytes = 10;
  const lock = await locks.create(range(0, 1000));
  const again = new FootageLocks({
    ...{
      roots: () => [root],
      readFrom: () => root,
      store: undefined,
      index: { bytesWithin: () => 10 },
      clock,
      log: silentLogger,
    },
    ...{ openSegments: () => [], capBytes: () => 1000 },
  });
  await again.start();
  expect(again.list()).toEqual([lock]);
  expect(again.rangesOf(CAMERA)).toEqual([{ startEpochMs: 0, endEpochMs: 1000 }]);
});
