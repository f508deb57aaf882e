/** Recorded footage read back: timeline, media for a player, single pictures, clips, the HTTP routes. Checked with ffmpeg. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Fastify from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { registerArchiveRoutes } from '../../src/main/api/app/archive-routes.ts';
import { registerExportRoutes } from '../../src/main/api/app/export-routes.ts';
import { registerLockRoutes } from '../../src/main/api/app/lock-routes.ts';
import { errorHandler, messageShape } from '../../src/main/api/errors.ts';
import { Archive } from '../../src/main/archive/archive.ts';
import { writeClip } from '../../src/main/archive/clip.ts';
import { ManualClock } from '../../src/main/platform/clock.ts';
import { silentLogger } from '../../src/main/platform/log.ts';
import type { RecordingHandle } from '../../src/main/recorder/recorded-camera.ts';
import { RecordingService } from '../../src/main/recorder/recording-service.ts';
import { Volumes } from '../../src/main/recorder/volumes.ts';
import { AuditStore } from '../../src/main/store/audit.ts';
import { openDatabase, type Sql } from '../../src/main/store/database.ts';
import { ExportStore } from '../../src/main/store/exports.ts';
import { GapStore } from '../../src/main/store/gaps.ts';
import { SegmentStore } from '../../src/main/store/recordings.ts';
import { SPANS_SQL } from '../../src/main/store/segment-queries.ts';
import { ContentStore } from '../../src/main/store/uploads.ts';
import { ExportInputSchema, type ExportJob } from '../../src/shared/contract-exports.ts';
import { ASKER, archiveExtras } from './archive-fixture.ts';
import { deliver, frameHashes, makeFootage, probeFrames, until } from './recording-fixture.ts';

const CAMERA = '3fa85f64-5717-4562-b3fc-2c963f66afa6';
const OTHER = '4fa85f64-5717-4562-b3fc-2c963f66afa6';
const START = new Date(2026, 10, 20, 14, 3, 0).getTime();
const FRAME_MS = 40;
const footage = makeFootage(10, { size: '640x360' });
const changed = makeFootage(2);

let dataDir: string;
let sql: Sql;
let volumes: Volumes;
let service: RecordingService;
let camera: RecordingHandle;
let archive: Archive;
let hashes: string[];
const jobs: ExportJob[] = [];
const app = Fastify();

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'archive-'));
  sql = openDatabase(join(dataDir, 'threshold.db'));
  const clock = new ManualClock(START + 3_600_000);
  const segments = new SegmentStore(sql);
  const gaps = new GapStore(sql);
  volumes = new Volumes({ root: join(dataDir, 'recordings'), clock, log: silentLogger });
  service = new RecordingService({
    volumes,
    index: segments,
    ledger: gaps,
    limits: () => ({ maxBytes: null, minFreeBytes: 0 }),
    clock,
    log: silentLogger,
    segmentMs: 3000,
  });
  await service.start();
  camera = await service.addCamera({
    id: CAMERA,
    name: 'Front: door',
    recording: { mode: 'continuous', days: 30 },
  });
  deliver(footage, camera.main, START);
  camera.main.lost('camera-unreachable', 'The camera does not answer.');
  deliver(footage, camera.main, START + 20_000); // the last segment stays open
  await until('all is on disk', () =>
    service
      .openSegments(CAMERA, 'main')
      .some((segment) => segment.startEpochMs + segment.durationMs >= START + 30_000),
  );
  const cameraName = (cameraId: string) => (cameraId === CAMERA ? 'Front: door' : null);
  const extras = archiveExtras(sql, dataDir, { clock, cameraName });
  archive = new Archive({
    dataDir,
    volumes,
    segments,
    gaps,
    uploads: { contents: new ContentStore(sql), path: ({ id }) => join(dataDir, id) },
    exports: new ExportStore(sql),
    openSegments: (cameraId, stream) => service.openSegments(cameraId, stream),
    cameraName,
    ...extras,
    ffmpegPath: 'ffmpeg',
    onExport: (job) => jobs.push(job),
    clock,
    log: silentLogger,
  });
  await archive.start();
  app.setErrorHandler(errorHandler(messageShape));
  app.decorateRequest('principal', null);
  const rights = {
    role: 'administrator',
    cameraIds: null,
    createdEpochMs: 0,
    lastSignInEpochMs: null,
  } as const;
  const account = { id: 1, email: 'owner@example.test', passwordHash: '', ...rights };
  app.addHook('onRequest', async (request) => {
    request.principal = { kind: 'session', account, sessionToken: 'owner' };
  });
  const { audit } = extras;
  registerArchiveRoutes(app, { archive, audit, marks: { list: () => [] }, clock, log: silentLogger });
  registerExportRoutes(app, { archive, audit });
  registerLockRoutes(app, {
    ...{ locks: service.locks, audit, clock },
    cameraName: (id) => ({ [CAMERA]: 'Front: door', [OTHER]: 'Yard' })[id] ?? null,
  });
  const whole = join(dataDir, 'whole.mp4');
  writeFileSync(
    whole,
    Buffer.concat([footage.description.initSegment, ...footage.fragments.map((fragment) => fragment.data)]),
  );
  hashes = frameHashes(whole);
});
afterAll(async () => {
  await app.close();
  await archive.stop();
  await service.stop();
  sql.close();
  rmSync(dataDir, { recursive: true, force: true });
});

function ask(
  fromEpochMs: number,
  toEpochMs: number,
  { audio = true, cameraId = CAMERA }: { audio?: boolean; cameraId?: string } = {},
): Promise<ExportJob> {
  const input = { cameraIds: [cameraId], fromEpochMs, toEpochMs, options: { audio } };
  return archive.exports.create(ExportInputSchema.parse(input), ASKER);
}

function onlyFile(id: string): { path: string } {
  const [file, another] = archive.exports.files(id).files;
  if (!file || another) throw new Error('expected one file');
  return file;
}

async function media(query: {
  fromEpochMs: number;
  toEpochMs: number;
  baseEpochMs: number;
  track?: 'video' | 'audio';
}) {
  const answer = await archive.media(
    { cameraId: CAMERA, stream: 'main', track: 'video', decodes: 'any', ...query },
    new AbortController().signal,
  );
  const chunks: Buffer[] = [];
  for await (const chunk of answer.body ?? []) chunks.push(chunk);
  const path = join(dataDir, 'media.mp4');
  writeFileSync(path, Buffer.concat(chunks));
  return { ...answer, path };
}

function packetTimes(path: string): number[] {
  const probed = spawnSync(
    'ffprobe',
    ['-v', 'error', '-show_entries', 'packet=pts_time', '-of', 'csv=p=0', path],
    { encoding: 'utf8' },
  );
  return probed.stdout.trim().split('\n').map(Number);
}

describe('the timeline', () => {
  test('has spans over segments, the one being written included, and gaps with their cause', () => {
    const [lane] = archive.timeline(
      { cameraIds: [CAMERA], fromEpochMs: START - 1000, toEpochMs: START + 60_000, resolutionMs: 0 },
      () => [],
    );
    expect(lane?.spans).toEqual([
      [START, START + 10_000],
      [START + 20_000, START + 30_000],
    ]);
    expect(lane?.gaps).toEqual([
      {
        startEpochMs: START + 10_000,
        endEpochMs: START + 20_000,
        cause: 'camera-unreachable',
        detail: 'The camera does not answer.',
      },
    ]);
    const [coarse] = archive.timeline(
      { cameraIds: [CAMERA], fromEpochMs: START + 5000, toEpochMs: START + 25_000, resolutionMs: 15_000 },
      () => [],
    );
    expect(coarse).toMatchObject({ spans: [[START + 5000, START + 25_000]], gaps: [] });
  });

  test('is read from an index alone', () => {
    const plan = sql
      .prepare(`EXPLAIN QUERY PLAN ${SPANS_SQL}`)
      .all({ cameraId: CAMERA, stream: 'main', fromEpochMs: 0, toEpochMs: 1 }) as Array<{ detail: string }>;
    expect(plan.filter((step) => step.detail.includes('segments')).length).toBeGreaterThanOrEqual(2);
    for (const { detail } of plan) {
      if (detail.includes('segments'))
        expect(detail).toMatch(/SEARCH segments USING COVERING INDEX segments_timeline/);
    }
  });
});

describe('media for a player', () => {
  test('starts at the key frame, ends before the end, on the player clock, over segment borders', async () => {
    const answer = await media({
      fromEpochMs: START + 2500,
      toEpochMs: START + 7000,
      baseEpochMs: START - 5000,
    });
    const times = packetTimes(answer.path);
    expect(times).toEqual(
      Array.from({ length: 125 }, (_, index) => Math.round((7 + index * 0.04) * 1e6) / 1e6),
    );
    expect(probeFrames(answer.path).frames).toBe(125);
    expect(frameHashes(answer.path)).toEqual(hashes.slice(50, 175));
    expect(answer.nextEpochMs).toBe(START + 7000);
  });

  test('goes on over a gap, ends with what is being written, and says where to go on', async () => {
    const over = await media({ fromEpochMs: START + 9500, toEpochMs: START + 21_000, baseEpochMs: START });
    expect(packetTimes(over.path)).toHaveLength(25 + 25);
    expect(packetTimes(over.path)[25]).toBe(20);
    const live = await media({ fromEpochMs: START + 29_000, toEpochMs: START + 90_000, baseEpochMs: START });
    expect(packetTimes(live.path)).toHaveLength(25);
    expect(live.nextEpochMs).toBe(START + 30_000);
    const nothing = await media({
      ...{ fromEpochMs: START + 12_000, toEpochMs: START + 13_000, baseEpochMs: START },
    });
    expect(nothing).toMatchObject({ nextEpochMs: START + 20_000, body: null, codecString: null });
  });

  test('sound comes by itself, on the same clock', async () => {
    const answer = await media({
      fromEpochMs: START + 1000,
      toEpochMs: START + 9000,
      baseEpochMs: START,
      track: 'audio',
    });
    const times = packetTimes(answer.path);
    expect(times[0]).toBeGreaterThan(0.85);
    expect(times[0]).toBeLessThan(1.1);
    for (const [index, time] of times.entries())
      if (index > 0) expect(time - (times[index - 1] ?? 0)).toBeCloseTo(0.064, 2);
  });

  test('never starts before the time 0 of the player', async () => {
    const answer = await media({
      fromEpochMs: START + 2500,
      toEpochMs: START + 5000,
      baseEpochMs: START + 2500,
    });
    expect(packetTimes(answer.path)[0]).toBe(0.5);
  });
});

describe('single pictures', () => {
  test('show the frame at or just before the time, quickly', async () => {
    const at = START + 4700; // 17 frames after a key frame
    const picture = await archive.frame({ cameraId: CAMERA, atEpochMs: at, width: 640 });
    const path = join(dataDir, 'frame.jpg');
    writeFileSync(path, picture);
    const like = (frame: number) => {
      const compared = spawnSync(
        'ffmpeg',
        [
          '-i',
          path,
          '-i',
          join(dataDir, 'whole.mp4'),
          '-lavfi',
          `[1:v]select=eq(n\\,${frame}),setpts=0[b];[0:v]format=yuv420p,setpts=0[a];[a][b]psnr`,
          '-f',
          'null',
          '-',
        ],
        { encoding: 'utf8' },
      );
      return Number(/average:([\d.]+)/.exec(compared.stderr)?.[1] ?? 0);
    };
    const right = like(117);
    expect(right).toBeGreaterThan(28);
    expect(right).toBeGreaterThan(like(116));
    expect(right).toBeGreaterThan(like(118));
    const times: number[] = [];
    for (let index = 0; index < 9; index++) {
      const started = performance.now();
      await archive.frame({ cameraId: CAMERA, atEpochMs: START + index * 1090 + 20, width: 320 });
      times.push(performance.now() - started);
    }
    const median = times.sort((a, b) => a - b)[4] ?? Number.POSITIVE_INFINITY;
    console.info(`frame.jpg p50 ${median.toFixed(0)} ms`);
    expect(times[0]).toBeLessThan(1000); // the median is below 100 on an idle machine; here others may be at work
  });

  test('many at once are all answered, and nothing recorded is not found', async () => {
    const asked = Array.from({ length: 8 }, (_, index) =>
      archive.frame({ cameraId: CAMERA, atEpochMs: START + 20_000 + index * 777, width: 160 }),
    );
    for (const picture of await Promise.all(asked))
      expect(picture.subarray(0, 2).toString('hex')).toBe('ffd8');
    await expect(archive.frame({ cameraId: CAMERA, atEpochMs: START + 15_000, width: 160 })).rejects.toThrow(
      'Nothing is recorded',
    );
  });
});

describe('clips', () => {
  const ended = async (id: string) => {
    await until('the export ends', () =>
      ['done', 'failed', 'cancelled'].includes(
        archive.exports.list().find((job) => job.id === id)?.state ?? '',
      ),
    );
    return archive.exports.list().find((job) => job.id === id) as ExportJob;
  };

  test.each([
    { name: 'in mid-group over a segment border', from: 2520, to: 7000, audio: true, first: 63, last: 175 },
    { name: 'between frames', from: 1990, to: 4010, audio: true, first: 49, last: 101 },
    { name: 'without sound', from: 0, to: 10_000, audio: false, first: 0, last: 250 },
  ])('$name: exactly the frames asked for', async ({ from, to, audio, first, last }) => {
    const job = await ended((await ask(START + from, START + to, { audio })).id);
    expect(job).toMatchObject({ state: 'done', progress: 1, problem: null });
    const { path } = onlyFile(job.id);
    const probed = probeFrames(path);
    expect(Math.abs(probed.durationSeconds * 1000 - (to - from))).toBeLessThanOrEqual(FRAME_MS + 1);
    expect(frameHashes(path)).toEqual(hashes.slice(first, last));
    const sound = spawnSync('ffmpeg', ['-v', 'warning', '-i', path, '-map', '0:a?', '-f', 's16le', '-'], {
      maxBuffer: 1 << 28,
    });
    if (!audio) return expect(sound.stdout).toHaveLength(0);
    expect(sound.stderr.toString()).toBe('');
    expect(Math.abs(sound.stdout.length / 2 / 16 - (to - from))).toBeLessThan(70);
  });

  test('a gap inside is closed up', async () => {
    const job = await ended((await ask(START + 9000, START + 21_000)).id);
    const { path } = onlyFile(job.id);
    expect(frameHashes(path)).toEqual([...hashes.slice(225), ...hashes.slice(0, 25)]);
    expect(probeFrames(path).durationSeconds).toBeCloseTo(2, 1);
  });

  test('have a name that every system takes; what cannot be exported says why', async () => {
    const { name, id } = await ask(START, START + 1000);
    expect(name).toBe('Front_ door 2026-11-20 14.03.00–14.03.01.mp4');
    await ended(id);
    expect((await ask(START, START + 1000)).name).toBe('Front_ door 2026-11-20 14.03.00–14.03.01 (2).mp4');
    const nothing = await ask(START + 12_000, START + 13_000);
    expect(await ended(nothing.id)).toMatchObject({
      state: 'failed',
      problem: 'Nothing is recorded in this time.',
    });
    await expect(ask(0, 1, { cameraId: OTHER })).rejects.toThrow('does not exist');
    expect(readdirSync(join(dataDir, 'exports')).filter((name) => name.endsWith('.partial'))).toEqual([]);
  });

  test('jobs left by a crash are made again; finished ones are removed with their file', async () => {
    const store = new ExportStore(sql);
    const template = store.listExports()[0];
    const id = '11111111-2222-4333-8444-555555555555';
    if (template)
      store.putExport({
        ...template,
        id,
        state: 'running',
        progress: 0.4,
        sizeBytes: null,
        name: 'left.mp4',
        fromEpochMs: START,
        toEpochMs: START + 2000,
      });
    writeFileSync(join(dataDir, 'exports', 'left.mp4.partial'), 'half');
    await archive.exports.start();
    expect(await ended(id)).toMatchObject({ state: 'done' });
    const { path } = onlyFile(id);
    await archive.exports.remove(id);
    expect(existsSync(path)).toBe(false);
    expect(store.listExports().some((job) => job.id === id)).toBe(false);
  });
});

describe('over HTTP', () => {
  test('every route answers as the contract says', async () => {
    const range = `fromEpochMs=${START}&toEpochMs=${START + 4000}`;
    const timeline = await app.inject(`/archive/timeline?cameraIds=${CAMERA},${OTHER}&${range}`);
    expect(timeline.json()).toMatchObject([
      { cameraId: CAMERA, spans: [[START, START + 4000]] },
      { cameraId: OTHER, spans: [], gaps: [] },
    ]);
    expect((await app.inject('/archive/bounds')).json()).toMatchObject({ earliestEpochMs: START });
    expect((await app.inject(`/archive/${CAMERA}/segments?${range}`)).json()[0]).toMatchObject({
      startEpochMs: START,
      width: 640,
      audioCodecString: 'mp4a.40.2',
    });
    const beyond = `fromEpochMs=${START + 28_000}&toEpochMs=${START + 90_000}`;
    await app.inject(`/archive/${CAMERA}/media?${beyond}&baseEpochMs=${START}`);
    expect(new AuditStore(sql).list(1)).toMatchObject([
      { action: 'playback', fromEpochMs: START + 28_000, toEpochMs: START + 30_000 },
    ]);
    const video = await app.inject(`/archive/${CAMERA}/media?${range}&baseEpochMs=${START}`);
    expect(video.headers).toMatchObject({
      'content-type': 'video/mp4',
      'x-next-epoch-ms': String(START + 4000),
      'x-codec': footage.description.video.codecString,
      'x-shows': 'main',
    });
    expect(video.rawPayload.toString('latin1', 4, 8)).toBe('ftyp');
    const gap = await app.inject(
      `/archive/${CAMERA}/media?fromEpochMs=${START + 12_000}&toEpochMs=${START + 13_000}&baseEpochMs=${START}`,
    );
    expect(gap.statusCode).toBe(404);
    expect(gap.headers['x-next-epoch-ms']).toBe(String(START + 20_000));
    const picture = await app.inject(`/archive/${CAMERA}/frame.jpg?atEpochMs=${START + 500}`);
    expect(picture.headers).toMatchObject({ 'content-type': 'image/jpeg' });
    expect((await app.inject(`/archive/${CAMERA}/frame.jpg?atEpochMs=${START + 15_000}`)).statusCode).toBe(
      404,
    );
    expect((await app.inject('/archive/nonsense/segments')).statusCode).toBe(400);
  });

  test('a picture that the browser has is noted again for another viewer, and not sent again', async () => {
    const url = `/archive/${CAMERA}/frame.jpg?atEpochMs=${START + 1500}`;
    const sent = await app.inject(url);
    expect(sent.headers['cache-control']).toBe('private, no-cache');
    const headers = { 'if-none-match': sent.headers.etag as string };
    const lines = () => new AuditStore(sql).list(100).filter(({ action }) => action === 'pictures').length;
    const before = lines();
    const kept = await app.inject({ url, headers, remoteAddress: '10.0.0.7' });
    expect([kept.statusCode, kept.rawPayload.length, lines()]).toEqual([304, 0, before + 1]);
    expect((await app.inject({ url: `${url}&width=64`, headers })).statusCode).toBe(200);
    const gone = await app.inject(`/archive/${CAMERA}/frame.jpg?atEpochMs=${START + 15_000}`);
    expect([gone.statusCode, gone.headers.etag]).toEqual([404, undefined]);
  });

  test('footage is locked where there is any, and every lock stands in the audit log', async () => {
    const ask = (method: 'POST' | 'PATCH' | 'DELETE', url: string, payload?: object) =>
      app.inject({ method, url, ...(payload && { payload }) });
    const range = { startEpochMs: START, endEpochMs: START + 4000, reason: 'Police' };
    const made = await ask('POST', '/locks', { cameraIds: [OTHER, CAMERA], ...range });
    expect([made.statusCode, made.json()]).toEqual([
      201,
      {
        locks: [expect.objectContaining({ cameraId: CAMERA, createdBy: 'owner@example.test', ...range })],
        unrecordedCameraIds: [OTHER],
      },
    ]);
    const refused = await ask('POST', '/locks', { cameraIds: [OTHER], ...range });
    expect([refused.statusCode, refused.json().message]).toEqual([
      409,
      'Nothing was locked: Yard recorded nothing in that time.',
    ]);
    const unknown = await ask('POST', '/locks', {
      cameraIds: ['00000000-0000-4000-8000-000000000000'],
      ...range,
    });
    expect(unknown.statusCode).toBe(404);
    const [{ id }] = made.json().locks;
    expect((await ask('PATCH', `/locks/${id}`, { reason: 'Court' })).json()).toMatchObject({
      reason: 'Court',
    });
    expect((await ask('DELETE', `/locks/${id}`)).statusCode).toBe(204);
    expect((await ask('DELETE', `/locks/${id}`)).statusCode).toBe(404);
    const store = new AuditStore(sql);
    const facts = {
      ...{ actor: 'owner@example.test', cameras: [{ id: CAMERA, name: 'Front: door' }] },
      ...{ fromEpochMs: START, toEpochMs: START + 4000 },
    };
    expect(store.list(3)).toMatchObject([
      { action: 'lock-removed', reason: 'Court', ...facts },
      {
        ...{ action: 'lock-changed', reason: 'Court', ...facts },
        detail: 'Until it is removed. Before: Police. Until it is removed',
      },
      { action: 'lock-made', reason: 'Police', detail: 'Until it is removed', ...facts },
    ]);
    expect(await store.verify()).toMatchObject({ whole: true });
  });

  test('an export is asked for, downloaded in parts and removed', async () => {
    const made = await app.inject({
      method: 'POST',
      url: '/exports',
      payload: { cameraIds: [CAMERA], fromEpochMs: START, toEpochMs: START + 3000 },
    });
    expect(made.statusCode).toBe(202);
    const { id, name } = made.json() as ExportJob;
    await until(
      'it is done',
      async () =>
        ((await app.inject('/exports')).json() as ExportJob[]).find((job) => job.id === id)?.state === 'done',
    );
    const whole = await app.inject(`/exports/${id}/file`);
    expect(whole.headers['content-disposition']).toContain(encodeURIComponent(name));
    const part = await app.inject({ url: `/exports/${id}/file`, headers: { range: 'bytes=100-199' } });
    expect(part.statusCode).toBe(206);
    expect(part.headers['content-range']).toBe(`bytes 100-199/${whole.rawPayload.length}`);
    expect(part.rawPayload).toEqual(whole.rawPayload.subarray(100, 200));
    expect(
      (await app.inject({ url: `/exports/${id}/file`, headers: { range: 'bytes=99999999-' } })).statusCode,
    ).toBe(416);
    expect((await app.inject({ method: 'DELETE', url: `/exports/${id}` })).statusCode).toBe(204);
    expect((await app.inject(`/exports/${id}/file`)).statusCode).toBe(404);
    expect(jobs.some((job) => job.id === id && job.state === 'running')).toBe(true);
  });
});

test.each([
  { name: 'B frames', options: { codec: 'libx264', extra: ['-preset', 'medium', '-bf', '2'] } },
  { name: 'H.265', options: { codec: 'libx265', extra: ['-x265-params', 'log-level=none:keyint=25'] } },
])('a clip of $name begins and ends with the frames asked for', async ({ options }) => {
  const source = makeFootage(4, options);
  const whole = join(dataDir, 'whole-other.mp4');
  writeFileSync(
    whole,
    Buffer.concat([source.description.initSegment, ...source.fragments.map((fragment) => fragment.data)]),
  );
  const other = await service.addCamera({
    id: OTHER,
    name: 'Other',
    recording: { mode: 'continuous', days: 30 },
  });
  const start = START + 100_000;
  deliver(source, other.main, start);
  const range = { cameraId: OTHER, stream: 'main' as const, fromEpochMs: start, toEpochMs: start + 10_000 };
  await until('it is on disk', () => (archive.segments(range).at(-1)?.endEpochMs ?? 0) >= start + 4000);
  // Frames are named by the time at which they are shown: B frames are shown later than they are decoded.
  const shift = Math.min(
    ...source.fragments
      .filter((fragment) => fragment.track === 'video')
      .map((fragment) => readShownMs(fragment.data, fragment.tfdtOffset, source)),
  );
  const path = join(dataDir, 'clip-other.mp4');
  const segments = new SegmentStore(sql);
  await writeClip(
    {
      open: (segment) => volumes.open(segment),
      absent: () => [],
      listSegments: (query) => segments.listSegments(query),
      listSpans: (query) => segments.listSpans(query),
      nextStartEpochMs: () => null,
      bounds: () => segments.bounds(),
      openSegments: (cameraId, stream) => service.openSegments(cameraId, stream),
    },
    { cameraId: OTHER, fromEpochMs: start + shift + 1400, toEpochMs: start + shift + 2600, audio: true },
    path,
  );
  expect(frameHashes(path)).toEqual(frameHashes(whole).slice(35, 65));
  await other.remove({ deleteRecordings: true });
});

/** Presentation time of a fragment of ours, in ms. */
function readShownMs(data: Buffer, tfdtOffset: number, source: typeof footage): number {
  const ticks = Number(data.readBigUInt64BE(tfdtOffset)) + data.readInt32BE(100);
  return (ticks * 1000) / source.description.video.timescale;
}

test('a change of picture size ends media, refuses a single clip in clear words, and makes two files of an export', async () => {
  deliver(changed, camera.main, START + 30_000);
  await until('it is on disk', () =>
    service
      .openSegments(CAMERA, 'main')
      .some((segment) => segment.width === 320 && segment.durationMs >= 1000),
  );
  const answer = await media({ fromEpochMs: START + 28_000, toEpochMs: START + 32_000, baseEpochMs: START });
  expect(answer.nextEpochMs).toBe(START + 30_000);
  expect(packetTimes(answer.path)).toHaveLength(50);
  await expect(
    archive.clip(
      { cameraId: CAMERA, fromEpochMs: START + 28_000, toEpochMs: START + 32_000, audio: true },
      join(dataDir, 'never.mp4'),
    ),
  ).rejects.toThrow(
    "The camera's picture settings changed at 14:03:30. Export the time before and after it separately.",
  );
  const { id } = await ask(START + 28_000, START + 32_000);
  await until('it ends', () => archive.exports.list().find((job) => job.id === id)?.state === 'done');
  const { name, isFolder, files } = archive.exports.files(id);
  expect({ name, isFolder }).toEqual({ name: 'Front_ door 2026-11-20 14.03.28–14.03.32', isFolder: true });
  expect(files.map((file) => file.name)).toEqual([
    'Front_ door 2026-11-20 14.03.28–14.03.30.mp4',
    'Front_ door 2026-11-20 14.03.30–14.03.32.mp4',
  ]);
  expect(files.map(({ path }) => probeFrames(path).frames)).toEqual([50, 50]);
  const zipped = await app.inject(`/exports/${id}/file`);
  expect(zipped.headers['content-type']).toBe('application/zip');
  expect(zipped.rawPayload.subarray(0, 2).toString()).toBe('PK');
  const second = await app.inject(`/exports/${id}/files/1`);
  expect(second.rawPayload.length).toBe(archive.exports.list()[0]?.files[1]?.sizeBytes);
  expect(second.headers['content-disposition']).toMatch(/^attachment/);
  const shown = await app.inject(`/exports/${id}/files/1?show=true`);
  expect(shown.headers['content-disposition']).toMatch(/^inline/);
  expect((await app.inject(`/exports/${id}/files/2`)).statusCode).toBe(404);
});
