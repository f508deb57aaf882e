/** Uploads in the archive of the built engine: on the timeline, shown, played, exported and forgotten, with and without footage beside them. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Uploads, type UploadsDeps } from '../../src/main/events/uploads.ts';
import { runFfmpeg } from '../../src/main/media/ffmpeg.ts';
import { closeDatabase, openDatabase } from '../../src/main/store/database.ts';
import { ContentStore } from '../../src/main/store/uploads.ts';
import type { EventPage, TimelineLane, TimelineUpload } from '../../src/shared/contract-archive.ts';
import type { CameraView } from '../../src/shared/contract-cameras.ts';
import type { ExportJob } from '../../src/shared/contract-exports.ts';
import { type RunningEngine, startEngine, until } from '../fixtures/engine.ts';
import { type RtspCameras, startRtspCameras, whyNoRtspCameras } from '../fixtures/rtsp-cameras.ts';

const FFMPEG = process.env.FFMPEG_BIN ?? 'ffmpeg';
const SECOND = 1000;
const NO_RTSP = await whyNoRtspCameras();
/** Whole seconds, two hours ago. */
const START = Math.floor(Date.now() / SECOND) * SECOND - 7200 * SECOND;
const VIDEO_MS = 4000;

let folder: string;
let cameras: RtspCameras | null = null;
let engine: RunningEngine;
let mp4: Buffer;
let red: Buffer;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'uploads-'));
  const made = join(folder, 'made.mp4');
  // Blue for two seconds, then green: a picture says where in the video it was taken.
  await runFfmpeg(FFMPEG, [
    ...['-v', 'error', '-f', 'lavfi', '-i', 'color=blue:size=320x180:rate=10:duration=2'],
    ...['-f', 'lavfi', '-i', 'color=green:size=320x180:rate=10:duration=2'],
    ...['-filter_complex', 'concat=n=2', '-pix_fmt', 'yuv420p', '-c:v', 'libx264', '-g', '10', '-y', made],
  ]);
  mp4 = readFileSync(made);
  red = await sharp({ create: { width: 320, height: 180, channels: 3, background: '#d02020' } })
    .jpeg()
    .toBuffer();
  if (!NO_RTSP) cameras = await startRtspCameras([`front=${made}`]);
  engine = await startEngine(join(folder, 'engine'), {
    cameras: [
      { name: 'lane', recording: { days: 1 } },
      ...(cameras
        ? [{ name: 'front', source: { main: cameras.url('front') }, analysis: { enabled: false } }]
        : []),
    ],
    credentials: { uploadToken: 'upload-token' },
  });
});
afterAll(async () => {
  await engine?.stop();
  await cameras?.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe('a camera made of uploads', () => {
  let lane: string;
  let uploads: TimelineUpload[];

  beforeAll(async () => {
    lane = await idOf('lane');
    await upload('lane', START, red);
    await upload('lane', START + 60 * SECOND, mp4, { upload_mode: 'video' });
    uploads = (await timeline(lane)).uploads;
  });

  test('stands on its timeline and opens the archive', async () => {
    expect(uploads).toMatchObject([
      { contentType: 'image/jpeg', startEpochMs: START, endEpochMs: START + 5000, count: 1 },
      {
        contentType: 'video/mp4',
        startEpochMs: START + 60_000,
        endEpochMs: START + 60_000 + VIDEO_MS,
        count: 1,
      },
    ]);
    const bounds = await engine.get<{ earliestEpochMs: number; latestEpochMs: number }>('/archive/bounds');
    expect(bounds.earliestEpochMs).toBeLessThanOrEqual(START);
    expect(bounds.latestEpochMs).toBeGreaterThanOrEqual(START + 60_000 + VIDEO_MS);
    const coarse = await timeline(lane, 600_000);
    expect(coarse.uploads.map(({ count }) => count)).toEqual([1, 1]);
  });

  test.each([
    ['the picture', 1000, 'red'],
    ['the start of the video', 61_000, 'blue'],
    ['its end', 63_000, 'green'],
    ['nothing between them', 30_000, null],
  ])('shows %s', async (_, offsetMs, expected) => {
    const response = await ask(`/archive/${lane}/frame.jpg?atEpochMs=${START + offsetMs}&width=160`);
    expect(response.status).toBe(expected ? 200 : 404);
    if (expected) expect(await colourOf(Buffer.from(await response.arrayBuffer()))).toBe(expected);
  });

  test('a player is told what shows a time, and what comes next', async () => {
    const at = async (offsetMs: number) =>
      (
        await engine.get<{ upload: TimelineUpload | null }>(
          `/archive/${lane}/upload?atEpochMs=${START + offsetMs}`,
        )
      ).upload?.id;
    const [picture, video] = uploads.map(({ id }) => id);
    expect([await at(-1), await at(4999), await at(5000), await at(63_999), await at(64_000)]).toEqual([
      ...[picture, picture, video, video, undefined],
    ]);
  });

  test('the bytes come as they were uploaded, in parts too, to those who are signed in', async () => {
    const [picture, video] = uploads as [TimelineUpload, TimelineUpload];
    const whole = await ask(`/uploads/${video.id}/file`);
    expect(whole.headers.get('content-type')).toBe('video/mp4');
    expect(whole.headers.get('content-disposition')).toMatch(/^inline/);
    expect(Buffer.from(await whole.arrayBuffer()).equals(mp4)).toBe(true);
    const part = await ask(`/uploads/${video.id}/file`, { range: 'bytes=10-19' });
    expect([part.status, Buffer.from(await part.arrayBuffer())]).toEqual([206, mp4.subarray(10, 20)]);
    const saved = await ask(`/uploads/${picture.id}/file?save=true`);
    expect(saved.headers.get('content-disposition')).toMatch(/^attachment; filename="lane .*\.jpg"/);
    expect((await fetch(`${engine.url}/app/v1/uploads/${video.id}/file`)).status).toBe(401);
    expect((await ask('/uploads/none/file')).status).toBe(404);
    const small = await ask(`/uploads/${video.id}/picture.jpg?width=64`);
    const { width } = await sharp(Buffer.from(await small.arrayBuffer())).metadata();
    expect(width).toBe(64);
  });

  test('its events name their uploads', async () => {
    const { items } = await engine.get<EventPage>(`/events?cameraIds=${lane}`);
    const named = await Promise.all(
      items.map(({ id }) => engine.get<TimelineUpload[]>(`/events/${id}/uploads`)),
    );
    expect(
      named
        .flat()
        .map(({ id }) => id)
        .sort(),
    ).toEqual(uploads.map(({ id }) => id).sort());
  });

  test('the video is exported as it was uploaded; pictures alone are refused in words', async () => {
    const range = (from: number, to: number) => ({
      ...{ cameraIds: [lane], fromEpochMs: START + from, toEpochMs: START + to },
    });
    const job = await engine.send<ExportJob>('POST', '/exports', range(50_000, 90_000));
    expect(job).toMatchObject({ fromEpochMs: START + 60_000, toEpochMs: START + 60_000 + VIDEO_MS });
    await exported(job.id);
    const file = await ask(`/exports/${job.id}/file`);
    expect(Buffer.from(await file.arrayBuffer()).equals(mp4)).toBe(true);
    await expect(engine.send('POST', '/exports', range(-1000, 2000))).rejects.toThrow(
      'only uploaded pictures',
    );
  });

  test('retention forgets what ended before a time, bytes and all', async () => {
    await engine.stop();
    const data = join(folder, 'engine');
    const sql = openDatabase(join(data, 'threshold.db'));
    const contents = new ContentStore(sql);
    const kept = new Uploads({ folder: join(data, 'uploads'), contents } as unknown as UploadsDeps);
    const paths = uploads.map(({ id }) => kept.path(contents.get(id)!));
    await kept.forgetBefore(lane, START + 30 * SECOND);
    closeDatabase(sql);
    expect(paths.map((path) => existsSync(path))).toEqual([false, true]);
    engine = await startEngine(data);
    expect((await timeline(lane)).uploads.map(({ id }) => id)).toEqual([uploads[1]!.id]);
  });
});

describe.skipIf(NO_RTSP)(`a camera with a stream (skipped: ${NO_RTSP})`, () => {
  test('shows and exports its footage, with the upload beside it', async () => {
    const front = await idOf('front');
    const [from] = await until('5 s of footage', async () => {
      const span = (await timeline(front)).spans.at(-1);
      return span && span[1] - span[0] > 5000 ? span : null;
    });
    const at = Math.ceil(from) + 1000;
    await upload('front', at, red);
    await upload('front', START, red);
    const lane = await timeline(front);
    expect(lane.uploads.map(({ startEpochMs }) => startEpochMs)).toEqual([START, at]);
    const colourAt = async (epochMs: number) => {
      const response = await ask(`/archive/${front}/frame.jpg?atEpochMs=${epochMs}&width=160`);
      return colourOf(Buffer.from(await response.arrayBuffer()));
    };
    expect(['blue', 'green']).toContain(await colourAt(at + 500));
    expect(await colourAt(START + 500)).toBe('red');
    const { id } = await engine.send<ExportJob>('POST', '/exports', {
      ...{ cameraIds: [front], fromEpochMs: at, toEpochMs: at + 1500, options: { audio: false } },
    });
    const job = await exported(id);
    expect([job.fromEpochMs, job.toEpochMs]).toEqual([at, at + 1500]);
  });
});

async function idOf(name: string): Promise<string> {
  return (await engine.get<CameraView[]>('/cameras')).find((camera) => camera.name === name)!.id;
}

async function timeline(cameraId: string, resolutionMs = 0): Promise<TimelineLane> {
  const range = `fromEpochMs=${START - 60_000}&toEpochMs=${Date.now() + 60_000}&resolutionMs=${resolutionMs}`;
  return (await engine.get<TimelineLane[]>(`/archive/timeline?cameraIds=${cameraId}&${range}`))[0]!;
}

function ask(path: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${engine.url}/app/v1${path}`, { headers: { cookie: engine.cookie, ...headers } });
}

async function upload(
  camera: string,
  atEpochMs: number,
  bytes: Buffer,
  query: Record<string, string> = {},
): Promise<void> {
  const name = `${new Date(atEpochMs).toISOString()}.${bytes === mp4 ? 'mp4' : 'jpeg'}`;
  const parameters = new URLSearchParams({ camera_id: `id-${camera}`, ...query });
  const response = await fetch(
    `${engine.url}/api/users/upload-token/cameras/${camera}/content/${encodeURIComponent(name)}?${parameters}`,
    { method: 'POST', body: new Uint8Array(bytes) },
  );
  expect([response.status, await response.text()]).toEqual([
    expect.any(Number),
    expect.stringContaining('id'),
  ]);
  expect(response.ok).toBe(true);
}

function exported(id: string): Promise<ExportJob> {
  return until('the export is done', async () => {
    const job = (await engine.get<ExportJob[]>('/exports')).find((one) => one.id === id);
    if (job?.state === 'failed') throw new Error(job.problem ?? 'failed');
    return job?.state === 'done' ? job : null;
  });
}

async function colourOf(jpeg: Buffer): Promise<'red' | 'green' | 'blue'> {
  const { channels } = await sharp(jpeg).stats();
  const means = channels.map(({ mean }) => mean);
  return (['red', 'green', 'blue'] as const)[means.indexOf(Math.max(...means))]!;
}
