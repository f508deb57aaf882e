import { randomBytes, randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { RecordingSchema } from '../../shared/domain-camera.ts';
import type { EventDetail, EventType } from '../../shared/domain-events.ts';
import { SecretBox } from '../settings/secrets.ts';
import { CameraStore } from './cameras.ts';
import { closeDatabase, openDatabase, type Sql } from './database.ts';
import { EventMarkStore } from './event-marks.ts';
import { EventStore } from './events.ts';
import { SiteStore } from './sites.ts';

const [DOOR, YARD] = [randomUUID(), randomUUID()];
let sql: Sql;
let events: EventStore;

beforeEach(() => {
  sql = openDatabase(':memory:');
  const siteId = new SiteStore(sql).ensureDefault().id;
  const cameras = new CameraStore(sql, new SecretBox(randomBytes(32)));
  const recording = RecordingSchema.parse({});
  const analysis = { enabled: true, fps: 5, minConfidence: 0.4, overheadView: false };
  for (const id of [DOOR, YARD])
    cameras.add({ id, name: id, siteId, recording, analysis, zones: [], lines: [], readers: [] }, 0);
  events = new EventStore(sql);
});
afterEach(() => closeDatabase(sql));

function add(startEpochMs: number, type: EventType, detail: EventDetail = {}, cameraId = DOOR): string {
  const id = randomUUID();
  events.insert([
    {
      ...{ id, cameraId, type, startEpochMs, endEpochMs: startEpochMs + 10 },
      ...{ labels: [], detail, hasSnapshot: false, hasCrop: false },
    },
  ]);
  return id;
}

const list = (stepMs: number, from = 0, to = 10_000) => new EventMarkStore(sql).list(DOOR, from, to, stepMs);

test('one mark per step, of the kind that matters most, counts all of its events', () => {
  const late = add(1900, 'object', { label: 'person' });
  const early = add(1200, 'object', { label: 'person' });
  add(1100, 'object', { label: 'car' });
  add(1150, 'motion');
  const single = add(500, 'motion');
  add(600, 'tailgating', {}, YARD);
  expect(list(1000)).toEqual([
    { eventId: single, type: 'motion', label: null, startEpochMs: 500, count: 1 },
    { eventId: early, type: 'object', label: 'person', startEpochMs: 1200, count: 4 },
  ]);
  expect(list(1).map(({ startEpochMs }) => startEpochMs)).toEqual([500, 1100, 1150, 1200, 1900]);
  expect(list(1000, 1500, 2000).map(({ eventId }) => eventId)).toEqual([late]);
});

test('a reader’s report says what it reported', () => {
  const access = {
    deviceId: 'd',
    deviceName: 'Door',
    atMs: 100,
    eventType: 'forced open' as const,
    labels: [],
  };
  add(100, 'access', { access });
  add(200, 'crowd');
  expect(list(1000)).toMatchObject([{ type: 'access', label: 'forced open', startEpochMs: 100, count: 2 }]);
});
