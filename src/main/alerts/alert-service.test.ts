import { afterEach, beforeEach, expect, test } from 'vitest';
import { ManualClock } from '../platform/clock.ts';
import { createLogger } from '../platform/log.ts';
import { AlertStore } from '../store/alerts.ts';
import { closeDatabase, inTransaction, openDatabase, type Sql } from '../store/database.ts';
import { AlertService } from './alert-service.ts';
import type { CameraFacts } from './judge-troubles.ts';

const GB = 1e9;
let sql: Sql;
let clock: ManualClock;
let told: string[];
let posted: string[];
let camera: CameraFacts;
let storageFails: boolean;

beforeEach(() => {
  sql = openDatabase(':memory:');
  clock = new ManualClock();
  told = [];
  posted = [];
  storageFails = false;
  camera = {
    camera: { id: 'a', name: 'front', recording: { mode: 'continuous', days: 30 } },
    status: { state: 'online', problem: null, advice: null, recording: true },
    gap: null,
    picture: null,
  };
});
afterEach(() => closeDatabase(sql));

function begin(): AlertService {
  const service = new AlertService({
    store: new AlertStore(sql),
    cameras: () => [camera],
    storage: async () => {
      if (storageFails) throw new Error('gone');
      return {
        usedBytes: 0,
        freeBytes: 900 * GB,
        maxBytes: null,
        minFreeBytes: GB,
        bytesPerDay: null,
        path: '/r',
      };
    },
    transaction: (action) => inTransaction(sql, action),
    storeAlongside: (alert, change) => posted.push(`${change} ${alert.kind}`),
    announce: (alert, change) => told.push(`${change} ${alert.kind}`),
    clock,
    log: createLogger('silent'),
  });
  service.start();
  return service;
}

/** Seconds go by; what the disk answers arrives. */
async function pass(seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second++) {
    clock.advance(1000);
    await new Promise(setImmediate);
  }
}

const away = (): CameraFacts => ({
  ...camera,
  status: { ...camera.status, state: 'retrying', recording: false },
});

test('an outage is stored from its beginning to its end and told once each', async () => {
  const service = begin();
  const online = camera;
  await pass(10);
  const startEpochMs = clock.epochMs();
  camera = away();
  await pass(40);
  camera = online;
  await pass(10);
  await service.stop();
  expect(told).toEqual(['raised camera-offline', 'over camera-offline']);
  expect(posted).toEqual(told);
  const [alert] = new AlertStore(sql).list({ limit: 10 });
  expect(alert).toMatchObject({ cameraName: 'front', kind: 'camera-offline', acknowledgedEpochMs: null });
  expect(Math.abs(alert!.startEpochMs - startEpochMs)).toBeLessThanOrEqual(1000);
  expect(Math.abs(alert!.endEpochMs! - startEpochMs - 40_000)).toBeLessThanOrEqual(1000);
});

test('a restart takes an alert up without telling it again, and ends it when all is well', async () => {
  camera = away();
  const first = begin();
  await pass(31);
  await first.stop();
  expect(told).toEqual(['raised camera-offline']);
  const second = begin();
  await pass(10);
  expect(told).toHaveLength(1);
  camera = { ...camera, status: { ...camera.status, state: 'online', recording: true } };
  await pass(40);
  expect(told).toEqual(['raised camera-offline', 'over camera-offline']);
  expect(new AlertStore(sql).list({ limit: 10 })).toHaveLength(1);
  await second.stop();
});

test('a folder that does not answer is told, and acknowledging is noted once', async () => {
  storageFails = true;
  const service = begin();
  await pass(40);
  expect(told).toEqual(['raised folder-missing']);
  const [alert] = new AlertStore(sql).listOpen();
  const at = service.acknowledge(alert!.id)!.acknowledgedEpochMs;
  await pass(1);
  expect(service.acknowledge(alert!.id)!.acknowledgedEpochMs).toBe(at);
  expect(service.acknowledge(99)).toBeNull();
  await service.stop();
});
