/** Frozen and black pictures, told from still and dark scenes: real H.264 and H.265, decoded by the real ffmpeg, on a clock that is moved. */
import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { FfmpegKeyframes } from '../../src/main/alerts/decode-keyframe.ts';
import { PictureWatch } from '../../src/main/alerts/picture-watch.ts';
import { ManualClock } from '../../src/main/platform/clock.ts';
import { createLogger } from '../../src/main/platform/log.ts';
import { type Footage, splitFootage } from './recording-fixture.ts';

const STILL = 'trim=end_frame=1,loop=-1:1';
const SCENE = 'testsrc2=size=320x180:rate=10';

/** 40 s at 10 frames a second, a key frame every 2 s. */
function encode(source: string, filter: string, encoder: readonly string[]): Footage {
  const made = spawnSync(
    process.env.FFMPEG_BIN ?? 'ffmpeg',
    [
      ...['-v', 'error', '-f', 'lavfi', '-i', source, '-vf', `${filter},fps=10`, '-t', '40', '-threads', '1'],
      ...['-pix_fmt', 'yuv420p', ...encoder],
      ...['-f', 'mp4', '-movflags', '+frag_every_frame+delay_moov+default_base_moof', 'pipe:1'],
    ],
    { maxBuffer: 1 << 28 },
  );
  if (made.status !== 0) throw new Error(made.stderr.toString());
  return splitFootage(made.stdout);
}

const X264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '20', '-bf', '0', '-sc_threshold', '0'];
const X265 = [
  ...['-c:v', 'libx265', '-preset', 'ultrafast'],
  ...['-x265-params', 'log-level=none:bframes=0:keyint=20:min-keyint=20:scenecut=0:pools=1:frame-threads=1'],
];
/** A constant bit rate, as most cameras are set to. */
const CBR = [...X264, '-b:v', '600k', '-maxrate', '600k', '-bufsize', '600k'];

test.each<[string, string, string, readonly string[], string | null]>([
  ['a still scene with faint sensor noise', SCENE, `${STILL},noise=alls=2:allf=t`, X264, null],
  ['a frozen picture', SCENE, STILL, X264, 'frozen'],
  ['a frozen picture at a constant bit rate', SCENE, STILL, CBR, 'frozen'],
  ['a frozen picture in H.265', SCENE, STILL, X265, 'frozen'],
  ['a moving picture', SCENE, 'null', X264, null],
  ['a covered lens', 'color=black:size=320x180:rate=10', 'noise=alls=4:allf=t', X264, 'black'],
  [
    'a dark yard with one lamp',
    'color=0x0c0c0c:size=320x180:rate=10',
    'drawbox=x=150:y=80:w=24:h=18:color=0x909070:t=fill,noise=alls=6:allf=t',
    X264,
    null,
  ],
])('%s', async (_name, source, filter, encoder, expected) => {
  const { description, fragments } = encode(source, filter, encoder);
  const clock = new ManualClock();
  const decoder = new FfmpegKeyframes(process.env.FFMPEG_BIN ?? 'ffmpeg');
  let decoding: Promise<unknown> = Promise.resolve();
  let decoded = 0;
  const noted = <T>(work: Promise<T> | null): Promise<T> | null => {
    if (work) {
      decoding = work.catch(() => {});
      decoded += 1;
    }
    return work;
  };
  const watch = new PictureWatch({
    decoder: {
      grey: (...picture) => noted(decoder.grey(...picture)),
      fingerprint: (...picture) => noted(decoder.fingerprint(...picture)),
    },
    clock,
    log: createLogger('silent'),
  });
  watch.stream(description);
  for (const fragment of fragments) {
    clock.advance(100);
    watch.fragment(fragment);
    await decoding;
    await new Promise(setImmediate);
  }
  expect(watch.trouble?.kind ?? null).toBe(expected);
  // Looking is rare: one picture at the start, two to compare; only a black one is looked at again and again.
  expect(decoded).toBeLessThanOrEqual(expected === 'black' ? 6 : 3);
});

test('the pictures of several cameras are decoded together, and a damaged one costs only itself', async () => {
  const pictures = ['black', '0x404040', '0xc0c0c0'].map((colour) => {
    const { description, fragments } = encode(
      `color=${colour}:size=320x180:rate=10`,
      'trim=end_frame=1',
      X264,
    );
    return { init: description.videoInit, key: fragments[0]!.data };
  });
  const decoder = new FfmpegKeyframes(process.env.FFMPEG_BIN ?? 'ffmpeg');
  const meanOf = ({ init, key }: (typeof pictures)[number]) =>
    decoder
      .grey(init, key)!
      .then((grey) => Math.round(grey.reduce((sum, level) => sum + level, 0) / grey.length));
  // The first one goes alone, what comes meanwhile together.
  const alone = await Promise.all([pictures[0]!, ...pictures].map(meanOf));
  expect(alone[1]).toBe(alone[0]);
  expect(alone[2]).toBeGreaterThan(alone[1]!);
  expect(alone[3]).toBeGreaterThan(alone[2]!);
  const damaged = { ...pictures[1]!, key: Buffer.alloc(500) };
  const [, first, failed, last] = await Promise.allSettled(
    [pictures[0]!, pictures[0]!, damaged, pictures[2]!].map(meanOf),
  );
  expect(first).toEqual({ status: 'fulfilled', value: alone[0] });
  expect(failed?.status).toBe('rejected');
  expect(last).toEqual({ status: 'fulfilled', value: alone[3] });
});
