import { expect, test } from 'vitest';
import type { Detection } from './detector/detection.ts';
import { paintPicture } from './pictures/painted.ts';
import type { Picture } from './pictures/picture.ts';
import { AnalysisPipeline } from './pipeline.ts';

const WIDTH = 160;
const HEIGHT = 90;
const LETTERBOX = { inputWidth: 160, inputHeight: 96, pictureWidth: WIDTH, pictureHeight: HEIGHT };

/** A picture with a flickering patch (bytes, repeatable), and noise all over where asked. */
function picture(index: number, flicker: number, noise = 0): Picture {
  let state = index * 7919 + 1;
  return paintPicture(WIDTH, HEIGHT, index * 200, (x, y) => {
    state = (state * 1_664_525 + 1_013_904_223) >>> 0;
    const inPatch = x >= 20 && x < 60 && y >= 20 && y < 50;
    const level = 160 + (inPatch ? (index % 2) * flicker : 0) + (state / 2 ** 31 - 1) * noise;
    return [level, level, level];
  });
}

function pipeline(detect: (shown: Picture) => Detection[]) {
  const detector = { detect: async (shown: Picture) => detect(shown) };
  const analysis = { minConfidence: 0.4, overheadView: false };
  return new AnalysisPipeline({ detector, letterbox: LETTERBOX, analysis });
}

test('the gate is told what was found: a flicker in which there is nothing costs ever fewer looks', async () => {
  const analysis = pipeline(() => []);
  let looks = 0;
  for (let index = 0; index < 100; index++) {
    const { inferred } = await analysis.step(picture(index, 8));
    if (inferred && index >= 50) looks++;
  }
  expect(looks).toBeLessThan(10);
});

test('noisy pictures are shown to the detector smoothed, clean ones as they are', async () => {
  const shown: Picture[] = [];
  const analysis = pipeline((each) => {
    shown.push(each);
    return [];
  });
  const clean = picture(0, 0);
  await analysis.step(clean);
  expect(shown.at(-1)).toBe(clean);
  const noisy = pipeline((each) => {
    shown.push(each);
    return [];
  });
  const night = picture(0, 0, 30);
  await noisy.step(night);
  expect(shown.at(-1)).not.toBe(night);
  expect(shown.at(-1)).toMatchObject({ width: WIDTH, height: HEIGHT, atMs: 0 });
});

test('after tracks were forgotten the next picture is looked at, and whoever is in it is somebody new', async () => {
  const box = { x: 0.4, y: 0.4, width: 0.1, height: 0.3 };
  const analysis = pipeline(() => [{ label: 'person', confidence: 0.8, box }]);
  const idsOf = async (from: number, to: number) => {
    const ids = new Set<number>();
    for (let index = from; index < to; index++)
      for (const { trackId } of (await analysis.step(picture(index, 0))).observation.tracks) ids.add(trackId);
    return [...ids];
  };
  expect(await idsOf(0, 20)).toEqual([1]);
  analysis.forgetTracks();
  expect(analysis.trackIds).toEqual([]);
  expect((await analysis.step(picture(20, 0))).inferred).toBe(true);
  expect(await idsOf(21, 40)).toEqual([2]);
});
