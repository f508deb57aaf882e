import { afterAll, describe, expect, test } from 'vitest';
import type { Gap, GapCause } from '../../shared/domain-storage.ts';
import { HOUR_MS } from '../../shared/units.ts';
import { localDay, planCompleteness } from './completeness.ts';
import { sumGaps } from './gap-totals.ts';

const zone = process.env.TZ;
afterAll(() => {
  if (zone === undefined) delete process.env.TZ;
  else process.env.TZ = zone;
});

const CAUSES: GapCause[] = [
  'camera-unreachable',
  'stream-stalled',
  'disk-full',
  'engine-stopped',
  'paused',
  'no-event',
];
const UNWANTED = new Set<GapCause>(['paused', 'no-event']);

/** Repeatable numbers in [0, 1): mulberry32. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Two days and a bit around `day`, cut at random into footage (segments of a minute) and gaps, without holes and overlaps. */
function randomLedger(day: { startEpochMs: number; endEpochMs: number }, next: () => number) {
  const spans: Array<{ startEpochMs: number; durationMs: number }> = [];
  const gaps: Gap[] = [];
  const end = day.endEpochMs + 5 * HOUR_MS;
  let at = day.startEpochMs - 5 * HOUR_MS;
  while (at < end) {
    const length = Math.round(200 + next() ** 3 * 3 * HOUR_MS);
    if (next() < 0.5) {
      const cause = CAUSES[Math.floor(next() * CAUSES.length)]!;
      gaps.push({ startEpochMs: at, endEpochMs: at + length, cause, detail: '' });
    } else {
      for (let start = at; start < at + length; start += 60_000)
        spans.push({ startEpochMs: start, durationMs: Math.min(60_000, at + length - start) });
    }
    at += length;
  }
  return { spans, gaps };
}

const DAYS: Array<[name: string, noon: [number, number, number], hours: number]> = [
  ['an ordinary day', [2026, 5, 10], 24],
  ['the day on which clocks go forward', [2026, 2, 29], 23],
  ['the day on which clocks go back', [2026, 9, 25], 25],
];

describe.each(DAYS)('%s', (_name, [year, month, date], hours) => {
  process.env.TZ = 'Europe/Berlin';
  const day = localDay(new Date(year, month, date, 12).getTime());

  test(`has ${hours} hours`, () => {
    expect(day.endEpochMs - day.startEpochMs).toBe(hours * HOUR_MS);
  });

  test('recorded and gaps make up the whole day to the millisecond, and the share follows from them', () => {
    for (let seed = 1; seed <= 200; seed++) {
      const { spans, gaps } = randomLedger(day, randomNumbers(seed));
      const totals = sumGaps(gaps, day, day.endEpochMs + HOUR_MS);
      const sum = (wanted: boolean) =>
        totals
          .filter(({ cause }) => UNWANTED.has(cause) !== wanted)
          .reduce((all, { missingMs }) => all + missingMs, 0);
      const recordedMs = spans.reduce(
        (all, { startEpochMs, durationMs }) =>
          all +
          Math.max(
            0,
            Math.min(startEpochMs + durationMs, day.endEpochMs) - Math.max(startEpochMs, day.startEpochMs),
          ),
        0,
      );
      expect(recordedMs + sum(true) + sum(false)).toBe(hours * HOUR_MS);
      const share = planCompleteness(day, spans, gaps, null, day.endEpochMs + HOUR_MS);
      const wantedMs = hours * HOUR_MS - sum(false);
      // A second a day is within the drift of a camera's clock and is no loss.
      if (wantedMs > 0) expect(Math.abs(share! - recordedMs / wantedMs) * wantedMs).toBeLessThan(1100);
      else expect(share).toBeNull();
    }
  });
});

test('a gap that lasts counts up to now, and one that reaches in from the day before only from midnight', () => {
  const range = { startEpochMs: 1000, endEpochMs: 9000 };
  const gaps: Gap[] = [
    { startEpochMs: 0, endEpochMs: 2000, cause: 'disk-full', detail: '' },
    { startEpochMs: 5000, endEpochMs: null, cause: 'camera-unreachable', detail: '' },
  ];
  expect(sumGaps(gaps, range, 7000)).toEqual([
    { cause: 'camera-unreachable', count: 1, missingMs: 2000 },
    { cause: 'disk-full', count: 1, missingMs: 1000 },
  ]);
});
