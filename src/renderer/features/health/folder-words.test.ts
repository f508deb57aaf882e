import { expect, test } from 'vitest';
import { formatDayInSentence } from '../../client/time-format.ts';
import { dayWords, roleWords, spaceWords, speedWords, stateWords } from './folder-words.ts';

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

test.each([
  [[], []],
  [['11-20'], ['11-20']],
  [['11-23', '11-24'], ['11-23 to 11-24']],
  // Summer time ends on the 25th in much of Europe.
  [
    ['10-24', '10-25', '10-26', '11-20'],
    ['10-24 to 10-26', '11-20'],
  ],
  [['11-01', '11-03', '11-05', '11-07'], ['4 days, 11-01 to 11-07']],
])('days %j are: %s', (days, words) => {
  const now = new Date(2026, 10, 24, 12).getTime();
  const dayOf = (text: string) => {
    const [month = 1, date = 1] = text.split('-').map(Number);
    return formatDayInSentence(new Date(2026, month - 1, date).getTime(), now);
  };
  const said = dayWords(
    days.map((day) => `2026-${day}`),
    now,
  );
  expect(said).toEqual(words.map((line) => line.replaceAll(/\d+-\d+/g, dayOf)));
});

test('a slow disk is called slow', () => {
  expect(speedWords(120e6)).toBe('Written at 120 MB per second.');
  expect(speedWords(9e6)).toBe('Written at 9.0 MB per second. That is slow for several cameras.');
});
