/** Key frames as JPEG out of ffmpeg that stays: the right picture each time, also with decoders that keep pictures back. */
import sharp from 'sharp';
import { afterEach, expect, test } from 'vitest';
import { KeyframePictures } from '../../src/main/archive/keyframe-pictures.ts';
import { runFfmpeg } from '../../src/main/media/ffmpeg.ts';
import type { Fragment } from '../../src/main/media/fragment.ts';
import { makeFootage } from './recording-fixture.ts';

const FFMPEG = process.env.FFMPEG_BIN ?? 'ffmpeg';
const WIDTH = 160;
const pictures = new KeyframePictures(() => FFMPEG);
afterEach(() => pictures.stop());

const grey = (jpeg: Buffer) => sharp(jpeg).greyscale().resize(WIDTH, 90).raw().toBuffer();

async function difference(a: Buffer, b: Buffer): Promise<number> {
  const [one, other] = await Promise.all([grey(a), grey(b)]);
  return one.reduce((sum, value, at) => sum + Math.abs(value - other[at]!), 0) / one.length;
}

const keyframe = (init: Buffer, { data, tfdtOffset }: Fragment) => ({ init, fragment: data, tfdtOffset });

test.each([
  ['H.264', 'libx264', ['-bf', '0']],
  ['H.264 with B-frames', 'libx264', ['-preset', 'veryfast', '-bf', '3']],
  ['H.265', 'libx265', ['-x265-params', 'log-level=none', '-tag:v', 'hvc1']],
])('%s', async (_name, codec, extra) => {
  const { description, fragments } = makeFootage(4, { audio: false, codec, extra });
  const init = description.videoInit;
  const keys = fragments.filter((fragment) => fragment.keyframe);
  expect(keys.length).toBeGreaterThanOrEqual(4);
  for (const key of [...keys, ...keys.toReversed()]) {
    const shown = await pictures.picture(keyframe(init, key), WIDTH);
    const args = ['-v', 'error', '-i', 'pipe:0', '-frames:v', '1', '-f', 'mjpeg', '-q:v', '2', 'pipe:1'];
    const { stdout } = await runFfmpeg(FFMPEG, args, { stdin: Buffer.concat([init, key.data]) });
    expect(await difference(shown, stdout)).toBeLessThan(4);
  }
});

test('pictures that are asked for at once all come, also of more descriptions than there may be processes', async () => {
  const asked = ['128x72', '160x90', '192x108', '256x144'].flatMap((size) => {
    const { description, fragments } = makeFootage(2, { audio: false, size, extra: ['-bf', '0'] });
    const keys = fragments.filter((fragment) => fragment.keyframe);
    return keys.map((key) => pictures.picture(keyframe(description.videoInit, key), WIDTH));
  });
  const got = await Promise.allSettled(asked);
  // One whose process had to make room is made anew by whoever asked.
  const shown = got.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  expect(shown.length).toBeGreaterThanOrEqual(6);
  for (const jpeg of shown) expect((await sharp(jpeg).metadata()).width).toBe(WIDTH);
});

test('what cannot be decoded is said, and the next picture comes all the same', async () => {
  const { description, fragments } = makeFootage(1, { audio: false, extra: ['-bf', '0'] });
  const init = description.videoInit;
  const key = fragments[0]!;
  const noise = Buffer.from(key.data).fill(0, key.tfdtOffset + 60);
  const broken = { init, fragment: noise, tfdtOffset: key.tfdtOffset };
  await expect(pictures.picture(broken, WIDTH)).rejects.toThrow('ffmpeg gave no picture.');
  expect((await sharp(await pictures.picture(keyframe(init, key), WIDTH)).metadata()).width).toBe(WIDTH);
});
