/** The UI's API, health, documentation and static files over real HTTP and WebSocket. */

import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { pino } from 'pino';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import WebSocket from 'ws';
import { SessionViewSchema } from '../../src/shared/contract.ts';
import { EventPageSchema } from '../../src/shared/contract-archive.ts';
import { CameraViewSchema } from '../../src/shared/contract-cameras.ts';
import { HealthViewSchema } from '../../src/shared/contract-health.ts';
import { ServerMessageSchema } from '../../src/shared/contract-live.ts';
import type { Finding } from '../../src/shared/domain-events.ts';
import { type ApiFixture, startApi } from './api-fixture.ts';

const ACCOUNT = { email: 'owner@example.test', password: 'correct horse battery' };
const CAMERA = {
  name: 'Front',
  source: { main: 'rtsp://admin:hunter2@10.0.0.5/main', sub: 'rtsp://admin:hunter2@10.0.0.5/sub' },
};

/** The machine may be busy with other tests. */
const waitFor = (condition: () => void) => vi.waitFor(condition, { timeout: 20_000 });

let api: ApiFixture;
let cookie: string;
let uiDir: string;
let logged: string;

beforeEach(async () => {
  uiDir = mkdtempSync(join(tmpdir(), 'ui-'));
  mkdirSync(join(uiDir, 'assets'));
  writeFileSync(join(uiDir, 'index.html'), '<!doctype html><title>UI</title>');
  writeFileSync(join(uiDir, 'assets', 'index-abc123.js'), 'export {};');
  logged = '';
  const sink = new Writable({
    write(chunk, _encoding, done) {
      logged += String(chunk);
      done();
    },
  });
  api = await startApi({ rendererDir: uiDir, log: pino({ level: 'trace' }, sink) });
  cookie = '';
});
afterEach(async () => {
  await api.stop();
  rmSync(uiDir, { recursive: true, force: true });
});

async function call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
  const response = await fetch(
    path.startsWith('/app') || path.startsWith('//')
      ? `${api.url}${path.replace('//', '/')}`
      : `${api.url}/app/v1${path}`,
    {
      method,
      headers: {
        ...(cookie && { cookie }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    },
  );
  const set = response.headers.get('set-cookie');
  const bytes = Buffer.from(await response.arrayBuffer());
  const isJson = response.headers.get('content-type')?.includes('json') && bytes.length > 0;
  return {
    status: response.status,
    json: isJson ? JSON.parse(bytes.toString()) : null,
    bytes,
    headers: response.headers,
    set,
  };
}

async function setUp(): Promise<void> {
  const answer = await call('POST', '/setup', ACCOUNT);
  expect(answer.status).toBe(200);
  cookie = answer.set!.split(';', 1)[0]!;
}

type Pair = readonly [number, number];
const line = (...points: Pair[]) => ({ name: 'l', points: points.map(([x, y]) => ({ x, y })) });
const zone = (...points: Pair[]) => ({
  name: 'z',
  polygons: [{ points: points.map(([x, y]) => ({ x, y })) }],
});

describe('session', () => {
  test('first run, out and in again', async () => {
    expect((await call('GET', '/session')).json).toEqual({
      state: 'setup',
      email: null,
      version: '1.2.3',
      role: null,
      setupCodeNeeded: false,
    });
    expect((await call('POST', '/setup', { ...ACCOUNT, password: 'short' })).json).toEqual({
      message: 'password: expected at least 10 characters',
    });
    await setUp();
    expect((await call('POST', '/setup', ACCOUNT)).status).toBe(409);
    const view = SessionViewSchema.parse((await call('GET', '/session')).json);
    expect(view).toMatchObject({ state: 'signed-in', email: ACCOUNT.email });
    const out = await call('DELETE', '/session');
    expect(out.status).toBe(204);
    expect((await call('GET', '/session')).json.state).toBe('signed-out');
    expect((await call('GET', '/cameras')).status).toBe(401);
    const again = await call('POST', '/session', { email: 'OWNER@example.test', password: ACCOUNT.password });
    expect(again.status).toBe(200);
    expect(again.set).toMatch(/HttpOnly/);
    expect(again.set).toMatch(/SameSite=Strict/);
    expect(readFileSync(join(api.dataDir, 'threshold.db')).toString('latin1')).not.toContain(
      ACCOUNT.password,
    );
  });

  test('after ten wrong passwords an address has to wait', async () => {
    await setUp();
    const wrong = () => call('POST', '/session', { ...ACCOUNT, password: 'a wrong password' });
    for (let i = 0; i < 10; i++) expect((await wrong()).status).toBe(401);
    const refused = await wrong();
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await call('POST', '/session', ACCOUNT)).status).toBe(429);
    api.clock.advance(5 * 60_000);
    expect((await call('POST', '/session', ACCOUNT)).status).toBe(200);
  });

  test('setup under a foreign host name needs the code from the data folder', async () => {
    const code = readFileSync(join(api.dataDir, 'setup-code'), 'utf8').trim();
    if (process.platform !== 'win32')
      expect(statSync(join(api.dataDir, 'setup-code')).mode & 0o777).toBe(0o600);
    const post = (body: object) => rawPost('/app/v1/setup', { host: 'evil.example' }, body);
    expect((await post(ACCOUNT)).status).toBe(403);
    expect((await post({ ...ACCOUNT, setupCode: '0000-0000-0000' })).status).toBe(403);
    expect((await post({ ...ACCOUNT, setupCode: code })).status).toBe(200);
    expect(() => statSync(join(api.dataDir, 'setup-code'))).toThrow();
  });

  test.each([
    ['https://evil.example', undefined, 403],
    ['null', undefined, 403],
    [undefined, 'cross-site', 403],
    [undefined, 'same-origin', 201],
    ['same', undefined, 201],
  ])('a write from origin %s (%s) is answered %i', async (origin, site, status) => {
    await setUp();
    const headers: Record<string, string> = {};
    if (origin) headers.origin = origin === 'same' ? api.url : origin;
    if (site) headers['sec-fetch-site'] = site;
    expect((await call('POST', '/cameras', CAMERA, headers)).status).toBe(status);
  });
});

describe('cameras', () => {
  beforeEach(setUp);

  test('are made, changed and removed, their passwords never shown', async () => {
    const made = await call('POST', '/cameras', CAMERA);
    expect(made.status).toBe(201);
    const view = CameraViewSchema.parse(made.json);
    expect(view.source).toEqual({
      main: 'rtsp://admin:••••@10.0.0.5/main',
      sub: 'rtsp://admin:••••@10.0.0.5/sub',
      transport: 'tcp',
    });
    const patched = await call('PATCH', `/cameras/${view.id}`, {
      name: 'Door',
      source: { ...view.source, transport: 'udp' },
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
        },
      ],
    });
    expect(patched.json).toMatchObject({
      name: 'Door',
      recording: { mode: 'continuous' },
      zones: [{ name: 'door', motion: true }],
    });
    expect(api.stores.cameras.get(view.id)?.source).toEqual({ ...CAMERA.source, transport: 'udp' });
    expect((await call('GET', '/cameras')).json).toEqual([patched.json]);
    expect((await call('GET', `/cameras/${view.id}`)).json).toEqual(patched.json);
    expect((await call('DELETE', `/cameras/${view.id}`)).status).toBe(204);
    expect(api.calls.released).toEqual([view.id]);
    expect((await call('GET', `/cameras/${view.id}`)).status).toBe(404);
    expect(logged).not.toContain('hunter2');
  });

  test('a probe uses the stored password for its own host only', async () => {
    await call('POST', '/cameras', CAMERA);
    expect(
      (await call('POST', '/cameras/check', { source: { main: 'rtsp://admin:••••@10.0.0.5/other' } })).status,
    ).toBe(200);
    expect(api.calls.probed).toEqual(['rtsp://admin:hunter2@10.0.0.5/other']);
    expect(
      (await call('POST', '/cameras/check', { source: { main: 'rtsp://admin:••••@10.0.0.6/main' } })).json
        .message,
    ).toMatch('type its password again');
  });

  test.each<[unknown, number, RegExp]>([
    [{ ...CAMERA, name: 'FRONT' }, 409, /already/],
    [{ ...CAMERA, name: 'x', siteId: 99 }, 400, /^siteId: /],
    [{ name: 'x' }, 400, /^source: /],
    [{ name: 'x', source: { main: 'http://x' } }, 400, /^source\.main: expected an rtsp/],
    [
      { ...CAMERA, name: 'x', lines: [{ name: 'a', points: [] }] },
      400,
      /^lines\[0\]\.points: expected exactly 2 entries/,
    ],
    [
      { ...CAMERA, name: 'x', lines: [line([0.2, 0.5], [1.2, 0.5])] },
      400,
      /^lines\[0\]\.points\[1\]\.x: expected at most 1/,
    ],
    [
      { ...CAMERA, name: 'x', lines: [line([0.5, 0.5], [0.5, 0.5])] },
      400,
      /^lines\[0\]\.points: a line needs two different points/,
    ],
    [
      { ...CAMERA, name: 'x', zones: [zone([0.1, 0.1], [0.9, 0.9], [0.9, 0.1], [0.1, 0.6])] },
      400,
      /^zones\[0\]\.polygons\[0\]\.points: a polygon must not cross itself/,
    ],
    [
      { ...CAMERA, name: 'x', zones: [zone([0.1, 0.1], [0.5, 0.5], [0.9, 0.9])] },
      400,
      /^zones\[0\]\.polygons\[0\]\.points: a polygon needs an area/,
    ],
    [
      { ...CAMERA, name: 'x', analysis: { masks: zone([0, -0.1], [1, 0], [1, 1]).polygons } },
      400,
      /^analysis\.masks\[0\]\.points\[0\]\.y: expected at least 0/,
    ],
    [undefined, 400, /expected an object/],
  ])('POST %j is answered %i', async (body, status, message) => {
    await call('POST', '/cameras', CAMERA);
    const answer = await call('POST', '/cameras', body);
    expect([answer.status, answer.json.message]).toEqual([status, expect.stringMatching(message)]);
  });

  test('sites and readers', async () => {
    expect((await call('GET', '/sites')).json).toMatchObject([{ id: 1, name: 'Home' }]);
    const readers = [
      { deviceId: 'b', deviceName: 'B' },
      { deviceId: 'a', deviceName: 'A' },
    ];
    expect((await call('PUT', '/readers', readers)).json).toEqual(readers);
    expect((await call('GET', '/readers')).json).toEqual(readers);
  });
});

describe('events', () => {
  let cameraId: string;
  const crossing = (atMs: number): Finding => ({
    type: 'line-crossing',
    atMs,
    detail: {
      label: 'person',
      line: 'Enter',
      direction: 'forward',
      box: { x: 0.2, y: 0.2, width: 0.3, height: 0.5 },
    },
  });

  beforeEach(async () => {
    await setUp();
    cameraId = (await call('POST', '/cameras', CAMERA)).json.id;
  });

  test('are listed in pages, filtered, shown and told over the WebSocket', async () => {
    const jpeg = await sharp({ create: { width: 64, height: 48, channels: 3, background: '#333' } })
      .jpeg()
      .toBuffer();
    const { socket, messages } = await openSocket();
    await api.events.report(
      cameraId,
      Array.from({ length: 4 }, (_, i) => crossing(1000 + i)),
    );
    api.snapshot.next = { picture: jpeg, crop: jpeg, colour: 'red' };
    const [withPicture] = await api.events.report(cameraId, [crossing(2000)]);
    await api.events.report(cameraId, [{ type: 'motion', atMs: 3000, detail: { zone: 'door' } }]);
    await waitFor(() => expect(messages.filter((message) => message.kind === 'event')).toHaveLength(6));
    socket.close();

    const first = EventPageSchema.parse((await call('GET', '/events?limit=4')).json);
    const second = EventPageSchema.parse(
      (await call('GET', `/events?limit=4&cursor=${first.nextCursor}`)).json,
    );
    expect([...first.items, ...second.items].map((event) => event.startEpochMs)).toEqual([
      3000, 2000, 1003, 1002, 1001, 1000,
    ]);
    expect(second.nextCursor).toBeNull();
    const filtered = await call(
      'GET',
      `/events?labels=Persons,enter&types=line-crossing,object&cameraIds=${cameraId}&fromEpochMs=1001&toEpochMs=1003`,
    );
    expect(filtered.json.items).toHaveLength(2);
    expect((await call('GET', '/events?types=nonsense')).status).toBe(400);
    expect((await call('GET', '/events?cursor=nonsense')).status).toBe(400);

    const { id } = withPicture!;
    expect((await call('GET', `/events/${id}`)).json).toMatchObject({
      labels: ['human', 'Enter', 'forward', 'red', '_color_red'],
    });
    const plain = await call('GET', `/events/${id}/snapshot.jpg?plain=true`);
    expect(plain.bytes.equals(jpeg)).toBe(true);
    const drawn = await call('GET', `/events/${id}/snapshot.jpg`);
    expect(drawn.headers.get('content-type')).toBe('image/jpeg');
    expect(drawn.bytes.equals(jpeg)).toBe(false);
    expect((await call('GET', `/events/${id}/crop.jpg`)).status).toBe(200);
    expect(drawn.headers.get('cache-control')).toBe('private, no-cache');
    const tags = [plain, drawn].map(({ headers }) => headers.get('etag')!);
    expect(new Set(tags).size).toBe(2);
    const again = async (tag: string, sent = cookie) =>
      fetch(`${api.url}/app/v1/events/${id}/snapshot.jpg`, {
        headers: { 'if-none-match': `"x", W/${tag}`, cookie: sent },
      });
    expect(await again(tags[1]!)).toMatchObject({ status: 304 });
    expect(await again(tags[0]!)).toMatchObject({ status: 200 });
    expect(await again(tags[1]!, '')).toMatchObject({ status: 401 });
    expect((await call('GET', `/events/${first.items[0]!.id}/crop.jpg`)).status).toBe(200);
    expect((await call('GET', `/events/${second.items[0]!.id}/snapshot.jpg`)).status).toBe(404);
    expect((await call('GET', '/events/nonsense')).status).toBe(404);
  });

  test('doors beside who went through', async () => {
    await call('PATCH', `/cameras/${cameraId}`, { readers: ['d1'] });
    await call('PUT', '/readers', [{ deviceId: 'd1', deviceName: 'Door' }]);
    api.access.report({
      deviceId: 'd1',
      atMs: 900,
      eventType: 'entry unlocked',
      labels: [],
      actorName: 'Ann',
    });
    await api.events.report(cameraId, [crossing(1000)]);
    const view = (await call('GET', '/access?fromEpochMs=0&toEpochMs=5000')).json;
    expect(view.unlocks).toMatchObject([{ detail: { access: { deviceName: 'Door', actorName: 'Ann' } } }]);
    expect([view.crossings.length, view.tailgatings.length]).toEqual([1, 0]);
    expect((await call('GET', '/access')).status).toBe(400);
  });

  test('removing the camera removes its events and pictures', async () => {
    const [event] = await api.events.report(cameraId, [crossing(1000)]);
    await call('DELETE', `/cameras/${cameraId}`);
    expect((await call('GET', `/events/${event!.id}`)).status).toBe(404);
  });
});

describe('the WebSocket', () => {
  test('is closed to who is not signed in, and to other origins', async () => {
    await setUp();
    await expect(openSocket({ cookie: '' })).rejects.toThrow('401');
    await expect(openSocket({ origin: 'https://evil.example' })).rejects.toThrow('403');
    const { socket } = await openSocket({ origin: api.url });
    socket.close();
  });

  test('sends tracks only for cameras that are watched, and cuts off who talks nonsense', async () => {
    await setUp();
    const { socket, messages } = await openSocket();
    const cameraId = (await call('POST', '/cameras', CAMERA)).json.id;
    await waitFor(() => expect(messages).toContainEqual({ kind: 'cameras-changed' }));
    const tracks = (atEpochMs: number) =>
      api.server.broadcast({ kind: 'tracks', cameraId, atEpochMs, tracks: [] });
    tracks(1);
    socket.send(JSON.stringify({ kind: 'watch-tracks', cameraIds: [cameraId] }));
    await waitFor(() => {
      tracks(2);
      expect(messages).toContainEqual({ kind: 'tracks', cameraId, atEpochMs: 2, tracks: [] });
    });
    expect(messages).not.toContainEqual(expect.objectContaining({ atEpochMs: 1 }));
    const closed = new Promise((done) => socket.on('close', done));
    socket.send('nonsense');
    expect(await closed).toBe(1008);
  });
});

describe('settings', () => {
  beforeEach(setUp);

  test('a token is shown once, works, and works no more once removed', async () => {
    expect((await call('POST', '/tokens', { name: '', scopes: [] })).status).toBe(400);
    const made = await call('POST', '/tokens', { name: 'Door system', scopes: ['annotations:write'] });
    expect(made.status).toBe(201);
    const use = () =>
      call('GET', '//api/integrations/pacs/devices', undefined, {
        authorization: `Bearer ${made.json.token}`,
      });
    expect((await use()).status).toBe(404);
    const [listed] = (await call('GET', '/tokens')).json;
    expect(listed).toEqual({
      id: made.json.id,
      name: 'Door system',
      scopes: ['annotations:write'],
      createdEpochMs: expect.any(Number),
      lastUsedEpochMs: expect.any(Number),
    });
    expect((await call('DELETE', `/tokens/${made.json.id}`)).status).toBe(204);
    expect((await use()).status).toBe(401);
    expect((await call('DELETE', `/tokens/${made.json.id}`)).status).toBe(404);
    expect(logged).not.toContain(made.json.token);
  });

  test('storage, health, completeness', async () => {
    expect((await call('PUT', '/storage', { maxBytes: 5, minFreeBytes: 7 })).status).toBe(200);
    expect(api.stores.settings.storage()).toEqual({
      ...{ maxBytes: 5, minFreeBytes: 7, lockCapShare: 0.25 },
    });
    expect((await call('PUT', '/storage', { maxBytes: -5, minFreeBytes: 7 })).status).toBe(400);
    expect(HealthViewSchema.safeParse((await call('GET', '/health')).json).success).toBe(true);
    expect((await call('GET', '/completeness?days=7')).json).toEqual([]);
    expect((await call('GET', '/completeness?days=0')).status).toBe(400);
  });
});

describe('the server', () => {
  test('/healthz gives the reasons, and only those', async () => {
    expect(await call('GET', '//healthz')).toMatchObject({ status: 200, json: { ok: true, reasons: [] } });
    Object.assign(api.health, { ok: false, reasons: ['The disk is full'] });
    expect(await call('GET', '//healthz')).toMatchObject({
      status: 503,
      json: { ok: false, reasons: ['The disk is full'] },
    });
  });

  test('/metrics is Prometheus text, open to this machine and to tokens alone', async () => {
    await setUp();
    await call('POST', '/cameras', CAMERA);
    const text = (await call('GET', '//metrics')).bytes.toString();
    for (const line of text.split('\n').filter((part) => part !== '')) {
      expect(line).toMatch(/^(# (HELP|TYPE) \S+ .*|[a-zA-Z_:][\w:]*(\{[^}]*\})? (-?[\d.e+-]+|NaN|\+Inf))$/);
    }
    expect(text).toContain('threshold_cameras{state="connecting"} 1');
    expect(text).toMatch(
      /threshold_http_request_seconds_count\{method="POST",route="\/app\/v1\/cameras",status="201"\} 1/,
    );
    const proxied = { 'x-forwarded-for': '203.0.113.7' };
    expect((await call('GET', '//metrics', undefined, proxied)).status).toBe(401);
    await api.provision({
      credentials: {
        oauthTokens: [
          { token: 'T', scopes: ['user'] },
          { token: 'P', scopes: ['annotations:write'] },
        ],
      },
    });
    expect(
      (await call('GET', '//metrics', undefined, { ...proxied, authorization: 'Bearer T' })).status,
    ).toBe(200);
    expect(
      (await call('GET', '//metrics', undefined, { ...proxied, authorization: 'Bearer P' })).status,
    ).toBe(403);
  });

  test('/docs/json lists the APIs with examples, and not the insides of the UI', async () => {
    const { json } = await call('GET', '//docs/json');
    expect(json.openapi).toMatch(/^3\./);
    expect(Object.keys(json.paths).sort()).toEqual([
      '/api/integrations/pacs/devices',
      '/api/integrations/pacs/webhooks',
    ]);
    const body =
      json.paths['/api/integrations/pacs/webhooks'].post.requestBody.content['application/json'].schema;
    expect(body.properties).toHaveProperty('actor_email');
    expect(body.example).toHaveProperty('device_id');
    const page = (await call('GET', '//docs')).bytes.toString();
    expect(page).toContain('swagger-ui');
    expect(page).not.toMatch(/<script(?![^>]*src=)[^>]*>[^<]/);
    expect((await call('GET', '//docs/static/swagger-ui-bundle.js')).status).toBe(200);
  });

  test('the UI is one page at every address that is no API, fenced by its headers', async () => {
    for (const path of ['//', '//live', '//events/123', '//?v=x&key=y']) {
      const page = await call('GET', path);
      expect([page.status, page.bytes.toString()]).toEqual([200, '<!doctype html><title>UI</title>']);
      expect(page.headers.get('cache-control')).toBe('no-cache');
      const policy = page.headers.get('content-security-policy')!;
      expect(policy).toContain("default-src 'self'");
      expect(policy).toContain("script-src 'self';");
      expect(policy).toContain(`ws://${new URL(api.url).host}`);
      expect(page.headers.get('x-content-type-options')).toBe('nosniff');
    }
    const asset = await call('GET', '//assets/index-abc123.js');
    expect([asset.status, asset.headers.get('cache-control')]).toEqual([
      200,
      'public, max-age=31536000, immutable',
    ]);
    for (const path of [
      '//api/nothing',
      '//app/v1/nothing',
      '//assets/nothing.js',
      '//favicon.xyz',
      '//fleet/v1/cameras',
    ]) {
      const missing = await call('GET', path);
      expect([path, missing.status, missing.json]).toEqual([path, 404, { message: expect.any(String) }]);
    }
    expect((await call('POST', '//live', {})).status).toBe(404);
    expect((await call('GET', '//%zz')).json).toEqual({ message: expect.any(String) });
  });

  test('logs carry no query', async () => {
    await call('GET', '//api/integrations/pacs/devices?access_token=very-secret');
    await waitFor(() => expect(logged).toContain('/api/integrations/pacs/devices'));
    expect(logged).not.toContain('very-secret');
  });

  test('every path of the UI needs a session but those of the session itself', async () => {
    await setUp();
    cookie = '';
    for (const path of [
      '/cameras',
      '/sites',
      '/readers',
      '/events',
      '/access',
      '/tokens',
      '/storage',
      '/health',
      '/completeness',
    ]) {
      expect([path, (await call('GET', path)).status]).toEqual([path, 401]);
    }
  });
});

test('a port in use is said in words', async () => {
  const { port } = new URL(api.url);
  await api.server.stop();
  const other = createServer().listen(Number(port), '127.0.0.1');
  await once(other, 'listening');
  const start = api.server.start({ host: '127.0.0.1', port: Number(port) });
  await expect(start).rejects.toThrow(`Another program listens on 127.0.0.1:${port} already.`);
  other.close();
});

function openSocket(options: { cookie?: string; origin?: string } = {}) {
  const messages: unknown[] = [];
  const headers: Record<string, string> = { cookie: options.cookie ?? cookie };
  const socket = new WebSocket(`${api.url.replace('http', 'ws')}/app/v1/ws`, {
    headers,
    origin: options.origin,
  });
  socket.on('message', (data) => messages.push(ServerMessageSchema.parse(JSON.parse(String(data)))));
  return new Promise<{ socket: WebSocket; messages: Array<ReturnType<typeof ServerMessageSchema.parse>> }>(
    (done, fail) => {
      socket.on('open', () => done({ socket, messages: messages as never }));
      socket.on('error', fail);
    },
  );
}

/** With a Host header of one's own, which fetch does not allow. */
function rawPost(path: string, headers: Record<string, string>, body: unknown): Promise<{ status: number }> {
  return new Promise((done, fail) => {
    const options = { method: 'POST', headers: { ...headers, 'content-type': 'application/json' } };
    httpRequest(`${api.url}${path}`, options, (response) => {
      response.resume();
      done({ status: response.statusCode! });
    })
      .on('error', fail)
      .end(JSON.stringify(body));
  });
}
