/** Settings out of one engine and into another: with secrets only for the password, and without them in nothing that leaves. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Engine } from '../../src/main/compose.ts';
import { createLogger } from '../../src/main/platform/log.ts';
import { parseProvision } from '../../src/main/settings/provision.ts';
import { ACCOUNT } from '../fixtures/engine.ts';

const SECRETS = [
  'camera-word',
  'parameter-word',
  'upload-word',
  'camlytics-word',
  'oauth-word',
  ACCOUNT.password,
];
const PROVISION = {
  account: ACCOUNT,
  sites: [{ id: 1, name: 'HQ' }],
  cameras: [
    {
      ...{ name: 'Front', siteId: 1, serialNumber: 'S1', macAddress: '12:34:56:78:90:ab' },
      source: {
        main: 'rtsp://admin:camera-word@127.0.0.1:9/main',
        sub: 'rtsp://127.0.0.1:9/s?password=parameter-word',
      },
      recording: { mode: 'off', days: 7 },
      analysis: { enabled: false },
      lines: [
        {
          name: 'Enter',
          points: [
            { x: 0.1, y: 0.5 },
            { x: 0.9, y: 0.5 },
          ],
          tailgating: { windowSeconds: 6, peoplePerUnlock: 1 },
        },
      ],
      readers: ['R1'],
    },
    { name: 'Yard' },
  ],
  credentials: {
    oauthTokens: [{ token: 'oauth-word', scopes: ['user'] }],
    uploadToken: 'upload-word',
    camlyticsKeys: [{ key: 'k', secret: 'camlytics-word' }],
  },
  camlyticsWebhooks: [{ url: 'http://127.0.0.1:9/events', siteId: 1 }],
  storage: { maxBytes: 5e11, minFreeBytes: 5e6 },
};

interface Running {
  engine: Engine;
  send(path: string, body: unknown): Promise<{ status: number; json: Record<string, unknown> }>;
  fetch(path: string): Promise<Buffer>;
}

describe('settings out and in', () => {
  const folder = mkdtempSync(join(tmpdir(), 'threshold-configuration-'));
  const engines: Engine[] = [];
  let first: Running;
  let second: Running;

  beforeAll(async () => {
    first = await start('first', PROVISION);
    second = await start('second', { account: ACCOUNT });
  });

  afterAll(async () => {
    await Promise.all(engines.map((engine) => engine.stop()));
    rmSync(folder, { recursive: true, force: true });
  });

  test('a file without secrets holds none, and cannot be taken for a provision file', async () => {
    const { json } = await first.send('/configuration/export', { withSecrets: false });
    const text = JSON.stringify(json);
    for (const secret of SECRETS) expect(text).not.toContain(secret);
    expect(parseProvision(json)).toMatchObject({
      ok: false,
      problems: [expect.stringMatching(/^cameras\[0\]\.source: expected the password/)],
    });
  });

  test('secrets need the password', async () => {
    expect((await first.send('/configuration/export', { withSecrets: true })).status).toBe(400);
    const wrong = await first.send('/configuration/export', { withSecrets: true, password: 'wrong' });
    expect(wrong).toMatchObject({ status: 403, json: { message: 'This is not your password.' } });
  });

  test('a file with secrets makes the other engine the same', async () => {
    const whole = { withSecrets: true, password: ACCOUNT.password };
    const { json: provision } = await first.send('/configuration/export', whole);
    const wanted = { password: ACCOUNT.password, provision };
    expect((await second.send('/configuration/import', { ...wanted, password: 'wrong' })).status).toBe(403);
    const imported = await second.send('/configuration/import', wanted);
    expect(imported).toMatchObject({ status: 200, json: { cameras: 2, withoutPassword: [] } });
    expect((await second.send('/configuration/export', whole)).json).toEqual(provision);
  });

  test('a file without secrets keeps stored passwords, and names cameras that have none', async () => {
    const { json: provision } = await first.send('/configuration/export', { withSecrets: false });
    const kept = await second.send('/configuration/import', { password: ACCOUNT.password, provision });
    expect(kept).toMatchObject({ status: 200, json: { withoutPassword: [] } });
    const whole = { withSecrets: true, password: ACCOUNT.password };
    expect(JSON.stringify((await second.send('/configuration/export', whole)).json)).toContain('camera-word');
    const moved = JSON.parse(JSON.stringify(provision).replaceAll('127.0.0.1:9/main', '127.0.0.2:9/main'));
    const lost = await second.send('/configuration/import', { password: ACCOUNT.password, provision: moved });
    expect(lost.json).toEqual({ cameras: 2, withoutPassword: ['Front'] });
  });

  test('a file that does not fit changes nothing and says where', async () => {
    const whole = { withSecrets: true, password: ACCOUNT.password };
    const before = (await second.send('/configuration/export', whole)).json;
    const missing = join(folder, 'nowhere');
    for (const [provision, message] of [
      [{ cameras: [{ name: 'A' }, { name: 'a' }] }, /^cameras\[1\]\.name/],
      [{ cameras: [{ name: 'New', siteId: 99 }] }, /^cameras\[0\]\.siteId/],
      [{ sites: [{ name: 'X' }], storage: { folders: [{ path: missing, role: 'record' }] } }, /folders\[0\]/],
    ] as const) {
      const answer = await second.send('/configuration/import', { password: ACCOUNT.password, provision });
      expect(answer).toMatchObject({ status: 400, json: { message: expect.stringMatching(message) } });
    }
    expect((await second.send('/configuration/export', whole)).json).toEqual(before);
  });

  test('the diagnostics bundle is a ZIP that holds no secret', async () => {
    await first.send('/notifications/mail', {
      ...{ host: '127.0.0.1', port: 9, security: 'none', user: 'u', from: 'a@b.test', password: 'mail-word' },
    });
    const bundle = await first.fetch('/diagnostics.zip');
    const text = bundle.toString('utf8');
    const files = ['machine', 'health', 'cameras', 'alerts', 'gaps', 'deliveries'].map(
      (name) => `${name}.json`,
    );
    for (const name of [...files, 'metrics.txt', 'log.jsonl']) expect(text).toContain(name);
    expect(text).toContain('rtsp://***@127.0.0.1:9/main');
    const key = readFileSync(join(folder, 'first/secrets/key'), 'utf8').trim();
    for (const secret of [...SECRETS, 'mail-word', key]) expect(text).not.toContain(secret);
    const file = join(folder, 'bundle.zip');
    writeFileSync(file, bundle);
    expect(spawnSync('/usr/bin/python3', ['-m', 'zipfile', '-t', file], { encoding: 'utf8' }).stdout).toMatch(
      /Done/,
    );
  });

  async function start(name: string, provision: unknown): Promise<Running> {
    const parsed = parseProvision(provision);
    if (!parsed.ok) throw new Error(parsed.problems.join());
    const dataDir = join(folder, name);
    mkdirSync(dataDir);
    const engine = new Engine({
      ...{ dataDir, listen: { host: '127.0.0.1', port: 0 }, demo: false, log: createLogger('fatal') },
      provision: parsed.provision,
    });
    engines.push(engine);
    const url = await engine.start();
    const { name: cookie, value } = engine.localSession()!;
    return {
      engine,
      async fetch(path) {
        const response = await fetch(`${url}/app/v1${path}`, { headers: { cookie: `${cookie}=${value}` } });
        return Buffer.from(await response.arrayBuffer());
      },
      async send(path, body) {
        const response = await fetch(`${url}/app/v1${path}`, {
          method: path === '/notifications/mail' ? 'PUT' : 'POST',
          headers: { cookie: `${cookie}=${value}`, origin: url, 'content-type': 'application/json' },
          body: JSON.stringify(body),
        });
        return { status: response.status, json: (await response.json()) as Record<string, unknown> };
      },
    };
  }
});
