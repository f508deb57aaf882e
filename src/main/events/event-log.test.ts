import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { RecordingSchema } from '../../shared/domain-camera.ts';
import type { Finding, NvrEvent } from '../../shared/domain-events.ts';
import type { Box } from '../../shared/geometry.ts';
import { systemClock } from '../platform/clock.ts';
import { silentLogger } from '../platform/log.ts';
import { SecretBox } from '../settings/secrets.ts';
import { CameraStore } from '../store/cameras.ts';
import { closeDatabase, openDatabase, type Sql } from '../store/database.ts';
import { EventStore } from '../store/events.ts';
import { SiteStore } from '../store/sites.ts';
import { EventLog } from './event-log.ts';
import { EventPictures, type Snapshot } from './event-pictures.ts';
import { Thumbnails } from './thumbnails.ts';

const CAMERA = randomUUID();
const START = Date.UTC(2026, 3, 10, 8);
let dir: string;
let sql: Sql;
let takeSnapshot: (cameraId: string, atMs: number, box: Box | null) => Promise<Snapshot | null>;
let log: EventLog;
let told: NvrEvent[];

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'events-'));
  sql = openDatabase(':memory:');
  const recording = RecordingSchema.parse({});
  const analysis = { enabled: true, fps: 5, minConfidence: 0.4, overheadView: false };
  const siteId = new SiteStore(sql).ensureDefault().id;
  new CameraStore(sql, new SecretBox(randomBytes(32))).add(
    { id: CAMERA, name: 'front', siteId, recording, analysis, zones: [], lines: [], readers: [] },
    0,
  );
  takeSnapshot = async () => null;
  log = new EventLog({
    events: new EventStore(sql),
    pictures: new EventPictures({
      thumbnails: new Thumbnails(dir),
      takeSnapshot: (...asked) => takeSnapshot(...asked),
      clock: systemClock,
      log: silentLogger,
    }),
    readerName: (deviceId) => (deviceId === 'known' ? 'Front door' : null),
    log: silentLogger,
  });
  told = [];
  log.subscribe((event) => told.push(event));
});
afterEach(async () => {
  await log.stop();
  closeDatabase(sql);
  rmSync(dir, { recursive: true, force: true });
});

function finding(changes: Partial<Finding> = {}): Finding {
  return {
    type: 'line-crossing',
    atMs: START,
    detail: {
      label: 'person',
      line: 'Enter',
      direction: 'forward',
      box: { x: 0.25, y: 0.25, width: 0.5, height: 0.5 },
    },
    ...changes,
  };
}

function picture(width = 64, height = 48): Promise<Buffer> {
  return sharp({ create: { width, height, channels: 3, background: '#202020' } })
    .jpeg()
    .toBuffer();
}

test('a finding becomes one event with labels, colour and pictures, and is told', async () => {
  takeSnapshot = async () => ({ picture: await picture(), crop: await picture(16, 16), colour: 'blue' });
  const [event] = await log.report(CAMERA, [finding({ startMs: START - 500 })]);
  expect(event).toMatchObject({
    cameraName: 'front',
    labels: ['human', 'Enter', 'forward', 'blue', '_color_blue'],
    startEpochMs: START - 500,
    endEpochMs: START,
    hasSnapshot: true,
  });
  expect(told).toEqual([event]);
  expect(log.get(event!.id)).toEqual(event);
  expect(readdirSync(join(dir, '2026', '04', '10')).sort()).toEqual([
    `${event!.id}-crop.jpg`,
    `${event!.id}.jpg`,
  ]);
  const plain = await log.picture(event!.id, { plain: true });
  const drawn = await log.picture(event!.id, { plain: false });
  expect(await sharp(drawn!).metadata()).toMatchObject({ format: 'jpeg', width: 64, height: 48 });
  const { channels } = await sharp(drawn!).stats();
  const before = await sharp(plain!).stats();
  expect(channels[1]!.max).toBeGreaterThan(before.channels[1]!.max + 60);
  expect((await sharp((await log.crop(event!.id))!).metadata()).width).toBe(16);
});

test('the picture asked for is the one that the box was seen in, not that of the moment', async () => {
  const asked: unknown[] = [];
  takeSnapshot = async (_cameraId, ...picture) => {
    asked.push(picture);
    return null;
  };
  const crossing = finding({ pictureMs: START - 120 });
  const [event] = await log.report(CAMERA, [crossing, finding()]);
  expect(asked).toEqual([
    [START - 120, crossing.detail.box],
    [START, crossing.detail.box],
  ]);
  expect(event!.endEpochMs).toBe(START);
});

test.each([
  ['known', 'Front door'],
  ['unknown', 'unknown'],
])('the unlock of a tailgating at reader %s is told as that of %s', async (deviceId, deviceName) => {
  const unlock = {
    deviceId,
    deviceName: deviceId,
    eventType: 'entry unlocked',
    atMs: START,
    labels: [],
  } as const;
  const facts = { mode: 'readers', windowSeconds: 6, peoplePerUnlock: 1, people: [] } as const;
  const tailgating = { ...facts, people: [], unlock: { ...unlock, labels: [] } };
  const [event] = await log.report(CAMERA, [finding({ type: 'tailgating', detail: { tailgating } })]);
  expect(event!.detail.tailgating?.unlock).toEqual({ ...unlock, deviceName });
});

test('events of a camera are stored in the order found, however long their pictures take', async () => {
  let slow: (snapshot: null) => void = () => {};
  takeSnapshot = (_cameraId, atMs) =>
    atMs === START
      ? new Promise((done) => {
          slow = done;
        })
      : Promise.resolve(null);
  const first = log.report(CAMERA, [finding()]);
  const second = log.report(CAMERA, [finding({ atMs: START + 1 })]);
  await vi.waitFor(() => expect(told).toEqual([]));
  slow(null);
  const [a] = await first;
  const [b] = await second;
  expect(told.map((event) => event.id)).toEqual([a!.id, b!.id]);
  expect(b!.sequence).toBeGreaterThan(a!.sequence);
});

test('no picture, a failing one or a failing listener costs no event', async () => {
  takeSnapshot = () => Promise.reject(new Error('decoder gone'));
  log.subscribe(() => {
    throw new Error('broken listener');
  });
  const [event] = await log.report(CAMERA, [finding()]);
  expect(event!.hasSnapshot).toBe(false);
  expect(await log.picture(event!.id, { plain: true })).toBeNull();
  expect(told).toHaveLength(1);
});

test('an event that cannot be stored leaves no picture and does not hold up the next', async () => {
  takeSnapshot = async () => ({ picture: await picture(), crop: null, colour: null });
  await expect(log.report(randomUUID(), [finding()])).rejects.toThrow();
  expect(readdirSync(join(dir, '2026', '04', '10'))).toEqual([]);
  expect(await log.report(CAMERA, [finding()])).toHaveLength(1);
});

test('forgetting removes events and their pictures', async () => {
  takeSnapshot = async () => ({ picture: await picture(), crop: null, colour: null });
  await log.report(CAMERA, [finding(), finding({ atMs: START + 60_000 })]);
  expect(await log.forgetBefore(CAMERA, START + 1000)).toBe(1);
  expect(log.list({ limit: 10 })).toHaveLength(1);
  expect(await log.forgetCamera(CAMERA)).toBe(1);
  expect(readdirSync(join(dir, '2026', '04', '10'))).toEqual([]);
});
