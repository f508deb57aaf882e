/** The organisation-cameras API over real HTTP: a camera's life, every status of the reference and of the API contract. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { until } from '../fixtures/engine.ts';
import {
  call,
  FRONT,
  HQ,
  type IntegrationEngine,
  KEY,
  OTHER_TOKEN,
  SIDE,
  STORE,
  startIntegrationEngine,
  TOKEN,
} from '../fixtures/integration-engine.ts';

const NOBODY = '11111111-1111-4111-8111-111111111111';
let fixture: IntegrationEngine;

beforeAll(async () => {
  fixture = await startIntegrationEngine({ live: true });
});
afterAll(() => fixture?.stop());

function fleet(
  method: string,
  path: string,
  body?: unknown,
  authorization: string | null = `Bearer ${TOKEN}`,
) {
  const headers: Record<string, string> = authorization === null ? {} : { authorization };
  return call(`${fixture.url}/fleet/v1${path}`, method, { headers, body });
}

describe('every status', () => {
  test.each<[string, string, string, unknown, number]>([
    ['unknown path', 'GET', '/nowhere', undefined, 404],
    ['unsupported method', 'PUT', '/cameras', undefined, 405],
    ['HEAD', 'HEAD', '/cameras', undefined, 405],
    ['no JSON', 'POST', '/cameras', '{', 400],
    ['no serial', 'POST', '/cameras', { siteId: HQ }, 400],
    ['a list', 'POST', '/cameras', [], 400],
    ['blank name', 'POST', '/cameras', { serialNumber: 'x', siteId: HQ, name: ' ' }, 400],
    ['site no uuid', 'POST', '/cameras', { serialNumber: 'x', siteId: '1' }, 400],
    ['unknown site', 'POST', '/cameras', { serialNumber: 'x', siteId: NOBODY }, 404],
    ['claimed serial', 'POST', '/cameras', { serialNumber: 'SN-FRONT', siteId: HQ }, 409],
    ['id no uuid', 'GET', '/cameras/7', undefined, 422],
    ['unknown id', 'GET', `/cameras/${NOBODY}`, undefined, 404],
    ['bad includeMetrics', 'GET', `/cameras/${FRONT}?includeMetrics=maybe`, undefined, 422],
    ['bad state', 'GET', '/cameras?state=asleep', undefined, 422],
    ['bad site', 'GET', '/cameras?siteId=1', undefined, 422],
    ['patch of nothing', 'PATCH', `/cameras/${FRONT}`, {}, 400],
    ['patch no text', 'PATCH', `/cameras/${FRONT}`, { name: 7 }, 400],
    ['patch blank', 'PATCH', `/cameras/${FRONT}`, { name: ' ' }, 422],
    ['patch taken', 'PATCH', `/cameras/${FRONT}`, { name: 'SIDE' }, 422],
    ['other state', 'PUT', `/cameras/${FRONT}/state/asleep`, undefined, 422],
    ['state of nobody', 'PUT', `/cameras/${NOBODY}/state/paused`, undefined, 404],
    ['state request unfit', 'POST', '/put-camera-state-requests', { cameraId: FRONT, newState: 'x' }, 422],
    ['state request no object', 'POST', '/put-camera-state-requests', '7', 400],
    ['move unknown site', 'POST', `/cameras/${FRONT}/move`, { siteId: NOBODY }, 404],
    ['move unfit', 'POST', `/cameras/${FRONT}/move`, { siteId: 2 }, 400],
    ['register known id', 'POST', '/register-camera-requests', { cameraId: FRONT, serialNumber: 'n' }, 400],
    [
      'register known serial',
      'POST',
      '/register-camera-requests',
      { cameraId: NOBODY, serialNumber: 'SN-SIDE' },
      400,
    ],
    ['hours of no uuid', 'GET', '/cameras/7/opening-hours', undefined, 404],
    ['hours bad date', 'GET', `/cameras/${FRONT}/opening-hours?date=2019-02-30`, undefined, 400],
    ['metrics of no uuid', 'GET', '/cameras/7/video-upload-metrics', undefined, 404],
    ['frame no uuid', 'POST', '/frame-requests', { cameraId: '7' }, 400],
    ['frame of nobody', 'POST', '/frame-requests', { cameraId: NOBODY }, 404],
    ['frame without a picture', 'POST', '/frame-requests', { cameraId: SIDE }, 404],
  ])('%s', async (_name, method, path, body, status) => {
    const answer = await fleet(method, path, body);
    expect(answer.status, JSON.stringify(answer.json)).toBe(status);
    if (method !== 'HEAD') expect(answer.json).toEqual({ code: status, message: expect.any(String) });
    if (status === 405) expect(answer.headers.get('allow')).toContain('GET');
  });

  test('credentials: the header alone, scope user', async () => {
    expect((await fleet('GET', '/cameras', undefined, null)).status).toBe(401);
    expect((await fleet('DELETE', '/cameras', undefined, null)).status).toBe(401);
    expect((await fleet('GET', `/cameras?access_token=${TOKEN}`, undefined, null)).status).toBe(401);
    expect((await fleet('GET', '/cameras', undefined, `token ${OTHER_TOKEN}`)).status).toBe(403);
    expect((await fleet('GET', '/cameras/', undefined, `TOKEN ${TOKEN}`)).status).toBe(200);
  });
});

test('a camera of the contract, with and without metrics, filtered', async () => {
  const { json } = await fleet('GET', `/cameras/${FRONT.toUpperCase()}`);
  expect(json).toMatchObject({
    id: FRONT,
    name: 'front',
    serialNumber: 'SN-FRONT',
    siteId: HQ,
    state: 'running',
  });
  expect(json.claimedAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z$/);
  expect(Object.keys(json).sort()).toEqual(
    'cameraPositionId claimedAt direction1Alias direction2Alias encodedFramesProportion id isOnline lastSeenAt lastVideoAt name networkTransmitRate organisationId serialNumber siteId state videoBacklog videoUploadLatency'.split(
      ' ',
    ),
  );
  expect((await fleet('GET', `/cameras/${FRONT}?includeMetrics=false`)).json.videoBacklog).toBeUndefined();
  const names = async (query: string) =>
    (await fleet('GET', `/cameras${query}`)).json.map((camera: { name: string }) => camera.name);
  expect(await names('')).toEqual(expect.arrayContaining(['front', 'side']));
  expect(await names(`?siteId=${STORE}`)).toEqual(['side']);
  expect(await names(`?siteId=${NOBODY}`)).toEqual([]);
  expect(await names(`?userId=${NOBODY}`)).toEqual([]);
  expect(await names('?state=paused,decommissioned')).toEqual([]);
});

test('from registration to decommissioning', async () => {
  const id = '9fa85f64-5717-4562-b3fc-2c963f66af00';
  const registered = await fleet('POST', '/register-camera-requests', { cameraId: id, serialNumber: 'R1' });
  expect(registered.status).toBe(202);
  expect(registered.json).toEqual({ id: expect.any(String), msg: expect.any(String), status: 'created' });
  expect((await fleet('GET', `/cameras/${id}`)).status).toBe(404);
  const again = await fleet('POST', '/register-camera-requests', { cameraId: id, serialNumber: 'R2' });
  expect(again.status).toBe(400);
  const claimed = await fleet('POST', '/cameras', { serialNumber: 'R1', siteId: HQ });
  expect(claimed.status).toBe(201);
  expect(claimed.json).toMatchObject({
    id,
    name: 'R1',
    state: 'running',
    isOnline: false,
    lastVideoAt: null,
  });
  const patched = await fleet('PATCH', `/cameras/${id}`, { name: 'Gate', direction1Alias: 'in' });
  expect(patched.json).toMatchObject({ name: 'Gate', direction1Alias: 'in', direction2Alias: null });
  const moved = await fleet('POST', `/cameras/${id}/move`, { siteId: STORE });
  expect([moved.status, moved.json.siteId]).toEqual([201, STORE]);
  const camio = await call(`${fixture.url}/api/users/me/cameras/gate`, 'GET', {
    headers: { authorization: `token ${TOKEN}` },
  });
  expect(camio.json.camera_id).toBe(id);
  expect((await fleet('DELETE', `/cameras/${id}`)).status).toBe(204);
  expect((await fleet('GET', `/cameras/${id}`)).json).toMatchObject({
    state: 'decommissioned',
    name: 'Gate',
    siteId: STORE,
  });
  expect((await fleet('DELETE', `/cameras/${id}`)).status).toBe(422);
  expect((await fleet('POST', `/cameras/${id}/move`, { siteId: HQ })).status).toBe(422);
  expect((await fleet('PUT', `/cameras/${id}/state/paused`)).status).toBe(422);
  const faceter = await call(`${fixture.url}/integration-api/v1/cameras/${id}`, 'GET', {
    headers: { 'x-integration-key': KEY },
  });
  expect(faceter.status).toBe(404);
  const listed = await fleet('GET', '/cameras?state=decommissioned');
  expect(listed.json.map((camera: { id: string }) => camera.id)).toEqual([id]);
  const free = await fleet('POST', '/cameras', { serialNumber: 'R1', siteId: HQ });
  expect([free.status, free.json.id === id]).toEqual([201, false]);
});

test('paused: no recording, no picture; running again', async () => {
  const headers = { 'x-integration-key': KEY };
  const frame = () => fleet('POST', '/frame-requests', { cameraId: FRONT });
  const first = await until('a picture', async () => ((await frame()).status === 200 ? frame() : null));
  expect(Buffer.from(first.json.image, 'base64').subarray(0, 2).toString('hex')).toBe('ffd8');
  await until('a recording', async () => {
    const { json } = await call(`${fixture.url}/integration-api/v1/cameras/${FRONT}/recordings`, 'GET', {
      headers,
    });
    return json.length > 0;
  });
  expect(await fleet('PUT', `/cameras/${FRONT}/state/paused`)).toMatchObject({
    status: 201,
    json: { code: 201, message: expect.any(String) },
  });
  expect((await frame()).status).toBe(409);
  const status = () =>
    fixture.engine.get<{ status: { state: string; recording: boolean } }>(`/cameras/${FRONT}`);
  await until('recording to end', async () => !(await status()).status.recording);
  expect((await status()).status.state).toBe('paused');
  const metrics = await until('a stored segment', async () => {
    const { json } = await fleet('GET', `/cameras/${FRONT}/video-upload-metrics`);
    return json.uploadSize > 0 ? json : null;
  });
  expect(metrics.uploadTime).toBeGreaterThan(0);
  const request = await fleet('POST', '/put-camera-state-requests', { cameraId: FRONT, newState: 'claimed' });
  expect([request.status, request.json.status]).toEqual([202, 'created']);
  await until('recording to go on', async () => (await status()).status.recording);
  const hours = await fleet('GET', `/cameras/${FRONT}/opening-hours?date=2019-08-24`);
  expect(hours.json).toHaveLength(2);
  expect(Date.parse(hours.json[1]) - Date.parse(hours.json[0])).toBe(86_400_000);
});

test('hours of the week: opening hours, nothing recorded outside them, with words in the ledger', async () => {
  const { engine } = fixture;
  const view = () =>
    engine.get<{ recording: object; status: { recording: boolean; recordingOffBecause?: string } }>(
      `/cameras/${FRONT}`,
    );
  const before = (await view()).recording;
  const setHours = (schedule: object | null) =>
    engine.send('PATCH', `/cameras/${FRONT}`, { recording: { ...before, schedule } });
  // 24 August 2019 was a Saturday.
  const hoursOf = async (date: string) =>
    (await fleet('GET', `/cameras/${FRONT}/opening-hours?date=${date}`)).json.map((time: string) =>
      Date.parse(time),
    );
  const at = (day: number, hour: number, minute = 0) => new Date(2019, 7, day, hour, minute).getTime();
  await setHours({
    saturday: [
      { from: '13:00', to: '18:30' },
      { from: '08:00', to: '12:00' },
    ],
    sunday: [{ from: '20:00', to: '24:00' }],
  });
  expect(await hoursOf('2019-08-24')).toEqual([at(24, 8), at(24, 12), at(24, 13), at(24, 18, 30)]);
  expect(await hoursOf('2019-08-25')).toEqual([at(25, 20), at(26, 0)]);
  expect(await hoursOf('2019-08-26')).toEqual([]);
  const stoppedEpochMs = Date.now();
  await setHours({});
  await until('recording to end', async () => !(await view()).status.recording);
  expect((await view()).status.recordingOffBecause).toBe('Outside its recording hours');
  await setHours(null);
  await until('recording to go on', async () => (await view()).status.recording);
  expect((await view()).status.recordingOffBecause).toBeUndefined();
  const [lane] = await engine.get<Array<{ gaps: Array<{ cause: string; detail: string }> }>>(
    `/archive/timeline?cameraIds=${FRONT}&fromEpochMs=${stoppedEpochMs - 5000}&toEpochMs=${Date.now()}`,
  );
  expect(lane!.gaps).toContainEqual(
    expect.objectContaining({ cause: 'paused', detail: 'Outside its recording hours.' }),
  );
});
