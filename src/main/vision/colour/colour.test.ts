import { expect, test } from 'vitest';
import { paintPicture } from '../pictures/painted.ts';
import type { Picture } from '../pictures/picture.ts';
import { colourWord, dominantColour } from './colour.ts';

test.each([
  [[10, 12, 14], 'black'],
  [[250, 248, 245], 'white'],
  [[128, 130, 126], 'gray'],
  [[200, 30, 35], 'red'],
  [[240, 130, 20], 'orange'],
  [[235, 215, 40], 'yellow'],
  [[40, 150, 60], 'green'],
  [[40, 70, 190], 'blue'],
  [[25, 35, 80], 'blue'],
  [[120, 50, 180], 'purple'],
  [[250, 150, 190], 'pink'],
  [[110, 70, 40], 'brown'],
] as const)('%j is %s', ([red, green, blue], word) => {
  expect(colourWord(red, green, blue)).toBe(word);
});

/** 100 x 100 pixels with rectangles [left, top, right, bottom, colour] on a ground. */
function draw(ground: number[], parts: Array<[number, number, number, number, number[]]>): Picture {
  return paintPicture(100, 100, 0, (x, y) => {
    const part = parts.findLast(
      ([left, top, right, bottom]) => x >= left && x < right && y >= top && y < bottom,
    );
    return part?.[4] ?? ground;
  });
}

const box = { x: 0.4, y: 0.2, width: 0.2, height: 0.6 };

test('a person has the colour of the upper body, not of the trousers', () => {
  const picture = draw(
    [120, 120, 118],
    [
      [42, 22, 58, 50, [200, 30, 30]],
      [42, 50, 58, 80, [20, 20, 20]],
    ],
  );
  expect(dominantColour(picture, box)).toBe('red');
});

test('the ground around an object that fills its box badly does not count', () => {
  const picture = draw([60, 140, 60], [[47, 20, 53, 80, [40, 60, 180]]]);
  expect(dominantColour(picture, box)).toBe('blue');
});

test('too small to tell', () => {
  expect(dominantColour(draw([0, 0, 0], []), { x: 0.1, y: 0.1, width: 0.03, height: 0.05 })).toBeNull();
  expect(dominantColour(draw([0, 0, 0], []), { x: 1.2, y: 1.2, width: 0.3, height: 0.5 })).toBeNull();
});
