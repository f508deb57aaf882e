import { expect, test } from 'vitest';
import { BlurMeter } from './blur.ts';
import { NoiseMeter } from './noise.ts';
import { noiseSource, paintPicture } from './painted.ts';
import type { Picture } from './picture.ts';
import { Smoother } from './smooth.ts';

/** A textured scene, moved by `shift` pixels, with noise of this standard deviation in grey levels. */
function scene(index: number, sigma: number, shift = 0): Picture {
  const noise = noiseSource(index + 1);
  return paintPicture(160, 90, index * 200, (x, y) => {
    const texture = ((((x + shift) >> 1) + (y >> 1)) % 2) * 30;
    const level = 90 + texture + 40 * Math.sin((x + shift) / 20) + sigma * noise();
    return [level, level, level];
  });
}

function isNoisyAfter(pictures: Iterable<Picture>): boolean[] {
  const meter = new NoiseMeter();
  return [...pictures].map((picture) => {
    meter.step(picture);
    return meter.isNoisy;
  });
}

function* scenes(count: number, sigmaAt: (index: number) => number) {
  for (let index = 0; index < count; index++) yield scene(index, sigmaAt(index));
}

test.each([
  ['no noise', 0, false],
  ['a little noise', 1, false],
  ['night', 6, true],
  ['a very dark night', 12, true],
])('%s', (_, sigma, noisy) => {
  expect(isNoisyAfter(scenes(30, () => sigma)).at(-1)).toBe(noisy);
});

test('texture is no noise once a second picture shows the same', () => {
  const seen = isNoisyAfter(scenes(30, () => 0.5));
  expect(seen.at(-1)).toBe(false);
});

test('between clean and noisy it stays as it was', () => {
  const fromClean = isNoisyAfter(scenes(60, (index) => (index < 30 ? 0.5 : 2.9)));
  const fromNoisy = isNoisyAfter(scenes(60, (index) => (index < 30 ? 6 : 2.9)));
  expect(fromClean.at(-1)).toBe(false);
  expect(fromNoisy.at(-1)).toBe(true);
});

test('tiny pictures and changes of size are borne', () => {
  const meter = new NoiseMeter();
  for (const [width, height] of [
    [1, 1],
    [4, 4],
    [64, 36],
    [32, 32],
  ] as const) {
    meter.step(paintPicture(width, height, 0, () => [10, 10, 10]));
  }
  expect(meter.isNoisy).toBe(false);
});

test('smoothing keeps levels, takes noise away and leaves the picture itself alone', () => {
  const spread = (picture: Picture) => {
    const luma = [...picture.data.subarray(0, 160 * 90)];
    const mean = luma.reduce((sum, value) => sum + value, 0) / luma.length;
    return {
      mean,
      deviation: Math.sqrt(luma.reduce((sum, value) => sum + (value - mean) ** 2, 0) / luma.length),
    };
  };
  const noise = noiseSource(5);
  const picture = paintPicture(160, 90, 0, () => {
    const level = 120 + 10 * noise();
    return [level, level, level];
  });
  const before = picture.data.slice();
  const smooth = new Smoother().smooth(picture, 2);
  expect(picture.data).toEqual(before);
  expect(spread(smooth).mean).toBeCloseTo(spread(picture).mean, 0);
  expect(spread(smooth).deviation).toBeLessThan(0.3 * spread(picture).deviation);
  const flat = paintPicture(7, 5, 0, () => [200, 40, 90]);
  expect(new Smoother().smooth(flat, 2).data).toEqual(flat.data);
});

test.each([
  ['in focus', 0, false],
  ['a little soft', 1, false],
  ['out of focus', 4, true],
])('blur: %s', (_, passes, blurred) => {
  const meter = new BlurMeter();
  const sharp = paintPicture(320, 180, 0, (x, y) => {
    const level = (Math.floor(x / 23) + Math.floor(y / 17)) % 2 ? 60 : 180;
    return [level, level, level];
  });
  meter.step(passes > 0 ? new Smoother().smooth(sharp, passes) : sharp);
  expect(meter.isBlurred).toBe(blurred);
});

test('a picture without edges is not called blurred; sharpening steepens edges and leaves flat parts alone', () => {
  const meter = new BlurMeter();
  const flat = paintPicture(64, 36, 0, () => [90, 120, 60]);
  meter.step(flat);
  expect(meter.isBlurred).toBe(false);
  expect(new Smoother().sharpen(flat, 2).data).toEqual(flat.data);
  const ramp = paintPicture(64, 36, 0, (x) => {
    const level = Math.max(60, Math.min(180, 60 + (x - 28) * 15));
    return [level, level, level];
  });
  const row = [...new Smoother().sharpen(ramp, 2).data.subarray(64 * 10 + 28, 64 * 10 + 37)];
  const before = [...ramp.data.subarray(64 * 10 + 28, 64 * 10 + 37)];
  expect(Math.max(...row) - Math.min(...row)).toBeGreaterThan(Math.max(...before) - Math.min(...before));
});
