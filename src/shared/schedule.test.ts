import { describe, expect, test } from 'vitest';
import {
  hoursOfDay,
  isWithinHours,
  spansOfDay,
  timeOfMinute,
  type WeekSchedule,
  WeekScheduleSchema,
} from './schedule.ts';

const SHOP: WeekSchedule = {
  monday: [
    { from: '13:00', to: '18:30' },
    { from: '08:00', to: '12:00' },
  ],
  tuesday: [
    { from: '08:00', to: '12:00' },
    { from: '12:00', to: '14:00' },
    { from: '10:00', to: '11:00' },
  ],
  sunday: [{ from: '22:00', to: '24:00' }],
};
/** 4 May 2026 is a Monday. */
const at = (day: number, hour: number, minute = 0, second = 0) =>
  new Date(2026, 4, day, hour, minute, second).getTime();

test('spans in order, joined where they touch', () => {
  expect(spansOfDay(SHOP, 'monday')).toEqual([
    { fromMinute: 480, toMinute: 720 },
    { fromMinute: 780, toMinute: 1110 },
  ]);
  expect(spansOfDay(SHOP, 'tuesday')).toEqual([{ fromMinute: 480, toMinute: 840 }]);
  expect(spansOfDay(SHOP, 'wednesday')).toEqual([]);
});

test.each<[string, number, boolean]>([
  ['before', at(4, 7, 59, 59), false],
  ['opening', at(4, 8), true],
  ['last second', at(4, 11, 59, 59), true],
  ['closing', at(4, 12), false],
  ['afternoon', at(4, 18, 29), true],
  ['a day without', at(6, 10), false],
  ['the end of Sunday', at(10, 23, 59, 59), true],
  ['Monday again', at(11, 0), false],
])('%s', (_name, epochMs, expected) => {
  expect(isWithinHours(SHOP, epochMs)).toBe(expected);
  expect(isWithinHours(undefined, epochMs)).toBe(true);
});

test('hours of a day, up to midnight', () => {
  const hours = (day: number) => hoursOfDay(SHOP, { year: 2026, month: 5, day });
  expect(hours(4)).toEqual([at(4, 8), at(4, 12), at(4, 13), at(4, 18, 30)]);
  expect(hours(6)).toEqual([]);
  expect(hours(10)).toEqual([at(10, 22), at(11, 0)]);
  expect(hoursOfDay(null, { year: 2026, month: 5, day: 4 })).toEqual([at(4, 0), at(5, 0)]);
});

describe('what is no schedule', () => {
  test.each([
    [{ monday: [{ from: '18:00', to: '08:00' }] }],
    [{ monday: [{ from: '08:00', to: '08:00' }] }],
    [{ monday: [{ from: '8:00', to: '09:00' }] }],
    [{ monday: [{ from: '08:00', to: '24:01' }] }],
    [{ funday: [] }],
    [{ monday: { from: '08:00', to: '09:00' } }],
  ])('%j', (value) => {
    expect(WeekScheduleSchema.safeParse(value).success).toBe(false);
  });
});

test.each([
  [0, '00:00'],
  [510, '08:30'],
  [1440, '24:00'],
])('%i is %s', (minute, time) => {
  expect(timeOfMinute(minute)).toBe(time);
});
