import { expect, test } from 'vitest';
import { fitPicture, planInput } from './letterbox.ts';

test.each([
  ['16:9', 1920, 1080, [640, 384, 640, 360]],
  ['16:9, small', 640, 360, [640, 384, 640, 360]],
  ['portrait', 1080, 1920, [384, 640, 360, 640]],
  ['4:3', 640, 480, [576, 416, 555, 416]],
  ['CIF', 352, 288, [544, 448, 544, 445]],
  ['8000x6000', 8000, 6000, [576, 416, 555, 416]],
  ['tiny: not enlarged without end', 32, 32, [128, 128, 128, 128]],
  ['very wide', 5000, 300, [1920, 128, 1920, 115]],
])('%s', (_, width, height, [inputWidth, inputHeight, pictureWidth, pictureHeight]) => {
  expect(planInput(width, height, 384 * 640, 32)).toEqual({
    inputWidth,
    inputHeight,
    pictureWidth,
    pictureHeight,
  });
});

test('any shape: within the area, in multiples, undistorted to a pixel', () => {
  for (let width = 50; width < 4000; width += 173) {
    for (let height = 50; height < 4000; height += 191) {
      const plan = planInput(width, height, 384 * 640, 32);
      expect(plan.inputWidth % 32).toBe(0);
      expect(plan.inputHeight % 32).toBe(0);
      expect(plan.inputWidth * plan.inputHeight).toBeLessThanOrEqual(384 * 640);
      expect(plan.pictureWidth).toBeLessThanOrEqual(plan.inputWidth);
      expect(plan.pictureHeight).toBeLessThanOrEqual(plan.inputHeight);
      const ratio = Math.max(plan.pictureWidth / width, plan.pictureHeight / height);
      expect(Math.abs(plan.pictureWidth - width * ratio)).toBeLessThanOrEqual(width / height + 1);
      expect(Math.abs(plan.pictureHeight - height * ratio)).toBeLessThanOrEqual(height / width + 1);
    }
  }
});

test('a fixed input keeps the shape of the picture', () => {
  expect(fitPicture(1920, 1080, 416, 416)).toEqual({
    inputWidth: 416,
    inputHeight: 416,
    pictureWidth: 416,
    pictureHeight: 234,
  });
});
