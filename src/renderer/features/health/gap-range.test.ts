import { afterAll, expect, test } from 'vitest';
import { formatMoment, formatTimeSeconds } from '../../client/time-format.ts';
import { gapSpanWords, parseGapRange } from './gap-range.ts';

const zone = process.env.TZ;
process.env.TZ = 'Europe/Berlin';
afterAll(() => {
  if (zone === undefined) delete process.env.TZ;
  else process.env.TZ = zone;
});

// The day after clocks went back.
const now = new Date(2026, 9, 26, 15, 0).getTime();
const day = (date: number) => new Date(2026, 9, date).getTime();

test.each([
  [null, 'today', day(26), day(27)],
  ['', 'today', day(26), day(27)],
  ['nonsense', 'today', day(26), day(27)],
  ['today', 'today', day(26), day(27)],
  [String(day(28)), 'today', day(26), day(27)],
  ['yesterday', 'yesterday', day(25), day(26)],
  [String(day(25) + 1000), 'yesterday', day(25), day(26)],
  ['week', 'week', day(20), day(27)],
  [String(day(17) + 1000), 'day', day(17), day(18)],
])('%s is %s', (asked, choice, startEpochMs, endEpochMs) => {
  expect(parseGapRange(asked, now)).toMatchObject({ choice, startEpochMs, endEpochMs });
});

test('names the day of a gap only where it is not the one that is shown', () => {
  const [from, to] = [day(24) + 3_600_000, day(25) + 60_000];
  const words = (asked: string, start: number, end: number | null) =>
    gapSpanWords({ startEpochMs: start, endEpochMs: end }, parseGapRange(asked, now), now);
  expect(words('yesterday', to, to + 5000)).toBe(
    `${formatTimeSeconds(to)} to ${formatTimeSeconds(to + 5000)}`,
  );
  expect(words('yesterday', from, to)).toBe(`${formatMoment(from, now)} to ${formatMoment(to, now)}`);
  expect(words('week', from, null)).toBe(`${formatMoment(from, now)} to now`);
});
