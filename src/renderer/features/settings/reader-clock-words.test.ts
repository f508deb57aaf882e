import { expect, test } from 'vitest';
import { estimateWords, isOff } from './reader-clock-words.ts';

const clock = (offsetSeconds: number, estimated: number | null) => ({
  deviceId: 'door',
  offsetSeconds,
  estimate: estimated === null ? null : { offsetSeconds: estimated, unlocks: 40, explained: 36 },
});

test.each([
  [clock(0, null), false, /Too few/],
  [clock(0, 0), false, /agrees with the cameras: 36 of 40/],
  [clock(0, 31), true, /looks 31 s ahead of the cameras.*then\.$/],
  [clock(0, -90), true, /looks 1 min 30 s behind/],
  [clock(31, 31.5), false, /This is corrected/],
] as const)('%o', (given, off, words) => {
  expect(isOff(given)).toBe(off);
  expect(estimateWords(given)).toMatch(words);
});
