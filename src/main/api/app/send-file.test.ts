import { expect, test } from 'vitest';
import { parseRange } from './send-file.ts';

test.each([
  [undefined, null],
  ['bytes=0-', { start: 0, end: 999 }],
  ['bytes=10-19', { start: 10, end: 19 }],
  ['bytes=990-2000', { start: 990, end: 999 }],
  ['bytes=-100', { start: 900, end: 999 }],
  ['bytes=1000-', 'unsatisfiable'],
  ['bytes=20-10', 'unsatisfiable'],
  ['bytes=0-1,5-6', null],
  ['bytes=-', null],
])('Range %s', (header, expected) => {
  expect(parseRange(header, 1000)).toEqual(expected);
});
