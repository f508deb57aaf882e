import { expect, test } from 'vitest';
import { buildClipName } from './exports.ts';
import { joinRanges } from './footage.ts';
import { buildFrameArguments } from './frame.ts';
import { planMarks } from './marks.ts';

test('spans are joined by what a pixel can show', () => {
  const ranges = [
    { startEpochMs: 0, endEpochMs: 10 },
    { startEpochMs: 12, endEpochMs: 20 },
    { startEpochMs: 18, endEpochMs: 30 },
    { startEpochMs: 50, endEpochMs: 60 },
  ];
  expect(joinRanges(ranges, 2)).toEqual([
    { startEpochMs: 0, endEpochMs: 30 },
    { startEpochMs: 50, endEpochMs: 60 },
  ]);
  expect(joinRanges(ranges, 20)).toEqual([{ startEpochMs: 0, endEpochMs: 60 }]);
  expect(joinRanges([], 5)).toEqual([]);
});

test('marks: one per kind and step, named after its first event', () => {
  const event = (id: string, startEpochMs: number, label?: 'person' | 'car') => ({
    id,
    type: 'object' as const,
    startEpochMs,
    detail: label ? { label } : {},
  });
  const events = [
    event('c', 1900, 'person'),
    event('b', 1200, 'person'),
    event('d', 1300, 'car'),
    event('a', 500, 'person'),
  ];
  expect(planMarks(events, 1000)).toEqual([
    { eventId: 'a', type: 'object', label: 'person', startEpochMs: 500, count: 1 },
    { eventId: 'b', type: 'object', label: 'person', startEpochMs: 1200, count: 2 },
    { eventId: 'd', type: 'object', label: 'car', startEpochMs: 1300, count: 1 },
  ]);
  expect(planMarks(events, 0)).toHaveLength(4);
});

const at = (hour: number, minute: number, second = 0, day = 20) =>
  new Date(2026, 10, day, hour, minute, second).getTime();
test.each([
  ['Front door', at(14, 3, 5), at(14, 4), 'Front door 2026-11-20 14.03.05–14.04.00.mp4'],
  ['a/b\\c:d*e?f"g<h>i|j', at(1, 0), at(2, 0), 'a_b_c_d_e_f_g_h_i_j 2026-11-20 01.00.00–02.00.00.mp4'],
  [' ..Café 東門.. ', at(1, 0), at(2, 0), 'Café 東門 2026-11-20 01.00.00–02.00.00.mp4'],
  ['...', at(23, 59), at(0, 1, 0, 21), 'Camera 2026-11-20 23.59.00–2026-11-21 00.01.00.mp4'],
])('a clip of %s', (name, from, to, expected) => {
  expect(buildClipName(name, from, to)).toBe(expected);
});

test('the arguments for one picture', () => {
  expect(buildFrameArguments(18, 320).join(' ')).toBe(
    '-hide_banner -nostats -v error -threads 1 -probesize 32768 -f mp4 -i pipe:0 -an -fps_mode passthrough -vf select=gte(n\\,17),scale=320:-2 -frames:v 1 -q:v 4 -f mjpeg pipe:1',
  );
});
