import { randomBytes, randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { RecordingSchema } from '../../shared/domain-camera.ts';
import type { EventDetail } from '../../shared/domain-events.ts';
import { SecretBox } from '../settings/secrets.ts';
import { CameraStore } from './cameras.ts';
import { closeDatabase, openDatabase, type Sql } from './database.ts';
import { EventStore, type NewEvent } from './events.ts';
import { LineCountStore } from './line-counts.ts';
import { SiteStore } from './sites.ts';

const [DOOR, YARD] = [randomUUID(), randomUUID()];
const HOUR_MS = 3_600_000;
let sql: Sql;

beforeEach(() => {
  sql = openDatabase(':memory:');
  const siteId = new SiteStore(sql).ensureDefault().id;
  const cameras = new CameraStore(sql, new SecretBox(randomBytes(32)));
  const recording = RecordingSchema.parse({});
  const analysis = { enabled: true, fps: 5, minConfidence: 0.4, overheadView: false };
  for (const id of [DOOR, YARD])
    cameras.add({ id, name: id, siteId, recording, analysis, zones: [], lines: [], readers: [] }, 0);
  const events = new EventStore(sql);
  events.insert([
    crossing(DOOR, 100, { label: 'person', line: 'Enter', direction: 'forward' }),
    crossing(DOOR, 200, { label: 'person', line: 'Enter', direction: 'backward' }),
    crossing(DOOR, HOUR_MS + 5, { label: 'person', line: 'Enter', direction: 'forward' }),
    crossing(YARD, 300, { label: 'car', line: 'Gate', direction: 'forward' }),
    crossing(YARD, 400, { label: 'truck', line: 'Gate', direction: 'forward' }),
    { ...crossing(DOOR, 500, { label: 'person', line: 'Enter' }), type: 'tailgating' },
    crossing(DOOR, 3 * HOUR_MS, { label: 'person', line: 'Enter', direction: 'forward' }),
  ]);
});
afterEach(() => closeDatabase(sql));

function crossing(cameraId: string, startEpochMs: number, detail: EventDetail): NewEvent {
  return {
    ...{ id: randomUUID(), cameraId, type: 'line-crossing', startEpochMs, endEpochMs: startEpochMs },
    ...{ labels: [], detail, hasSnapshot: false, hasCrop: false },
  };
}

test('crossings are counted by line, kind and step; cars and trucks are vehicles', () => {
  const counts = new LineCountStore(sql);
  const range = { fromEpochMs: 0, toEpochMs: 2 * HOUR_MS, stepMs: HOUR_MS };
  const enter = { cameraId: DOOR, line: 'Enter', group: 'person' };
  const gate = { cameraId: YARD, line: 'Gate', group: 'vehicle' };
  const all = counts.count({ ...range, cameraIds: null });
  expect(all).toHaveLength(3);
  expect(all).toEqual(
    expect.arrayContaining([
      { ...enter, startEpochMs: 0, forward: 1, backward: 1 },
      { ...gate, startEpochMs: 0, forward: 2, backward: 0 },
      { ...enter, startEpochMs: HOUR_MS, forward: 1, backward: 0 },
    ]),
  );
  expect(counts.count({ ...range, cameraIds: [YARD] })).toHaveLength(1);
});

test('people are told by the moments of their crossings', () => {
  const counts = new LineCountStore(sql);
  expect(counts.peopleCrossings([DOOR, YARD], 0, 2 * HOUR_MS)).toEqual([100, 200, HOUR_MS + 5]);
});
