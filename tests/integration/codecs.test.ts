/** Codecs beyond H.264 and H.265 with AAC, from a real RTSP server (GStreamer): what is captured decodes without a word of ffmpeg's. */
import { spawn, spawnSync } from 'node:child_process';
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
import { joinClips, type RtspCameras, startRtspCameras, whyNoRtspCameras } from '../fixtures/rtsp-cameras.ts';
import { toneOf } from '../fixtures/tone.ts';
import { probeFrames, until } from './recording-fixture.ts';

const unavailable = await whyNoRtspCameras();
const PICTURE = 'videotestsrc is-live=true pattern=ball ! video/x-raw,width=320,height=240,framerate=10/1';
const JPEG = `${PICTURE},format=I420 ! jpegenc ! rtpjpegpay name=pay0 pt=26`;
const OPUS =
  `${PICTURE} ! x264enc tune=zerolatency speed-preset=ultrafast key-int-max=10 ! rtph264pay name=pay0 pt=96 ` +
  'audiotestsrc is-live=true ! audio/x-raw,rate=48000,channels=1 ! opusenc ! rtpopuspay name=pay1 pt=97';
const VP8 = `${PICTURE} ! vp8enc deadline=1 keyframe-max-dist=20 ! rtpvp8pay name=pay0 pt=96`;
const GSTREAMER_TONE_HZ = 440;
const TONE = 'audiotestsrc is-live=true ! audio/x-raw';
// MPEG-4 Part 2 comes out of a file; its encoder is in another package than the server's.
const FALLBACKS = [
  {
    ...{ codec: 'VP8', sound: 'opus', audio: 'opus' },
    pipeline: `${VP8} ${TONE},rate=48000,channels=1 ! opusenc ! rtpopuspay name=pay1 pt=97`,
  },
  {
    ...{ codec: 'MPEG-4 Part 2', sound: 'aac', audio: 'aac' },
    pipeline:
      'filesrc location=FOLDER/mpeg4.mp4 ! qtdemux name=file ' +
      'file.video_0 ! queue ! mpeg4videoparse ! identity sync=true ! rtpmp4vpay name=pay0 pt=96 config-interval=1 ' +
      'file.audio_0 ! queue ! aacparse ! identity sync=true ! rtpmp4gpay name=pay1 pt=97',
  },
  {
    ...{ codec: 'VP8', sound: 'G.711 A-law, recorded as aac', audio: 'aac' },
    pipeline: `${VP8} ${TONE},rate=8000,channels=1 ! alawenc ! rtppcmapay name=pay1`,
  },
];
const H264 = `${PICTURE} ! x264enc tune=zerolatency speed-preset=ultrafast key-int-max=10 ! rtph264pay name=pay0 pt=96`;
/** Sound that ffmpeg turns into AAC. GStreamer's G.726 says otherwise what it sends, where it is not told. */
const SOUNDS = [
  { name: '16-bit PCM', rate: 16_000, channels: 2, encoder: 'audioconvert ! rtpL16pay name=pay1 pt=97' },
  { name: 'G.722', rate: 16_000, channels: 1, encoder: 'avenc_g722 ! rtpg722pay name=pay1' },
  {
    ...{ name: 'G.726', rate: 8000, channels: 1 },
    encoder: 'avenc_g726 bitrate=32000 ! rtpg726pay force-aal2=false name=pay1 pt=97',
  },
];
const SIZES =
  'filesrc location=FOLDER/sizes.ts ! tsdemux ! mpeg4videoparse ! identity sync=true ! rtpmp4vpay name=pay0 pt=96 config-interval=1';
/** Of each second of the file the first fifth is white and sounds. */
const MARK_SECONDS = 0.2;

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
    makeMarkedFile();
    await makeFileOfTwoSizes();
    const pipelines = {
      ...{ jpeg: JPEG, opus: OPUS, sizes: SIZES, changing: VP8 },
      ...Object.fromEntries(
        SOUNDS.map(({ rate, channels, encoder }, index) => [
          `sound${index}`,
          `${H264} ${TONE},rate=${rate},channels=${channels} ! ${encoder}`,
        ]),
      ),
      ...Object.fromEntries(FALLBACKS.map(({ pipeline }, index) => [`fallback${index}`, pipeline])),
    };
    cameras = await startRtspCameras(
      Object.entries(pipelines).map(
        ([name, pipeline]) => `${name}=launch:${pipeline.replace('FOLDER', folder)}`,
      ),
    );
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

  for (const [index, { codec, sound, audio }] of FALLBACKS.entries())
    test(`that sends ${codec} is recorded as H.264 by way of ffmpeg, its sound as ${sound}, and says so`, async () => {
      const { got, of, save, session } = capture(`fallback${index}`);
      await until('thirty pictures', () => of('video').length >= 30, 20_000);
      await until('its facts are known', () => got.status?.facts?.note !== undefined);
      expect(got.status?.facts).toMatchObject({
        ...{ videoCodec: `${codec}, recorded as h264`, note: expect.stringContaining(`sends ${codec}`) },
        ...{ audioCodec: sound, network: { packetsLost: 0 } },
      });
      await session.stop();
      expect(got.losses).toEqual(['engine-stopped']);
      const video = of('video');
      // Of pictures that share a packet the first ones may have no beginning, and come at the time of the next.
      const distances = video
        .slice(1)
        .map((fragment, at) => Math.round(fragment.captureEpochMs - video[at]!.captureEpochMs));
      for (const distance of distances.slice(4))
        expect(Math.abs(distance - 100), `${distances}`).toBeLessThan(60);
      expect(got.descriptions[0]?.audio?.codec).toBe(audio);
      const path = save();
      expect(probeFrames(path).frames).toBe(video.length);
      expect(of('audio').length).toBeGreaterThan(10);
      expect(probeFrames(path, 'a').frames).toBe(of('audio').length);
    });

  test('whose pictures take the way over ffmpeg keeps its sound in step with them', async () => {
    const { of, save, session } = capture('fallback1');
    await until('ten seconds of pictures', () => of('video').length >= 100, 30_000);
    await session.stop();
    const path = save();
    const white = marksOf(path, 'blackdetect=d=0.3:pic_th=0.9', /black_end:([\d.]+)/g);
    const tones = marksOf(path, 'silencedetect=noise=-30dB:d=0.3', /silence_end: ([\d.]+)/g);
    // Sound runs ahead of the last picture, and both filters take the end of the file for the end of what they look for.
    const [start, ...ends] = [of('video')[0], of('video').at(-1), of('audio').at(-1)].map(
      (fragment) => fragment!.captureEpochMs,
    );
    const secondsOfBoth = (Math.min(...ends) - start!) / 1000;
    const inBoth = tones.filter((at) => at < secondsOfBoth - MARK_SECONDS / 2);
    expect(inBoth.length).toBeGreaterThan(6);
    for (const at of inBoth) {
      const nearest = Math.min(...white.map((mark) => Math.abs(mark - at)));
      expect(nearest, `${inBoth} beside ${white}`).toBeLessThan(MARK_SECONDS / 2);
    }
  });

  test('whose pictures take another size on that way begins a stream anew', async () => {
    // Somebody else watches, so that the camera does not begin its file anew with us.
    const args = ['-v', 'quiet', '-rtsp_transport', 'tcp', '-i', cameras.url('sizes'), '-c', 'copy'];
    const watcher = spawn('ffmpeg', [...args, '-f', 'null', '-'], { stdio: 'ignore' });
    const { got, of, session } = capture('sizes');
    const widths = () => new Set(got.descriptions.map(({ video }) => video.width));
    await until('both sizes', () => widths().size === 2, 60_000);
    const before = of('video').length;
    await until('more pictures', () => of('video').length > before + 5, 20_000);
    await session.stop();
    watcher.kill('SIGKILL');
    expect([...widths()].sort()).toEqual([320, 640]);
    expect(new Set(got.losses.slice(0, -1))).toEqual(new Set(['stream-ended']));
  });

  test('set to another codec is recorded on in a stream of its own', async () => {
    const { got, of, session } = capture('changing');
    await until('ten pictures', () => of('video').length >= 10, 20_000);
    await cameras.control('/become?m=changing&like=opus');
    await cameras.control('/kick');
    await until('the other codec', () => got.descriptions.length >= 2, 30_000);
    await until('its facts are known', () => got.status?.facts?.videoCodec === 'h264', 20_000);
    await session.stop();
    expect(got.descriptions.map(({ audio }) => audio?.codec ?? null)).toEqual([null, 'opus']);
    expect(got.status?.facts).toMatchObject({ audioCodec: 'opus', note: null });
    expect(got.losses.at(-1)).toBe('engine-stopped');
  });

  for (const [index, { name, rate, channels }] of SOUNDS.entries())
    test(`whose sound is ${name} is heard as it was made`, async () => {
      const { got, of, save, session } = capture(`sound${index}`);
      await until('six seconds of sound', () => of('audio').length * 1024 >= 6 * rate, 30_000);
      await until('its facts are known', () => got.status?.facts?.audioCodec === `${name}, recorded as aac`);
      await session.stop();
      expect(got.losses).toEqual(['engine-stopped']);
      expect(got.descriptions).toHaveLength(1);
      expect(got.descriptions[0]?.audio).toMatchObject({ codec: 'aac', sampleRate: rate, channels });
      const sound = of('audio');
      const distances = sound.slice(1).map((one, at) => one.decodeTime - sound[at]!.decodeTime);
      // Until the camera's reports of both tracks have come, its place beside the pictures is guessed.
      expect(new Set(distances.slice(distances.length / 2)), `${distances}`).toEqual(new Set([1024]));
      // What the sound lies beside was taken at the same time; GStreamer gives both tracks one clock.
      expect(Math.abs(sound[0]!.captureEpochMs - of('video')[0]!.captureEpochMs)).toBeLessThan(1500);
      const path = save();
      expect(probeFrames(path).frames).toBe(of('video').length);
      expect(Math.abs(toneOf(path).hz - GSTREAMER_TONE_HZ)).toBeLessThan(10);
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

/** MPEG-4 Part 2 with AAC. */
function makeMarkedFile(): void {
  const isOn = `lt(mod(t\\,1)\\,${MARK_SECONDS})`;
  const picture = `color=black:size=320x240:rate=10,drawbox=color=white:t=fill:enable=${isOn}`;
  const tone = `aevalsrc=sin(2*PI*440*t)*${isOn}:s=16000`;
  const input = ['-f', 'lavfi', '-i', picture, '-f', 'lavfi', '-i', tone, '-t', '30'];
  const codecs = ['-c:v', 'mpeg4', '-g', '10', '-c:a', 'aac'];
  run(...input, ...codecs, join(folder, 'mpeg4.mp4'));
}

/** MPEG-4 Part 2 whose size changes every six seconds. */
async function makeFileOfTwoSizes(): Promise<void> {
  const [small, large] = ['320x240', '640x480'].map((size) => {
    const path = join(folder, `${size}.ts`);
    run('-f', 'lavfi', '-i', `testsrc2=size=${size}:rate=10`, '-t', '6', '-c:v', 'mpeg4', '-g', '10', path);
    return path;
  });
  const turns = Array.from({ length: 6 }, () => [small!, large!]);
  await joinClips(folder, 'sizes', turns.flat());
}

function run(...args: string[]): void {
  const { stderr } = spawnSync('ffmpeg', ['-nostdin', '-v', 'error', ...args], { encoding: 'utf8' });
  expect(stderr).toBe('');
}

/** Seconds at which a filter of ffmpeg's says that something ended. */
function marksOf(path: string, filter: string, words: RegExp): number[] {
  const kind = filter.startsWith('black') ? '-vf' : '-af';
  const args = ['-nostdin', '-hide_banner', '-i', path, kind, filter, '-f', 'null', '-'];
  const { stderr } = spawnSync('ffmpeg', args, { encoding: 'utf8' });
  return [...stderr.matchAll(words)].map(([, seconds]) => Number(seconds));
}

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
