/**
 * Streams that break naive recorders, all at once through one built engine over real RTSP: B-frames, variable frame rates, key frames
 * 10 s apart, sizes and codecs that change. At the end the engine is killed, and what lies on the disk is compared with what was sent
 * and, frame by frame, with what ffmpeg's own captures of the same streams hold.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SegmentRecord } from '../../src/main/media/segment.ts';
import { recoverSegments } from '../../src/main/recorder/recovery.ts';
import { openDatabase } from '../../src/main/store/database.ts';
import { GapStore } from '../../src/main/store/gaps.ts';
import { SegmentStore } from '../../src/main/store/recordings.ts';
import type { CameraView } from '../../src/shared/contract-cameras.ts';
import type { Gap } from '../../src/shared/domain-storage.ts';
import { captureInstants } from '../fixtures/clock-cameras.ts';
import { type RunningEngine, reportUnlock, startEngine, until } from '../fixtures/engine.ts';
import {
  joinClips,
  makeClip,
  type RtspCameras,
  startRtspCameras,
  whyNoRtspCameras,
} from '../fixtures/rtsp-cameras.ts';
import { frameHashes } from './recording-fixture.ts';

const unavailable = await whyNoRtspCameras();
const FRAME_MS = 40;
/** Longer than what is compared of them. */
const CLIP_SECONDS = 12;
const CAPTURE_SECONDS = 8;
const LONG_GOP_MS = 10_000;
const ROLL_SECONDS = 2;
const B_FRAMES = 3;
/** What a busy machine may add: the suite of faults holds the engine to 0.75 s beyond an outage and 0.25 s before a kill. */
const BUSY_MS = 2000;
const TOKEN = 'pacs-token';
const COMPARED = { h264: 'h264', h265: 'hevc', b: 'h264', vfr: 'h264' } as const;
const NAMES = [...Object.keys(COMPARED), 'sizes', 'codecs', 'slow', 'event'];

interface Stored {
  segments: SegmentRecord[];
  /** Of each segment the MD5 of every picture, decoded without a warning. */
  pictures: string[][];
  gaps: Gap[];
}

let folder: string;
let data: string;
let cameras: RtspCameras;
let changing: RtspCameras;
let engine: RunningEngine;
let captures: Promise<void>[];
const stored = new Map<string, Stored>();
/** True times of what was done. */
const times = { stallEpochMs: 0, noticedEpochMs: 0, resumeEpochMs: 0, eventEpochMs: 0, killedEpochMs: 0 };

const file = ({ path }: Pick<SegmentRecord, 'path'>) => join(data, 'recordings', path);
const of = (name: string) => stored.get(name)!;
const viewOf = async (name: string) =>
  (await engine.get<CameraView[]>('/cameras')).find((view) => view.name === name)!;
const isRecorded = async (name: string) => (await viewOf(name)).status.recording;

describe.skipIf(unavailable)('recorded through one engine', () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'unusual-'));
    data = join(folder, 'data');
    await startCameras();
    engine = await startEngine(data, {
      cameras: NAMES.map((name) => ({
        ...{ name, analysis: { enabled: false }, source: { main: urlOf(name) } },
        ...(name === 'event' && {
          recording: { mode: 'events', preRollSeconds: ROLL_SECONDS, postRollSeconds: ROLL_SECONDS },
          readers: ['d1'],
        }),
      })),
      readers: [{ deviceId: 'd1', deviceName: 'Door' }],
      credentials: { oauthTokens: [{ token: TOKEN, scopes: ['annotations:write'] }] },
    });
    for (const name of NAMES.filter((each) => each !== 'event'))
      await until(`${name} is recorded`, () => isRecorded(name));
    const heldSinceMs = Date.now();
    captures = Object.entries(COMPARED).map(([name, format]) => captureWithFfmpeg(name, format));
    await changeCodec();
    await stallSlowCamera();
    await Promise.all(captures);
    await until('a whole group waits in memory', () => Date.now() - heldSinceMs > LONG_GOP_MS + 2000);
    times.eventEpochMs = Date.now();
    await reportUnlock(engine, TOKEN, 'd1', times.eventEpochMs);
    await until('the event is recorded', () => isRecorded('event'));
    await until('the post-roll is over', async () => !(await isRecorded('event')));
    await until('the slow camera is recorded again', () => isRecorded('slow'));
    await new Promise((done) => setTimeout(done, 1500));
    const views = await engine.get<CameraView[]>('/cameras');
    times.killedEpochMs = Date.now();
    await engine.kill();
    await readStored(views);
  });
  afterAll(async () => {
    await engine?.kill();
    await cameras?.stop();
    await changing?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test.each(Object.keys(COMPARED))('%s holds, frame by frame, what ffmpeg captured of it', (name) => {
    const recorded = of(name).pictures.flat();
    const captured = frameHashes(captureOf(name));
    const first = recorded.indexOf(captured[0]!);
    expect(first).toBeGreaterThanOrEqual(0);
    // The last frames of a raw stream may lack those they refer to.
    const common = captured.slice(0, -4);
    expect(common.length).toBeGreaterThan(60);
    expect(recorded.slice(first, first + common.length)).toEqual(common);
  });

  test.each(NAMES)('%s plays to its end without a warning, and no frame is lost or doubled', (name) => {
    const { segments, pictures } = of(name);
    expect(segments.length).toBeGreaterThan(0);
    for (const [at, segment] of segments.entries()) {
      const instants = instantsIn(segment);
      expect(pictures[at]).toHaveLength(instants.length);
      if (name === 'vfr') continue;
      // The kill came between pictures that are sent before those they are shown behind.
      if (name === 'b') instants.splice(-B_FRAMES - 1);
      for (const [index, instant] of instants.slice(1).entries())
        expect(Math.abs(instant - instants[index]! - FRAME_MS)).toBeLessThan(1);
    }
    for (const cause of laterCauses(name)) expect(EXPECTED_CAUSES[name] ?? []).toContain(cause);
  });

  test.each(['b', 'vfr'])('%s: every picture stands at the distance it was taken at', (name) => {
    for (const segment of of(name).segments) {
      const shown = presentationTimes(file(segment));
      const errors = instantsIn(segment).map((instant, index) => instant - shown[index]!);
      expect(Math.max(...errors) - Math.min(...errors)).toBeLessThan(10);
    }
    if (name !== 'vfr') return;
    const shown = of(name).segments.flatMap((segment) => presentationTimes(file(segment)));
    const distances = shown.slice(1).map((time, index) => Math.round((time - shown[index]!) / FRAME_MS));
    expect(new Set(distances).size).toBeGreaterThan(3);
  });

  test('a size that changes in mid-stream begins a segment, and no frame between them is lost', () => {
    const { segments } = of('sizes');
    expect(segments.length).toBeGreaterThan(2);
    for (const [index, { width }] of segments.slice(1).entries())
      expect([segments[index]!.width, width].sort()).toEqual([320, 640]);
    const instants = segments.flatMap(instantsIn);
    for (const [index, instant] of instants.slice(1).entries())
      expect(Math.abs(instant - instants[index]! - FRAME_MS)).toBeLessThan(1);
    expect(laterCauses('sizes')).toEqual([]);
  });

  test('a codec that changes begins a segment', () => {
    const { segments } = of('codecs');
    expect(segments.map(({ videoCodecString }) => videoCodecString.slice(0, 4))).toEqual(['avc1', 'hvc1']);
    const [before, after] = segments.map(instantsIn);
    expect(after![0]! - before!.at(-1)!).toBeLessThan(5000);
  });

  test('with key frames 10 s apart a stall is noticed in 5 s, costs at most one group more, and a kill costs no group', () => {
    expect(times.noticedEpochMs - times.stallEpochMs).toBeLessThan(5000);
    const instants = of('slow').segments.flatMap(instantsIn);
    const lastBefore = instants.findLast((instant) => instant < times.resumeEpochMs)!;
    const firstAfter = instants.find((instant) => instant >= times.resumeEpochMs)!;
    expect(Math.abs(lastBefore - times.stallEpochMs)).toBeLessThan(500);
    expect(firstAfter - times.resumeEpochMs).toBeLessThan(LONG_GOP_MS + BUSY_MS);
    expect(times.killedEpochMs - instants.at(-1)!).toBeLessThan(BUSY_MS);
    expect(laterCauses('slow')).toEqual(['stream-stalled']);
  });

  test('with key frames 10 s apart an event is stored from the group before it', () => {
    const { segments } = of('event');
    expect(segments).toHaveLength(1);
    const instants = instantsIn(segments[0]!);
    const before = times.eventEpochMs - instants[0]!;
    expect(before).toBeGreaterThan(ROLL_SECONDS * 1000 - 100);
    expect(before).toBeLessThan(ROLL_SECONDS * 1000 + LONG_GOP_MS + 500);
    expect(instants.at(-1)! - times.eventEpochMs).toBeGreaterThan(ROLL_SECONDS * 1000 - 100);
  });
});

const EXPECTED_CAUSES: Record<string, string[]> = {
  slow: ['stream-stalled'],
  codecs: ['stream-ended', 'camera-unreachable'],
  event: ['no-event'],
};

/** Why nothing was stored, since the first picture was: eight cameras at once may keep a busy machine waiting for theirs. */
function laterCauses(name: string): string[] {
  const { segments, gaps } = of(name);
  return gaps
    .filter(({ startEpochMs }) => startEpochMs >= segments[0]!.startEpochMs)
    .map(({ cause }) => cause);
}

async function startCameras(): Promise<void> {
  const seconds = CLIP_SECONDS;
  const clip = (name: string, options: Parameters<typeof makeClip>[2]) =>
    makeClip(folder, name, { seconds, sound: false, ...options });
  const [h264, h265, b, vfr, slow, small, large] = await Promise.all([
    clip('h264', {}),
    clip('h265', { codec: 'h265' }),
    clip('b', { bFrames: B_FRAMES }),
    clip('vfr', { pick: 'mod(n\\,3)*mod(n\\,7)*(1-eq(mod(n\\,10)\\,5))' }),
    clip('slow', { seconds: 20, gop: LONG_GOP_MS / FRAME_MS }),
    clip('small', { seconds: 4 }),
    clip('large', { seconds: 4, size: '640x360' }),
  ]);
  const sizes = await joinClips(folder, 'sizes', [small, large]);
  const files = { h264, h265, b, vfr, slow, event: slow, sizes };
  cameras = await startRtspCameras(Object.entries(files).map(([name, path]) => `${name}=${path}`));
  changing = await startRtspCameras([`codecs=${h264}`, `other=${h265}`]);
}

function urlOf(name: string): string {
  return (name === 'codecs' ? changing : cameras).url(name);
}

function captureOf(name: string): string {
  return join(folder, `${name}.raw`);
}

/** As a raw stream: without a container there are no timestamps to argue about. */
async function captureWithFfmpeg(name: keyof typeof COMPARED | string, format: string): Promise<void> {
  const input = ['-rtsp_transport', 'tcp', '-i', urlOf(name), '-map', '0:v', '-c', 'copy'];
  const output = ['-t', `${CAPTURE_SECONDS}`, '-f', format, captureOf(name)];
  const child = spawn('ffmpeg', ['-nostdin', '-v', 'error', ...input, ...output], { stdio: 'ignore' });
  const [code] = (await once(child, 'exit')) as [number | null];
  expect(code).toBe(0);
}

/** Its owner sets it to H.265: it ends its connections and describes another stream from then on. */
async function changeCodec(): Promise<void> {
  await changing.control('/become?m=codecs&like=other');
  await changing.control('/kick');
  await until('the other codec is recorded', async () => {
    const { status } = await viewOf('codecs');
    return status.recording && status.streams[0]?.videoCodec === 'h265';
  });
}

async function stallSlowCamera(): Promise<void> {
  times.stallEpochMs = Date.now();
  await cameras.control('/stall?m=slow&hold=1');
  const { status } = await until('the stall is noticed', async () => {
    const view = await viewOf('slow');
    return view.status.state === 'online' ? null : view;
  });
  times.noticedEpochMs = status.sinceEpochMs;
  times.resumeEpochMs = Date.now();
  await cameras.control('/resume?m=slow');
}

/** What a start of the engine would find: segments, cut at their last whole fragment, and the ledger. */
async function readStored(views: readonly CameraView[]): Promise<void> {
  const sql = openDatabase(join(data, 'threshold.db'));
  const index = new SegmentStore(sql);
  const ledger = new GapStore(sql);
  await recoverSegments({ id: 0, path: join(data, 'recordings') }, { index, ledger });
  for (const { id: cameraId, name } of views) {
    const everything = { cameraId, fromEpochMs: 0, toEpochMs: Number.MAX_SAFE_INTEGER };
    const segments = index.listSegments({ ...everything, stream: 'main' });
    const pictures = segments.map((segment) => frameHashes(file(segment)));
    stored.set(name, { segments, pictures, gaps: ledger.listGaps(cameraId, 0, Number.MAX_SAFE_INTEGER) });
  }
  sql.close();
}

/** When the camera took each picture of a segment, ms since 1970, ascending. */
function instantsIn(segment: SegmentRecord): number[] {
  return captureInstants(readFileSync(file(segment))).sort((a, b) => a - b);
}

/** Of each picture in the file, ms, ascending. */
function presentationTimes(path: string): number[] {
  const args = ['-v', 'error', '-select_streams', 'v', '-show_entries', 'packet=pts_time', '-of', 'csv=p=0'];
  const { stdout } = spawnSync('ffprobe', [...args, path], { encoding: 'utf8' });
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => Number.parseFloat(line) * 1000)
    .sort((a, b) => a - b);
}
