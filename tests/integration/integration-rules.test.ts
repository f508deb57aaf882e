/** What fleet, Faceter and Camlytics share (api-wide rules): bodies, sizes, methods, shapes of errors, ids, and a camera that is one in all. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { until } from '../fixtures/engine.ts';
import {
  type Answer,
  call,
  FRONT,
  HQ,
  type IntegrationEngine,
  KEY,
  SIDE,
  signed,
  startIntegrationEngine,
  TOKEN,
} from '../fixtures/integration-engine.ts';

const FLEET = '/fleet/v1';
const FACETER = '/integration-api/v1';
const CAMLYTICS = '/service/api/v1';
/** No version 1 to 8, but an id all the same. */
const NOBODY = '00000000-0000-0000-0000-000000000001';
const START = '2026-04-10T08:00:00Z';
let fixture: IntegrationEngine;
let nonce = 1;

beforeAll(async () => {
  fixture = await startIntegrationEngine({ live: false });
});
afterAll(() => fixture?.stop());

/** `target` below the site; each API gets its own credential, Camlytics a nonce and a signature. */
function ask(method: string, target: string, body?: unknown, more: Record<string, string> = {}) {
  const full = target.startsWith(CAMLYTICS)
    ? `${target}${target.includes('?') ? '&' : '?'}nonce=${nonce++}`
    : target;
  const headers = {
    authorization: `Bearer ${TOKEN}`,
    'x-integration-key': KEY,
    ...(full.startsWith(CAMLYTICS) && signed(full)),
    ...more,
  };
  return call(fixture.url + full, method, { headers, body });
}

function shapeOf(target: string, code: number) {
  if (target.startsWith(CAMLYTICS)) return { code, msg: expect.any(String), result: [] };
  return { code, message: expect.any(String) };
}

function expectError(answer: Answer, target: string, status: number) {
  expect(answer.status, JSON.stringify(answer.json)).toBe(status);
  expect(answer.headers.get('content-type')).toContain('application/json');
  expect(answer.json).toEqual(shapeOf(target, status));
  expect(answer.bytes.toString()).not.toMatch(/\bat .+:\d+:\d+/);
}

describe('paths, methods, bodies', () => {
  test.each([FLEET, FACETER, CAMLYTICS])(
    '%s: what is no path is 404 before anybody is asked',
    async (api) => {
      for (const path of ['', '/', '/nowhere', '/cameras/a/b/c/d'])
        expectError(await call(fixture.url + api + path, 'GET'), api, 404);
      expectError(await ask('GET', `${api}/%zz`), api, 400);
    },
  );

  test.each<[string, string, number]>([
    [`${FLEET}/cameras/${'a'.repeat(2000)}`, 'GET', 422],
    [`${FACETER}/cameras/${'a'.repeat(2000)}`, 'GET', 404],
    [`${FLEET}/cameras/${NOBODY}`, 'GET', 404],
    [`${FLEET}/cameras/${NOBODY}`, 'DELETE', 404],
    [`${FLEET}/cameras?siteId=${NOBODY}x`, 'GET', 422],
    [`${FACETER}/cameras/${NOBODY}/events`, 'GET', 404],
    [`${FACETER}/cameras/${NOBODY}/events?limit=x`, 'GET', 400],
    [`${FACETER}/cameras/${FRONT}/archive/exports/${NOBODY}`, 'GET', 404],
    [`${FACETER}/cameras/${FRONT}/exports/audio/${NOBODY}`, 'GET', 404],
    [`${FACETER}/cameras/${FRONT}/events?limit=1.5`, 'GET', 400],
    [`${FACETER}/cameras/${FRONT}/events?limit=`, 'GET', 400],
    [`${FACETER}/cameras/${FRONT}/archive/clip?startDate=${START}`, 'GET', 400],
    [`${FACETER}/cameras/${FRONT}/archive/clip?startDate=${START}&duration=0`, 'GET', 400],
    [`${CAMLYTICS}/channels?location_id=1.5`, 'GET', 400],
    [`${CAMLYTICS}/events?event_type=regionjoin`, 'GET', 400],
    [`${CAMLYTICS}/totals/types?until=yesterday`, 'GET', 400],
  ])('%s %s: %i', async (target, method, status) => {
    expectError(await ask(method, target), target, status);
  });

  test.each<[string, string]>([
    [`${FLEET}/cameras`, 'POST, GET'],
    [`${FLEET}/cameras/${FRONT}`, 'GET, PATCH, DELETE'],
    [`${FLEET}/cameras/${FRONT}/state/paused`, 'PUT'],
    [`${FLEET}/cameras/${FRONT}/move`, 'POST'],
    [`${FLEET}/cameras/${FRONT}/opening-hours`, 'GET'],
    [`${FLEET}/cameras/${FRONT}/video-upload-metrics`, 'GET'],
    [`${FLEET}/frame-requests`, 'POST'],
    [`${FLEET}/register-camera-requests`, 'POST'],
    [`${FLEET}/put-camera-state-requests`, 'POST'],
    [`${FACETER}/integration-key/validate`, 'POST'],
    [`${FACETER}/cameras`, 'GET'],
    [`${FACETER}/cameras/${FRONT}`, 'GET'],
    [`${FACETER}/cameras/${FRONT}/events`, 'GET, POST'],
    [`${FACETER}/cameras/${FRONT}/recordings`, 'GET'],
    [`${FACETER}/cameras/${FRONT}/archive/clip`, 'GET'],
    [`${FACETER}/cameras/${FRONT}/archive/exports`, 'POST'],
    [`${FACETER}/cameras/${FRONT}/archive/exports/${NOBODY}`, 'GET'],
    [`${FACETER}/cameras/${FRONT}/exports/audio`, 'POST'],
    [`${FACETER}/cameras/${FRONT}/exports/audio/${NOBODY}`, 'GET'],
    [`${CAMLYTICS}/locations`, 'GET'],
    [`${CAMLYTICS}/channels`, 'GET'],
    [`${CAMLYTICS}/triggers`, 'GET'],
    [`${CAMLYTICS}/events`, 'GET'],
    [`${CAMLYTICS}/totals/triggers`, 'GET'],
    [`${CAMLYTICS}/totals/types`, 'GET'],
  ])('%s takes %s, with a slash at its end too, and nothing else', async (target, allow) => {
    for (const path of [target, `${target}/`]) {
      const refused = await ask('OPTIONS', path);
      expectError(refused, target, 405);
      expect(refused.headers.get('allow')).toBe(allow);
    }
    const anonymous = { authorization: '', 'x-integration-key': '', 'x-key': '' };
    expectError(await ask('OPTIONS', target, undefined, anonymous), target, 401);
  });

  test('bodies: any Content-Type, 1 MiB, for events 16 MiB', async () => {
    const camera = (serialNumber: string, padding = 0) => ({
      serialNumber,
      siteId: HQ,
      x: 'x'.repeat(padding),
    });
    for (const type of ['application/x-www-form-urlencoded', 'text/plain', 'nonsense']) {
      const made = await ask('POST', `${FLEET}/cameras`, camera(type), { 'content-type': type });
      expect(made.status, type).toBe(201);
    }
    for (const body of ['', 'null', '7', '[]', '"x"', '{', '\uFEFF'])
      expectError(await ask('POST', `${FLEET}/cameras`, body), FLEET, 400);
    expect((await ask('POST', `${FLEET}/cameras`, camera('large', 1_000_000))).status).toBe(201);
    expectError(await ask('POST', `${FLEET}/cameras`, camera('larger', 1_100_000)), FLEET, 413);
    const events = `${FACETER}/cameras/${FRONT}/events`;
    const event = (padding: number) => ({ startDate: START, eventType: 'Motion', x: 'x'.repeat(padding) });
    expect((await ask('POST', events, event(15_000_000))).status).toBe(204);
    expectError(await ask('POST', events, event(17_000_000)), FACETER, 413);
    const exports = `${FACETER}/cameras/${FRONT}/archive/exports`;
    expectError(await ask('POST', exports, event(1_100_000)), FACETER, 413);
  });
});

describe('Faceter: what an event may be', () => {
  const post = (more: object, camera = FRONT) =>
    ask('POST', `${FACETER}/cameras/${camera}/events`, { startDate: START, eventType: 'Motion', ...more });

  test.each<[string, object, number]>([
    ['nulls are absent', { endDate: null, eventId: null, instant: null, grid: null, snapshot: null }, 204],
    ['any uuid', { eventId: NOBODY }, 204],
    ['instant in spite of an earlier end', { endDate: '2020-01-01', instant: true }, 204],
    ['the grid of the reference', { grid: { rows: 3, cols: 3, cells: [1, 0, 0, 1, 1, 0, 0, 0, 1] } }, 204],
    ['times with an offset', { startDate: '2026-04-10T09:00:00.123456789+0100' }, 204],
    ['a picture elsewhere', { objectSnapshot: 'HTTPS://example.test/a.png' }, 204],
    ['another order of magnitude', { grid: { rows: 1, cols: 2, cells: [0, 2] } }, 400],
    ['type in another case', { eventType: 'motion' }, 400],
    ['no uuid', { eventId: 'x' }, 400],
    ['instant as a text', { instant: 'yes' }, 400],
    ['a picture by ftp', { snapshot: 'ftp://example.test/a.jpg' }, 400],
    ['an empty picture', { snapshot: '' }, 400],
    ['no time', { startDate: 'yesterday' }, 400],
    ['a day that is none', { startDate: '2026-02-30T00:00:00Z' }, 400],
    ['attributes as a list', { attributes: ['a'] }, 400],
  ])('%s: %i', async (_name, more, status) => {
    expect((await post(more)).status).toBe(status);
  });

  test('what does not fit is said before what is not there; an id belongs to one camera', async () => {
    expect((await post({ snapshot: 'aGVsbG8=' }, NOBODY)).status).toBe(400);
    expect((await post({}, NOBODY)).status).toBe(404);
    expect((await post({ eventId: NOBODY }, SIDE)).status).toBe(400);
  });
});

describe('a camera is one in all', () => {
  test('the serial number as its name gets a counter where the name is taken', async () => {
    const claim = (serialNumber: string, name?: string) =>
      ask('POST', `${FLEET}/cameras`, { serialNumber, siteId: HQ, ...(name && { name }) });
    expect((await claim('A-1', 'B-2')).json.name).toBe('B-2');
    expect((await claim('B-2')).json).toMatchObject({ name: 'B-2 (2)', serialNumber: 'B-2' });
    expectError(await claim('C-3', 'b-2'), FLEET, 400);
  });

  test('nobody is told of what a paused camera is said to have seen; running again, they are', async () => {
    const event = (startDate: string) =>
      ask('POST', `${FACETER}/cameras/${SIDE}/events`, { startDate, eventType: 'Motion' });
    expect((await ask('PUT', `${FLEET}/cameras/${SIDE}/state/paused`)).status).toBe(201);
    expect((await ask('GET', `${CAMLYTICS}/channels?channel_id=${SIDE}`)).json.result[0].active).toBe(0);
    expect((await event('2026-04-10T10:00:00Z')).status).toBe(204);
    expect((await ask('PUT', `${FLEET}/cameras/${SIDE}/state/running`)).status).toBe(201);
    expect((await event('2026-04-10T11:00:00Z')).status).toBe(204);
    await until('the webhook', () => fixture.received.find(({ path }) => path === '/side'));
    expect(fixture.received.filter(({ path }) => path === '/side').map(({ body }) => body)).toMatchObject([
      [{ event_time: '2026-04-10 11:00:00.000', channel_id: SIDE }],
    ]);
    const events = await ask('GET', `${CAMLYTICS}/events?channel_id=${SIDE}`);
    expect(events.json.result).toHaveLength(2);
  });

  test('decommissioned by Camio: gone here, remembered by fleet, its serial and name free', async () => {
    const { json } = await ask('POST', `${FLEET}/cameras`, { serialNumber: 'Z-9', siteId: HQ });
    const camio = await ask('DELETE', '/api/users/me/cameras/z-9');
    expect(camio.status).toBe(204);
    expect((await ask('GET', `${FLEET}/cameras/${json.id}`)).json).toMatchObject({
      state: 'decommissioned',
      isOnline: false,
    });
    expectError(await ask('GET', `${FACETER}/cameras/${json.id}`), FACETER, 404);
    expect((await ask('GET', `${CAMLYTICS}/channels?channel_id=${json.id}`)).json.result).toEqual([]);
    expectError(await ask('PATCH', `${FLEET}/cameras/${json.id}`, { name: 'x' }), FLEET, 422);
    expectError(
      await ask('POST', `${FLEET}/register-camera-requests`, { cameraId: json.id, serialNumber: 'n' }),
      FLEET,
      400,
    );
    const again = await ask('POST', `${FLEET}/cameras`, { serialNumber: 'Z-9', siteId: HQ });
    expect([again.status, again.json.name]).toEqual([201, 'Z-9']);
  });
});

test('every operation is documented, with an example of its body and of its answer', async () => {
  interface Media {
    content?: { 'application/json'?: { schema?: { example?: unknown }; example?: unknown } };
  }
  interface Operation {
    summary?: string;
    requestBody?: Media;
    responses: Record<string, Media>;
  }
  const { json } = await call(`${fixture.url}/docs/json`, 'GET');
  const paths = json.paths as Record<string, Record<string, Operation>>;
  const lacking: string[] = [];
  let count = 0;
  for (const [path, operations] of Object.entries(paths)) {
    if (![FLEET, FACETER, CAMLYTICS].some((prefix) => path.startsWith(prefix))) continue;
    for (const [method, { summary, requestBody, responses }] of Object.entries(operations)) {
      count += 1;
      const name = `${method} ${path}`;
      const hasExample = (media: Media) => {
        const body = media.content?.['application/json'];
        return body?.example !== undefined || body?.schema?.example !== undefined;
      };
      if (!summary) lacking.push(`${name}: a summary`);
      if (requestBody && !hasExample(requestBody)) lacking.push(`${name}: a body`);
      const [status, answer] = Object.entries(responses).find(([code]) => code.startsWith('2')) ?? [];
      if (!answer) lacking.push(`${name}: a good answer`);
      else if (status !== '204' && answer.content?.['application/json'] && !hasExample(answer))
        lacking.push(`${name}: an example of ${status}`);
    }
  }
  expect(lacking).toEqual([]);
  expect(count).toBe(29);
});
