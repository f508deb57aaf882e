import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { HOUR_MS } from '../../../../shared/units.ts';
import { addDays, formatZone, startOfDay } from '../../../client/time-format.ts';
import { monthDays, sameTimeOn } from '../calendar.ts';
import { isAmbiguous, planSteps, ticksOf, timesOfStep } from './ticks.ts';

const zoneBefore = process.env.TZ;
beforeEach(() => {
  process.env.TZ = 'Europe/Berlin';
});
afterEach(() => {
  process.env.TZ = zoneBefore;
});

const at = (iso: string) => Date.parse(iso);
const view = { centreEpochMs: at('2026-11-20T12:00:00Z'), msPerPixel: 1000, widthPx: 1000 };

describe('ticks', () => {
  it('chooses steps from years to milliseconds', () => {
    expect(planSteps(1e9).major.unit).toBe('year');
    expect(planSteps(6e7).major).toMatchObject({ unit: 'month', size: 3 });
    expect(planSteps(1000).major.size).toBe(120_000);
    expect(planSteps(1).major.size).toBe(100);
  });
  it('draws the day that has 23 hours', () => {
    const start = at('2026-03-28T23:00:00Z');
    const hours = timesOfStep(
      { unit: 'clock', size: 3_600_000, aboutMs: 3_600_000 },
      start,
      start + 23 * 3_600_000 - 1,
    );
    expect(hours.map((time) => new Date(time).getHours()).slice(0, 5)).toEqual([0, 1, 3, 4, 5]);
    expect(hours).toHaveLength(23);
  });
  it('draws the hour that comes twice, with its zone', () => {
    const dayStart = at('2026-10-24T22:00:00Z');
    const ticks = ticksOf({ centreEpochMs: dayStart + 3 * 3_600_000, msPerPixel: 36_000, widthPx: 800 });
    const labels = ticks.filter((tick) => tick.label).map((tick) => tick.label!);
    const twice = labels.filter((label) => /^0?2:00/.test(label));
    expect(twice.map((label) => label.slice(-5))).toEqual(['GMT+2', 'GMT+1']);
    expect(isAmbiguous(dayStart + 2.5 * 3_600_000)).toBe(true);
    expect(isAmbiguous(dayStart + 1.5 * 3_600_000)).toBe(false);
  });
  it('keeps multi-hour steps on the local clock through the change', () => {
    const start = at('2026-10-24T22:00:00Z');
    const times = timesOfStep(
      { unit: 'clock', size: 21_600_000, aboutMs: 21_600_000 },
      start,
      start + 30 * 3_600_000,
    );
    expect(times.map((time) => new Date(time).getHours())).toEqual([0, 6, 12, 18, 0]);
  });
  it('puts days and months on local midnights', () => {
    const days = timesOfStep(
      { unit: 'day', size: 1, aboutMs: 0 },
      at('2026-03-27T00:00:00Z'),
      at('2026-03-31T00:00:00Z'),
    );
    expect(days.every((time) => time === startOfDay(time))).toBe(true);
    const months = timesOfStep(
      { unit: 'month', size: 3, aboutMs: 0 },
      at('2026-01-01T00:00:00Z'),
      at('2027-01-02T00:00:00Z'),
    );
    expect(months.map((time) => new Date(time).getMonth())).toEqual([3, 6, 9, 0]);
  });
  it('never puts two labels closer than they are wide', () => {
    for (let scale = 1; scale < 6e7; scale *= 1.37) {
      const labelled = ticksOf({ ...view, msPerPixel: scale }).filter((tick) => tick.label);
      for (let i = 1; i < labelled.length; i++) {
        expect((labelled[i]!.epochMs - labelled[i - 1]!.epochMs) / scale).toBeGreaterThan(48);
      }
    }
  });
  it('names the zone of the time, not of today', () => {
    expect(formatZone(at('2026-07-01T00:00:00Z'))).not.toBe(formatZone(at('2026-12-01T00:00:00Z')));
  });
});

describe.each([
  { zone: 'Europe/Berlin', month: 3, day: 29, hours: [0, 1, 3, 4], length: 23 },
  { zone: 'Europe/Berlin', month: 10, day: 25, hours: [0, 1, 2, 2, 3], length: 25 },
  { zone: 'America/New_York', month: 3, day: 8, hours: [0, 1, 3, 4], length: 23 },
  { zone: 'America/New_York', month: 11, day: 1, hours: [0, 1, 1, 2, 3], length: 25 },
])('$zone, 2026-$month-$day, of $length hours', ({ zone, month, day, hours, length }) => {
  let start: number;
  beforeEach(() => {
    process.env.TZ = zone;
    start = new Date(2026, month - 1, day).getTime();
  });

  it('has a tick each hour that was lived, an hour apart', () => {
    const times = timesOfStep(
      { unit: 'clock', size: HOUR_MS, aboutMs: HOUR_MS },
      start,
      addDays(start, 1) - 1,
    );
    expect(times).toHaveLength(length);
    expect(times.map((time) => new Date(time).getHours()).slice(0, hours.length)).toEqual(hours);
    expect(times.every((time, i) => time === start + i * HOUR_MS)).toBe(true);
  });
  it('is as wide as it is long between its midnights', () => {
    const days = timesOfStep({ unit: 'day', size: 1, aboutMs: 0 }, start - HOUR_MS, start + 49 * HOUR_MS);
    expect(days.slice(0, 2)).toEqual([start, start + length * HOUR_MS]);
    const sixes = timesOfStep({ unit: 'clock', size: 6 * HOUR_MS, aboutMs: 0 }, start, start + 30 * HOUR_MS);
    expect(sixes.map((time) => new Date(time).getHours()).slice(0, 5)).toEqual([0, 6, 12, 18, 0]);
  });
  it('says which of two equal hours is meant', async () => {
    // Formats keep the zone that they were made in.
    vi.resetModules();
    const fresh = await import('./ticks.ts');
    const ticks = fresh.ticksOf({ centreEpochMs: start + 3 * HOUR_MS, msPerPixel: 36_000, widthPx: 600 });
    const labels = ticks.flatMap((tick) => (tick.label !== null && !tick.boundary ? tick.label : []));
    expect(new Set(labels).size).toBe(labels.length);
    const zoned = labels.filter((label) => /(GMT|UTC|E[SD]T)/.test(label));
    expect(zoned).toHaveLength(length === 25 ? 2 : 0);
  });
  it('stands once in the calendar, and keeps the time of day of another', () => {
    const days = monthDays(start, 1);
    expect(days.every(({ startEpochMs }) => startEpochMs === startOfDay(startEpochMs))).toBe(true);
    expect(days.filter((one) => one.inMonth && one.dayOfMonth === day)).toEqual([
      { startEpochMs: start, dayOfMonth: day, inMonth: true },
    ]);
    const evening = new Date(2026, month - 1, day - 1, 18, 30).getTime();
    expect(sameTimeOn(start, evening)).toBe(evening + length * HOUR_MS);
  });
});
