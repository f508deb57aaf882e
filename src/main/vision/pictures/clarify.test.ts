import { expect, test } from 'vitest';
import { Clarifier } from './clarify.ts';
import { ContrastMeter } from './contrast.ts';
import { Denoiser } from './denoise.ts';
import { noiseSource, paintPicture } from './painted.ts';
import { lumaOf, type Picture } from './picture.ts';
import { Smoother } from './smooth.ts';

function paintGrey(level: (x: number, y: number) => number, atMs = 0): Picture {
  return paintPicture(160, 90, atMs, (x, y) => {
    const grey = level(x, y);
    return [grey, grey, grey];
  });
}

/** A figure of a few pixels' width on dark ground. */
const figure = (x: number, y: number) => (x >= 80 && x < 83 && y >= 30 && y < 42 ? 130 : 60);

/** Mean luma of the pixels where `isPart` says so, and how it spreads. */
function spread(picture: Picture, isPart: (x: number, y: number) => boolean) {
  const values = [...lumaOf(picture)].filter((_, i) => isPart(i % 160, Math.floor(i / 160)));
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { mean, deviation: Math.sqrt(variance) };
}

const onFigure = (x: number, y: number) => figure(x, y) > 100;
const onGround = (x: number) => x < 70;

test('noise goes, a small figure stays as it was', () => {
  const noise = noiseSource(7);
  const clean = paintGrey(figure);
  const noisy = paintGrey((x, y) => figure(x, y) + 8 * noise());
  const before = noisy.data.slice();
  const denoised = new Denoiser().denoise(noisy, 7);
  const blurred = new Smoother().smooth(noisy, 2);
  expect(noisy.data).toEqual(before);
  expect(spread(denoised, onGround).deviation).toBeLessThan(0.45 * spread(noisy, onGround).deviation);
  expect(spread(denoised, onGround).mean).toBeCloseTo(spread(clean, onGround).mean, 0);
  const loss = (picture: Picture) => spread(clean, onFigure).mean - spread(picture, onFigure).mean;
  expect(loss(denoised)).toBeLessThan(0.4 * loss(blurred));
});

test('a flat picture and one of a pixel stay what they are', () => {
  const flat = paintPicture(7, 5, 0, () => [200, 40, 90]);
  expect(new Denoiser().denoise(flat, 5).data).toEqual(flat.data);
  const pixel = paintPicture(1, 1, 0, () => [90, 90, 90]);
  expect(new Denoiser().denoise(pixel, 5).data).toEqual(pixel.data);
});

test.each([
  ['night', 20, 60, true],
  ['a dark yard with a lamp', 20, 60, true, 250],
  ['a pale day', 120, 170, false],
  ['day', 20, 220, false],
])('contrast: %s', (_, dark, light, isStretched, lamp = light) => {
  const meter = new ContrastMeter();
  meter.step(paintGrey((x, y) => (x < 12 && y < 9 ? lamp : (x >> 4) % 2 ? dark : light)));
  expect(meter.gain > 1).toBe(isStretched);
  const table = meter.table();
  expect(table.every((value, luma) => luma === 0 || value >= table[luma - 1]!)).toBe(true);
});

test('a passing light does not change the stretching at once', () => {
  const meter = new ContrastMeter();
  const night = (atMs: number, light: number) =>
    meter.step(paintGrey((x) => ((x >> 4) % 2 ? 20 : light), atMs));
  for (let atMs = 0; atMs < 4000; atMs += 200) night(atMs, 60);
  const before = meter.gain;
  night(4000, 220);
  expect(meter.gain).toBeGreaterThan(0.5 * before);
  for (let atMs = 4200; atMs < 16_000; atMs += 200) night(atMs, 220);
  expect(meter.gain).toBe(1);
});

test('a clear picture is handed on as it is, a dark one as a copy', () => {
  const checks = (dark: number, light: number) =>
    paintGrey((x, y) => (((x >> 3) + (y >> 3)) % 2 ? dark : light));
  const day = checks(20, 220);
  expect(new Clarifier().clarify(day)).toBe(day);
  const night = checks(20, 60);
  const before = night.data.slice();
  const clear = new Clarifier().clarify(night);
  expect(night.data).toEqual(before);
  expect(Math.max(...lumaOf(clear))).toBeGreaterThan(Math.max(...lumaOf(night)) + 40);
});

test('a tiny picture and a change of size are borne', () => {
  const clarifier = new Clarifier();
  for (const [width, height] of [
    [1, 1],
    [64, 36],
    [32, 32],
  ] as const) {
    const picture = paintPicture(width, height, 0, () => [10, 10, 10]);
    clarifier.step(picture);
    expect(clarifier.clarify(picture).data).toHaveLength(picture.data.length);
  }
});
