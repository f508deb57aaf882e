import { expect, test } from 'vitest';
import { parseNameTime } from './upload-time.ts';

test.each<[name: string, isLoose: boolean, iso: string | null]>([
  ['2014-07-21T20:38:32.183-07:00.jpeg', false, '2014-07-22T03:38:32.183Z'],
  ['front_2014-07-21T20:38:32Z.mp4', false, '2014-07-21T20:38:32.000Z'],
  ['2014-07-21T20:38:32.183-0000.jpg', false, '2014-07-21T20:38:32.183Z'],
  ['2014-07-21T20:38:32.jpeg', false, '2014-07-21T20:38:32.000Z'],
  ['2014-07-21T20:38:32 02:00.jpeg', false, '2014-07-21T18:38:32.000Z'],
  ['2014-07-21T20:38:32.123456789Z.jpeg', false, '2014-07-21T20:38:32.123Z'],
  ['20240311_142530.jpg', false, null],
  ['20240311_142530.jpg', true, '2024-03-11T14:25:30.000Z'],
  ['cam1-20240311142530-7.jpg', true, '2024-03-11T14:25:30.000Z'],
  ['2024-03-11 14.25.30.jpg', true, '2024-03-11T14:25:30.000Z'],
  ['ch01_20240311T142530.250.jpg', true, '2024-03-11T14:25:30.250Z'],
  ['20241311_142530.jpg', true, null],
  ['holiday.jpg', true, null],
])('%s', (name, isLoose, iso) => {
  const time = parseNameTime(name, isLoose);
  expect(time === null ? null : new Date(time).toISOString()).toBe(iso);
});
