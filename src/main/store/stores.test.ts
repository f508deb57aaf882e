import { randomBytes, randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Camera, RecordingSchema } from '../../shared/domain-camera.ts';
import { labelKey } from '../../shared/label-key.ts';
import { DAY_MS } from '../../shared/units.ts';
import { SecretBox } from '../settings/secrets.ts';
import { AccessEventStore } from './access-events.ts';
import { AccountStore, SESSION_MS } from './accounts.ts';
import { CameraStore } from './cameras.ts';
import { closeDatabase, openDatabase, type Sql } from './database.ts';
import { IntegrationStore } from './integrations.ts';
import { ReaderStore } from './readers.ts';
import { SettingsStore } from './settings.ts';
import { SiteStore } from './sites.ts';
import { TokenStore } from './tokens.ts';

const box = new SecretBox(randomBytes(32));
let sql: Sql;
beforeEach(() => {
  sql = openDatabase(':memory:');
});
afterEach(() => closeDatabase(sql));

const everyByte = () => sql.serialize().toString('latin1');

function camera(name: string, changes: Partial<Camera> = {}): Camera {
  return {
    id: randomUUID(),
    name,
    siteId: new SiteStore(sql).ensureDefault().id,
    source: { main: 'rtsp://admin:hunter2@10.0.0.5/main', transport: 'tcp' },
    recording: RecordingSchema.parse({}),
    analysis: { enabled: true, fps: 5, minConfidence: 0.4, overheadView: false },
    zones: [
      {
        name: 'door',
        polygons: [
          {
            points: [
              { x: 0, y: 0 },
              { x: 1, y: 0 },
              { x: 1, y: 1 },
            ],
          },
        ],
        intrusion: true,
        motion: true,
      },
    ],
    lines: [
      {
        name: 'Enter',
        points: [
          { x: 0, y: 0.5 },
          { x: 1, y: 0.5 },
        ],
        tailgating: { windowSeconds: 6, peoplePerUnlock: 1, direction: 'both' },
      },
    ],
    readers: ['b', 'a'],
    serialNumber: 'ABC',
    macAddress: '123456789012',
    ...changes,
  };
}

describe('cameras', () => {
  test('come back as they were stored, their credentials unreadable in the file', () => {
    const cameras = new CameraStore(sql, box);
    const front = camera('Front');
    cameras.add(front, 7);
    expect(cameras.get(front.id)).toEqual({ ...front, createdEpochMs: 7 });
    expect(cameras.byName('fRONT')?.id).toBe(front.id);
    expect(cameras.idsOfReader('a')).toEqual([front.id]);
    expect(everyByte()).not.toContain('hunter2');
  });

  test('whose key is lost keep everything else, and their sealed source until they get a new one', () => {
    const before = new CameraStore(sql, box);
    const { source, ...front } = camera('Front');
    before.add({ ...front, source }, 7);
    const after = new CameraStore(sql, new SecretBox(randomBytes(32)));
    expect(after.get(front.id)).toEqual({ ...front, sourceUnreadable: true, createdEpochMs: 7 });
    after.update(front.id, { name: 'Gate' });
    expect(before.get(front.id)).toMatchObject({ name: 'Gate', source });
    after.update(front.id, { source });
    expect(after.get(front.id)).toEqual({ ...front, name: 'Gate', source, createdEpochMs: 7 });
    expect(before.get(front.id)?.sourceUnreadable).toBe(true);
  });

  test('are unique by name in any case, and tell about changes', async () => {
    const cameras = new CameraStore(sql, box);
    const told: string[] = [];
    const undo = cameras.subscribe((id) => told.push(id));
    const front = cameras.add(camera('Früh'), 0);
    const back = cameras.add(camera('Back'), 0);
    expect(() => cameras.add(camera('FRÜH'), 0)).toThrow('already');
    expect(() => cameras.update(back.id, { name: 'früh' })).toThrow('already');
    expect(cameras.update(front.id, { name: 'FRÜH', readers: [] }).readers).toEqual([]);
    expect(cameras.remove(back.id)).toBe(true);
    await Promise.resolve();
    expect(told).toEqual([front.id, back.id, front.id, back.id]);
    undo();
  });
});

test('readers keep their order; replacing them leaves assignments', () => {
  const readers = new ReaderStore(sql);
  const cameras = new CameraStore(sql, box);
  const { id } = cameras.add(camera('Front', { readers: ['z'] }), 0);
  readers.replaceAll([
    { deviceId: 'z', deviceName: 'Z' },
    { deviceId: 'a', deviceName: 'A' },
  ]);
  readers.put([
    { deviceId: 'z', deviceName: 'Zed' },
    { deviceId: 'm', deviceName: 'M' },
  ]);
  expect(readers.list().map((reader) => reader.deviceName)).toEqual(['Zed', 'A', 'M']);
  readers.replaceAll([]);
  expect(readers.list()).toEqual([]);
  expect(cameras.idsOfReader('z')).toEqual([id]);
});

test('accounts have a role and their cameras, and the last administrator stays one', () => {
  const accounts = new AccountStore(sql);
  const cameras = new CameraStore(sql, box);
  const front = cameras.add(camera('Front'), 0).id;
  const owner = accounts.add('owner@example.test', 'hash', 0);
  const guard = accounts.add('guard@example.test', 'hash', 5, { role: 'operator', cameraIds: [front] });
  expect(owner).toMatchObject({ role: 'administrator', cameraIds: null });
  expect(guard).toMatchObject({
    role: 'operator',
    cameraIds: [front],
    createdEpochMs: 5,
    lastSignInEpochMs: null,
  });
  expect(() => accounts.add('GUARD@example.test', 'hash', 0)).toThrow(/already is an account/);
  const unknown = { role: 'viewer', cameraIds: ['nowhere'] } as const;
  expect(() => accounts.setRights(guard.id, unknown)).toThrow(/no camera nowhere/);
  expect(accounts.byId(guard.id)).toEqual(guard);

  for (const change of [
    () => accounts.remove(owner.id),
    () => accounts.setRights(owner.id, { role: 'viewer', cameraIds: null }),
  ])
    expect(change).toThrow(/only administrator/);
  accounts.setRights(guard.id, { role: 'administrator', cameraIds: [front] });
  expect(accounts.byId(guard.id)).toMatchObject({ role: 'administrator', cameraIds: null });
  accounts.setRights(owner.id, { role: 'viewer', cameraIds: [front] });
  expect(accounts.first()?.id).toBe(guard.id);
  accounts.openSession(owner.id, 9);
  expect(accounts.byId(owner.id)?.lastSignInEpochMs).toBe(9);

  cameras.remove(front);
  expect(accounts.byId(owner.id)?.cameraIds).toEqual([]);
  accounts.remove(owner.id);
  expect(accounts.list().map(({ email }) => email)).toEqual(['guard@example.test']);
});

test('sessions end with their time, on signing out and with another password', () => {
  const accounts = new AccountStore(sql);
  const { id } = accounts.add('Owner@Example.test', 'hash', 0);
  expect(accounts.byEmail('owner@example.TEST')?.id).toBe(id);
  const token = accounts.openSession(id, 0);
  expect(everyByte()).not.toContain(token);
  expect(accounts.bySession(token, SESSION_MS - DAY_MS)?.id).toBe(id);
  expect(accounts.bySession(token, 2 * SESSION_MS - 2 * DAY_MS)?.id).toBe(id);
  expect(accounts.bySession(token, 4 * SESSION_MS)).toBeNull();
  const second = accounts.openSession(id, 0);
  accounts.closeSession(second);
  expect(accounts.bySession(second, 0)).toBeNull();
  const third = accounts.openSession(id, 0);
  accounts.setPasswordHash(id, 'other');
  expect(accounts.bySession(third, 0)).toBeNull();
});

test('tokens are found by their value, which the file does not hold', () => {
  const tokens = new TokenStore(sql, box);
  const made = tokens.put({ kind: 'api', name: 'PACS', scopes: ['annotations:write'] }, 5);
  tokens.put({ kind: 'api', name: 'again', scopes: ['user'], token: made.token }, 9);
  expect(tokens.list('api')).toMatchObject([
    { id: made.id, name: 'PACS', scopes: ['user'], createdEpochMs: 5 },
  ]);
  expect(tokens.find('api', made.token)?.id).toBe(made.id);
  expect(tokens.find('embed', made.token)).toBeNull();
  expect(tokens.find('api', `${made.token}x`)).toBeNull();
  expect(everyByte()).not.toContain(made.token);
  tokens.setUploadToken('first-upload', 0);
  tokens.setUploadToken('second-upload', 0);
  tokens.setUploadToken('second-upload', 0);
  expect(tokens.list('upload').map((token) => tokens.reveal(token.id))).toEqual(['second-upload']);
  expect(tokens.reveal(made.id)).toBeNull();
  expect(tokens.remove(made.id)).toBe(true);
});

test('Camlytics keys keep their nonce, OAuth clients their secret to themselves', () => {
  const integrations = new IntegrationStore(sql, box);
  integrations.putCamlyticsKey('k', 'cam-secret');
  expect(integrations.advanceCamlyticsNonce('k', 5)).toBe(true);
  expect(integrations.advanceCamlyticsNonce('k', 5)).toBe(false);
  integrations.putCamlyticsKey('k', 'cam-secret');
  expect(integrations.camlyticsKey('k')).toEqual({ secret: 'cam-secret', lastNonce: 5 });
  integrations.putOAuthClient({
    clientId: 'c',
    clientSecret: 'client-secret',
    redirectUris: ['http://127.0.0.1/cb'],
  });
  expect(integrations.isOAuthSecret('c', 'client-secret')).toBe(true);
  expect(integrations.isOAuthSecret('c', 'other')).toBe(false);
  expect(everyByte()).not.toMatch(/cam-secret|client-secret/);
});

test('settings have defaults and merge', () => {
  const settings = new SettingsStore(sql);
  expect(settings.storage()).toEqual({ maxBytes: null, minFreeBytes: 1_000_000_000, lockCapShare: 0.25 });
  settings.setStorage({ maxBytes: 7 });
  expect(settings.setStorage({ minFreeBytes: 1 })).toEqual({
    maxBytes: 7,
    minFreeBytes: 1,
    lockCapShare: 0.25,
  });
});

test('a report of a reader is stored once', () => {
  const reports = new AccessEventStore(sql);
  const report = { deviceId: 'd', atMs: 1, eventType: 'entry unlocked', labels: [], actorId: 'x' } as const;
  expect(reports.add({ ...report, labels: [] }, 0)).toBe(true);
  expect(reports.add({ ...report, labels: ['other words'] }, 0)).toBe(false);
  expect(reports.add({ ...report, labels: [], actorId: 'y' }, 0)).toBe(true);
  expect(reports.add({ ...report, labels: [], eventType: 'entry ajar' }, 0)).toBe(true);
  reports.removeBefore(2);
  expect(reports.add({ ...report, labels: [] }, 0)).toBe(true);
});

test.each([
  ['People', 'Persons'],
  ['human', 'person'],
  ['Cars', 'car'],
  ['South  Entry', 'south entry'],
])('%s and %s are one label', (a, b) => {
  expect(labelKey(a)).toBe(labelKey(b));
});
