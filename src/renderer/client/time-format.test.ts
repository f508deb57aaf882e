import { describe, expect, test } from 'vitest';
import { formatBytes, formatDay, formatShare, formatSince, formatSpan, startOfDay } from './time-format.ts';

const NOW = new Date(2026, 10, 20, 12, 30).getTime();
const at = (day: number, hour = 9) => new Date(2026, 10, day, hour).getTime();

test('formatDay', () => {
  expect(formatDay(at(20), NOW)).toBe('Today');
  expect(formatDay(at(19, 23), NOW)).toBe('Yesterday');
  expect(formatDay(at(17), NOW)).toContain('17');
  expect(formatDay(new Date(2025, 1, 3).getTime(), NOW)).toContain('2025');
});

test('formatSince names the day only when it is another one', () => {
  expect(formatSince(at(20), NOW)).not.toMatch(/day/i);
  expect(formatSince(at(19), NOW)).toMatch(/^yesterday /);
});

test.each([
  [-5, '0 s'],
  [4000, '4 s'],
  [1540, '1.5 s'],
  [34_400, '34 s'],
  [59_700, '1 min'],
  [252_000, '4 min 12 s'],
  [3_600_000, '1 h'],
  [125_000, '2 min 5 s'],
  [120_000, '2 min'],
  [3 * 3_600_000 + 20 * 60_000, '3 h 20 min'],
  [2 * 86_400_000 + 4 * 3_600_000, '2 d 4 h'],
])('formatSpan %d', (ms, words) => {
  expect(formatSpan(ms)).toBe(words);
});

test.each([
  [0, '0 B'],
  [1500, '1.5 kB'],
  [231_000_000_000, '231 GB'],
  [1_200_000_000_000, '1.2 TB'],
])('formatBytes %d', (bytes, words) => {
  expect(formatBytes(bytes)).toBe(words);
});

describe('formatShare', () => {
  test.each([
    [1, '100 %'],
    [0.99999, '99.99 %'],
    [0.9998, '99.98 %'],
    [0, '0.00 %'],
  ])('%d', (share, words) => {
    expect(formatShare(share)).toBe(words);
  });
});

test('startOfDay is local midnight', () => {
  expect(startOfDay(NOW)).toBe(new Date(2026, 10, 20).getTime());
});
