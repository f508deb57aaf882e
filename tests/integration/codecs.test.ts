/** Codecs beyond H.264 and H.265 with AAC, from a real RTSP server (GStreamer): what is captured decodes without a word of ffmpeg's. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { CameraSession, type CameraSessionStatus } from '../../src/main/capture/camera-session.ts';
import { PictureEncoder } from '../../src/main/capture/picture-encoder.ts';
import type { Fragment, StreamDescription } from '../../src/main/media/fragment.ts';
import { parseStreamTracks } from '../../src/main/media/mp4/init-parser.ts';
import type { AccessUnit } from '../../src/main/media/rtsp/video-depacketizer.ts';
import { systemClock } from '../../src/main/platform/clock.ts';
import { silentLogger } from '../../src/main/platform/log.ts';
import { type RtspCameras, startRtspCameras, whyNoRtspCameras } from '../fixtures/rtsp-cameras.ts';
import { probeFrames, until } from './recording-fixture.ts';

const unavailable = await whyNoRtspCameras();
const PICTURE = 'videotestsrc is-live=true pattern=ball ! video/x-raw,width=320,height=240,framerate=10/1';
const JPEG = `${PICTURE},format=I420 ! jpegenc ! rtpjpegpay name=pay0 pt=26`;
const OPUS =
  `${PICTURE} ! x264enc tune=zerolatency speed-preset=ultrafast key-int-max=10 ! rtph264pay name=pay0 pt=96 ` +
  'audiotestsrc is-live=true ! audio/x-raw,rate=48000,channels=1 ! opusenc ! rtpopuspay name=pay1 pt=97';
// MPEG-4 Part 2 comes out of a file; its encoder is in another package than the server's.
const FALLBACKS = [
  {
    codec: 'VP8',
    pipeline: `${PICTURE} ! vp8enc deadline=1 keyframe-max-dist=20 ! rtpvp8pay name=pay0 pt=96`,
  },
  {
    codec: 'MPEG-4 Part 2',
    pipeline:
      'filesrc location=FOLDER/mpeg4.mp4 ! qtdemux ! mpeg4videoparse ! identity sync=true ! rtpmp4vpay name=pay0 pt=96 config-interval=1',
  },
];

let cameras: RtspCameras;
let folder: string;
const sessions: CameraSession[] = [];

function capture(name: string) {
  const got = {
    descriptions: [] as StreamDescription[],
    fragments: [] as Fragment[],
    losses: [] as string[],
    status: null as CameraSessionStatus | null,
  };
  const session = new CameraSession({
    ...{ cameraId: 'c', stream: 'main', url: cameras.url(name), transport: 'tcp', audio: true },
    ...{ clock: systemClock, log: silentLogger, ffmpegPath: 'ffmpeg', resolveSource: (source) => source },
    onStatus: (status) => {
      got.status = status;
    },
    sink: {
      stream: (description) => got.descriptions.push(description),
      fragment: (fragment) => got.fragments.push(fragment),
      lost: (cause) => got.losses.push(cause),
    },
  });
  sessions.push(session);
  session.start();
  const of = (track: Fragment['track']) => got.fragments.filter((fragment) => fragment.track === track);
  const save = () => {
    const path = join(folder, `${name}.mp4`);
    const { initSegment } = got.descriptions[0]!;
    writeFileSync(path, Buffer.concat([initSegment, ...got.fragments.map(({ data }) => data)]));
    return path;
  };
  return { got, of, save, session };
}

describe.skipIf(unavailable)('a camera', () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'codecs-'));
    const source = ['-f', 'lavfi', '-i', 'testsrc2=size=320x240:rate=10', '-t', '60'];
    spawnSync('ffmpeg', ['-v', 'error', ...source, '-c:v', 'mpeg4', '-g', '10', join(folder, 'mpeg4.mp4')]);
    const fallbacks = FALLBACKS.map(
      ({ pipeline }, index) => `fallback${index}=launch:${pipeline.replace('FOLDER', folder)}`,
    );
    cameras = await startRtspCameras([`jpeg=launch:${JPEG}`, `opus=launch:${OPUS}`, ...fallbacks]);
  });
  afterEach(async () => {
    await Promise.all(sessions.splice(0).map((session) => session.stop()));
  });
  afterAll(async () => {
    await cameras?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test('that sends Motion JPEG is recorded as H.264, every picture at its time', async () => {
    const { got, of, save, session } = capture('jpeg');
    await until('thirty pictures', () => of('video').length >= 30, 20_000);
    await until('its facts are known', () => got.status?.facts?.videoCodec === 'mjpeg, recorded as h264');
    await session.stop();
    expect(got.losses).toEqual(['engine-stopped']);
    expect(got.descriptions[0]?.video).toMatchObject({ codec: 'h264', width: 320, height: 240 });
    const video = of('video');
    const distances = video
      .slice(1)
      .map((fragment, index) => fragment.captureEpochMs - video[index]!.captureEpochMs);
    // GStreamer's live source stamps its frames on the beat: a picture left out or doubled would show as 200 or 0.
    for (const distance of distances) expect(Math.abs(distance - 100)).toBeLessThan(40);
    expect(probeFrames(save()).frames).toBe(video.length);
  });

  for (const [index, { codec }] of FALLBACKS.entries())
    test(`that sends ${codec} is recorded as H.264 by way of ffmpeg, and says so`, async () => {
      const { got, of, save, session } = capture(`fallback${index}`);
      await until('thirty pictures', () => of('video').length >= 30, 20_000);
      await until('its facts are known', () => got.status?.facts?.note !== undefined);
      expect(got.status?.facts).toMatchObject({
        ...{ videoCodec: `${codec}, recorded as h264`, note: expect.stringContaining(`sends ${codec}`) },
        network: { packetsLost: 0 },
      });
      await session.stop();
      expect(got.losses).toEqual(['engine-stopped']);
      const video = of('video');
      for (const [at, fragment] of video.slice(5).entries())
        expect(Math.abs(fragment.captureEpochMs - video[at + 4]!.captureEpochMs - 100)).toBeLessThan(60);
      expect(probeFrames(save()).frames).toBe(video.length);
    });

  test('whose sound is Opus is stored as it comes', async () => {
    const { got, of, save, session } = capture('opus');
    await until('two seconds of sound', () => of('audio').length >= 100, 20_000);
    await until('its facts are known', () => got.status?.facts?.audioCodec === 'opus');
    await session.stop();
    const [description] = got.descriptions;
    expect(description?.audio).toEqual({
      ...{ codec: 'opus', codecString: 'opus', sampleRate: 48_000, channels: 1, timescale: 48_000 },
    });
    expect(parseStreamTracks(description!.initSegment).audio?.config).toEqual({ codec: 'opus', channels: 1 });
    const sound = of('audio');
    for (const [index, fragment] of sound.slice(1).entries())
      expect(fragment.decodeTime - sound[index]!.decodeTime).toBe(960);
    const path = save();
    expect(probeFrames(path).frames).toBe(of('video').length);
    const decoded = spawnSync('ffmpeg', ['-v', 'warning', '-i', path, '-map', '0:a', '-f', 'null', '-']);
    expect(decoded.stderr.toString()).toBe('');
    expect(probeFrames(path, 'a').frames).toBe(sound.length);
  });
});

test('pictures of another size begin a stream of their own, and none is lost at the border', async () => {
  const units: Array<AccessUnit & { sps: string | null }> = [];
  const encoder = new PictureEncoder({
    ...{ ffmpegPath: 'ffmpeg', framesPerSecond: 5, log: silentLogger },
    onUnit: (unit) => {
      const sps = unit.nalus.find((nalu) => (nalu[0]! & 0x1f) === 7)?.toString('hex') ?? null;
      units.push({ ...unit, sps });
    },
    onFailed: () => {
      throw new Error('the encoder failed');
    },
  });
  const send = (width: number, height: number, first: number) => {
    const source = ['-f', 'lavfi', '-i', `testsrc2=size=${width}x${height}:rate=5`, '-frames:v', '1'];
    const { stdout: data } = spawnSync('ffmpeg', ['-v', 'error', ...source, '-f', 'mjpeg', '-']);
    for (let index = 0; index < 8; index++)
      encoder.push({ data, width, height, timestamp: (first + index) * 18_000 }, 0);
  };
  send(160, 120, 0);
  send(320, 240, 8);
  send(160, 120, 16);
  // The last two pictures wait for the next ones: one in ffmpeg's parser, one for the delimiter behind it.
  await until('all but the last come out', () => units.length >= 22, 20_000);
  await encoder.stop();
  expect(units.map(({ timestamp }) => timestamp / 18_000)).toEqual(units.map((_, index) => index));
  const keys = units.flatMap(({ keyframe, sps, timestamp }) => (keyframe ? [[timestamp / 18_000, sps]] : []));
  expect(keys.map(([at]) => at)).toEqual([0, 8, 16]);
  expect(keys[0]![1]).toBe(keys[2]![1]);
  expect(keys[0]![1]).not.toBe(keys[1]![1]);
});
