/** All settings of one engine into another by a backup: checked first, taken over at the next start, nothing recorded lost. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Engine } from '../../src/main/compose.ts';
import { createLogger } from '../../src/main/platform/log.ts';
import { parseProvision } from '../../src/main/settings/provision.ts';
import { ACCOUNT } from '../fixtures/engine.ts';

const OTHER_ACCOUNT = { email: 'other@example.test', password: 'another horse battery' };
const PASSPHRASE = 'a passphrase of its own';
const TOKEN = 'door-token';
const folder = mkdtempSync(join(tmpdir(), 'threshold-backup-'));

describe('backup and restore', () => {
  const engines: Engine[] = [];
  let url: string;
  let cookie: string;
  let file: Buffer;

  beforeAll(async () => {
    await start('first', {
      account: ACCOUNT,
      readers: [{ deviceId: 'R1', deviceName: 'Door' }],
      cameras: [
        {
          ...{ name: 'Front', readers: ['R1'], recording: { mode: 'off' }, analysis: { enabled: false } },
          source: { main: 'rtsp://admin:camera-word@127.0.0.1:9/main' },
        },
      ],
      credentials: { oauthTokens: [{ token: TOKEN, scopes: ['annotations:write'] }] },
    });
  });

  afterAll(async () => {
    await Promise.all(engines.map((engine) => engine.stop()));
    rmSync(folder, { recursive: true, force: true });
  });

  test('a backup needs the password, and holds nothing in the clear', async () => {
    const wanted = { password: ACCOUNT.password, passphrase: PASSPHRASE };
    expect((await post('/backup', { ...wanted, password: 'wrong' })).status).toBe(403);
    expect((await post('/backup', { ...wanted, passphrase: 'short' })).status).toBe(400);
    const backup = await post('/backup', wanted);
    expect(backup.status).toBe(200);
    file = Buffer.from(await backup.arrayBuffer());
    for (const secret of ['camera-word', ACCOUNT.email, 'Front']) expect(file.includes(secret)).toBe(false);
  });

  test('is checked before anything is changed', async () => {
    await start('second', { account: OTHER_ACCOUNT, cameras: [{ name: 'Yard' }] });
    const wanted = {
      password: OTHER_ACCOUNT.password,
      passphrase: PASSPHRASE,
      file: file.toString('base64'),
    };
    const refusals = [
      [{ ...wanted, password: 'wrong' }, 403, /not your password/],
      [{ ...wanted, passphrase: 'wrong passphrase' }, 400, /passphrase does not fit/],
      [{ ...wanted, file: Buffer.from('hello').toString('base64') }, 400, /no backup/],
    ] as const;
    for (const [body, status, message] of refusals) {
      const answer = await post('/backup/restore', body);
      expect(answer.status).toBe(status);
      expect(((await answer.json()) as { message: string }).message).toMatch(message);
    }
    expect(existsSync(join(folder, 'second/secrets/restore.json'))).toBe(false);
    const ready = await post('/backup/restore', wanted);
    expect(await ready.json()).toEqual({ waiting: { createdEpochMs: expect.any(Number), cameras: 1 } });
    expect(await names()).toEqual(['Yard']);
  });

  test('is taken over at the next start, with its secrets and accounts; cameras of before stay', async () => {
    await engines.at(-1)!.stop();
    await start('second', null);
    expect(await names()).toEqual(['Front', 'Yard']);
    const exported = await post('/configuration/export', { withSecrets: true, password: ACCOUNT.password });
    expect(await exported.text()).toContain('rtsp://admin:camera-word@127.0.0.1:9/main');
    const report = await fetch(`${url}/api/integrations/pacs/webhooks`, {
      method: 'POST',
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        device_id: 'R1',
        event_type: 'Forced Open',
        timestamp: new Date().toISOString(),
      }),
    });
    expect(report.status).toBe(204);
    expect(existsSync(join(folder, 'second/secrets/restore.json'))).toBe(false);
    expect(readFileSync(join(folder, 'second/secrets/key'), 'utf8')).toBe(
      readFileSync(join(folder, 'first/secrets/key'), 'utf8'),
    );
  });

  async function start(name: string, provision: unknown): Promise<void> {
    const parsed = provision === null ? null : parseProvision(provision);
    if (parsed && !parsed.ok) throw new Error(parsed.problems.join());
    const dataDir = join(folder, name);
    mkdirSync(dataDir, { recursive: true });
    const engine = new Engine({
      ...{ dataDir, listen: { host: '127.0.0.1', port: 0 }, demo: false, log: createLogger('silent') },
      provision: parsed?.ok ? parsed.provision : null,
    });
    engines.push(engine);
    url = await engine.start();
    const session = engine.localSession()!;
    cookie = `${session.name}=${session.value}`;
  }

  function post(path: string, body: unknown): Promise<Response> {
    return fetch(`${url}/app/v1${path}`, {
      method: 'POST',
      headers: { cookie, origin: url, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  }

  async function names(): Promise<string[]> {
    const response = await fetch(`${url}/app/v1/cameras`, { headers: { cookie } });
    return ((await response.json()) as Array<{ name: string }>).map(({ name }) => name);
  }
});
