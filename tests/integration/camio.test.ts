/** The Camio API against the built engine, as a client written from its reference sees it. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runFfmpeg } from '../../src/main/media/ffmpeg.ts';
import type { AuditPage } from '../../src/shared/contract-exports.ts';
import { ACCOUNT, type RunningEngine, startEngine, until } from '../fixtures/engine.ts';

const FRONT = '3fa85f64-5717-4562-b3fc-2c963f66afa6';
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}-0000$/;
const provision = {
  cameras: [
    { id: FRONT, name: 'front' },
    { name: 'front door', recording: { mode: 'off' } },
  ],
  credentials: {
    oauthTokens: [
      { token: 'user-token', scopes: ['user'] },
      { token: 'door-token', scopes: ['annotations:write'] },
    ],
    oauthClients: [
      {
        clientId: 'client',
        clientSecret: 'secret',
        redirectUris: ['http://127.0.0.1:9/cb?keep=1', 'http://127.0.0.1:9/other'],
      },
    ],
    uploadToken: 'upload-token',
    embedKeys: ['embed-key'],
  },
};

let data: string;
let engine: RunningEngine;
let receiver: Server;
let received: Array<{ path: string; body: Json }>;
let mp4: Buffer;

beforeAll(async () => {
  data = mkdtempSync(join(tmpdir(), 'camio-'));
  received = [];
  receiver = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      const path = request.url ?? '';
      received.push({ path, body: body ? JSON.parse(body) : null });
      const isFirst = received.filter((entry) => entry.path === path).length === 1;
      if (path === '/redirects') response.writeHead(302, { location: '/never' }).end();
      else response.writeHead(path === '/second-time' && isFirst ? 500 : 200).end('ok');
    });
  });
  await new Promise<void>((done) => receiver.listen(0, '127.0.0.1', done));
  const made = join(data, 'made.mp4');
  await runFfmpeg(process.env.FFMPEG_BIN ?? 'ffmpeg', [
    ...['-v', 'error', '-f', 'lavfi', '-i', 'testsrc=size=320x180:rate=10:duration=4', '-pix_fmt', 'yuv420p'],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-y', made],
  ]);
  mp4 = await (await import('node:fs/promises')).readFile(made);
  engine = await startEngine(join(data, 'engine'), provision);
});

afterAll(async () => {
  await engine?.stop();
  receiver?.close();
  rmSync(data, { recursive: true, force: true });
});

// biome-ignore lint/suspicious/noExplicitAny: answers of all shapes are compared with what is expected
type Json = any;

interface Reply {
  status: number;
  headers: Headers;
  text: string;
  json: Json;
}

async function call(
  method: string,
  path: string,
  options: { token?: string | null; body?: unknown; headers?: Record<string, string>; raw?: BodyInit } = {},
): Promise<Reply> {
  const { token = 'user-token', body, headers = {}, raw } = options;
  const response = await fetch(`${engine.url}${path}`, {
    method,
    redirect: 'manual',
    headers: { ...(token === null ? {} : { authorization: `token ${token}` }), ...headers },
    ...(raw !== undefined && { body: raw }),
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  let json: Json = null;
  try {
    json = JSON.parse(text);
  } catch {
    // Not every answer is JSON.
  }
  return { status: response.status, headers: response.headers, text, json };
}

function jpeg(colour = '#3060a0', size = { width: 320, height: 180 }): Promise<Buffer> {
  return sharp({ create: { ...size, channels: 3, background: colour } })
    .jpeg()
    .toBuffer();
}

async function upload(
  camera: string,
  name: string,
  bytes: Buffer,
  query: Record<string, string> = {},
): Promise<Reply> {
  const parameters = new URLSearchParams({ camera_id: `id-${camera}`, ...query });
  return call(
    'POST',
    `/api/users/upload-token/cameras/${camera}/content/${encodeURIComponent(name)}?${parameters}`,
    {
      token: null,
      raw: new Uint8Array(bytes),
      headers: { 'content-type': 'image/jpeg' },
    },
  );
}

describe('who may ask', () => {
  test.each([
    ['header token', '/api/users/me/cameras', { authorization: 'token user-token' }, 200],
    ['header Bearer, any case', '/api/users/me/cameras', { authorization: 'bEaReR user-token' }, 200],
    ['access_token on GET', '/api/users/me/cameras?access_token=user-token', {}, 200],
    ['a trailing slash', '/api/users/me/cameras/', { authorization: 'token user-token' }, 200],
    ['no token', '/api/users/me/cameras', {}, 401],
    ['an unknown token', '/api/users/me/cameras', { authorization: 'token no' }, 401],
    ['another scope', '/api/users/me/cameras', { authorization: 'token door-token' }, 403],
    ['the upload token', '/api/users/me/cameras', { authorization: 'token upload-token' }, 401],
    ['the upload token in the path', '/api/users/upload-token/cameras', {}, 401],
    ['another user with a token', '/api/users/you/cameras', { authorization: 'token user-token' }, 404],
    ['another user without', '/api/users/you/cameras', {}, 401],
    [
      'own e-mail address',
      `/api/users/me/cameras?user=${ACCOUNT.email.toUpperCase()}`,
      { authorization: 'token user-token' },
      200,
    ],
    [
      'another e-mail address',
      '/api/users/me/cameras?user=x@example.test',
      { authorization: 'token user-token' },
      404,
    ],
    ['an unknown path', '/api/nothing', {}, 404],
  ])('%s', async (_name, path, headers, status) => {
    const answer = await call('GET', path, { token: null, headers: headers as Record<string, string> });
    expect(answer.status).toBe(status);
    if (status !== 200) expect(answer.json).toEqual({ message: expect.any(String) });
  });

  test('unsupported methods are 400 with Allow, after the credential', async () => {
    const answer = await call('PATCH', '/api/users/me/hooks');
    expect([answer.status, answer.headers.get('allow')]).toEqual([400, 'GET, POST']);
    expect((await call('PATCH', '/api/users/me/hooks', { token: null })).status).toBe(401);
    expect((await call('DELETE', '/api/tokens/upload-token/hint', { token: null })).status).toBe(400);
    expect(
      (await call('POST', '/api/users/me/cameras?access_token=user-token', { token: null })).status,
    ).toBe(401);
  });
});

describe('OAuth', () => {
  const form = (values: Record<string, string>) => ({
    token: null,
    raw: new URLSearchParams(values).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  });
  const sign = { client_id: 'client', ...ACCOUNT, state: 'a b&c' };

  test('a user allows, and the code is good once', async () => {
    const page = await call(
      'GET',
      '/api/login/oauth/authorize?client_id=client&scope=user,annotations:write',
      { token: null },
    );
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    const allowed = await call('POST', '/api/login/oauth/authorize', form({ ...sign, decision: 'allow' }));
    expect(allowed.status).toBe(302);
    const target = new URL(allowed.headers.get('location')!);
    expect([target.searchParams.get('keep'), target.searchParams.get('state')]).toEqual(['1', 'a b&c']);
    const code = target.searchParams.get('code')!;
    const ask = {
      client_id: 'client',
      client_secret: 'secret',
      code,
      redirect_uri: 'http://127.0.0.1:9/cb?keep=1',
    };
    for (const wrong of [{ client_secret: 'no' }, { client_id: 'no' }])
      expect((await call('POST', '/api/login/oauth/access_token', form({ ...ask, ...wrong }))).status).toBe(
        401,
      );
    for (const wrong of [{ code: '' }, { redirect_uri: 'http://127.0.0.1:9/other' }, { code: 'no' }])
      expect((await call('POST', '/api/login/oauth/access_token', form({ ...ask, ...wrong }))).status).toBe(
        400,
      );
    const got = await call('POST', '/api/login/oauth/access_token', form(ask));
    expect([got.status, got.headers.get('content-type')]).toEqual([
      200,
      expect.stringContaining('application/x-www-form-urlencoded'),
    ]);
    const token = new URLSearchParams(got.text).get('access_token')!;
    expect(new URLSearchParams(got.text).get('token_type')).toBe('bearer');
    expect((await call('GET', '/api/users/me/cameras', { token })).status).toBe(200);
    expect((await call('POST', '/api/login/oauth/access_token', form(ask))).status).toBe(400);
  });

  test('JSON in and out', async () => {
    const allowed = await call(
      'POST',
      '/api/login/oauth/authorize',
      form({ ...sign, decision: 'allow', redirect_uri: 'http://127.0.0.1:9/other' }),
    );
    const code = new URL(allowed.headers.get('location')!).searchParams.get('code');
    const answer = await call('POST', '/api/login/oauth/access_token', {
      token: null,
      body: { client_id: 'client', client_secret: 'secret', code, redirect_uri: 'http://127.0.0.1:9/other' },
      headers: { accept: 'application/json' },
    });
    expect(answer.json).toEqual({ access_token: expect.any(String), token_type: 'bearer' });
  });

  test.each([
    ['deny', { decision: 'deny' }, 302, 'error=access_denied&state=a+b%26c'],
    ['a wrong password', { decision: 'allow', password: 'no' }, 401, null],
    ['no decision', {}, 400, null],
    ['an unknown client', { client_id: 'no', decision: 'allow' }, 400, null],
    [
      'a redirect that is not registered',
      { redirect_uri: 'http://127.0.0.1:9/cb', decision: 'allow' },
      400,
      null,
    ],
    ['an unknown scope', { scope: 'user all', decision: 'allow' }, 302, 'error=invalid_scope&state=a+b%26c'],
  ])('%s', async (_name, changes, status, end) => {
    const answer = await call(
      'POST',
      '/api/login/oauth/authorize',
      form({ ...sign, ...changes } as Record<string, string>),
    );
    expect(answer.status).toBe(status);
    if (end) expect(answer.headers.get('location')).toBe(`http://127.0.0.1:9/cb?keep=1&${end}`);
    else expect(answer.headers.get('location')).toBeNull();
  });
});

describe('cameras, zones, configuration', () => {
  test('list and one', async () => {
    const { json } = await call('GET', '/api/users/me/cameras?fetch_zones=true');
    expect(json.find((camera: Json) => camera.name === 'front')).toEqual({
      name: 'front',
      attribution: {},
      tags: [],
      refreshInterval: 0,
      camera_id: FRONT,
      is_online: false,
      capabilities: [],
      zones: [],
    });
    const one = await call('GET', '/api/users/me/cameras/FRONT');
    expect(one.json).toEqual({
      name: 'front',
      camera_id: FRONT,
      attribution: {},
      capabilities: [],
      is_online: false,
      latitude: 0,
      longitude: 0,
      tags: [],
      user_id: expect.any(String),
    });
    expect((await call('GET', `/api/users/me/cameras/${FRONT}`)).json).toEqual(one.json);
    expect((await call('GET', '/api/users/me/cameras/none')).status).toBe(404);
  });

  test('zones are made, replaced, renamed, removed', async () => {
    const path = '/api/users/me/cameras/front/zones';
    const polygons = [
      {
        points: [
          { x: 0, y: 0 },
          { x: 1, y: 0 },
          { x: 1, y: 0.987654321 },
        ],
      },
    ];
    const put = (name: string, body: unknown) =>
      call('POST', `${path}/${name}`, {
        body,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      });
    expect((await put('door', { polygons, extra: 1 })).json).toEqual({ name: 'door', polygons });
    expect((await put('DOOR', { name: 'gate', polygons })).json).toEqual({ name: 'gate', polygons });
    expect((await put('yard', { polygons })).status).toBe(200);
    expect((await put('yard', { name: 'Gate', polygons })).status).toBe(400);
    expect((await put('yard', { name: ' ', polygons })).status).toBe(400);
    for (const bad of [
      {},
      { polygons: [] },
      { polygons: [{ points: polygons[0]!.points.slice(1) }] },
      [],
      'x',
      {
        polygons: [
          {
            points: [
              { x: 0, y: 2 },
              { x: 1, y: 0 },
              { x: 1, y: 1 },
            ],
          },
        ],
      },
    ])
      expect((await put('yard', bad)).status).toBe(400);
    expect((await call('POST', `${path}/yard`, { raw: '{' })).status).toBe(400);
    expect((await call('GET', `${path}/gate`)).json).toEqual({ name: 'gate', polygons });
    expect((await call('GET', path)).json.map((zone: Json) => zone.name)).toEqual(['gate', 'yard']);
    expect((await call('DELETE', `${path}/yard`)).status).toBe(204);
    expect((await call('DELETE', `${path}/yard`)).status).toBe(404);
    expect((await call('GET', '/api/users/me/cameras/none/zones')).status).toBe(404);
  });

  test('a camera asks for its configuration', async () => {
    const ask = (method: string, path: string, raw?: string) =>
      call(method, path, {
        token: null,
        headers: { 'user-agent': 'Wget' },
        ...(raw !== undefined && { raw }),
      });
    expect((await ask('GET', '/api/cameras/12:34:56:78:90:12?maker=Sharx')).status).toBe(400);
    expect((await ask('GET', '/api/cameras/12:34:56?maker=Sharx&model=S')).status).toBe(400);
    const answer = await ask('GET', '/api/cameras/12:34:56:AB:90:12?maker=Sharx&model=SCNC3904');
    expect(answer.json).toEqual({
      commands: [
        expect.objectContaining({
          id: 'ping',
          method: 'GET',
          is_auth_required: true,
          regex_response: '000 Success',
          path: expect.stringContaining('/api/cameras/$(hwaddr)'),
        }),
        {
          id: 'time',
          method: 'GET',
          is_auth_required: true,
          regex_response: '000 Success',
          date_updated: expect.stringMatching(TIME),
          path: '/form/setNtp?ENABLE=1&SERVER=time.nist.gov',
        },
      ],
      ip_address: '127.0.0.1',
      mac_address: '123456ab9012',
      maker: 'Sharx',
      model: 'SCNC3904',
      user_agent: 'Wget',
    });
    expect((await ask('POST', '/api/cameras/123456AB9012')).json.model).toBe('SCNC3904');
    expect(
      (await ask('PUT', '/api/cameras/12-34-56-AB-90-13', '{"maker":"Axis","model":"M"}')).json.commands,
    ).toEqual([]);
    expect((await ask('POST', '/api/cameras/12-34-56-AB-90-14', 'maker=Axis&model=M2')).json.model).toBe(
      'M2',
    );
  });
});

describe('uploads and content', () => {
  const start = Date.UTC(2026, 2, 11, 14, 25, 30);
  const at = (seconds: number) => new Date(start + seconds * 1000).toISOString();

  test('pictures close in time are one event, kept as they are', async () => {
    const [a, b, c] = [await jpeg('#aa2020'), await jpeg('#20aa20'), await jpeg('#2020aa')];
    const first = await upload('drive', `${at(0)}.jpeg`, a);
    expect(first.json).toEqual({
      id: expect.any(String),
      event_id: expect.any(String),
      source: 'drive',
      camera_id: 'id-drive',
      content_type: 'image/jpeg',
      date_created: at(0).replace('Z', '-0000'),
    });
    const second = await upload('drive', `${at(30)}.jpeg`, b);
    const third = await upload('drive', `${at(60.001)}.jpeg`, c, { img_type: 'a' });
    expect(second.json.event_id).toBe(first.json.event_id);
    expect(third.json.event_id).not.toBe(first.json.event_id);
    const search = await call('GET', '/api/search?sources=DRIVE&motion_type=smo&fetch_access_tokens=true');
    expect(
      search.json.result.buckets.map((bucket: Json) => [
        bucket.bucket_id,
        bucket.count,
        bucket.max_interest_level,
      ]),
    ).toEqual([
      [third.json.event_id, 1, 1],
      [first.json.event_id, 2, 2],
    ]);
    const [, bucket] = search.json.result.buckets;
    expect(bucket).toMatchObject({
      source: 'drive',
      earliest_date: at(0).replace('Z', '-0000'),
      latest_date: at(30).replace('Z', '-0000'),
    });
    expect(bucket.images.map((image: Json) => image.id)).toEqual([first.json.id, second.json.id]);

    const path = `/api/users/me/cameras/drive/content/${first.json.id}`;
    const whole = await fetch(`${engine.url}${path}?access_token=user-token`);
    expect(Buffer.from(await whole.arrayBuffer()).equals(a)).toBe(true);
    expect(whole.headers.get('content-type')).toBe('image/jpeg');
    const part = await fetch(`${engine.url}${path}`, {
      headers: { authorization: 'token user-token', range: 'bytes=2-5' },
    });
    expect([part.status, part.headers.get('content-range')]).toEqual([206, `bytes 2-5/${a.length}`]);
    expect(Buffer.from(await part.arrayBuffer()).equals(a.subarray(2, 6))).toBe(true);
    expect((await call('GET', `/api/users/me/cameras/front/content/${first.json.id}`)).status).toBe(404);

    const tokens = bucket.images.map(({ id, access_token }: Json) => ({ id, access_token }));
    const list = await call('POST', '/api/content', {
      token: null,
      body: [...tokens, { id: first.json.id, access_token: 'no' }],
    });
    expect(list.status).toBe(200);
    expect(list.json[0]).toEqual({
      id: first.json.id,
      content_type: 'image/jpeg',
      date_created: at(0).replace('Z', '-0000'),
      image_bytes: a.toString('base64'),
    });
    expect(list.json[2]).toEqual({ id: first.json.id, message: expect.any(String) });
    expect(
      (
        await call('POST', '/api/content', {
          token: null,
          body: [{ id: first.json.id, access_token: tokens[1].access_token }],
        })
      ).status,
    ).toBe(401);
    expect((await call('POST', '/api/content', { token: null, body: [] })).status).toBe(400);
    const small = await call('POST', '/api/content?resize=true&w=40', {
      token: null,
      body: tokens.slice(0, 1),
    });
    expect((await sharp(Buffer.from(small.json[0].image_bytes, 'base64')).metadata()).width).toBe(40);

    const between = await upload('drive', `${at(45)}.jpeg`, b);
    expect(between.json.event_id).toBe(first.json.event_id);
    const joined = await call('GET', '/api/search?sources=drive&motion_type=all');
    expect(joined.json.result.buckets.map((found: Json) => found.count)).toEqual([4]);
  });

  test('videos are events of their own, or join', async () => {
    const picture = await upload('lane', `${at(100)}.jpeg`, await jpeg());
    const joins = await upload('lane', `${at(98)}.mp4`, mp4);
    expect(joins.json).toMatchObject({ event_id: picture.json.event_id, content_type: 'video/mp4' });
    const alone = await upload('lane', `${at(500)}.mp4`, mp4);
    expect(alone.json.event_id).toBeNull();
    const late = await upload('lane', `${at(502)}.jpeg`, await jpeg());
    const own = await upload('lane', `${at(900)}.mp4`, mp4, { upload_mode: 'video', video_length: '20.18' });
    expect(own.json.event_id).toEqual(expect.any(String));
    const { json } = await call(
      'GET',
      '/api/search?sources=lane&content_type=video&sort=asc&fetch_all_thumbnails=true',
    );
    expect(
      json.result.buckets.map((bucket: Json) => [
        bucket.bucket_id,
        bucket.images.map((image: Json) => image.id),
      ]),
    ).toEqual([
      [picture.json.event_id, [joins.json.id]],
      [late.json.event_id, [alone.json.id]],
      [own.json.event_id, [own.json.id]],
    ]);
    expect(json.result.buckets[2].latest_date).toBe(at(920.18).replace('Z', '-0000'));
    expect(json.result.buckets[2].images[0].image_bytes).toEqual(expect.any(String));
    const bytes = await fetch(
      `${engine.url}/api/users/me/cameras/lane/content/${own.json.id}?access_token=user-token`,
    );
    expect(
      createHash('sha256')
        .update(Buffer.from(await bytes.arrayBuffer()))
        .digest('hex'),
    ).toBe(createHash('sha256').update(mp4).digest('hex'));
    const one = await call('GET', '/api/users/me/cameras/lane');
    expect(one.json).toMatchObject({
      is_online: true,
      capabilities: ['video'],
      camera_id: 'id-lane',
      resolution: { width: 320, height: 180, aspect_ratio: 1.7777778 },
    });
  });

  test('names, times and what does not fit', async () => {
    const picture = await jpeg();
    const named = await upload('names', '2014-07-21T20:38:32.183-07:00.jpeg', picture);
    expect(named.json.date_created).toBe('2014-07-22T03:38:32.183-0000');
    const loose = await upload('names', 'cam_20240311_142530.jpg', picture, { options: 'parse_timestamp' });
    expect(loose.json.date_created).toBe('2024-03-11T14:25:30.000-0000');
    const arrival = await upload('names', 'cam_20240311_142530.jpg', picture);
    expect(Math.abs(Date.parse(arrival.json.date_created.replace('-0000', 'Z')) - Date.now())).toBeLessThan(
      20_000,
    );
    for (const query of [
      { img_type: 'x' },
      { rotation: '45' },
      { video_length: '0' },
      { upload_mode: 'all' },
      { options: 'all' },
    ])
      expect(
        (await upload('names', 'x.jpg', picture, query as unknown as Record<string, string>)).status,
      ).toBe(400);
    expect((await upload('names', 'x.jpg', Buffer.from('hello'))).status).toBe(400);
    const path = '/api/users/upload-token/cameras/names/content/x.jpg';
    expect((await call('POST', path, { token: null, raw: new Uint8Array(picture) })).status).toBe(400);
    expect(
      (
        await call('POST', path.replace('upload-token', 'wrong'), {
          token: null,
          raw: new Uint8Array(picture),
        })
      ).status,
    ).toBe(401);
    expect(
      (
        await call('POST', `${path.replace('upload-token', 'wrong')}?camera_id=1`, {
          raw: new Uint8Array(picture),
        })
      ).status,
    ).toBe(404);
    expect((await call('GET', path, { token: null })).status).toBe(401);
    const tricky = await call('PUT', '/api/users/me/cameras/..%2F..%2Fetc/content?camera_id=tricky', {
      raw: new Uint8Array(picture),
    });
    expect(tricky.json).toMatchObject({ source: '../../etc', camera_id: 'tricky' });
    expect((await call('DELETE', '/api/users/me/cameras/tricky')).status).toBe(204);
    expect((await call('GET', '/api/users/me/cameras/tricky')).status).toBe(404);
  });

  test('the newest picture', async () => {
    expect((await call('GET', '/api/content/live/front')).status).toBe(404);
    const live = await call('GET', '/api/content/live/lane');
    expect(live.json).toEqual({
      source: 'lane',
      content_type: 'image/jpeg',
      date_created: at(502).replace('Z', '-0000'),
      image_bytes: expect.any(String),
    });
    const small = await fetch(`${engine.url}/api/content/live/lane?output=jpeg&w=32&access_token=user-token`);
    expect([small.status, small.headers.get('content-type')]).toEqual([200, 'image/jpeg']);
    expect((await sharp(Buffer.from(await small.arrayBuffer())).metadata()).width).toBe(32);
    expect((await call('GET', '/api/content/live/lane', { token: null })).status).toBe(401);
  });

  test('search by time, in pages, by second and hour, by likeness', async () => {
    const times = [0, 1, 1, 2, 3600];
    const ids: string[] = [];
    for (const [i, seconds] of times.entries()) {
      const sent = await upload(
        `page${i}`,
        `${new Date(Date.UTC(2020, 0, 1) + seconds * 1000).toISOString()}.jpg`,
        await jpeg(),
      );
      ids.push(sent.json.event_id);
    }
    const sources = times.map((_, i) => `page${i}`).join(',');
    const ask = async (query: string) => (await call('GET', `/api/search?sources=${sources}&${query}`)).json;
    const page = async (query: string) =>
      (await ask(query)).result.buckets.map((bucket: Json) => ids.indexOf(bucket.bucket_id));
    expect(await page('')).toEqual([4, 3, 2, 1, 0]);
    expect(await page('sort=asc')).toEqual([0, 1, 2, 3, 4]);
    expect(await page('num_results=3')).toEqual([4, 3, 2, 1]);
    expect(await page('date=2020-01-01T00:00:01Z')).toEqual([0]);
    expect(await page('date=2020-01-01T01:00:01+01:00&sort=asc')).toEqual([3, 4]);
    expect(await page(`event_as_date=${ids[3]}`)).toEqual([3, 2, 1, 0]);
    expect(await page('labels=nothing')).toEqual([]);
    expect(await page('motion_type=lmo')).toEqual([]);
    const first = await ask('num_results=1');
    expect(first.result).toMatchObject({
      count: 1,
      more_results: true,
      earliest_date_considered: '2020-01-01T01:00:00.000-0000',
      latest_date_considered: '2020-01-01T01:00:00.000-0000',
    });
    const empty = await ask('date=2019-01-01T00:00:00Z');
    expect(empty.result).toMatchObject({
      buckets: [],
      count: 0,
      more_results: false,
      earliest_date_considered: '2019-01-01T00:00:00.000-0000',
      latest_date_considered: '2019-01-01T00:00:00.000-0000',
    });
    expect(empty.query).toEqual({
      date: '2019-01-01T00:00:00.000-0000',
      sort: 'desc',
      motion_type: 'imo',
      object_type: 'events',
      content_type: 'image',
    });
    expect((await ask('object_type=hours')).result.buckets).toHaveLength(5);
    expect((await ask('object_type=seconds')).result).toMatchObject({ bucket_type: 'second', count: 5 });
    const alike = await ask(`event=${ids[2]}&num_results=3`);
    expect(alike.result.buckets[0]).toMatchObject({ bucket_id: ids[2], similarity: 1 });
    expect(alike.result.buckets).toHaveLength(3);
    for (const bad of [
      'num_results=0',
      'num_results=x',
      'num_results=1.5',
      'date=yesterday',
      'quality=0',
      'quality=101',
      'w=0',
      'sort=up',
      'object_type=x',
      'content_type=x',
      'motion_type=x',
      'fetch_all_thumbnails=maybe',
    ])
      expect([bad, (await call('GET', `/api/search?${bad}`)).status]).toEqual([bad, 400]);
    expect((await call('GET', '/api/search?num_results=1000')).status).toBe(200);
    for (const unknown of ['event=none', 'event_as_date=none', 'user=x@example.test'])
      expect((await call('GET', `/api/search?${unknown}`)).status).toBe(404);
  });
});

describe('hooks', () => {
  const url = (path: string) => `http://127.0.0.1:${(receiver.address() as AddressInfo).port}${path}`;

  test('are made, listed, removed', async () => {
    const made = await call('POST', '/api/users/me/hooks?type=label_hit', {
      body: { callback_url: url('/a'), query: 'nothing like this', camera_name: 'front' },
    });
    expect(made.json).toEqual({
      id: expect.any(String),
      type: 'label_hit',
      callback_url: url('/a'),
      query: 'nothing like this',
      camera_name: 'front',
    });
    const path = `/api/users/me/hooks/${made.json.id}`;
    expect((await call('GET', path)).json).toEqual(made.json);
    expect((await call('GET', '/api/users/me/hooks')).json).toContainEqual(made.json);
    expect((await call('DELETE', path)).status).toBe(204);
    expect((await call('GET', path)).status).toBe(404);
    for (const bad of [{}, { type: 'other' }, { callback_url: 'ftp://x' }, { query: ' ' }, { query: 1 }])
      expect(
        (
          await call('POST', '/api/users/me/hooks', {
            body: Object.keys(bad).length
              ? { type: 'label_hit', callback_url: url('/a'), query: 'x', ...bad }
              : {},
          })
        ).status,
      ).toBe(400);
    expect((await call('POST', '/api/users/me/hooks', { raw: 'type=label_hit' })).status).toBe(400);
  });

  test('fire once for an event of the camera, again after a failure, and follow no redirect', async () => {
    for (const path of ['/second-time', '/redirects', '/other-camera'])
      await call('POST', '/api/users/me/hooks', {
        body: {
          type: 'label_hit',
          callback_url: url(path),
          query: path === '/other-camera' ? 'front' : 'hooked',
        },
      });
    const sent = await upload('hooked', '2026-05-01T10:00:00.000Z.jpg', await jpeg());
    await upload('hooked', '2026-05-01T10:00:01.000Z.jpg', await jpeg());
    await until('both attempts', () => received.filter(({ path }) => path === '/second-time').length === 2);
    expect(received.find(({ path }) => path === '/second-time')!.body).toEqual({
      hook_id: expect.any(String),
      event: {
        id: sent.json.event_id,
        source: 'hooked',
        earliest_date: '2026-05-01T10:00:00.000-0000',
        latest_date: '2026-05-01T10:00:00.000-0000',
        labels: [],
      },
    });
    await until('the redirect', () => received.some(({ path }) => path === '/redirects'));
    expect(received.filter(({ path }) => path === '/never' || path === '/other-camera')).toEqual([]);
  });
});

describe('sharing', () => {
  const share = (query: unknown, more: Record<string, unknown> = {}) =>
    call('POST', '/api/users/me/camios', { body: { query, ...more } });

  test('a Camio opens what it shares and nothing else', async () => {
    for (const bad of [
      undefined,
      {},
      { sort: 'asc' },
      { cameras: [], labels: [' '] },
      { cameras: 'front' },
      { start_date: 'x' },
    ])
      expect((await share(bad)).status).toBe(400);
    expect((await share({ cameras: ['front'] }, { type: 'secret' })).status).toBe(400);
    expect((await share({ cameras: ['none'] })).status).toBe(404);
    expect((await share({ events: ['none'] })).status).toBe(404);
    const made = await share({ cameras: ['lane'], start_date: '2020-01-01T00:00:00Z' });
    expect(made.json).toEqual({
      view_token: expect.any(String),
      name: expect.stringContaining('lane'),
      date_created: expect.stringMatching(TIME),
      type: 'public',
    });
    expect((await call('GET', '/api/users/me/camios')).json).toContainEqual(made.json);
    const view = made.json.view_token;
    for (const token of [null, 'user-token']) {
      const buckets = await until('pictures of what was uploaded', async () => {
        const found = await call('GET', `/api/search?view_tokens=${view},unknown`, { token });
        return found.json.result.buckets[0]?.images[0] && found.json.result.buckets;
      });
      expect(new Set(buckets.map((bucket: Json) => bucket.source))).toEqual(new Set(['lane']));
      expect(buckets[0].images[0].access_token).toEqual(expect.any(String));
    }
    expect((await call('GET', '/api/search?view_tokens=unknown', { token: null })).status).toBe(401);
    expect((await call('GET', '/api/search?view_tokens=unknown')).status).toBe(401);
    expect(
      (await call('GET', `/api/search?object_type=camios&view_tokens=${view}`, { token: null })).status,
    ).toBe(401);
    expect((await call('GET', '/api/search?object_type=camios')).json.result).toMatchObject({
      bucket_type: 'camio',
      buckets: [{ view_token: view }],
    });
    expect((await call('GET', `/api/content/live/lane?view_tokens=${view}`, { token: null })).status).toBe(
      200,
    );
    expect((await call('GET', `/api/content/live/drive?view_tokens=${view}`, { token: null })).status).toBe(
      404,
    );
    expect((await call('GET', '/api/content/live/lane?view_tokens=no', { token: null })).status).toBe(401);
    expect((await call('GET', `/api/users/me/cameras?view_tokens=${view}`, { token: null })).status).toBe(
      401,
    );
    const hidden = await share({ cameras: ['lane'] }, { type: 'private', name: 'Own' });
    expect(
      (await call('GET', `/api/search?view_tokens=${hidden.json.view_token}`, { token: null })).status,
    ).toBe(401);
    expect((await call('GET', `/api/search?view_tokens=${hidden.json.view_token}`)).status).toBe(200);
    const download = await call('POST', `/api/camios/${view}/downloads`, { raw: 'ignored' });
    expect(download.json).toEqual([
      {
        id: expect.any(String),
        view_token: view,
        status: 'QUEUED',
        date_created: expect.stringMatching(TIME),
      },
    ]);
    expect((await call('POST', '/api/camios/none/downloads')).status).toBe(404);
    const zip = await until('the download', async () => {
      const path = `/api/camios/${view}/downloads/${download.json[0].id}`;
      const response = await fetch(`${engine.url}${path}?access_token=user-token`);
      return response.ok ? Buffer.from(await response.arrayBuffer()) : null;
    });
    expect([zip.toString('latin1', 0, 2), zip.includes('lane/'), zip.includes(mp4)]).toEqual([
      'PK',
      true,
      true,
    ]);

    const page = await call('GET', `/?v=${view}&key=embed-key`, { token: null });
    expect([page.status, page.headers.get('x-frame-options')]).toEqual([200, null]);
    expect(page.headers.get('content-security-policy')).toContain('frame-ancestors *');
    const source = /<img [^>]*src="([^"]+)"/.exec(page.text)![1]!.replaceAll('&amp;', '&');
    expect((await fetch(source)).headers.get('content-type')).toBe('image/jpeg');
    expect((await fetch(source.replace('access_token=', 'access_token=x'))).status).toBe(401);
    expect((await call('GET', `/?v=${view}`, { token: null })).status).toBe(403);
    expect((await call('GET', `/?v=${view}&key=no`, { token: null })).status).toBe(403);
    expect((await call('GET', '/?v=no&key=embed-key', { token: null })).status).toBe(404);

    const { lines, verification } = await engine.get<AuditPage>('/audit?limit=500');
    expect(verification).toMatchObject({ whole: true, problem: null });
    const actions = lines.map(({ action }) => action);
    for (const action of ['share-made', 'share-seen', 'pictures', 'export-downloaded'] as const)
      expect(actions).toContain(action);
  });
});

describe('settings and the upload token', () => {
  test('are read and merged', async () => {
    const path = '/api/users/me/settings';
    const before = (await call('GET', path)).json;
    expect(before).toMatchObject({ upload_token: 'upload-token', recording_enabled: true });
    expect(Object.keys(before.notifications)).toEqual([
      'motion_alerts',
      'camera_diagnostics',
      'announcements',
      'newsletters',
      'camio_daily',
    ]);
    const alerts = { state: 'OFF', method: 'PUSH', options: 'mute street' };
    const changed = await call('PATCH', path, {
      body: { notifications: { motion_alerts: alerts }, upload_token: 'x' },
    });
    expect(changed.json).toEqual({
      ...before,
      notifications: { ...before.notifications, motion_alerts: alerts },
    });
    const kept = await call('PUT', path, {
      body: { notifications: { motion_alerts: { state: 'ON', method: 'EMAIL' } } },
    });
    expect(kept.json.notifications.motion_alerts.options).toBe('mute street');
    expect((await call('POST', path, { body: kept.json })).json).toEqual(kept.json);
    for (const bad of [
      { recording_enabled: 'no' },
      { notifications: { x: alerts } },
      { notifications: { newsletters: { state: 'ON' } } },
      { notifications: { newsletters: { state: 'on', method: 'PUSH' } } },
      [],
      { recording_enabled: false, notifications: [] },
    ])
      expect((await call('POST', path, { body: bad })).status).toBe(400);
    expect((await call('GET', path)).json).toEqual(kept.json);
    expect((await call('GET', '/api/users/me/tokens/upload')).text).toBe('"upload-token"');
    for (const method of ['GET', 'POST'])
      expect((await call(method, '/api/tokens/upload-token/hint', { token: null })).json).toEqual({
        email: 'owner@...',
      });
    expect((await call('GET', '/api/tokens/none/hint', { token: null })).status).toBe(404);
  });

  test('no recording: uploads are dropped', async () => {
    await call('POST', '/api/users/me/settings', { body: { recording_enabled: false } });
    const answer = await upload('dropped', 'x.jpg', await jpeg());
    expect([answer.status, answer.text]).toEqual([204, '']);
    expect((await call('GET', '/api/users/me/cameras/dropped')).status).toBe(404);
    await call('POST', '/api/users/me/settings', { body: { recording_enabled: true } });
  });
});

/** What changes from run to run, named instead. */
function steady(answer: Json): string {
  return `${JSON.stringify(answer, null, 2)
    .replaceAll(/"[0-9a-f]{8}-[0-9a-f-]{27}/g, '"UUID')
    .replaceAll(/"u[\w-]{22}"/g, '"CONTENT_ID"')
    .replaceAll(/"s[0-9a-f]{32}"/g, '"SNAPSHOT_ID"')
    .replaceAll(/"[\w-]{32}"/g, '"VIEW_TOKEN"')
    .replaceAll(/"[0-9a-z]{6}\.[\w-]{43}"/g, '"ACCESS_TOKEN"')
    .replaceAll(/"(image_bytes)": "[^"]*"/g, '"$1": "BASE64"')}\n`;
}

test('answers are what they were', async () => {
  const get = async (path: string) => (await call('GET', path)).json;
  const golden = (name: string) => join(import.meta.dirname, `../golden/camio/${name}.json`);
  const query =
    'sources=drive&motion_type=all&date=2026-03-12T00:00:00Z&fetch_cover_thumbnails=true&fetch_access_tokens=true&fetch_motion_boxes=true';
  await expect(steady(await get(`/api/search?${query}`))).toMatchFileSnapshot(golden('search'));
  await expect(
    steady(await get('/api/search?sources=drive&object_type=hours&date=2026-03-12T00:00:00Z')),
  ).toMatchFileSnapshot(golden('search-hours'));
  await expect(
    steady({ ...(await get('/api/users/me/cameras/lane')), is_online: 'IS_ONLINE' }),
  ).toMatchFileSnapshot(golden('camera'));
  await expect(steady(await get('/api/users/me/cameras/front/zones'))).toMatchFileSnapshot(golden('zones'));
  await expect(steady(await get('/api/users/me/settings'))).toMatchFileSnapshot(golden('settings'));
  await expect(steady(await get('/api/content/live/lane'))).toMatchFileSnapshot(golden('live'));
  await expect(
    steady((await get('/api/users/me/camios')).map((share: Json) => ({ ...share, date_created: 'TIME' }))),
  ).toMatchFileSnapshot(golden('camios'));
  const called = received.find(({ path }) => path === '/second-time')!.body;
  await expect(steady(called)).toMatchFileSnapshot(golden('hook-callback'));
});

test('bodies that are too large, broken or strange', async () => {
  const big = JSON.stringify({ type: 'label_hit', query: 'x'.repeat(1024 * 1024) });
  const answer = await call('POST', '/api/users/me/hooks', { raw: big });
  expect([answer.status, answer.json]).toEqual([413, { message: expect.any(String) }]);
  expect((await call('POST', '/api/users/me/hooks', { raw: new Uint8Array(randomBytes(64)) })).status).toBe(
    400,
  );
});

test('uploads that are too large or broken off leave nothing', async () => {
  const path = '/api/users/upload-token/cameras/broken/content?camera_id=broken';
  const send = (headers: string) =>
    new Promise<{ socket: Socket; answer: () => string }>((done) => {
      const { hostname, port } = new URL(engine.url);
      const socket = connect(Number(port), hostname);
      let answer = '';
      socket.on('data', (bytes) => {
        answer += bytes.toString();
      });
      socket.on('error', () => {});
      socket.write(`POST ${path} HTTP/1.1\r\nHost: x\r\n${headers}\r\n\r\n`, () =>
        done({ socket, answer: () => answer }),
      );
    });
  const large = await send(`Content-Length: ${513 * 1024 * 1024}`);
  await until('the refusal', () => large.answer().includes('413'));
  expect(large.answer()).toContain('"message"');
  large.socket.destroy();
  const cut = await send(`Content-Length: ${512 * 1024 * 1024}`);
  cut.socket.write(await jpeg());
  const incoming = join(data, 'engine/uploads/incoming');
  await until('the file', () => readdirSync(incoming).length === 1);
  cut.socket.destroy();
  await until('its end', () => readdirSync(incoming).length === 0);
  expect((await call('GET', '/api/users/me/cameras/broken')).status).toBe(404);
});

test('what was uploaded, shared and hooked is there after a restart', async () => {
  const before = (await call('GET', '/api/search?sources=lane')).json.result;
  const hooks = (await call('GET', '/api/users/me/hooks')).json;
  expect(await engine.stop()).toBe(0);
  engine = await startEngine(join(data, 'engine'), provision);
  expect((await call('GET', '/api/search?sources=lane')).json.result).toEqual(before);
  expect((await call('GET', '/api/users/me/hooks')).json).toEqual(hooks);
  expect((await call('DELETE', '/api/users/me/cameras/lane')).status).toBe(204);
  expect((await call('GET', '/api/search?sources=lane')).json.result.count).toBe(0);
  expect((await call('GET', `/api/search?event=${before.buckets[0].bucket_id}`)).status).toBe(404);
});

test('every call is documented with an example', async () => {
  const { json } = await call('GET', '/docs/json', { token: null });
  const paths = Object.entries<Json>(json.paths).filter(
    ([path]) => path.startsWith('/api/') && !path.includes('/integrations/'),
  );
  expect(paths.length).toBeGreaterThanOrEqual(20);
  for (const [path, methods] of paths)
    for (const [method, call] of Object.entries<Json>(methods)) {
      expect([path, method, typeof call.summary]).toEqual([path, method, 'string']);
      expect(Object.keys(call.responses).length).toBeGreaterThan(1);
    }
});
