/** The access-control API over real HTTP: every status of the reference and of the API contract. */
import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { AccessEvent } from '../../src/shared/domain-events.ts';
import { type ApiFixture, startApi } from './api-fixture.ts';

const TOKEN = 'pacs-token';
const WRONG_SCOPE = 'user-token';
const BASE = '/api/integrations/pacs';
const device = { device_id: 'd1', device_name: 'Test Device' };
const report = {
  device_id: 'd1',
  timestamp: '2021-11-01T17:30:10.000Z',
  event_type: 'Entry Unlocked',
  labels: ['South Entry', 'Building 5'],
  actor_id: 'T.Smith0129486',
  actor_name: 'Tester Smith',
  actor_email: 'tsmith@example.com',
};

/** The machine may be busy with other tests. */
const waitFor = (condition: () => void) => vi.waitFor(condition, { timeout: 20_000 });

let api: ApiFixture;
let told: AccessEvent[];

beforeAll(async () => {
  api = await startApi();
  await api.provision({
    cameras: [
      { name: 'front', readers: ['d1'] },
      { name: 'hall', readers: ['d1', 'd9'] },
    ],
    credentials: {
      oauthTokens: [
        { token: TOKEN, scopes: ['annotations:write'] },
        { token: WRONG_SCOPE, scopes: ['user'] },
      ],
    },
  });
  api.access.subscribe((event) => told.push(event));
});
afterAll(() => api.stop());

beforeEach(async () => {
  told = [];
  api.clock.advance(120_000);
  api.stores.reports.removeBefore(Number.MAX_SAFE_INTEGER);
  for (const camera of api.stores.cameras.list()) await api.events.forgetCamera(camera.id);
  api.stores.readers.replaceAll([{ deviceId: 'd1', deviceName: 'Test Device' }]);
});

interface Call {
  method?: string;
  path?: string;
  authorization?: string | null;
  contentType?: string | null;
  body?: unknown;
}

async function call({ method = 'POST', path = '/webhooks', authorization, contentType, body }: Call) {
  const headers: Record<string, string> = {};
  if (authorization !== null) headers.authorization = authorization ?? `Bearer ${TOKEN}`;
  if (contentType !== null) headers['content-type'] = contentType ?? 'application/json';
  const payload = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body);
  const response = await fetch(`${api.url}${BASE}${path}`, { method, headers, body: payload });
  const text = await response.text();
  return { status: response.status, text, json: text ? JSON.parse(text) : null, headers: response.headers };
}

describe('every status', () => {
  test.each<[string, Call, number]>([
    // devices
    ['POST devices', { path: '/devices', body: { readers: [device] } }, 204],
    ['PUT devices', { method: 'PUT', path: '/devices', body: { readers: [device] } }, 204],
    ['a trailing slash', { path: '/devices/', body: { readers: [device] } }, 204],
    ['no name', { path: '/devices', body: { readers: [{ device_id: 'x' }] } }, 204],
    [
      'unknown keys',
      { path: '/devices?x=1', body: { readers: [{ ...device, colour: 1 }], more: true } },
      204,
    ],
    ['no readers at all', { path: '/devices', body: { readers: [] } }, 204],
    ['an empty object', { path: '/devices', body: {} }, 400],
    ['an empty body', { path: '/devices' }, 400],
    ['an empty body of JSON type', { path: '/devices', body: '' }, 400],
    ['blanks only', { path: '/devices', body: '  ' }, 400],
    ['no JSON', { path: '/devices', body: '{readers:' }, 400],
    ['a list', { path: '/devices', body: [device] }, 400],
    ['null', { path: '/devices', body: null as unknown as string }, 400],
    ['a number', { path: '/devices', body: '7' }, 400],
    ['readers no list', { path: '/devices', body: { readers: device } }, 400],
    ['a blank device_id', { path: '/devices', body: { readers: [{ device_id: ' ' }] } }, 400],
    ['a device_id that is no text', { path: '/devices', body: { readers: [{ device_id: 7 }] } }, 400],
    [
      'a form type',
      { path: '/devices', contentType: 'application/x-www-form-urlencoded', body: { readers: [device] } },
      204,
    ],
    [
      'a text type',
      { path: '/devices', contentType: 'text/plain;charset=x', body: { readers: [device] } },
      204,
    ],
    ['a broken type', { path: '/devices', contentType: 'nonsense', body: { readers: [device] } }, 204],
    ['GET devices', { method: 'GET', path: '/devices' }, 200],
    ['DELETE devices', { method: 'DELETE', path: '/devices' }, 400],
    ['PATCH devices', { method: 'PATCH', path: '/devices', body: { readers: [device] } }, 400],
    ['OPTIONS devices', { method: 'OPTIONS', path: '/devices' }, 400],
    // credentials
    ['no credential', { path: '/devices', authorization: null }, 401],
    ['a wrong token', { path: '/devices', authorization: 'Bearer nonsense' }, 401],
    ['basic', { path: '/devices', authorization: `Basic ${TOKEN}` }, 401],
    ['token T', { method: 'GET', path: '/devices', authorization: `token ${TOKEN}` }, 200],
    ['TOKEN T', { method: 'GET', path: '/devices', authorization: `TOKEN ${TOKEN}` }, 200],
    ['bearer T', { method: 'GET', path: '/devices', authorization: `bearer ${TOKEN}` }, 200],
    [
      'access_token on GET',
      { method: 'GET', path: `/devices?access_token=${TOKEN}`, authorization: null },
      200,
    ],
    [
      'access_token on POST',
      { path: `/devices?access_token=${TOKEN}`, authorization: null, body: { readers: [device] } },
      401,
    ],
    [
      'the wrong scope',
      { path: '/devices', authorization: `Bearer ${WRONG_SCOPE}`, body: { readers: [device] } },
      403,
    ],
    // the order of checks
    ['unknown path before credentials', { method: 'GET', path: '/nowhere', authorization: null }, 404],
    ['credentials before method', { method: 'DELETE', path: '/devices', authorization: null }, 401],
    [
      'method before scope',
      { method: 'DELETE', path: '/devices', authorization: `Bearer ${WRONG_SCOPE}` },
      400,
    ],
    ['scope before input', { path: '/devices', authorization: `Bearer ${WRONG_SCOPE}`, body: '{' }, 403],
    [
      'input before object',
      { path: '/webhooks', body: { ...report, device_id: 'unknown', timestamp: 'x' } },
      400,
    ],
    // webhooks
    ['POST webhooks', { body: report }, 204],
    ['PUT webhooks', { method: 'PUT', body: report }, 204],
    ['GET webhooks', { method: 'GET' }, 400],
    ['DELETE webhooks', { method: 'DELETE' }, 400],
    [
      'a type alone',
      { body: { device_id: 'd1', timestamp: report.timestamp, event_type: 'FORCED OPEN' } },
      204,
    ],
    ['labels alone', { body: { device_id: 'd1', timestamp: report.timestamp, labels: ['x'] } }, 204],
    ['neither type nor labels', { body: { device_id: 'd1', timestamp: report.timestamp } }, 400],
    ['no labels and no type', { body: { device_id: 'd1', timestamp: report.timestamp, labels: [] } }, 400],
    ['no device', { body: { ...report, device_id: undefined } }, 400],
    ['no timestamp', { body: { ...report, timestamp: undefined } }, 400],
    ['a timestamp that is none', { body: { ...report, timestamp: 'yesterday' } }, 400],
    ['a number as timestamp', { body: { ...report, timestamp: 1635787810 } }, 400],
    ['an unknown type', { body: { ...report, event_type: 'door opened' } }, 400],
    ['labels that are no texts', { body: { ...report, labels: [1] } }, 400],
    ['labels no list', { body: { ...report, labels: 'x' } }, 400],
    ['an actor_id that is no text', { body: { ...report, actor_id: 7 } }, 400],
    ['an actor_email that is no address', { body: { ...report, actor_email: 'tsmith' } }, 400],
    ['an empty report', {}, 400],
    ['a device on no camera', { body: { ...report, device_id: 'd7' } }, 404],
    ['a device that is listed no more but still on a camera', { body: { ...report, device_id: 'd9' } }, 204],
    ['zone +01:00', { body: { ...report, timestamp: '2021-11-01T18:30:10+01:00' } }, 204],
    [
      'zone -0000 and 9 digits',
      { body: { ...report, timestamp: '2021-11-01T17:30:10.123456789-0000' } },
      204,
    ],
    ['no zone', { body: { ...report, timestamp: '2021-11-01T17:30:10' } }, 204],
    ['10 digits', { body: { ...report, timestamp: '2021-11-01T17:30:10.1234567890Z' } }, 400],
  ])('%s', async (_name, given, status) => {
    const answer = await call(given);
    expect(answer.status).toBe(status);
    if (status === 204) expect(answer.text).toBe('');
    if (status >= 400) {
      expect(answer.json).toEqual({ message: expect.any(String) });
      expect(answer.text).not.toMatch(/\.ts|at \w+ \(/);
      expect(answer.headers.get('content-type')).toContain('application/json');
    }
  });

  test('unsupported methods name the supported ones', async () => {
    expect((await call({ method: 'DELETE', path: '/devices' })).headers.get('allow')).toBe('GET, POST, PUT');
    expect((await call({ method: 'GET', path: '/webhooks' })).headers.get('allow')).toBe('POST, PUT');
  });

  test('methods that fetch does not know', async () => {
    const status = await new Promise((done, fail) => {
      const options = { method: 'PROPFIND', headers: { authorization: `token ${TOKEN}` } };
      httpRequest(`${api.url}${BASE}/devices`, options, (response) => {
        response.resume();
        done(response.statusCode);
      })
        .on('error', fail)
        .end();
    });
    expect(status).toBe(400);
  });

  test('no readers stored: 404 to read them, 403 to report', async () => {
    expect((await call({ path: '/devices', body: { readers: [] } })).status).toBe(204);
    expect((await call({ method: 'GET', path: '/devices' })).status).toBe(404);
    expect((await call({ body: report })).status).toBe(403);
  });

  test('too large is 413, in the same shape', async () => {
    const answer = await call({
      path: '/devices',
      body: { readers: [device], filler: 'x'.repeat(1024 * 1024) },
    });
    expect([answer.status, answer.json]).toEqual([413, { message: expect.any(String) }]);
  });
});

test('devices come back as they were sent, the id as name where none was given', async () => {
  await call({
    path: '/devices',
    body: { readers: [device, { device_id: 'd2' }, { device_id: 'd3', device_name: '' }] },
  });
  const { json } = await call({ method: 'GET', path: '/devices' });
  expect(json).toEqual({
    readers: [device, { device_id: 'd2', device_name: 'd2' }, { device_id: 'd3', device_name: 'd3' }],
  });
});

test('a report becomes an event of every camera that sees the reader, once, and reaches the rules', async () => {
  const heard: string[] = [];
  const undo = api.events.subscribe((event) => heard.push(event.cameraName));
  for (const event_type of ['Entry Unlocked', 'ENTRY UNLOCKED'])
    await call({ body: { ...report, event_type } });
  const events = api.events.list({ limit: 10 });
  expect(events.map((event) => event.cameraName).sort()).toEqual(['front', 'hall']);
  expect(events[0]).toMatchObject({
    type: 'access',
    startEpochMs: Date.UTC(2021, 10, 1, 17, 30, 10),
    labels: [
      'entry unlocked',
      'South Entry',
      'Building 5',
      'T.Smith0129486',
      'Tester Smith',
      'tsmith@example.com',
    ],
    detail: {
      access: {
        deviceId: 'd1',
        deviceName: 'Test Device',
        eventType: 'entry unlocked',
        actorName: 'Tester Smith',
      },
    },
  });
  expect(told).toHaveLength(1);
  expect(told[0]).toMatchObject({ deviceId: 'd1', eventType: 'entry unlocked', actorId: 'T.Smith0129486' });
  await waitFor(() => expect(heard.sort()).toEqual(['front', 'hall']));
  undo();

  await call({ body: { ...report, actor_id: 'another' } });
  await call({ body: { ...report, timestamp: '2021-11-01T17:30:11Z' } });
  expect(api.events.list({ limit: 10 })).toHaveLength(6);
});

test('a credential has 600 requests at once and 20 more each second', async () => {
  const read = () => call({ method: 'GET', path: '/devices' });
  for (let i = 0; i < 6; i++) {
    const answers = await Promise.all(Array.from({ length: 100 }, read));
    expect(answers.every((answer) => answer.status === 200)).toBe(true);
  }
  const refused = await read();
  expect([refused.status, refused.json, refused.headers.get('retry-after')]).toEqual([
    429,
    { message: expect.any(String) },
    '1',
  ]);
  expect((await call({ path: '/nowhere' })).status).toBe(404);
  expect((await call({ method: 'DELETE', path: '/devices' })).status).toBe(429);
  api.clock.advance(1000);
  const after = await Promise.all(Array.from({ length: 25 }, read));
  expect(after.filter((answer) => answer.status === 200)).toHaveLength(20);
});

test('an address has 300 failed authentications a minute; good credentials stay good', async () => {
  const guess = () => call({ method: 'GET', path: '/devices', authorization: 'Bearer guess' });
  for (let i = 0; i < 3; i++) {
    const answers = await Promise.all(Array.from({ length: 100 }, guess));
    expect(answers.every((answer) => answer.status === 401)).toBe(true);
  }
  const refused = await guess();
  expect(refused.status).toBe(429);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  expect((await call({ method: 'GET', path: '/devices' })).status).toBe(200);
  api.clock.advance(60_000);
  expect((await guess()).status).toBe(401);
});
