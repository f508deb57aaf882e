import { randomBytes, randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { RecordingSchema } from '../../shared/domain-camera.ts';
import type { EventType } from '../../shared/domain-events.ts';
import { SecretBox } from '../settings/secrets.ts';
import { CameraStore } from './cameras.ts';
import { closeDatabase, openDatabase, type Sql } from './database.ts';
import { type EventFilter, planEventQueries } from './event-pages.ts';
import { EventStore, type NewEvent } from './events.ts';
import { LockStore } from './locks.ts';
import { SiteStore } from './sites.ts';

const CAMERAS = [randomUUID(), randomUUID(), randomUUID()];
let sql: Sql;
let events: EventStore;

beforeEach(() => {
  sql = openDatabase(':memory:');
  const siteId = new SiteStore(sql).ensureDefault().id;
  const cameras = new CameraStore(sql, new SecretBox(randomBytes(32)));
  for (const [i, id] of CAMERAS.entries()) {
    const recording = RecordingSchema.parse({});
    const analysis = { enabled: true, fps: 5, minConfidence: 0.4, overheadView: false };
    cameras.add(
      { id, name: `camera ${i}`, siteId, recording, analysis, zones: [], lines: [], readers: [] },
      0,
    );
  }
  events = new EventStore(sql);
});
afterEach(() => closeDatabase(sql));

function draft(i: number, changes: Partial<NewEvent> = {}): NewEvent {
  const types: EventType[] = ['object', 'motion', 'line-crossing'];
  return {
    id: randomUUID(),
    cameraId: CAMERAS[i % 3]!,
    type: types[i % 2]!,
    startEpochMs: Math.floor(i / 2) * 1000,
    endEpochMs: Math.floor(i / 2) * 1000 + 500,
    labels: i % 2 === 0 ? ['human', 'Enter'] : ['vehicle', 'car', 'blue', '_color_blue'],
    detail: {},
    hasSnapshot: false,
    hasCrop: false,
    ...changes,
  };
}

test.each<[string, Omit<EventFilter, 'limit'>, (i: number) => boolean]>([
  ['all', {}, () => true],
  ['one camera', { cameraIds: [CAMERAS[1]!] }, (i) => i % 3 === 1],
  ['two cameras', { cameraIds: [CAMERAS[1]!, CAMERAS[2]!] }, (i) => i % 3 !== 0],
  ['no camera', { cameraIds: [] }, () => false],
  ['a type', { types: ['motion'] }, (i) => i % 2 === 1],
  [
    'types and cameras',
    { types: ['motion', 'object'], cameraIds: [CAMERAS[0]!, CAMERAS[2]!] },
    (i) => i % 3 !== 1,
  ],
  ['a label in another form', { labels: ['Persons'] }, (i) => i % 2 === 0],
  ['labels together', { labels: ['CARS', 'Blue'] }, (i) => i % 2 === 1],
  ['labels that never meet', { labels: ['car', 'enter'] }, () => false],
  [
    'a label and a camera',
    { labels: ['people'], cameraIds: [CAMERAS[2]!] },
    (i) => i % 2 === 0 && i % 3 === 2,
  ],
  ['a time', { fromEpochMs: 10_000, toEpochMs: 20_000 }, (i) => i >= 20 && i < 40],
  [
    'a label in a time',
    { labels: ['car'], fromEpochMs: 10_000, toEpochMs: 20_000 },
    (i) => i >= 20 && i < 40 && i % 2 === 1,
  ],
])('pages through %s without loss or repetition, newest first', (_name, filter, fits) => {
  const drafts = Array.from({ length: 100 }, (_, i) => draft(i));
  events.insert(drafts);
  const expected = drafts
    .map((event, i) => ({ id: event.id, i }))
    .filter(({ i }) => fits(i))
    .reverse()
    .map(({ id }) => id);
  const found: string[] = [];
  let after: EventFilter['after'];
  for (;;) {
    const page = events.list({ ...filter, after, limit: 7 });
    if (page.length === 0) break;
    found.push(...page.map((event) => event.id));
    const last = page.at(-1)!;
    after = { startEpochMs: last.startEpochMs, sequence: last.sequence };
  }
  expect(found).toEqual(expected);
});

test.each<[string, Omit<EventFilter, 'limit'>, string]>([
  ['all', {}, 'events_time'],
  ['a camera', { cameraIds: [CAMERAS[0]!] }, 'events_camera_time (camera_id=?'],
  [
    'a camera before a position',
    { cameraIds: [CAMERAS[0]!], after: { startEpochMs: 5, sequence: 5 } },
    'events_camera_time (camera_id=? AND start_epoch_ms<',
  ],
  ['a type', { types: ['tailgating'] }, 'events_type_time (type=?'],
  [
    'a type in a time',
    { types: ['tailgating'], fromEpochMs: 1, toEpochMs: 2 },
    'events_type_time (type=? AND start_epoch_ms>? AND start_epoch_ms<?',
  ],
  [
    'a type of a camera',
    { cameraIds: [CAMERAS[0]!], types: ['motion'] },
    'events_camera_type_time (camera_id=? AND type=?',
  ],
  ['a label', { labels: ['human'] }, 'l USING PRIMARY KEY (label_key=?'],
  [
    'a label in a time',
    { labels: ['human'], fromEpochMs: 1, toEpochMs: 9 },
    'l USING PRIMARY KEY (label_key=? AND start_epoch_ms>? AND start_epoch_ms<?',
  ],
])('the query for %s follows its index and sorts nothing', (_name, filter, index) => {
  events.insert(Array.from({ length: 500 }, (_, i) => draft(i)));
  for (const analysed of [false, true]) {
    if (analysed) sql.exec('ANALYZE');
    for (const { text, values } of planEventQueries({ ...filter, limit: 10 })) {
      const plan = sql
        .prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${text}`)
        .all(...values)
        .map((row) => row.detail);
      expect(plan[0]).toContain(index);
      expect(plan.join('\n')).not.toContain('TEMP B-TREE');
      expect(plan.join('\n')).not.toMatch(/SCAN [lc]\b/);
    }
  }
});

test('a sequence is never used twice', () => {
  const [first, second] = events.insert([draft(0), draft(3)]);
  events.removeBefore(second!.cameraId, Number.MAX_SAFE_INTEGER, 10);
  const [third] = events.insert([draft(1)]);
  expect(third!.sequence).toBeGreaterThan(second!.sequence);
  expect(first!.sequence).toBeLessThan(second!.sequence);
});

test('events and what belongs to them are stored together or not at all', () => {
  expect(() =>
    events.insert([draft(0), draft(1)], (event) => {
      if (event.type === 'motion') throw new Error('the outbox is full');
    }),
  ).toThrow('outbox');
  expect(events.list({ limit: 10 })).toEqual([]);
});

test('forgetting takes labels along and tells which pictures to delete', () => {
  events.insert([draft(0, { hasSnapshot: true, hasCrop: true }), draft(6), draft(60)]);
  const removed = events.removeBefore(CAMERAS[0]!, 10_000, 10);
  expect(removed.map(({ hasSnapshot, hasCrop }) => [hasSnapshot, hasCrop])).toEqual([
    [true, true],
    [false, false],
  ]);
  expect(events.list({ limit: 10 })).toHaveLength(1);
  expect(sql.prepare('SELECT count(*) AS n FROM event_labels').get()).toEqual({ n: 2 });
});

test('events of locked footage are not forgotten', () => {
  const [locked, free] = events.insert([draft(0), draft(6)]);
  new LockStore(sql).putLock({
    ...{ id: randomUUID(), cameraId: CAMERAS[0]!, reason: 'Police', createdBy: '', createdEpochMs: 0 },
    ...{
      startEpochMs: locked!.startEpochMs - 100,
      endEpochMs: locked!.startEpochMs + 1,
      expiresEpochMs: null,
    },
  });
  events.removeBefore(CAMERAS[0]!, Number.MAX_SAFE_INTEGER, 10);
  expect(events.list({ limit: 10 }).map(({ id }) => id)).toEqual([locked!.id]);
  expect(free!.startEpochMs).toBeGreaterThan(locked!.endEpochMs);
});

test('listeners hear of every event that is stored or changed, whoever did it, until they leave', async () => {
  const heard: Array<[string, number]> = [];
  const leave = events.subscribe((event) => heard.push([event.id, event.endEpochMs]));
  const [first] = events.insert([draft(0)]);
  await null;
  events.change(first!.id, { endEpochMs: 9000 });
  await null;
  leave();
  events.insert([draft(2)]);
  await null;
  expect(heard).toEqual([
    [first!.id, 500],
    [first!.id, 9000],
  ]);
});
