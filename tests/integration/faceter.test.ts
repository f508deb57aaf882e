/** The Faceter API over real HTTP: keys, cameras, events, recordings, clips, exports, signed addresses, live HLS and RTSP. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AuditPage } from '../../src/shared/contract-exports.ts';
import { until } from '../fixtures/engine.ts';
import {
  call,
  FRONT,
  type IntegrationEngine,
  KEY,
  OTHER_KEY,
  SIDE,
  startIntegrationEngine,
  TOKEN,
} from '../fixtures/integration-engine.ts';

const NOBODY = '11111111-1111-4111-8111-111111111111';
const EVENT = '7fa85f64-5717-4562-b3fc-2c963f66afa1';
let fixture: IntegrationEngine;

beforeAll(async () => {
  fixture = await startIntegrationEngine({ live: true });
});
afterAll(() => fixture?.stop());

function faceter(method: string, path: string, body?: unknown, key: string | null = KEY) {
  const headers: Record<string, string> = key === null ? {} : { 'x-integration-key': key };
  return call(`${fixture.url}/integration-api/v1${path}`, method, { headers, body });
}
const C = `/cameras/${FRONT}`;
const START = '2026-04-10T08:00:00Z';

describe('every status', () => {
  test.each<[string, string, string, unknown, number]>([
    ['unknown path', 'GET', '/nowhere', undefined, 404],
    ['archive alone', 'GET', `${C}/archive`, undefined, 404],
    ['method', 'POST', '/cameras', undefined, 405],
    ['no uuid', 'GET', '/cameras/7', undefined, 404],
    ['unknown', 'GET', `/cameras/${NOBODY}/recordings`, undefined, 404],
    ['bad type', 'GET', `${C}/events?eventTypes=Motion,Dog`, undefined, 400],
    ['bad limit', 'GET', `${C}/events?limit=0`, undefined, 400],
    ['bad order', 'GET', `${C}/events?sortOrder=up`, undefined, 400],
    ['bad merge', 'GET', `${C}/events?mergeInterval=-1`, undefined, 400],
    ['start after end', 'GET', `${C}/events?startDate=2026-04-02&endDate=2026-04-01`, undefined, 400],
    ['no start', 'POST', `${C}/events`, { eventType: 'Motion' }, 400],
    ['no type', 'POST', `${C}/events`, { startDate: START }, 400],
    ['unknown type', 'POST', `${C}/events`, { startDate: START, eventType: 'Dog' }, 400],
    [
      'ends before',
      'POST',
      `${C}/events`,
      { startDate: START, endDate: '2026-04-09', eventType: 'Motion' },
      400,
    ],
    [
      'grid',
      'POST',
      `${C}/events`,
      { startDate: START, eventType: 'Motion', grid: { rows: 1, cols: 2, cells: [1] } },
      400,
    ],
    [
      'attribute list',
      'POST',
      `${C}/events`,
      { startDate: START, eventType: 'Motion', attributes: { a: [] } },
      400,
    ],
    [
      'snapshot no picture',
      'POST',
      `${C}/events`,
      { startDate: START, eventType: 'Motion', snapshot: 'aGVsbG8=' },
      400,
    ],
    ['event of nobody', 'POST', `/cameras/${NOBODY}/events`, { startDate: START, eventType: 'Motion' }, 404],
    ['clip without start', 'GET', `${C}/archive/clip?duration=1`, undefined, 400],
    ['clip too long', 'GET', `${C}/archive/clip?startDate=${START}&duration=3601`, undefined, 400],
    ['clip of nothing', 'GET', `${C}/archive/clip?startDate=${START}&duration=60`, undefined, 404],
    ['export too long', 'POST', `${C}/archive/exports`, { startDate: START, durationSeconds: 86_401 }, 400],
    [
      'export callback',
      'POST',
      `${C}/exports/audio`,
      { startDate: START, durationSeconds: 1, callbackUrl: 'x' },
      400,
    ],
    ['unknown export', 'GET', `${C}/archive/exports/${NOBODY}`, undefined, 404],
  ])('%s', async (_name, method, path, body, status) => {
    const answer = await faceter(method, path, body);
    expect(answer.status, JSON.stringify(answer.json)).toBe(status);
    expect(answer.json).toEqual({ code: status, message: expect.any(String) });
  });

  test('keys', async () => {
    expect((await faceter('GET', '/cameras', undefined, null)).status).toBe(401);
    expect((await faceter('DELETE', '/cameras', undefined, 'wrong')).status).toBe(401);
    expect((await faceter('POST', '/integration-key/validate/')).json).toEqual({ isValid: true });
    expect((await faceter('POST', '/integration-key/validate', undefined, 'wrong')).json).toEqual({
      isValid: false,
    });
    expect((await faceter('POST', '/integration-key/validate', undefined, null)).status).toBe(401);
  });
});

test('a camera with every field', async () => {
  const camera = await until('a live camera', async () => {
    const { json } = await faceter('GET', C);
    return json.liveHlsUrl ? json : null;
  });
  expect(camera).toMatchObject({
    id: FRONT,
    title: 'front',
    archiveDays: 30,
    archiveApiUrl: `${fixture.url}/integration-api/v1${C}/archive`,
    archiveApiToken: { signature: expect.any(String), exp: expect.any(Number) },
    isOnline: true,
    platform: 'ThirdParty',
    serialNumber: 'SN-FRONT',
    isAudioGranted: true,
    tempAccessExpiryDate: null,
    location: { id: '1', title: 'HQ', room: { id: expect.any(String), title: expect.any(String) } },
  });
  expect(camera.liveHlsUrl).toMatch(/\.m3u8$/);
  const preview = await call(camera.previewUrl, 'GET');
  expect([preview.status, preview.headers.get('content-type')]).toEqual([200, 'image/jpeg']);
  expect((await call(camera.previewUrl.replace(FRONT, SIDE), 'GET')).status).toBe(401);
  expect((await faceter('GET', `/cameras/${SIDE}`)).json).toMatchObject({
    previewUrl: null,
    liveHlsUrl: null,
    liveRtspUrl: null,
  });
});

test('events: posted, found, merged, replaced, pictured', async () => {
  const post = async (body: object) => expect((await faceter('POST', `${C}/events`, body)).status).toBe(204);
  const red = await sharp({ create: { width: 32, height: 24, channels: 3, background: 'red' } })
    .png()
    .toBuffer();
  await post({
    eventId: EVENT.toUpperCase(),
    ...{ startDate: START, endDate: '2026-04-10T08:01:00Z', eventType: 'Motion', instant: false },
    grid: { rows: 1, cols: 2, cells: [1, 0] },
    attributes: { confidence: 0.98, zone: 'door', ok: true },
    snapshot: red.toString('base64'),
  });
  await post({
    startDate: '2026-04-10T08:01:05+00:00',
    eventType: 'Motion',
    snapshot: 'https://example.test/a.jpg',
  });
  await post({ startDate: '2026-04-10T08:30:00', eventType: 'Face', attributes: { label: 'Known' } });
  const list = async (query: string) =>
    (await faceter('GET', `${C}/events?endDate=2026-05-01&${query}`)).json;
  const all = await list('sortOrder=Asc');
  expect(all.hasMore).toBe(false);
  expect(all.items).toHaveLength(3);
  expect(all.items[0]).toEqual({
    ...{ id: EVENT, cameraId: FRONT, type: 'Motion', startTime: START, endTime: '2026-04-10T08:01:00Z' },
    previewUrl: expect.stringContaining('/preview.jpg'),
    mergedEventsCount: 1,
    attributes: [{ confidence: '0.98', zone: 'door', ok: 'true' }],
  });
  expect(all.items[1]).toMatchObject({
    previewUrl: 'https://example.test/a.jpg',
    endTime: '2026-04-10T08:01:05Z',
  });
  expect((await call(all.items[0].previewUrl, 'GET')).headers.get('content-type')).toBe('image/jpeg');
  expect((await list('limit=1')).items[0].type).toBe('Face');
  expect((await list('limit=1')).hasMore).toBe(true);
  expect((await list('eventTypes=Face&eventTypes=Human')).items).toHaveLength(1);
  expect((await list(`startDate=${START}&endDate=2026-04-10T08:01:05Z`)).items).toHaveLength(1);
  for (const order of ['None', 'Asc']) {
    const merged = await list(`mergeInterval=5&eventTypes=Motion&sortOrder=${order}`);
    expect(merged.items).toHaveLength(1);
    expect(merged.items[0]).toMatchObject({
      id: EVENT,
      mergedEventsCount: 2,
      endTime: '2026-04-10T08:01:05Z',
    });
    expect(merged.items[0].attributes).toHaveLength(2);
  }
  await post({
    eventId: EVENT,
    startDate: '2026-04-10T07:00:00Z',
    instant: true,
    endDate: 'x'.slice(1) || null,
    eventType: 'Human',
  });
  expect((await list('eventTypes=Human')).items).toMatchObject([{ id: EVENT, previewUrl: null }]);
  const camio = await call(`${fixture.url}/api/search?labels=known&date=2026-05-01`, 'GET', {
    headers: { authorization: `token ${TOKEN}` },
  });
  expect(camio.json.result.buckets[0].labels).toEqual(['face', 'Known']);
});

describe('what is recorded', () => {
  let recording: { startDate: string; durationSeconds: number };
  beforeAll(async () => {
    recording = await until('six recorded seconds', async () => {
      const { json } = await faceter('GET', `${C}/recordings`);
      return json[0]?.durationSeconds >= 6 ? json[0] : null;
    });
  });

  test('clip, with the key and with the token of the camera', async () => {
    const path = `${C}/archive/clip?startDate=${recording.startDate}&duration=4`;
    const clip = await faceter('GET', path);
    expect([clip.status, clip.headers.get('content-type')]).toEqual([200, 'video/mp4']);
    expect(Math.abs(durationOf(clip.bytes, 'clip.mp4') - 4)).toBeLessThan(1);
    const { archiveApiToken, archiveApiUrl } = (await faceter('GET', C)).json;
    const { signature, exp } = archiveApiToken;
    const query = `startDate=${recording.startDate}&duration=2&signature=${signature}`;
    expect((await call(`${archiveApiUrl}/clip?${query}&exp=${exp}`, 'GET')).status).toBe(200);
    expect((await call(`${archiveApiUrl}/clip?${query}&exp=${exp + 1}`, 'GET')).status).toBe(401);
    expect((await call(`${archiveApiUrl.replace(FRONT, SIDE)}/clip?${query}&exp=${exp}`, 'GET')).status).toBe(
      401,
    );
    const { lines } = await fixture.engine.get<AuditPage>('/audit');
    expect(lines).toContainEqual(
      expect.objectContaining({ action: 'playback', cameras: [{ id: FRONT, name: 'front' }] }),
    );
  });

  test.each([
    ['archive/exports', 'videoUrl', { audioEnabled: true }, 'export.mp4'],
    ['exports/audio', 'audioUrl', {}, 'export.mp3'],
  ])('export %s, its callback, its signed address', async (path, urlKey, more, name) => {
    const callbackUrl = `${fixture.hookUrl}/${path}`;
    const body = { startDate: recording.startDate, durationSeconds: 4, callbackUrl, ...more };
    const queued = await faceter('POST', `${C}/${path}`, body);
    expect([queued.status, queued.json]).toEqual([202, { exportId: expect.any(String), status: 'Queued' }]);
    const own = `${C}/${path}/${queued.json.exportId}`;
    const done = await until('the export', async () => {
      const { json } = await faceter('GET', own);
      return json.completedAtUtc ? json : null;
    });
    expect(done).toMatchObject({
      status: 'Completed',
      errorMessage: null,
      [urlKey]: expect.stringMatching(/^http/),
    });
    const file = await call(done[urlKey], 'GET');
    expect(file.status).toBe(200);
    expect(Math.abs(durationOf(file.bytes, name) - 4)).toBeLessThan(1);
    expect((await call(done[urlKey].replace(/media\/\d+/, 'media/1'), 'GET')).status).toBe(401);
    expect((await faceter('GET', own, undefined, OTHER_KEY)).status).toBe(403);
    expect((await faceter('GET', own.replace(FRONT, SIDE))).status).toBe(404);
    const told = await until('the callback', () => fixture.received.find((post) => post.path === `/${path}`));
    expect(told.body).toMatchObject({
      exportId: queued.json.exportId,
      status: 'Completed',
      [urlKey]: expect.any(String),
    });
  });

  test('exports, one after the other, cost no recorded frame', async () => {
    const from = Date.now();
    const jobs = await Promise.all(
      Array.from({ length: 12 }, async (_, index) => {
        const path = index % 3 === 0 ? 'exports/audio' : 'archive/exports';
        const body = { startDate: recording.startDate, durationSeconds: 3600 };
        return `${C}/${path}/${(await faceter('POST', `${C}/${path}`, body)).json.exportId}`;
      }),
    );
    let mostWaitingBytes = 0;
    await until('all exports', async () => {
      const metrics = (await call(`${fixture.url}/metrics`, 'GET')).bytes.toString();
      for (const [, bytes] of metrics.matchAll(/^threshold_recorder_waiting_bytes\{[^}]*\} (\d+)/gm))
        mostWaitingBytes = Math.max(mostWaitingBytes, Number(bytes));
      const answers = await Promise.all(jobs.map((path) => faceter('GET', path)));
      return answers.every(({ json }) => json.status === 'Completed');
    });
    const seconds = Math.max(3, Math.ceil((Date.now() - from) / 1000));
    const path = `${C}/archive/clip?startDate=${new Date(from).toISOString()}&duration=${seconds}`;
    const clip = await until('what was recorded meanwhile', async () => {
      const answer = await faceter('GET', path);
      return answer.status === 200 && durationOf(answer.bytes, 'meanwhile.mp4') > seconds - 0.5
        ? answer
        : null;
    });
    // a second of the camera or so, as without exports: it is written once per beat
    expect(mostWaitingBytes).toBeLessThan(256 * 1024);
    // ten frames a second: none is missing, whatever the export did
    const frames = run('ffprobe', [
      ...['-v', 'error', '-select_streams', 'v', '-count_frames', '-show_entries', 'stream=nb_read_frames'],
      ...['-of', 'csv=p=0', join(fixture.folder, 'meanwhile.mp4')],
    ]);
    expect(Number.parseInt(frames, 10)).toBeGreaterThanOrEqual(
      Math.round(durationOf(clip.bytes, 'meanwhile.mp4') * 10) - 1,
    );
    const [lane] = await fixture.engine.get<Array<{ gaps: unknown[] }>>(
      `/archive/timeline?cameraIds=${FRONT}&fromEpochMs=${from}&toEpochMs=${from + seconds * 1000}`,
    );
    expect(lane!.gaps).toEqual([]);
  });

  test('an export of nothing fails', async () => {
    const { json } = await faceter('POST', `${C}/archive/exports`, { startDate: START, durationSeconds: 60 });
    const failed = await until('the failure', async () => {
      const answer = (await faceter('GET', `${C}/archive/exports/${json.exportId}`)).json;
      return answer.status === 'Failed' ? answer : null;
    });
    expect(failed).toMatchObject({ videoUrl: null, previewUrl: null, errorMessage: expect.any(String) });
  });
});

test('live HLS and RTSP can be played', async () => {
  const { liveHlsUrl, liveRtspUrl } = (await faceter('GET', C)).json;
  expect((await call(liveHlsUrl, 'GET')).bytes.toString()).toMatch(/#EXT-X-STREAM-INF:[^\n]+\nvideo.m3u8\n/);
  const playlist = (await call(liveHlsUrl.replace('live.m3u8', 'video.m3u8'), 'GET')).bytes.toString();
  expect(playlist).toMatch(/#EXT-X-MAP:URI="video-init-0.mp4"[\s\S]*#EXTINF:[\d.]+,\nvideo-0.m4s/);
  for (const [url, options] of [
    [liveHlsUrl, []],
    [liveRtspUrl, ['-rtsp_transport', 'tcp']],
    [liveRtspUrl, ['-rtsp_transport', 'udp']],
  ] as const) {
    const frames = run('ffprobe', [
      ...['-v', 'error', ...options, '-read_intervals', '%+#5', '-select_streams', 'v'],
      ...['-show_entries', 'packet=size', '-of', 'csv=p=0', url],
    ]);
    expect(frames.trim().split('\n').length).toBeGreaterThanOrEqual(5);
  }
  expect((await call(liveHlsUrl.replace(/media\/\d+/, 'media/1'), 'GET')).status).toBe(401);
});

function durationOf(bytes: Buffer, name: string): number {
  const path = join(fixture.folder, name);
  writeFileSync(path, bytes);
  return Number(run('ffprobe', ['-v', 'error', '-show_entries', 'format=duration', '-of', 'csv=p=0', path]));
}

function run(program: string, args: string[]): string {
  return execFileSync(program, args, { encoding: 'utf8', timeout: 30_000 });
}
