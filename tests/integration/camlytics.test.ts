/** The Camlytics API over real HTTP: signatures, nonces over a restart, dictionaries, events, totals, webhooks. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { until } from '../fixtures/engine.ts';
import {
  call,
  FRONT,
  type IntegrationEngine,
  KEY,
  SIDE,
  signed,
  startIntegrationEngine,
} from '../fixtures/integration-engine.ts';

const BASE = '/service/api/v1';
let fixture: IntegrationEngine;
let nonce = 100;

beforeAll(async () => {
  fixture = await startIntegrationEngine({ live: false });
  const post = async (camera: string, startDate: string, eventType: string, attributes: object) => {
    const answer = await call(`${fixture.url}/integration-api/v1/cameras/${camera}/events`, 'POST', {
      headers: { 'x-integration-key': KEY },
      body: { startDate, eventType, attributes },
    });
    expect(answer.status).toBe(204);
  };
  await post(FRONT, '2026-04-10T08:00:00Z', 'LineCrossing', { line: 'Enter', label: 'human' });
  await post(FRONT, '2026-04-10T08:00:01.250Z', 'LineCrossing', { line: 'Enter', label: 'vehicle' });
  await post(FRONT, '2026-04-10T08:00:02Z', 'Intrusion', { zone: 'door', label: 'human' });
  await post(SIDE, '2026-04-10T08:00:03Z', 'Motion', {});
  await post(SIDE, '2026-04-10T08:00:04Z', 'Custom', { kind: 'tailgating' });
  await post(SIDE, '2026-04-10T08:00:05Z', 'Human', {});
});
afterAll(() => fixture?.stop());

/** `target` without prefix and nonce. */
function get(target: string, method = 'GET') {
  const full = `${BASE}${target}${target.includes('?') ? '&' : '?'}nonce=${nonce++}`;
  return call(fixture.url + full, method, { headers: signed(full) });
}

async function result(target: string) {
  const { status, json } = await get(target);
  expect(json).toEqual({ code: 0, msg: 'success', result: expect.any(Array) });
  expect(status).toBe(200);
  return json.result;
}

describe('key, signature, nonce', () => {
  test.each<[string, (target: string) => Record<string, string>, number]>([
    ['right', (target) => signed(target), 200],
    [
      'upper case',
      (target) => ({ ...signed(target), 'x-sign': signed(target)['x-sign']!.toUpperCase() }),
      200,
    ],
    ['no key', () => ({}), 401],
    ['unknown key', (target) => ({ ...signed(target), 'x-key': 'x' }), 401],
    ['wrong secret', (target) => signed(target, 'x'), 401],
    ['another target', (target) => signed(`${target}0`), 401],
    ['no hex', (target) => ({ ...signed(target), 'x-sign': 'zz' }), 401],
  ])('%s', async (_name, headers, status) => {
    const target = `${BASE}/events/?since=2020-10-13T06%3A12%3A00.000%2B01%3A00&nonce=${nonce++}`;
    const answer = await call(fixture.url + target, 'GET', { headers: headers(target) });
    expect(answer.status).toBe(status);
    if (status !== 200) expect(answer.json).toEqual({ code: status, msg: expect.any(String), result: [] });
  });

  test('a nonce counts once, for good, even if the request fails; a wrong signature moves nothing', async () => {
    const ask = async (value: string, secret?: string) => {
      const target = `${BASE}/events?limit=0${value === '' ? '' : `&nonce=${value}`}`;
      return (await call(fixture.url + target, 'GET', { headers: signed(target, secret) })).status;
    };
    for (const value of ['', '-1', '1.5', 'x', '9007199254740992']) expect(await ask(value), value).toBe(400);
    const now = nonce++;
    expect(await ask(String(now + 1000), 'wrong')).toBe(401);
    expect(await ask(String(now))).toBe(400);
    expect(await ask(String(now))).toBe(401);
    await fixture.restart();
    expect(await ask(String(now))).toBe(401);
    expect(await ask(String(nonce++))).toBe(400);
  });

  test('other methods and paths', async () => {
    const post = await get('/events', 'POST');
    expect([post.status, post.headers.get('allow')]).toEqual([405, 'GET']);
    expect((await call(`${fixture.url}${BASE}/nowhere`, 'GET')).json).toMatchObject({
      code: 404,
      result: [],
    });
  });
});

test('dictionaries', async () => {
  expect(await result('/locations?location_id=2')).toEqual([
    { id: 2, name: 'Store', version: expect.any(String), hash: expect.stringMatching(/^[A-Za-z0-9+/]+=*$/) },
  ]);
  expect(await result('/locations?location_id=77')).toEqual([]);
  expect(await result(`/channels?channel_id=${FRONT}&location_id=2`)).toEqual([
    { id: FRONT, location_id: 1, name: 'front', active: 1, paid: 1 },
  ]);
  const triggers = await result('/triggers?location_id=1');
  expect(triggers).toEqual([
    { id: expect.any(String), location_id: 1, channel_id: FRONT, name: 'Enter', type: 'Line', active: 1 },
    { id: expect.any(String), location_id: 1, channel_id: FRONT, name: 'door', type: 'Zone', active: 1 },
  ]);
  expect(await result(`/triggers?trigger_id=${triggers[1].id}&channel_id=${SIDE}`)).toEqual([triggers[1]]);
});

test('events: shape, filters, cursor, order', async () => {
  const events = await result('/events');
  expect(
    events.map((event: { event_type: string; origin: string }) => `${event.event_type} ${event.origin}`),
  ).toEqual([
    'TripwireCrossed Pedestrian',
    'TripwireCrossed Vehicle',
    'RegionJoin Pedestrian',
    'MotionInRegionOn Unknown',
    'Tailgating Pedestrian',
  ]);
  const [enter] = await result('/triggers');
  expect(events[0]).toEqual({
    id: expect.any(Number),
    location_id: 1,
    channel_id: FRONT,
    trigger_id: enter.id,
    event_type: 'TripwireCrossed',
    origin: 'Pedestrian',
    object_id: null,
    event_time: '2026-04-10T08:00:00.000+00:00',
    snapshot_id: expect.any(Number),
    record_id: expect.any(Number),
  });
  const ids = async (query: string) =>
    (await result(`/events?${query}`)).map((event: { id: number }) =>
      events.findIndex((other: { id: number }) => other.id === event.id),
    );
  expect(await ids('order=DESC&limit=2')).toEqual([4, 3]);
  expect(await ids(`starting_after=${events[1].id}&limit=5000`)).toEqual([2, 3, 4]);
  expect(await ids('since=2026-04-10T08:00:01.250Z&until=2026-04-10T10:00:03+02:00')).toEqual([1, 2, 3]);
  expect(await ids(`trigger_id=${enter.id}&channel_id=${SIDE}&location_id=2`)).toEqual([0, 1]);
  expect(await ids(`channel_id=${SIDE}&location_id=1`)).toEqual([3, 4]);
  expect(await ids('location_id=1&event_type=RegionJoin')).toEqual([2]);
  expect(await ids('origin=Vehicle')).toEqual([1]);
  expect(await ids('channel_id=nobody')).toEqual([]);
  for (const bad of [
    'limit=0',
    'limit=x',
    'event_type=Human',
    'origin=Dog',
    'order=up',
    'since=x',
    'location_id=a',
  ])
    expect((await get(`/events?${bad}`)).status, bad).toBe(400);
});

test('totals', async () => {
  const [enter] = await result('/triggers');
  expect(await result('/totals/triggers?location_id=1&origin=Pedestrian')).toEqual([
    { trigger_id: enter.id, trigger_name: 'Enter', location_id: 1, channel_id: FRONT, count: 1 },
    { trigger_id: expect.any(String), trigger_name: 'door', location_id: 1, channel_id: FRONT, count: 1 },
  ]);
  expect(await result(`/totals/types?channel_id=${FRONT}`)).toEqual([
    { type: 'TripwireCrossed', channel_id: FRONT, count: 2 },
    { type: 'RegionJoin', channel_id: FRONT, count: 1 },
  ]);
});

test('webhooks of a location and of a channel', async () => {
  const hooks = await until('five webhooks', () => (fixture.received.length >= 5 ? fixture.received : null));
  expect(hooks.map((hook) => hook.path).sort()).toEqual(['/side', '/side', '/site', '/site', '/site']);
  const first = hooks
    .flatMap((hook) => hook.body as Array<Record<string, unknown>>)
    .find((event) => event.event_time === '2026-04-10 08:00:01.250');
  expect(first).toMatchObject({ id: null, location_id: 1, event_type: 'TripwireCrossed', origin: 'Vehicle' });
});

test('the UI manages sites, rooms, pausing, keys and webhooks', async () => {
  const { engine } = fixture;
  const site = await engine.send<{ id: number }>('POST', '/sites', { name: 'Annex' });
  const room = await engine.send<{ id: number }>('POST', '/rooms', { siteId: 2, name: 'Hall' });
  await engine.send('PATCH', `/rooms/${room.id}`, { cameraIds: [SIDE] });
  const { key, id } = await engine.send<{ key: string; id: string }>('POST', '/integration-keys', {
    name: 'VMS',
  });
  const camera = await call(`${fixture.url}/integration-api/v1/cameras/${SIDE}`, 'GET', {
    headers: { 'x-integration-key': key },
  });
  expect(camera.json.location).toEqual({
    id: '2',
    title: 'Store',
    room: { id: String(room.id), title: 'Hall' },
  });
  await expect(engine.send('DELETE', '/sites/2')).rejects.toThrow('409');
  await engine.send('DELETE', `/sites/${site.id}`);
  await engine.send('PUT', `/cameras/${SIDE}/paused`, { paused: true });
  expect((await result(`/channels?channel_id=${SIDE}`))[0].active).toBe(0);
  await engine.send('DELETE', `/integration-keys/${id}`);
  const [webhook] =
    await engine.get<Array<{ id: number; lastDelivery: { state: string } }>>('/camlytics-webhooks');
  expect(webhook!.lastDelivery.state).toBe('delivered');
  fixture.received.length = 0;
  await engine.send('POST', `/camlytics-webhooks/${webhook!.id}/test`, {});
  const told = await until('the test', () => fixture.received[0]);
  expect(told).toMatchObject({
    path: '/site',
    body: [{ id: null, channel_id: FRONT, record_id: expect.any(Number) }],
  });
  await engine.send('DELETE', `/camlytics-webhooks/${webhook!.id}`);
  expect(await engine.get('/camlytics-webhooks')).toHaveLength(1);
});
