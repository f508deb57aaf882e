/** Each rule of the Camio and PACS references, one row or one short test, over HTTP against the built engine. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runFfmpeg } from '../../src/main/media/ffmpeg.ts';
import { ACCOUNT, type RunningEngine, startEngine, until } from '../fixtures/engine.ts';

// biome-ignore lint/suspicious/noExplicitAny: answers of all shapes are compared with what is expected
type Json = any;
interface Reply {
  status: number;
  headers: Headers;
  text: string;
  json: Json;
  bytes: Buffer;
}
interface Row {
  /** `METHOD /path` below /api. */
  call: string;
  status: number;
  /** null: none. */
  token?: string | null;
  body?: unknown;
  raw?: string;
  allow?: string;
}

const FRONT = '3fa85f64-5717-4562-b3fc-2c963f66afa6';
const PACS = '/integrations/pacs';
const TRIANGLE = [
  {
    points: [
      { x: 0.1, y: 0.1 },
      { x: 0.9, y: 0.1 },
      { x: 0.5, y: 0.9 },
    ],
  },
];
const HOOK = { type: 'label_hit', callback_url: 'http://127.0.0.1:9/', query: 'nobody matches this' };
const LONG = 'x'.repeat(600);

let data: string;
let engine: RunningEngine;
let receiver: Server;
let received: Array<{ path: string; body: Json }>;
let mp4: Buffer;
let picture: Buffer;

beforeAll(async () => {
  data = mkdtempSync(join(tmpdir(), 'camio-conformance-'));
  received = [];
  receiver = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received.push({ path: request.url ?? '', body: JSON.parse(Buffer.concat(chunks).toString()) });
      if (request.url !== '/silent')
        response.writeHead(request.url === '/broken' ? 500 : 200).end('so be it');
    });
  });
  await new Promise<void>((done) => receiver.listen(0, '127.0.0.1', done));
  const made = join(data, 'made.mp4');
  await runFfmpeg(process.env.FFMPEG_BIN ?? 'ffmpeg', [
    ...['-v', 'error', '-f', 'lavfi', '-i', 'testsrc=size=320x180:rate=10:duration=4', '-pix_fmt', 'yuv420p'],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-y', made],
  ]);
  mp4 = await readFile(made);
  picture = await sharp({ create: { width: 320, height: 180, channels: 3, background: '#3060a0' } })
    .jpeg()
    .toBuffer();
  engine = await startEngine(join(data, 'engine'), {
    cameras: [
      { id: FRONT, name: 'front', readers: ['d1'] },
      { name: 'front door', readers: ['d1'] },
      { name: 'Back Yard' },
    ],
    readers: [{ deviceId: 'd1', deviceName: 'Door' }],
    credentials: {
      oauthTokens: [
        { token: 'user-token', scopes: ['user'] },
        { token: 'door-token', scopes: ['annotations:write'] },
      ],
      oauthClients: [
        {
          clientId: 'client',
          clientSecret: 'secret',
          redirectUris: ['http://127.0.0.1:9/cb', 'http://127.0.0.1:9/b'],
        },
      ],
      uploadToken: 'upload-token',
      embedKeys: ['embed-key'],
    },
  });
});

afterAll(async () => {
  await engine?.stop();
  receiver?.closeAllConnections();
  receiver?.close();
  rmSync(data, { recursive: true, force: true });
});

async function ask(
  call: string,
  options: { token?: string | null; body?: unknown; raw?: BodyInit; headers?: Record<string, string> } = {},
): Promise<Reply> {
  const { token = 'user-token', body, raw, headers = {} } = options;
  const [method, path] = call.split(' ') as [string, string];
  const response = await fetch(`${engine.url}/api${path}`, {
    method,
    redirect: 'manual',
    headers: { ...(token !== null && { authorization: `token ${token}` }), ...headers },
    ...(raw !== undefined && { body: raw }),
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const bytes = Buffer.from(await response.arrayBuffer());
  const text = bytes.toString();
  let json: Json = null;
  try {
    json = JSON.parse(text);
  } catch {
    // Not every answer is JSON.
  }
  return { status: response.status, headers: response.headers, text, json, bytes };
}

function upload(camera: string, name: string, query = '', bytes = picture): Promise<Reply> {
  const path = `/users/upload-token/cameras/${encodeURIComponent(camera)}/content/${encodeURIComponent(name)}`;
  return ask(`PUT ${path}?camera_id=${encodeURIComponent(`id ${camera}`)}${query}`, {
    token: null,
    raw: new Uint8Array(bytes),
  });
}

async function search(query: string, token: string | null = 'user-token'): Promise<Json> {
  return (await ask(`GET /search?${query}`, { token })).json.result;
}

const url = (path: string) => `http://127.0.0.1:${(receiver.address() as AddressInfo).port}${path}`;

async function check({ call, status, token, body, raw, allow }: Row): Promise<void> {
  const answer = await ask(call, { token, body, raw });
  expect([call, answer.status]).toEqual([call, status]);
  if (allow !== undefined) expect([call, answer.headers.get('allow')]).toEqual([call, allow]);
  if (status < 400 || call.startsWith('HEAD')) return;
  expect([call, answer.json]).toEqual([call, { message: expect.any(String) }]);
  expect(answer.text).not.toMatch(/\bat .*\.[jt]s:/);
}

describe('the order of checks', () => {
  test.each<Row>([
    { call: 'GET /nothing', token: null, status: 404 },
    { call: 'DELETE /users/me/cameras', token: null, status: 401 },
    { call: 'DELETE /users/me/cameras', token: 'door-token', status: 400, allow: 'GET' },
    { call: 'POST /users/me/hooks', token: 'door-token', raw: '{', status: 403 },
    { call: 'POST /users/me/cameras/none/zones/x', body: {}, status: 400 },
    { call: 'POST /users/me/cameras/none/zones/x', body: { polygons: TRIANGLE }, status: 404 },
    { call: 'POST /users/me/camios', body: { type: 'secret', query: { cameras: ['none'] } }, status: 400 },
    { call: 'POST /users/me/camios', body: { query: { cameras: ['none'] } }, status: 404 },
    { call: 'GET /search?num_results=x&event=none', status: 400 },
    { call: 'GET /content/live/none?w=0', status: 400 },
    { call: `POST ${PACS}/webhooks`, body: { device_id: 'none' }, token: 'door-token', status: 400 },
  ])('$call ($status)', check);
});

describe('methods: 400 with Allow', () => {
  test.each<[path: string, allow: string, token?: null]>([
    ['/users/me/cameras', 'GET'],
    ['/users/me/cameras/front', 'GET, DELETE'],
    ['/users/me/cameras/front/zones', 'GET'],
    ['/users/me/cameras/front/zones/x', 'GET, POST, PUT, DELETE'],
    ['/users/me/hooks', 'GET, POST'],
    ['/users/me/hooks/1', 'GET, DELETE'],
    ['/search', 'GET'],
    ['/users/me/cameras/front/content', 'POST, PUT'],
    ['/users/me/cameras/front/content/x', 'GET, POST, PUT'],
    ['/content/live/front', 'GET'],
    ['/users/me/camios', 'GET, POST'],
    ['/camios/x/downloads', 'POST'],
    ['/users/me/tokens/upload', 'GET'],
    ['/users/me/settings', 'GET, POST, PUT, PATCH'],
    ['/content', 'POST', null],
    ['/tokens/x/hint', 'GET, POST', null],
    ['/cameras/123456789012', 'GET, POST, PUT', null],
    ['/login/oauth/authorize', 'GET, POST', null],
    ['/login/oauth/access_token', 'POST', null],
  ])('%s', async (path, allow, token) => {
    const allowed = allow.split(', ');
    for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])
      if (!allowed.includes(method)) await check({ call: `${method} ${path}/`, status: 400, allow, token });
  });
});

describe('credentials in the wrong place', () => {
  test.each<Row>([
    { call: 'POST /users/me/hooks?access_token=user-token', token: null, body: HOOK, status: 401 },
    { call: 'DELETE /users/me/hooks/1?access_token=user-token', token: null, status: 401 },
    { call: 'GET /users/me/hooks?access_token=upload-token', token: null, status: 401 },
    { call: 'GET /users/me/cameras', token: 'upload-token', status: 401 },
    { call: 'GET /search', token: 'upload-token', status: 401 },
    { call: 'GET /users/me/settings', token: 'upload-token', status: 401 },
    { call: 'GET /users/upload-token/tokens/upload', token: null, status: 401 },
    { call: 'GET /users/upload-token/cameras/front/content/x', token: null, status: 401 },
    { call: 'GET /content/live/front', token: 'upload-token', status: 401 },
    { call: 'GET /users/me/cameras', token: 'embed-key', status: 401 },
    { call: 'GET /search?view_tokens=embed-key', token: null, status: 401 },
    { call: `GET ${PACS}/devices`, token: 'upload-token', status: 401 },
    { call: `GET ${PACS}/devices`, token: 'user-token', status: 403 },
    { call: 'GET /users/me/cameras', token: 'door-token', status: 403 },
    { call: 'GET /users/user-token/cameras', status: 404 },
    { call: 'GET /users/user-token/cameras', token: null, status: 401 },
    { call: 'POST /users/user-token/cameras/front/content?camera_id=1', token: null, raw: 'x', status: 401 },
    { call: `GET /search?user=${ACCOUNT.email.toUpperCase()}`, status: 200 },
    { call: 'GET /search?user=somebody@example.test', status: 404 },
    { call: 'GET /content/live/front?user=somebody@example.test', status: 404 },
  ])('$call $token ($status)', check);
});

describe('names that try to be paths', () => {
  test.each<Row>([
    { call: 'GET /users/me/cameras/..%2f..%2fetc%2fpasswd', status: 404 },
    { call: 'GET /users/me/cameras/a%00b', status: 404 },
    { call: `GET /users/me/cameras/${LONG}`, status: 404 },
    { call: `GET /users/me/cameras/front/content/..%2f..%2fthreshold.db`, status: 404 },
    { call: `GET /users/me/cameras/front/zones/${LONG}`, status: 404 },
    { call: `POST /users/me/cameras/front/zones/${LONG}`, body: { polygons: TRIANGLE }, status: 400 },
    { call: `GET /users/me/hooks/${LONG}`, status: 404 },
    { call: 'GET /users/me/hooks/1%20or%201', status: 404 },
    { call: `GET /tokens/${LONG}/hint`, token: null, status: 404 },
    { call: `POST /camios/..%2f..%2fx/downloads`, status: 404 },
    { call: `GET /camios/x/downloads/..%2f..%2fthreshold.db`, status: 404 },
    { call: 'PUT /users/me/cameras/a%00b/content?camera_id=z', raw: 'x', status: 400 },
    { call: `PUT /users/me/cameras/${LONG}/content?camera_id=z`, raw: 'x', status: 400 },
    { call: `PUT /users/me/cameras/%20/content?camera_id=z`, raw: 'x', status: 400 },
    { call: `PUT /users/me/cameras/z/content?camera_id=${LONG}`, raw: 'x', status: 400 },
    { call: 'GET /users/me/cameras/%zz', status: 400 },
  ])('$call ($status)', check);

  test('an upload stays below its folder, whatever its names', async () => {
    const sent = await ask(
      'PUT /users/me/cameras/..%2fup/content/..%2f..%2fevil.jpg?camera_id=..%2f..%2fup',
      {
        raw: new Uint8Array(picture),
      },
    );
    expect(sent.json).toMatchObject({ source: '../up', camera_id: '../../up' });
    const day = new Date().toISOString().slice(0, 10);
    const folders = readdirSync(join(data, 'engine/uploads')).filter((name) => name !== 'incoming');
    expect(folders.every((name) => /^[0-9a-f-]{36}$/.test(name))).toBe(true);
    expect(folders.some((name) => readdirSync(join(data, 'engine/uploads', name)).includes(day))).toBe(true);
    expect(readdirSync(data).filter((name) => name.includes('evil'))).toEqual([]);
    expect((await ask('DELETE /users/me/cameras/..%2f..%2fup')).status).toBe(204);
  });
});

describe('bodies', () => {
  test.each<Row>([
    { call: 'POST /users/me/hooks', raw: '', status: 400 },
    { call: 'POST /users/me/hooks', raw: 'null', status: 400 },
    { call: 'POST /users/me/hooks', raw: '[]', status: 400 },
    { call: 'POST /users/me/hooks', raw: '{"type"', status: 400 },
    { call: 'POST /users/me/hooks', body: { ...HOOK, callback_url: 'https://' }, status: 400 },
    { call: 'POST /users/me/hooks', body: { ...HOOK, type: 'LABEL_HIT' }, status: 400 },
    { call: 'POST /users/me/hooks', body: { ...HOOK, more: 1, camera_name: '' }, status: 200 },
    { call: 'POST /users/me/camios', raw: '', status: 400 },
    { call: 'POST /users/me/camios', body: { query: null }, status: 400 },
    { call: 'POST /users/me/camios', body: { query: { cameras: 'front' } }, status: 400 },
    { call: 'POST /users/me/camios', body: { query: { cameras: ['front'], sort: 'up' } }, status: 400 },
    { call: 'POST /users/me/camios', body: { query: { sort: 'asc' } }, status: 400 },
    { call: 'POST /users/me/camios', body: { query: { start_date: 'now' } }, status: 400 },
    { call: 'POST /users/me/camios', body: { query: { events: ['none'] } }, status: 404 },
    { call: 'POST /content', token: null, body: [], status: 400 },
    { call: 'POST /content', token: null, body: {}, status: 400 },
    { call: 'POST /content', token: null, body: [{ id: 'x' }], status: 400 },
    {
      call: 'POST /content',
      token: null,
      body: Array(101).fill({ id: 'x', access_token: 'y' }),
      status: 400,
    },
    { call: 'POST /content', token: null, body: [{ id: 'x', access_token: 'y' }], status: 401 },
    { call: 'POST /users/me/settings', raw: '', status: 400 },
    { call: 'POST /users/me/settings', body: { recording_enabled: 'true' }, status: 400 },
    {
      call: 'POST /users/me/settings',
      body: { notifications: { x: { state: 'ON', method: 'PUSH' } } },
      status: 400,
    },
    {
      call: 'PATCH /users/me/settings',
      body: { notifications: { newsletters: { state: 'ON' } } },
      status: 400,
    },
    { call: 'PUT /users/me/settings', body: {}, status: 200 },
    { call: 'POST /login/oauth/access_token', token: null, raw: '', status: 400 },
    { call: 'GET /login/oauth/authorize?client_id=none', token: null, status: 400 },
    {
      call: 'GET /login/oauth/authorize?client_id=client&redirect_uri=http://127.0.0.1:9/',
      token: null,
      status: 400,
    },
    { call: 'GET /cameras/12:34-56:78-90:12?maker=A&model=B', token: null, status: 400 },
    { call: 'GET /cameras/1234567890123?maker=A&model=B', token: null, status: 400 },
  ])('$call $raw ($status)', check);

  test('a hook may stand in the query alone', async () => {
    const query = new URLSearchParams({ ...HOOK, camera_name: 'front' });
    const made = await ask(`POST /users/me/hooks?${query}`);
    expect(made.json).toEqual({ id: expect.any(String), ...HOOK, camera_name: 'front' });
    expect((await ask(`DELETE /users/me/hooks/${made.json.id}/`)).status).toBe(204);
  });

  test.each([
    '/users/me/hooks',
    '/users/me/camios',
    '/users/me/settings',
    '/users/me/cameras/front/zones/x',
    '/content',
  ])('more than 1 MiB at %s is 413', (path) =>
    check({ call: `POST ${path}`, raw: `{"x":"${'x'.repeat(1024 * 1024)}"}`, status: 413 }),
  );
});

describe('parameters of a search', () => {
  test.each<[query: string, status: number]>([
    ['num_results=99999999999999999999', 200],
    ['num_results=100', 200],
    ['num_results=0', 400],
    ['num_results=-1', 400],
    ['num_results=1e1', 400],
    ['num_results=0x10', 400],
    ['num_results=', 400],
    ['w=0', 400],
    ['h=1.5', 400],
    ['quality=0', 400],
    ['quality=100', 200],
    ['quality=101', 400],
    ['date=2014-02-21T04:12:38.911-0000', 200],
    ['date=2014-02-21T04:12:38.123456789Z', 200],
    ['date=2014-02-21T04:12:38.1234567890Z', 400],
    ['date=2014-02-21T04:12:38+01:00', 200],
    ['date=2014-02-21T04:12:38%2B0100', 200],
    ['date=2014-02-21T04:12:38', 200],
    ['date=2014-02-30T04:12:38Z', 400],
    ['date=2014-02-21+04:12:38', 400],
    ['date=1392955958', 400],
    ['date=', 400],
    ['object_type=camio', 400],
    ['sort=DESC', 400],
    ['content_type=jpeg', 400],
    ['motion_type=xmo', 400],
    ['fetch_motion_boxes=maybe', 400],
    ['event=none', 404],
    ['event_as_date=none', 404],
    ['sources=none', 200],
    ['labels=none', 200],
    ['sxs=special&unknown=1', 200],
    ['view_tokens=none', 401],
  ])('%s (%i)', (query, status) => check({ call: `GET /search?${query}`, status }));

  test('a + that was not escaped means a zone ahead of UTC', async () => {
    const { json } = await ask('GET /search?date=2014-02-21T04:12:38.5+0130');
    expect(json.query.date).toBe('2014-02-21T02:42:38.500-0000');
  });

  test('one event a second and hour of a camera, and pages without gaps or repetition', async () => {
    for (const second of [0, 60, 60.4, 3599, 3600])
      await upload(
        'gathered',
        `${new Date(Date.UTC(2021, 4, 1) + second * 1000).toISOString()}.mp4`,
        '&upload_mode=video',
        mp4,
      );
    await upload('gathered too', '2021-05-01T00:00:30Z.jpg');
    const sources = 'sources=gathered,gathered%20too';
    const hours = await search(`${sources}&object_type=hours`);
    expect([hours.bucket_type, hours.count]).toEqual(['hour', 3]);
    expect(hours.buckets.map((bucket: Json) => [bucket.source, bucket.earliest_date])).toEqual([
      ['gathered', '2021-05-01T01:00:00.000-0000'],
      ['gathered too', '2021-05-01T00:00:30.000-0000'],
      ['gathered', '2021-05-01T00:00:00.000-0000'],
    ]);
    expect((await search(`${sources}&object_type=seconds`)).count).toBe(5);
    for (const [type, total] of [
      ['events', 6],
      ['seconds', 5],
      ['hours', 3],
    ] as const)
      for (const sort of ['asc', 'desc']) {
        const seen: string[] = [];
        for (let date = ''; ; ) {
          const page = await search(`${sources}&object_type=${type}&sort=${sort}&num_results=2${date}`);
          seen.push(...page.buckets.map((bucket: Json) => bucket.bucket_id));
          if (!page.more_results) break;
          date = `&date=${page.buckets.at(-1).earliest_date}`;
        }
        expect([type, sort, seen.length, new Set(seen).size]).toEqual([type, sort, total, total]);
      }
  });

  test('weights: what is found at each motion_type', async () => {
    for (const [i, type] of ['m', 'a', 'h'].entries())
      await upload('weights', `2021-06-01T0${i}:00:00Z.jpg`, `&img_type=${type}`);
    const found = async (type: string) => (await search(`sources=weights&motion_type=${type}`)).count;
    expect([await found('all'), await found('smo'), await found('imo'), await found('lmo')]).toEqual([
      3, 2, 1, 0,
    ]);
  });

  test('a thumbnail fits in and is never enlarged; the cover alone or all', async () => {
    await upload('thumbs', '2021-07-01T00:00:00Z.jpg');
    await upload('thumbs', '2021-07-01T00:00:10Z.jpg', '&rotation=90');
    const size = async (query: string) => {
      const [bucket] = (await search(`sources=thumbs&${query}`)).buckets;
      return Promise.all(
        bucket.images.map(async (image: Json) => {
          if (!image.image_bytes) return null;
          const { width, height } = await sharp(Buffer.from(image.image_bytes, 'base64')).metadata();
          return [width, height];
        }),
      );
    };
    expect(await size('')).toEqual([null, null]);
    expect(await size('fetch_cover_thumbnails=true')).toEqual([[150, 84], null]);
    expect(await size('fetch_all_thumbnails=true')).toEqual([
      [150, 84],
      [63, 112],
    ]);
    expect(await size('fetch_all_thumbnails=true&w=5000&h=5000')).toEqual([
      [320, 180],
      [180, 320],
    ]);
    const [plain] = (await search('sources=thumbs&fetch_motion_boxes=true&fetch_access_tokens=true')).buckets;
    expect(plain.images[0]).toMatchObject({ motion_boxes: [], access_token: expect.any(String) });
  });
});

describe('uploads', () => {
  test.each<[query: string, status: number]>([
    ['', 400],
    ['camera_id=', 400],
    ['camera_id=q&upload_mode=both', 400],
    ['camera_id=q&img_type=M', 400],
    ['camera_id=q&rotation=91', 400],
    ['camera_id=q&video_length=0', 400],
    ['camera_id=q&video_length=long', 400],
    ['camera_id=q&options=all', 400],
    ['camera_id=q&options=parse_timestamp,no_analysis&rotation=270&img_type=h&x=y', 200],
  ])('%s (%i)', async (query, status) => {
    const answer = await ask(`POST /users/upload-token/cameras/q/content/?${query}`, {
      token: null,
      raw: new Uint8Array(picture),
      headers: { 'content-type': 'application/json' },
    });
    expect(answer.status).toBe(status);
  });

  test('the camera: by camera_id, else by name in any case, else made; its id stays the one given', async () => {
    const send = (name: string, id: string) =>
      ask(`POST /users/me/cameras/${name}/content?camera_id=${id}`, { raw: new Uint8Array(picture) });
    expect((await send('lawn', 'mac1')).json).toMatchObject({ source: 'lawn', camera_id: 'mac1' });
    expect((await send('other', 'mac1')).json).toMatchObject({ source: 'lawn', camera_id: 'mac1' });
    expect((await send('LAWN', 'mac2')).json).toMatchObject({ source: 'lawn', camera_id: 'mac1' });
    expect((await send('FRONT', 'mac3')).json).toMatchObject({ source: 'front', camera_id: FRONT });
    expect((await ask('GET /users/me/cameras/mac1')).json).toMatchObject({
      ...{ name: 'lawn', camera_id: 'mac1', is_online: true, capabilities: ['video'] },
      resolution: { width: 320, height: 180, aspect_ratio: 1.7777778 },
    });
    expect((await ask('GET /users/me/cameras/other')).status).toBe(404);
  });

  test('no_analysis makes a video an event; otherwise one waits for an event that it overlaps', async () => {
    const own = await upload('clips', '2021-08-01T00:00:00Z.mp4', '&options=no_analysis', mp4);
    expect(own.json).toMatchObject({ event_id: expect.any(String), content_type: 'video/mp4' });
    const joins = await upload('clips', '2021-08-01T00:00:02Z.mp4', '', mp4);
    expect(joins.json.event_id).toBe(own.json.event_id);
    expect((await upload('clips', '2021-08-01T01:00:00Z.mp4', '', mp4)).json.event_id).toBeNull();
    const [bucket] = (await search('sources=clips&content_type=video')).buckets;
    expect(bucket.images.map((image: Json) => [image.id, image.content_type])).toEqual([
      [own.json.id, 'video/mp4'],
      [joins.json.id, 'video/mp4'],
    ]);
    const path = `GET /users/me/cameras/clips/content/${own.json.id}`;
    expect((await ask(path)).bytes.equals(mp4)).toBe(true);
    const tail = await ask(path, { headers: { range: 'bytes=-10' } });
    expect([tail.status, tail.bytes.equals(mp4.subarray(-10))]).toEqual([206, true]);
    expect((await ask(path, { headers: { range: `bytes=${mp4.length}-` } })).status).toBe(416);
    const live = await ask('GET /content/live/clips/?output=jpeg');
    expect([live.status, (await sharp(live.bytes).metadata()).width]).toEqual([200, 320]);
  });

  test('a deleted camera is gone with its events and content', async () => {
    const sent = await upload('goes', '2021-09-01T00:00:00Z.jpg');
    expect((await ask('DELETE /users/me/cameras/GOES')).status).toBe(204);
    expect((await ask('DELETE /users/me/cameras/goes')).status).toBe(404);
    expect((await search('sources=goes')).count).toBe(0);
    expect((await ask(`GET /search?event=${sent.json.event_id}`)).status).toBe(404);
  });
});

describe('a view token opens its share alone', () => {
  test('of events, labels, cameras and times', async () => {
    const shown = await upload('shown', '2021-10-01T00:00:00Z.jpg');
    const early = await upload('shown', '2021-09-30T00:00:00Z.jpg');
    const hidden = await upload('hidden', '2021-10-01T00:00:00Z.jpg');
    const share = async (query: unknown, type = 'public') =>
      (await ask('POST /users/me/camios', { body: { type, query } })).json.view_token as string;
    const bySpan = await share({ cameras: ['SHOWN'], start_date: '2021-10-01T00:00:00Z', sort: 'asc' });
    const byEvent = await share({ events: [early.json.event_id] });
    const found = async (tokens: string) =>
      (await search(`view_tokens=${tokens}&motion_type=all`, null)).buckets.map(
        (bucket: Json) => bucket.bucket_id,
      );
    expect(await found(bySpan)).toEqual([shown.json.event_id]);
    expect(await found(byEvent)).toEqual([early.json.event_id]);
    expect(await found(`${bySpan},none,${byEvent}`)).toEqual([shown.json.event_id, early.json.event_id]);
    const rows: Row[] = [
      { call: `GET /search?view_tokens=${bySpan}&event=${hidden.json.event_id}`, status: 404 },
      { call: `GET /search?view_tokens=${bySpan}&event_as_date=${hidden.json.event_id}`, status: 404 },
      { call: `GET /search?view_tokens=${bySpan}&event_as_date=${early.json.event_id}`, status: 404 },
      { call: `GET /search?view_tokens=${bySpan}&event_as_date=${shown.json.event_id}`, status: 200 },
      { call: `GET /search?view_tokens=${bySpan}&object_type=camios`, status: 401 },
      { call: `GET /content/live/shown?view_tokens=${bySpan}`, status: 200 },
      { call: `GET /content/live/hidden?view_tokens=${bySpan}`, status: 404 },
      { call: `GET /content/live/shown?view_tokens=${byEvent}`, status: 404 },
      { call: 'GET /content/live/shown?view_tokens=none', status: 401 },
      { call: `GET /users/me/cameras/shown/content/${shown.json.id}?view_tokens=${bySpan}`, status: 401 },
      { call: `GET /users/me/camios?view_tokens=${bySpan}`, status: 401 },
      { call: `GET /users/${bySpan}/camios`, status: 401 },
      { call: `POST /camios/${bySpan}/downloads`, status: 401 },
    ];
    for (const row of rows) await check({ ...row, token: null });
    const own = await ask(`GET /search?object_type=camios&view_tokens=${bySpan}`);
    expect(own.json.result.buckets.map((bucket: Json) => bucket.view_token)).toEqual([bySpan]);
    const inner = await share({ cameras: ['shown'], start_date: '2021-01-01T00:00:00Z' }, 'private');
    await check({ call: `GET /content/live/shown?view_tokens=${inner}`, token: null, status: 401 });
    await check({ call: `GET /content/live/shown?view_tokens=${inner}`, status: 200 });
    expect((await fetch(`${engine.url}/?v=${inner}&key=embed-key`)).status).toBe(404);
    expect((await fetch(`${engine.url}/?v=none`)).status).toBe(403);
  });
});

describe('access control', () => {
  const door = (call: string, body?: unknown) =>
    ask(`${call.replace(' ', ` ${PACS}`)}`, { token: 'door-token', body });

  test('a report is found by its labels, at each camera of the reader, and fires hooks', async () => {
    const hooks = [
      ['/unlocked', 'FRONT door entries unlocked smith'],
      ['/other-camera', 'back yard entry'],
      ['/other-word', 'front jones'],
    ] as const;
    for (const [path, query] of hooks)
      await ask('POST /users/me/hooks', { body: { ...HOOK, callback_url: url(path), query } });
    const report = {
      ...{
        device_id: 'd1',
        timestamp: '2021-11-01T17:30:10.000Z',
        event_type: 'Entry Unlocked',
        labels: ['Entries', 'Building 5'],
      },
      ...{ actor_id: 'T.1', actor_name: 'Tester Smith', actor_email: 'tsmith@example.com' },
    };
    for (const method of ['POST', 'PUT']) {
      const answer = await door(`${method} /webhooks/`, report);
      expect([answer.status, answer.text]).toEqual([204, '']);
    }
    const found = await search('labels=entry%20unlocked,building%205,tester%20smith,t.1&motion_type=lmo');
    expect(found.buckets.map((bucket: Json) => bucket.source).sort()).toEqual(['front', 'front door']);
    expect(found.buckets[0]).toMatchObject({
      earliest_date: '2021-11-01T17:30:10.000-0000',
      max_interest_level: 2,
      labels: ['entry unlocked', 'Entries', 'Building 5', 'T.1', 'Tester Smith', 'tsmith@example.com'],
    });
    const fired = await until('the hook', () => received.find(({ path }) => path === '/unlocked'), 5000);
    expect(fired.body.event).toMatchObject({ source: 'front door', labels: found.buckets[0].labels });
    expect(received.filter(({ path }) => path.startsWith('/other'))).toEqual([]);
  });

  test('readers are replaced, cleared and read; each has a name', async () => {
    await door('POST /devices', { readers: [{ device_id: 'a' }, { device_id: 'b', device_name: 'B' }] });
    expect((await door('GET /devices')).json).toEqual({
      readers: [
        { device_id: 'a', device_name: 'a' },
        { device_id: 'b', device_name: 'B' },
      ],
    });
    expect((await door('PUT /devices', { readers: [{ device_id: 'a' }, { device_id: 'a' }] })).status).toBe(
      204,
    );
    const seen = { device_id: 'd1', timestamp: '2021-11-02T17:30:10Z', labels: ['x'] };
    expect((await door('POST /webhooks', seen)).status).toBe(204);
    expect((await door('POST /webhooks', { ...seen, device_id: 'a' })).status).toBe(404);
    expect((await door('POST /devices', { readers: [] })).status).toBe(204);
    expect((await door('GET /devices')).status).toBe(404);
    expect((await door('POST /webhooks', {})).status).toBe(403);
  });
});

test('a callback that fails or never answers is told again, and holds up nobody', async () => {
  for (const path of ['/silent', '/broken', '/well'])
    await ask('POST /users/me/hooks', { body: { ...HOOK, callback_url: url(path), query: 'porch' } });
  const sent = await upload('porch', '2022-01-01T00:00:00Z.jpg');
  const well = await until('the one that answers', () => received.find(({ path }) => path === '/well'), 5000);
  expect(well.body).toEqual({
    hook_id: expect.stringMatching(/^\d+$/),
    event: {
      ...{ id: sent.json.event_id, source: 'porch', labels: [] },
      ...{ earliest_date: '2022-01-01T00:00:00.000-0000', latest_date: '2022-01-01T00:00:00.000-0000' },
    },
  });
  await until('a second attempt', () => received.filter(({ path }) => path === '/broken').length >= 2, 5000);
  expect(received.filter(({ path }) => path === '/silent')).toHaveLength(1);
});

describe('what the UI makes and shows', () => {
  test('a hook: its test arrives, and its state comes with the answer received', async () => {
    const made = await engine.send<Json>('POST', '/hooks', {
      callbackUrl: url('/tested?key=1'),
      query: 'front blue',
    });
    expect(made).toMatchObject({ query: 'front blue', lastDelivery: null });
    await engine.send('POST', `/hooks/${made.id}/test`);
    const sent = await until('the test', () => received.find(({ path }) => path === '/tested?key=1'), 5000);
    expect(sent.body).toMatchObject({ hook_id: String(made.id), event: { id: 'test', labels: ['blue'] } });
    const delivered = await until('its outcome', async () => {
      const hook = (await engine.get<Json[]>('/hooks')).find(({ id }) => id === made.id);
      return hook.lastDelivery?.state === 'delivered' && hook.lastDelivery;
    });
    expect(delivered).toMatchObject({
      attempts: 1,
      answerStatus: 200,
      answer: 'so be it',
      url: url('/tested'),
    });
    const all = await engine.get<Json[]>('/deliveries?state=delivered');
    expect(all.some(({ id }) => id === delivered.id)).toBe(true);
    expect(all.every(({ state }) => state === 'delivered')).toBe(true);
    await engine.send('DELETE', `/hooks/${made.id}`);
    expect((await ask(`GET /users/me/hooks/${made.id}`)).status).toBe(404);
    expect((await engine.get<Json[]>('/deliveries')).some(({ id }) => id === delivered.id)).toBe(false);
  });

  test('an OAuth client: its secret is shown once, and its tokens end with it', async () => {
    const redirectUri = 'http://127.0.0.1:9/app';
    const made = await engine.send<Json>('POST', '/oauth-clients', {
      clientId: 'app',
      redirectUris: [redirectUri],
    });
    expect(await engine.get('/oauth-clients')).toContainEqual({
      clientId: 'app',
      redirectUris: [redirectUri],
    });
    const query = new URLSearchParams({ client_id: 'app', ...ACCOUNT, decision: 'allow' });
    const allowed = await ask(`POST /login/oauth/authorize?${query}`, { token: null });
    const code = new URL(allowed.headers.get('location')!).searchParams.get('code')!;
    const given = await ask('POST /login/oauth/access_token', {
      token: null,
      body: { client_id: 'app', client_secret: made.clientSecret, code, redirect_uri: redirectUri },
      headers: { accept: 'application/json' },
    });
    const token = given.json.access_token;
    expect((await ask('GET /users/me/cameras', { token })).status).toBe(200);
    await expect(
      engine.send('POST', '/oauth-clients', { clientId: 'app', redirectUris: [redirectUri] }),
    ).rejects.toThrow('409');
    await engine.send('DELETE', '/oauth-clients/app');
    expect((await ask('GET /users/me/cameras', { token })).status).toBe(401);
    expect((await ask('GET /login/oauth/authorize?client_id=app', { token: null })).status).toBe(400);
  });

  test('a replaced upload token and a revoked embed key are good no longer', async () => {
    const send = (token: string) =>
      ask(`PUT /users/${token}/cameras/renewed/content?camera_id=renewed`, {
        token: null,
        raw: new Uint8Array(picture),
      });
    const { token } = await engine.send<Json>('POST', '/upload-token/rotate');
    expect([(await send('upload-token')).status, (await send(token)).status]).toEqual([401, 200]);
    expect((await ask('GET /users/me/tokens/upload')).json).toBe(token);
    const made = await engine.send<Json>('POST', '/embed-keys', { name: 'Intranet' });
    expect(await engine.get('/embed-keys')).toContainEqual(expect.objectContaining({ name: 'Intranet' }));
    const share = await ask('POST /users/me/camios', { body: { query: { cameras: ['renewed'] } } });
    const page = () => fetch(`${engine.url}/?v=${share.json.view_token}&key=${made.key}`);
    expect((await page()).status).toBe(200);
    await engine.send('DELETE', `/embed-keys/${made.id}`);
    expect((await page()).status).toBe(403);
  });
});
