import { expect, test } from 'vitest';
import type { WeekSchedule } from '../../../shared/schedule.ts';
import { copyDay, FIRST_HOURS, isOn, paintHours, wordsOfDay } from './week-hours.ts';

const span = (from: number, to: number) => ({ fromMinute: from * 60, toMinute: to * 60 });

test.each<[string, boolean, [number, number], string]>([
  ['further hours', true, [20, 22], '08:00 to 18:00, 20:00 to 22:00'],
  ['hours that touch', true, [18, 20], '08:00 to 20:00'],
  ['the whole day', true, [0, 24], 'all day'],
  ['a break', false, [12, 13], '08:00 to 12:00, 13:00 to 18:00'],
  ['the end', false, [16, 24], '08:00 to 16:00'],
  ['all of it', false, [0, 24], 'off'],
])('%s', (_name, wanted, [from, to], words) => {
  const painted = paintHours(FIRST_HOURS, 'monday', span(from, to), wanted);
  expect(wordsOfDay(painted, 'monday')).toBe(words);
  expect(wordsOfDay(painted, 'tuesday')).toBe('08:00 to 18:00');
});

test('a day is copied, an empty one too', () => {
  const hours: WeekSchedule = {
    monday: [{ from: '08:15', to: '09:45' }],
    sunday: [{ from: '10:00', to: '11:00' }],
  };
  const copied = copyDay(hours, 'monday', ['tuesday', 'sunday']);
  expect(copied).toEqual({ monday: hours.monday, tuesday: hours.monday, sunday: hours.monday });
  expect(copyDay(copied, 'wednesday', ['monday', 'sunday'])).toEqual({ tuesday: hours.monday });
  expect([isOn(copied, 'sunday', 585), isOn(copied, 'sunday', 584)]).toEqual([false, true]);
});
