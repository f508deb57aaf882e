import { expect, test } from 'vitest';
import { paintPicture } from '../pictures/painted.ts';
import { shrinkToGrey } from './grey.ts';

test.each([
  [640, 360, 160, 90],
  [636, 358, 159, 89],
  [641, 361, 160, 90],
  [320, 180, 160, 90],
])(
  'a picture of %i x %i is averaged to %i x %i cells, wherever it lies in memory',
  (width, height, across, down) => {
    const picture = paintPicture(width, height, 0, (x, y) => Array(3).fill((x * 7 + y * 13) % 256));
    const grey = shrinkToGrey(picture);
    expect(grey).toMatchObject({ width: across, height: down });
    const shifted = new Uint8Array(picture.data.length + 1).subarray(1);
    shifted.set(picture.data);
    expect(shrinkToGrey({ ...picture, data: shifted })).toEqual(grey);
  },
);

test('a cell is the mean of its pixels, from black to white', () => {
  const picture = paintPicture(640, 360, 0, (x) => (x < 320 ? [0, 0, 0] : [255, 255, 255]));
  const { values } = shrinkToGrey(picture);
  expect(values[79]).toBeCloseTo(0, 4);
  expect(values[80]).toBeCloseTo(255, 4);
});
