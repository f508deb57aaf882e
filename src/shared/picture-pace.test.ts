import { expect, test } from 'vitest';
import { atLeastPictures, notePicture, unknownPace } from './picture-pace.ts';

const paceOf = (...times: number[]) => times.reduce(notePicture, unknownPace);

test.each<[string, number[], number]>([
  ['nothing known', [], 900],
  ['one distance may be a pause', [0, 60_000], 900],
  ['five a second', [0, 200, 400, 600, 800], 900],
  ['one a second', [0, 1000, 2000, 3000], 2500],
  ['one in two seconds', [0, 2000, 4000], 5000],
  ['a single pause', [0, 200, 400, 60_400, 60_600], 900],
  ['a pause at the start', [0, 60_000, 60_200], 900],
  ['slower from now on', [0, 200, 400, 1400, 2400, 3400], 2500],
  ['very rare ones', [0, 60_000, 120_000], 7500],
  ['a clock that was set back', [10_000, 11_000, 12_000, 2000, 3000], 2500],
  ['a time told twice', [0, 1000, 1000, 2000], 2500],
])('%s', (_, times, expected) => {
  expect(atLeastPictures(900, paceOf(...times))).toBe(expected);
});
