/** The camera session against a real RTSP server (GStreamer) with real ffmpeg: what arrives, when, and what is said when it does not. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { CameraSession, type CameraSessionStatus } from '../../src/main/capture/camera-session.ts';
import { probeSource } from '../../src/main/capture/probe.ts';
import type { Fragment, StreamDescription } from '../../src/main/media/fragment.ts';
import { systemClock } from '../../src/main/platform/clock.ts';
import { silentLogger } from '../../src/main/platform/log.ts';
import { makeClip, type RtspCameras, startRtspCameras, whyNoRtspCameras } from '../fixtures/rtsp-cameras.ts';

const unavailable = await whyNoRtspCameras();
const SECRET = 'p@ss/w:rd#1';
const ACCOUNT = `admin:${encodeURIComponent(SECRET)}`;

/** Everything a session tells, kept. */
class Capture {
  readonly descriptions: StreamDescription[] = [];
  readonly fragments: Fragment[] = [];
  readonly starts: number[] = [];
  readonly losses: Array<{ cause: string; detail: string; atMs: number }> = [];
  readonly statuses: CameraSessionStatus[] = [];
  private readonly session: CameraSession;

  constructor(url: string, transport: 'tcp' | 'udp' = 'tcp', audio = true) {
    this.session = new CameraSession({
      cameraId: 'c',
      stream: 'main',
      url,
      transport,
      audio,
      clock: systemClock,
      log: silentLogger,
      ffmpegPath: 'ffmpeg',
      resolveSource: (source) => source,
      onStatus: (status) => this.statuses.push(status),
      sink: {
        stream: (description) => {
          this.descriptions.push(description);
          this.starts.push(this.fragments.length);
        },
        fragment: (fragment) => this.fragments.push(fragment),
        lost: (cause, detail) => this.losses.push({ cause, detail, atMs: performance.now() }),
      },
    });
    running.add(this);
    this.session.start();
  }

  of(track: 'video' | 'audio'): Fragment[] {
    return this.fragments.filter((fragment) => fragment.track === track);
  }

  async stop(): Promise<void> {
    running.delete(this);
    await this.session.stop();
  }

  get words(): string {
    return JSON.stringify([this.statuses, this.losses]);
  }
}

const running = new Set<Capture>();
let folder: string;
const clips = { h264: '', h265: '', bFrames: '' };

beforeAll(async () => {
  if (unavailable) return;
  folder = mkdtempSync(join(tmpdir(), 'capture-'));
  clips.h264 = await makeClip(folder, 'h264');
  clips.h265 = await makeClip(folder, 'h265', { codec: 'h265' });
  clips.bFrames = await makeClip(folder, 'b-frames', { bFrames: 3, sound: false });
});
afterEach(async () => {
  await Promise.all([...running].map((capture) => capture.stop()));
});
afterAll(() => {
  if (!unavailable) rmSync(folder, { recursive: true, force: true });
});

async function until(condition: () => boolean, ms: number, what: string): Promise<void> {
  const end = performance.now() + ms;
  while (!condition()) {
    if (performance.now() > end) throw new Error(`not within ${ms} ms: ${what}`);
    await new Promise((done) => setTimeout(done, 20));
  }
}

/** The capture time that the server wrote into the frame, and where we put its presentation. */
function captureError(fragment: Fragment): number {
  const at = fragment.data.indexOf('NVRTESTCLOCK0001');
  expect(at).toBeGreaterThan(0);
  const trueMs = Number(fragment.data.toString('latin1', at + 16, at + 32)) / 1000;
  return fragment.captureEpochMs + fragment.data.readInt32BE(fragment.tfdtOffset + 8 + 32) / 90 - trueMs;
}

async function decodedFrames(capture: Capture, name: string): Promise<string[]> {
  const path = join(folder, `${name}.mp4`);
  const { initSegment } = capture.descriptions[0]!;
  writeFileSync(path, Buffer.concat([initSegment, ...capture.fragments.map(({ data }) => data)]));
  const { stderr } = await promisify(execFile)('ffmpeg', [
    '-nostdin',
    '-v',
    'warning',
    '-i',
    path,
    '-f',
    'null',
    '-',
  ]);
  return stderr.split('\n').filter((line) => line.trim() !== '');
}

describe.skipIf(unavailable !== null)('a camera', () => {
  describe.each([
    ['no account', [], undefined],
    ['digest', ['--user', 'admin', '--password', SECRET, '--auth', 'digest'], ACCOUNT],
    ['basic', ['--user', 'admin', '--password', SECRET, '--auth', 'basic'], ACCOUNT],
  ])('with %s', (signIn, options, account) => {
    let cameras: RtspCameras;
    beforeAll(async () => {
      const sounds = ['aac', 'pcmu', 'none'];
      const mounts = (['h264', 'h265'] as const).flatMap((codec) =>
        sounds.map((sound) => `${codec}-${sound}=${clips[codec]},audio=${sound}`),
      );
      cameras = await startRtspCameras(mounts, options);
    });
    afterAll(() => cameras?.stop());

    test.each(['tcp', 'udp'] as const)(
      'over %s: both codecs, with AAC, G.711 and no sound',
      async (transport) => {
        const names = ['h264', 'h265'].flatMap((codec) =>
          ['aac', 'pcmu', 'none'].map((sound) => `${codec}-${sound}`),
        );
        const captures = names.map((name) => new Capture(cameras.url(name, account), transport));
        await until(
          () => captures.every((one) => one.of('video').length >= 40),
          20_000,
          'forty frames of each',
        );
        await until(
          () => captures.every((one, index) => names[index]!.endsWith('none') || one.of('audio').length >= 4),
          5000,
          'sound',
        );
        await Promise.all(captures.map((one) => one.stop()));
        for (const [index, capture] of captures.entries()) {
          const [codec, sound] = names[index]!.split('-');
          const video = capture.of('video');
          expect(capture.descriptions).toHaveLength(1);
          expect(capture.descriptions[0]!.video).toMatchObject({ codec, width: 320, height: 180 });
          expect(capture.descriptions[0]!.audio?.codec).toBe(sound === 'none' ? undefined : 'aac');
          expect(video[0]!.keyframe).toBe(true);
          const distances = video.slice(1).map((one, at) => one.decodeTime - video[at]!.decodeTime);
          expect(distances.every((ticks) => Math.abs(ticks - 3600) < 100)).toBe(true);
          expect(Math.abs(captureError(video[0]!))).toBeLessThan(150);
          expect(await decodedFrames(capture, `${signIn}-${transport}-${names[index]}`)).toEqual([]);
          expect(capture.words).not.toContain(SECRET);
          expect(capture.words).not.toContain(encodeURIComponent(SECRET));
        }
      },
    );
  });

  describe('in trouble', () => {
    let cameras: RtspCameras;
    const start = (...options: string[]) =>
      startRtspCameras([`cam=${clips.h264}`, `b=${clips.bFrames}`], options);
    beforeAll(async () => {
      cameras = await start();
    });
    afterAll(() => cameras?.stop());

    test('frames are stamped with their capture time and handed on at once', async () => {
      const capture = new Capture(cameras.url('cam'));
      await until(() => capture.of('video').length >= 60, 10_000, 'sixty frames');
      expect(capture.losses).toEqual([]);
      expect(capture.descriptions).toHaveLength(1);
      const errors = capture.of('video').map((fragment) => captureError(fragment));
      expect(Math.max(...errors.map(Math.abs))).toBeLessThan(60);
      expect(Math.max(...errors) - Math.min(...errors)).toBeLessThan(5);
    });

    test('B-frames: decode times ascend, presentation stays in place', async () => {
      const capture = new Capture(cameras.url('b'));
      await until(() => capture.of('video').length >= 60, 10_000, 'sixty frames');
      await capture.stop();
      const video = capture.of('video');
      for (const [at, one] of video.slice(1).entries())
        expect(one.decodeTime).toBeGreaterThan(video[at]!.decodeTime);
      const errors = video.map((fragment) => captureError(fragment));
      expect(Math.max(...errors) - Math.min(...errors)).toBeLessThan(5);
      expect(await decodedFrames(capture, 'b-frames-captured')).toEqual([]);
    });

    test('a step of its clock starts a new description, and times stay true', async () => {
      const capture = new Capture(cameras.url('cam'), 'tcp', false);
      await until(() => capture.of('video').length >= 30, 10_000, 'thirty frames');
      await cameras.control('/jump?m=cam&ms=5000');
      await until(() => capture.descriptions.length >= 2, 5000, 'a new description');
      await until(() => capture.fragments.length >= capture.starts[1]! + 30, 5000, 'thirty more frames');
      expect(capture.fragments[capture.starts[1]!]!.keyframe).toBe(true);
      const errors = capture.fragments.map((fragment) => captureError(fragment));
      expect(Math.max(...errors.map(Math.abs))).toBeLessThan(250);
      expect(Math.abs(errors.at(-1)!)).toBeLessThan(60);
      expect(capture.losses).toEqual([]);
    });

    test.each([
      ['hangs', (one: RtspCameras) => one.signal('SIGSTOP'), (one: RtspCameras) => one.signal('SIGCONT')],
      [
        'sends nothing',
        (one: RtspCameras) => void one.control('/stall?m=cam'),
        (one: RtspCameras) => void one.control('/resume?m=cam'),
      ],
    ])('that %s is noticed within 5 s, and is back afterwards', async (_name, stall, resume) => {
      const own = await start();
      try {
        const capture = new Capture(own.url('cam'));
        await until(() => capture.of('video').length >= 10, 10_000, 'frames');
        stall(own);
        const atMs = performance.now();
        await until(() => capture.losses.length > 0, 6000, 'the loss');
        expect(capture.losses[0]!.atMs - atMs).toBeLessThan(5000);
        expect(capture.losses[0]!.cause).toBe('stream-stalled');
        expect(capture.statuses.at(-1)).toMatchObject({
          state: 'retrying',
          problem: expect.stringMatching(/no pictures/),
        });
        resume(own);
        const before = capture.fragments.length;
        await until(() => capture.fragments.length > before, 15_000, 'frames again');
        expect(capture.descriptions.length).toBeGreaterThan(1);
      } finally {
        own.signal('SIGCONT');
        await own.stop();
      }
    });

    test('that is killed and started again is back within 3 s', async () => {
      let own = await start();
      const { port } = own;
      try {
        const capture = new Capture(own.url('cam'));
        await until(() => capture.of('video').length >= 10, 10_000, 'frames');
        await own.stop();
        await until(() => capture.losses.length > 0, 2000, 'the loss');
        expect(['stream-ended', 'camera-unreachable']).toContain(capture.losses[0]!.cause);
        own = await start('--port', String(port));
        const before = capture.fragments.length;
        const atMs = performance.now();
        await until(() => capture.fragments.length > before, 10_000, 'frames again');
        expect(performance.now() - atMs).toBeLessThan(3000);
      } finally {
        await own.stop();
      }
    });

    test('that closes its connections is back at once', async () => {
      const capture = new Capture(cameras.url('cam'));
      await until(() => capture.of('video').length >= 10, 10_000, 'frames');
      await cameras.control('/kick');
      await until(() => capture.descriptions.length === 2, 4000, 'a second description');
      expect(capture.losses[0]).toMatchObject({ cause: 'stream-ended' });
    });

    test('with loss: whole frames go, time goes on', async () => {
      await cameras.control('/loss?m=b&pct=20');
      const capture = new Capture(cameras.url('b'), 'udp');
      await until(() => capture.of('video').length >= 60, 15_000, 'sixty frames');
      const video = capture.of('video');
      for (const [at, one] of video.slice(1).entries())
        expect(one.decodeTime).toBeGreaterThan(video[at]!.decodeTime);
      await cameras.control('/loss?m=b&pct=0');
    });
  });

  describe('that cannot be had', () => {
    let cameras: RtspCameras;
    beforeAll(async () => {
      cameras = await startRtspCameras([`cam=${clips.h264}`], ['--user', 'admin', '--password', SECRET]);
    });
    afterAll(() => cameras?.stop());

    test.each([
      [
        'wrong password',
        (one: RtspCameras) => one.url('cam', 'admin:wr0ng'),
        'wrong-credentials',
        'Wrong user name or password',
      ],
      [
        'no password',
        (one: RtspCameras) => one.url('cam'),
        'wrong-credentials',
        'The camera asks for a user name and password',
      ],
      [
        'no such path',
        (one: RtspCameras) => one.url('other', ACCOUNT),
        'camera-refused',
        'The camera has no stream at this path',
      ],
      [
        'nobody there',
        () => 'rtsp://admin:wr0ng@127.0.0.1:9/cam',
        'camera-unreachable',
        'The device refuses connections on this port',
      ],
      [
        'no such host',
        () => 'rtsp://admin:wr0ng@camera.invalid/cam',
        'camera-unreachable',
        'The host name is not known',
      ],
    ])('%s', async (_name, url, cause, problem) => {
      const capture = new Capture(url(cameras));
      await until(() => capture.losses.length > 0, 8000, 'the loss');
      expect(capture.losses[0]).toMatchObject({ cause, detail: problem });
      expect(capture.statuses.at(-1)).toMatchObject({ state: 'retrying', problem });
      expect(capture.statuses.at(-1)?.advice).toBeTruthy();
      expect(capture.words).not.toMatch(/wr0ng|p@ss|p%40ss/);
    });

    const probe = (url: string) =>
      probeSource({
        url,
        transport: 'tcp',
        clock: systemClock,
        log: silentLogger,
        ffmpegPath: 'ffmpeg',
        resolveSource: (source) => source,
      });

    test('a probe tells the facts and shows a picture', async () => {
      const result = await probe(cameras.url('cam', ACCOUNT));
      expect(result).toMatchObject({ ok: true, problem: null });
      expect(result.facts).toMatchObject({ videoCodec: 'h264', width: 320, height: 180, audioCodec: 'aac' });
      expect(result.facts?.framesPerSecond).toBeCloseTo(25, 0);
      const picture = Buffer.from(result.picture!.replace('data:image/jpeg;base64,', ''), 'base64');
      expect(picture.subarray(0, 3).toString('hex')).toBe('ffd8ff');
    });

    test('a probe says what is wrong', async () => {
      expect(await probe(cameras.url('cam', 'admin:wr0ng'))).toMatchObject({
        ok: false,
        problem: 'Wrong user name or password',
        facts: null,
      });
    });
  });

  test('a file plays as a camera', async () => {
    const capture = new Capture(pathToFileURL(clips.h264).href);
    await until(() => capture.of('video').length >= 130, 15_000, 'more than one turn of the loop');
    await capture.stop();
    expect(capture.descriptions).toHaveLength(1);
    expect(capture.of('audio').length).toBeGreaterThan(20);
    expect(await decodedFrames(capture, 'file-captured')).toEqual([]);
  });
});
