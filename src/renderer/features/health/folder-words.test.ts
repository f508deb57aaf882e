import { expect, test } from 'vitest';
import { roleWords, spaceWords, speedWords, stateWords } from './folder-words.ts';

const folder = {
  ...{ id: 1, role: 'record' as const, afterDays: null, state: 'present' as const, problem: null },
  ...{ usedBytes: 2e9, freeBytes: 30e9, totalBytes: 100e9, sameDiskAs: null },
};

test.each([
  [{}, 'New footage'],
  [{ role: 'archive' as const, afterDays: 1 }, 'Archive after 1 day'],
  [{ role: 'archive' as const, afterDays: 0.5 }, 'Archive after 0.5 days'],
  [{ role: 'leaving' as const }, 'Being emptied: its footage goes to the other folders'],
  [{ role: 'leaving' as const, usedBytes: 0 }, 'Not used'],
])('%j is for: %s', (changes, words) => {
  expect(roleWords({ ...folder, ...changes })).toBe(words);
});

test.each([
  [{}, 'well', 'In order'],
  [{ state: 'absent' as const }, 'alarm', 'Not there'],
  [{ state: 'read-only' as const }, 'degraded', 'Read-only'],
  [{ state: 'full' as const }, 'degraded', 'Full'],
  [{ state: 'full' as const, role: 'archive' as const }, 'neutral', 'Full'],
])('%j is %s: %s', (changes, hue, words) => {
  expect(stateWords({ ...folder, ...changes })).toEqual({ hue, words });
});

test.each([
  [{}, '2.0 GB of footage, 30.0 GB of 100 GB free'],
  [{ state: 'absent' as const }, '2.0 GB of footage'],
  [{ sameDiskAs: '/data' }, '2.0 GB of footage, on the same disk as /data'],
])('space of %j: %s', (changes, words) => {
  expect(spaceWords({ ...folder, ...changes })).toBe(words);
});

test('a slow disk is called slow', () => {
  expect(speedWords(120e6)).toBe('Written at 120 MB per second.');
  expect(speedWords(9e6)).toBe('Written at 9.0 MB per second. That is slow for several cameras.');
});
