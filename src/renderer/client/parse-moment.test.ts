import { describe, expect, test } from 'vitest';
import { parseMoment } from './parse-moment.ts';

/** Friday 20 November 2026, 12:30 local time. */
const NOW = new Date(2026, 10, 20, 12, 30, 0).getTime();
const local = (day: number, hour = 0, minute = 0, second = 0, month = 10, year = 2026) =>
  new Date(year, month, day, hour, minute, second).getTime();

describe('parseMoment', () => {
  test.each([
    ['now', NOW],
    ['17:40', local(19, 17, 40)],
    ['8:05', local(20, 8, 5)],
    ['8:05:09', local(20, 8, 5, 9)],
    ['5pm', local(19, 17)],
    ['12 am', local(20, 0)],
    ['noon', local(20, 12)],
    ['yesterday 17:40', local(19, 17, 40)],
    ['Yesterday at 5:40 PM', local(19, 17, 40)],
    ['yesterday', local(19)],
    ['today 17:40', local(20, 17, 40)],
    ['mon 8am', local(16, 8)],
    ['friday 8:00', local(13, 8)],
    ['2026-11-02 03:04:05', local(2, 3, 4, 5)],
    ['2026-11-02T03:04', local(2, 3, 4)],
    ['17 nov 14:00', local(17, 14)],
    ['Nov 17, 14:00', local(17, 14)],
    ['24 dec 18:00', local(24, 18, 0, 0, 11, 2025)],
    ['17.11. 14:00', local(17, 14)],
    ['17.11.2025 14:00', local(17, 14, 0, 0, 10, 2025)],
    ['15 min ago', NOW - 15 * 60_000],
    ['2 h ago', NOW - 2 * 3_600_000],
    ['1.5 hours ago', NOW - 1.5 * 3_600_000],
  ])('%s', (text, expected) => {
    expect(parseMoment(text, NOW)).toBe(expected);
  });

  const SHOWN = new Date(2026, 10, 10, 10, 0, 0).getTime();
  test.each([
    ['14:03', local(10, 14, 3)],
    ['14:03:07.25', local(10, 14, 3, 7) + 250],
    ['5:40 pm', local(10, 17, 40)],
    ['yesterday 17:40', local(19, 17, 40)],
    ['-5 min', SHOWN - 300_000],
    ['+30 s', SHOWN + 30_000],
    ['2 h ago', NOW - 7_200_000],
    ['2026-11-20T10:00:00Z', Date.parse('2026-11-20T10:00:00Z')],
    ['live', NOW],
  ])('%s, while another day is shown', (text, expected) => {
    expect(parseMoment(text, NOW, SHOWN)).toBe(expected);
  });

  test.each([
    '',
    'front door',
    '5 min',
    '+5 min ago',
    '31 feb',
    '14:77',
    '12',
    '25:00',
    '13pm',
    '2026-02-31',
    'yesterday evening',
    'mo',
    '17:400',
  ])('is no time: %s', (text) => {
    expect(parseMoment(text, NOW)).toBeNull();
  });
});
