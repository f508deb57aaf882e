import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { applyProvision, type ProvisionTarget } from '../settings/apply-provision.ts';
import { verifyPassword } from '../settings/password.ts';
import { parseProvision } from '../settings/provision.ts';
import { SecretBox } from '../settings/secrets.ts';
import { AccountStore } from './accounts.ts';
import { CameraStore } from './cameras.ts';
import { closeDatabase, inTransaction, openDatabase, type Sql } from './database.ts';
import { IntegrationStore } from './integrations.ts';
import { ReaderStore } from './readers.ts';
import { SettingsStore } from './settings.ts';
import { SiteStore } from './sites.ts';
import { TokenStore } from './tokens.ts';

const ID = '3fa85f64-5717-4562-b3fc-2c963f66afa6';
const OTHER_ID = '11111111-5717-4562-b3fc-2c963f66afa6';
let sql: Sql;
let target: ProvisionTarget & ReturnType<typeof stores>;

function stores(sql: Sql) {
  const box = new SecretBox(randomBytes(32));
  return {
    transaction: <T>(action: () => T) => inTransaction(sql, action),
    accounts: new AccountStore(sql),
    sites: new SiteStore(sql),
    cameras: new CameraStore(sql, box),
    readers: new ReaderStore(sql),
    tokens: new TokenStore(sql, box),
    integrations: new IntegrationStore(sql, box),
    settings: new SettingsStore(sql),
  };
}

beforeEach(() => {
  sql = openDatabase(':memory:');
  target = stores(sql);
});
afterEach(() => closeDatabase(sql));

async function apply(value: unknown): Promise<void> {
  const parsed = parseProvision(value);
  if (!parsed.ok) throw new Error(parsed.problems.join('; '));
  await applyProvision(parsed.provision, target, 1000);
}

const content = () =>
  ['accounts', 'sites', 'readers', 'tokens', 'oauth_clients', 'camlytics_webhooks', 'settings'].map((table) =>
    sql.prepare(`SELECT * FROM ${table}`).all(),
  );

const full = {
  account: { email: 'Owner@example.test', password: 'a long password' },
  sites: [{ id: 7, name: 'HQ' }],
  cameras: [
    {
      id: ID,
      name: 'front',
      siteId: 7,
      source: { main: 'demo:door' },
      recording: { days: 3 },
      readers: ['r1', 'r2'],
    },
    { name: 'back' },
  ],
  readers: [{ deviceId: 'r1', deviceName: 'Door' }],
  credentials: {
    oauthTokens: [{ token: 'T', scopes: ['user'] }],
    oauthClients: [{ clientId: 'c', clientSecret: 's', redirectUris: ['http://127.0.0.1/cb'] }],
    uploadToken: 'u',
    embedKeys: ['e'],
    integrationKeys: ['i'],
    camlyticsKeys: [{ key: 'k', secret: 's' }],
  },
  camlyticsWebhooks: [
    { url: 'http://127.0.0.1/x', siteId: 7 },
    { url: 'http://127.0.0.1/x', cameraId: ID },
  ],
  storage: { minFreeBytes: 5 },
};

test('makes everything it names, and the same again changes nothing', async () => {
  await apply(full);
  const before = content();
  const cameras = target.cameras.list();
  await apply(full);
  expect(content()).toEqual(before);
  expect(target.cameras.list()).toEqual(cameras);
  expect(
    await verifyPassword('a long password', target.accounts.byEmail('owner@example.test')!.passwordHash),
  ).toBe(true);
  expect(cameras.map(({ name, siteId }) => [name, siteId])).toEqual([
    ['back', 7],
    ['front', 7],
  ]);
  expect(target.cameras.get(ID)).toMatchObject({
    recording: { mode: 'continuous', days: 3, audio: true },
    readers: ['r1', 'r2'],
  });
  expect(target.readers.list()).toEqual([
    { deviceId: 'r1', deviceName: 'Door' },
    { deviceId: 'r2', deviceName: 'r2' },
  ]);
  expect(target.tokens.find('api', 'T')).toMatchObject({ scopes: ['user'], accountId: 1 });
  expect(target.integrations.camlyticsKey('k')?.secret).toBe('s');
  expect(target.settings.storage()).toMatchObject({ maxBytes: null, minFreeBytes: 5 });
});

test('leaves alone what it does not name', async () => {
  await apply(full);
  await apply({
    cameras: [{ name: 'FRONT', recording: { audio: false }, lines: [] }],
    storage: { maxBytes: 9 },
  });
  expect(target.cameras.get(ID)).toMatchObject({
    name: 'FRONT',
    siteId: 7,
    source: { main: 'demo:door' },
    recording: { mode: 'continuous', days: 3, audio: false },
    readers: ['r1', 'r2'],
  });
  expect(target.settings.storage()).toMatchObject({ maxBytes: 9, minFreeBytes: 5 });
  expect(target.cameras.list()).toHaveLength(2);
});

test('another password ends sessions', async () => {
  await apply(full);
  const session = target.accounts.openSession(1, 1000);
  await apply({ account: { ...full.account, password: 'a longer password' } });
  expect(target.accounts.bySession(session, 1000)).toBeNull();
});

test.each<[unknown, RegExp]>([
  [{ cameras: [{ name: 'new' }, { id: OTHER_ID, name: 'Front' }] }, /^cameras\[1\]\.id: expected 3fa85f64/],
  [{ cameras: [{ id: ID, name: 'back' }] }, /^cameras\[0\]\.name: expected a name that no other camera has/],
  [{ cameras: [{ name: 'new', siteId: 99 }] }, /^cameras\[0\]\.siteId: expected the id of a site/],
  [
    { camlyticsWebhooks: [{ url: 'http://x/', cameraId: OTHER_ID }] },
    /^camlyticsWebhooks\[0\]\.cameraId: expected the id of a camera/,
  ],
  [
    {
      sites: [
        { id: 8, name: 'new' },
        { id: 7, uuid: ID, name: 'x' },
        { id: 8, name: 'y' },
      ],
    },
    /^sites\[2\]\.id/,
  ],
])('refuses %j and changes nothing', async (value, problem) => {
  await apply(full);
  const before = [content(), target.cameras.list()];
  await expect(apply(value)).rejects.toThrow(problem);
  expect([content(), target.cameras.list()]).toEqual(before);
});
