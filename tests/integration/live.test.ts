/** Live streams as others see them: ffmpeg plays our RTSP server, a WebSocket client gets what a browser would. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import websocket from '@fastify/websocket';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { registerLiveRoutes } from '../../src/main/api/app/live-routes.ts';
import { LiveCameras } from '../../src/main/live/cameras.ts';
import { DemoCameras } from '../../src/main/live/demo-cameras.ts';
import type { LiveHub } from '../../src/main/live/hub.ts';
import { attachRtspOutput, parseRtspDescription } from '../../src/main/live/rtsp-hub-source.ts';
import { RtspServer } from '../../src/main/live/rtsp-server.ts';
import type { RtspSource } from '../../src/main/live/rtsp-source.ts';
import { findFfmpeg, runFfmpeg } from '../../src/main/media/ffmpeg.ts';
import { FragmentedMp4Splitter } from '../../src/main/media/mp4/splitter.ts';
import { startChild, stopChild } from '../../src/main/platform/child.ts';
import { systemClock } from '../../src/main/platform/clock.ts';
import { silentLogger } from '../../src/main/platform/log.ts';
import { LIVE_HEADER_BYTES, LIVE_KIND, LiveHelloSchema } from '../../src/shared/contract-live.ts';

const CAMERA = '3fa85f64-5717-4562-b3fc-2c963f66afa6';
const H265_CAMERA = '7d9a6bb0-0c56-4b07-9d6a-50e1e3ab3c11';
const clock = systemClock;
const log = silentLogger;

let ffmpegPath: string;
let folder: string;
let demo: DemoCameras;
let live: LiveCameras;
let app: FastifyInstance;
const sources: Array<ReturnType<typeof startChild>> = [];

beforeAll(async () => {
  ffmpegPath = (await findFfmpeg()).path;
  folder = mkdtempSync(join(tmpdir(), 'live-'));
  demo = new DemoCameras({ ffmpegPath, scenesFolder: folder, clock, log });
  live = new LiveCameras({ ffmpegPath, clock, log });
  feed(live.hub(CAMERA, 'main'), [
    '-c:v',
    'libx264',
    '-preset',
    'ultrafast',
    '-bf',
    '0',
    '-g',
    '10',
    '-c:a',
    'aac',
  ]);
  feed(live.hub(H265_CAMERA, 'main'), [
    '-c:v',
    'libx265',
    '-preset',
    'ultrafast',
    '-x265-params',
    'log-level=none:keyint=10:bframes=0',
    '-an',
  ]);
  app = Fastify();
  await app.register(websocket);
  await app.register(registerLiveRoutes, { live, clock, log });
  await app.listen({ host: '127.0.0.1', port: 0 });
});

afterAll(async () => {
  live?.stop();
  await app?.close();
  await demo?.stop();
  await Promise.all(sources.map((source) => stopChild(source)));
  rmSync(folder, { recursive: true, force: true });
});

/** A made-up camera: a test picture with a tone, in real time. */
function feed(hub: LiveHub, encoding: string[]) {
  const source = startChild(
    ffmpegPath,
    [
      ...[
        '-v',
        'error',
        '-re',
        '-f',
        'lavfi',
        '-i',
        'testsrc2=s=320x180:r=10',
        '-re',
        '-f',
        'lavfi',
        '-i',
        'sine=r=16000',
      ],
      ...[
        '-pix_fmt',
        'yuv420p',
        ...encoding,
        '-f',
        'mp4',
        '-movflags',
        '+frag_every_frame+empty_moov+default_base_moof',
        'pipe:1',
      ],
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  sources.push(source);
  const splitter = new FragmentedMp4Splitter({
    captureEpochMs: () => clock.epochMs(),
    stream: (description) => hub.stream(description),
    fragment: (fragment) => hub.fragment(fragment),
  });
  source.child.stdout?.on('data', (bytes: Buffer) => splitter.push(bytes));
}

/** Decodes the first frames of a URL; resolves to how many there were and what ffmpeg complained about. */
async function play(url: string, transport: string, frames = 15) {
  const { stdout, stderr } = await runFfmpeg(ffmpegPath, [
    ...['-v', 'warning', '-rtsp_transport', transport, '-timeout', '8000000', '-i', url],
    ...['-map', '0', '-frames:v', String(frames), '-f', 'framehash', '-'],
  ]);
  const lines = stdout
    .toString()
    .split('\n')
    .filter((line) => line && !line.startsWith('#'));
  return { video: lines.filter((line) => line.startsWith('0,')).length, all: lines.length, stderr };
}

test.each(['tcp', 'udp'])('a demo camera plays over %s, main and sub', async (transport) => {
  const { main, sub } = await demo.resolve('demo:test-hall');
  for (const url of [main, sub]) expect((await play(url, transport)).video).toBe(15);
});

test('a wrong password, a missing one and an unknown path are refused', async () => {
  const { main } = await demo.resolve('demo:test-hall');
  await expect(play(main.replace(/:[^:@/]+@/, ':wrong@'), 'tcp')).rejects.toThrow(/401|authorization/i);
  await expect(play(main.replace(/\/\/[^@]+@/, '//'), 'tcp')).rejects.toThrow(/401|authorization/i);
  await expect(play(main.replace('test-hall', 'a/b'), 'tcp')).rejects.toThrow(/404|not found/i);
});

test.each([
  [CAMERA, 'tcp', 'sound'],
  [CAMERA, 'udp', 'sound'],
  [H265_CAMERA, 'tcp', 'no sound'],
])(
  'the relay of camera %s plays over %s, with %s, without a complaint',
  async (cameraId, transport, sound) => {
    const hub = live.hub(cameraId, 'main');
    const source: RtspSource = {
      async describe() {
        await expect.poll(() => hub.newestKeyframe, { timeout: 10_000 }).not.toBeNull();
        return parseRtspDescription(hub.description!);
      },
      attach: (output) => attachRtspOutput(hub, output),
    };
    const server = new RtspServer({
      host: '127.0.0.1',
      port: 0,
      passwordOf: (user) => (user === 'view' ? 'secret' : null),
      sourceAt: (mount) => (mount === 'relay' ? source : null),
      clock,
      log,
    });
    await server.start();
    const result = await play(`rtsp://view:secret@127.0.0.1:${server.port}/relay`, transport, 20);
    expect(result.video).toBe(20);
    if (sound === 'sound') expect(result.all).toBeGreaterThan(30);
    expect(result.stderr).toBe('');
    await expect.poll(() => server.connectionCount).toBe(0);
    expect(hub.viewerCount).toBe(0);
    await server.stop();
  },
);

interface Message {
  kind: number;
  epochMs: number;
  bytes: Buffer;
}

/** Watches until `enough`, then closes. */
async function watch(path: string, enough: (messages: Message[]) => boolean) {
  const { port } = app.server.address() as { port: number };
  const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`);
  const texts: unknown[] = [];
  const messages: Message[] = [];
  await new Promise<void>((done, fail) => {
    socket.on('error', fail);
    socket.on('close', (code) => fail(new Error(`closed with ${code}`)));
    socket.on('message', (data: Buffer, isBinary) => {
      if (!isBinary) texts.push(JSON.parse(data.toString()));
      else
        messages.push({
          kind: data.readUInt8(0),
          epochMs: data.readDoubleBE(1),
          bytes: data.subarray(LIVE_HEADER_BYTES),
        });
      if (enough(messages)) done();
    });
  }).finally(() => socket.terminate());
  return { texts, messages };
}

async function decode(bytes: Buffer, format: string): Promise<number> {
  const { stdout, stderr } = await runFfmpeg(
    ffmpegPath,
    ['-v', 'error', '-f', format, '-i', 'pipe:0', '-f', 'framehash', '-'],
    { stdin: bytes },
  );
  expect(stderr).toBe('');
  return stdout
    .toString()
    .split('\n')
    .filter((line) => line.startsWith('0,')).length;
}

test('a viewer gets hello, the inits, the current GOP and what follows; sub falls back to main', async () => {
  const ofKind = (messages: Message[], kind: number) => messages.filter((message) => message.kind === kind);
  const { texts, messages } = await watch(
    `/cameras/${CAMERA}/live?stream=sub`,
    (all) => ofKind(all, LIVE_KIND.videoFragment).length >= 25,
  );
  expect(LiveHelloSchema.parse(texts[0])).toMatchObject({
    format: 'mp4',
    width: 320,
    height: 180,
    stream: 'main',
  });
  expect(messages.slice(0, 2).map(({ kind }) => kind)).toEqual([LIVE_KIND.videoInit, LIVE_KIND.audioInit]);
  const video = messages.filter(
    ({ kind }) => kind === LIVE_KIND.videoInit || kind === LIVE_KIND.videoFragment,
  );
  expect(await decode(Buffer.concat(video.map(({ bytes }) => bytes)), 'mp4')).toBeGreaterThanOrEqual(25);
  const sound = messages.filter(
    ({ kind }) => kind === LIVE_KIND.audioInit || kind === LIVE_KIND.audioFragment,
  );
  expect(await decode(Buffer.concat(sound.map(({ bytes }) => bytes)), 'mp4')).toBeGreaterThan(10);
  for (const { epochMs } of ofKind(messages, LIVE_KIND.videoFragment)) {
    expect(Math.abs(epochMs - Date.now())).toBeLessThan(10_000);
  }
  await expect.poll(() => live.hub(CAMERA, 'main').viewerCount).toBe(0);
});

test('H.265 comes as MPEG-1 from one transcoder, which ends with its last viewer', async () => {
  const path = `/cameras/${H265_CAMERA}/live?format=mpeg1`;
  const size = (all: Message[]) => all.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const views = await Promise.all(
    [1, 2].map(() => watch(path, (all) => all.length > 20 && size(all) > 60_000)),
  );
  for (const { texts, messages } of views) {
    expect(LiveHelloSchema.parse(texts[0])).toMatchObject({ format: 'mpeg1', width: 320, height: 180 });
    expect(messages.every(({ kind }) => kind === LIVE_KIND.mpeg1)).toBe(true);
    expect(await decode(Buffer.concat(messages.map(({ bytes }) => bytes)), 'mpegts')).toBeGreaterThan(10);
  }
  const transcoder = live.find(H265_CAMERA, 'main')!.mpeg1;
  await expect.poll(() => transcoder.running).toBe(false);
});

test('the newest picture is a JPEG of the width asked for', async () => {
  await expect.poll(() => live.hub(CAMERA, 'main').newestKeyframe, { timeout: 10_000 }).not.toBeNull();
  const answer = await app.inject(`/cameras/${CAMERA}/picture.jpg?width=160`);
  expect(answer.statusCode).toBe(200);
  expect(answer.headers['content-type']).toBe('image/jpeg');
  expect(answer.rawPayload.subarray(0, 2).toString('hex')).toBe('ffd8');
});

test('an unknown camera closes with 4404; a removed one with 4410', async () => {
  await expect(watch(`/cameras/00000000-0000-4000-8000-000000000000/live`, () => false)).rejects.toThrow(
    '4404',
  );
  const watching = watch(`/cameras/${CAMERA}/live`, () => false);
  const refused = expect(watching).rejects.toThrow('4410');
  await expect.poll(() => live.hub(CAMERA, 'main').viewerCount).toBe(1);
  live.removeCamera(CAMERA);
  await refused;
});
