import { expect, test } from 'vitest';
import type { Content } from '../store/uploads.ts';
import { joinRanges } from './footage.ts';
import { buildFrameArguments } from './frame.ts';
import { buildClipName, buildUploadName } from './names.ts';
import { buildStillArguments, planUploadExport, planUploads, uploadAt } from './uploads.ts';

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

const content = (id: string, atEpochMs: number, durationMs = 0): Content => ({
  ...{
    id,
    cameraId: 'c',
    eventId: null,
    atEpochMs,
    durationMs,
    imageType: 'm',
    rotation: 0,
    width: 640,
    height: 360,
  },
  ...{ hasAudio: false, sizeBytes: 1, labels: [], boxes: [], receivedEpochMs: 0 },
  contentType: durationMs > 0 ? 'video/mp4' : 'image/jpeg',
});

test('uploads: a picture lasts until the next upload or five seconds, a video as long as it is', () => {
  const contents = [content('a', 0), content('b', 2000), content('v', 4000, 3000), content('c', 20_000)];
  const spans = planUploads(contents, 0).map(({ id, startEpochMs, endEpochMs }) => [
    id,
    startEpochMs,
    endEpochMs,
  ]);
  expect(spans).toEqual([
    ['a', 0, 2000],
    ['b', 2000, 4000],
    ['v', 4000, 7000],
    ['c', 20_000, 25_000],
  ]);
  const joined = planUploads(contents, 10_000).map(({ id, endEpochMs, count }) => [id, endEpochMs, count]);
  expect(joined).toEqual([
    ['a', 4000, 2],
    ['v', 7000, 1],
    ['c', 25_000, 1],
  ]);
  expect(planUploads([content('a', 0), content('b', 0)], 0).map(({ endEpochMs }) => endEpochMs)).toEqual([
    5000, 5000,
  ]);
});

test.each([
  [-1, undefined],
  [0, 'a'],
  [3000, 'v'],
  [6999, 'v'],
  [7000, 'b'],
  [8000, undefined],
])('what shows %i ms', (epochMs, expected) => {
  const uploads = planUploads([content('a', 0), content('v', 2000, 5000), content('b', 3000)], 0);
  expect(uploadAt(uploads, epochMs)?.id).toBe(expected);
});

test('without footage one uploaded video is exported; pictures or several are refused in words', () => {
  const plan = (...contents: Content[]) =>
    planUploadExport(
      {
        contents: {
          ...{ inRange: () => contents, firstAfter: () => null, get: () => null, ofEvent: () => [] },
          bounds: () => ({ earliestEpochMs: null, latestEpochMs: null }),
        },
        path: () => '',
      },
      'c',
      0,
      1,
    );
  expect(plan()).toBeNull();
  expect(plan(content('a', 0), content('v', 0, 5))?.id).toBe('v');
  expect(() => plan(content('a', 0))).toThrow('only uploaded pictures');
  expect(() => plan(content('v', 0, 5), content('w', 6, 5))).toThrow('2 uploaded videos');
});

test('names and stills of uploads', () => {
  const name = (durationMs: number) => buildUploadName('Lane', content('a', at(14, 3, 5), durationMs));
  expect(name(0)).toBe('Lane 2026-11-20 14.03.05.jpg');
  expect(name(10_000)).toBe('Lane 2026-11-20 14.03.05–14.03.15.mp4');
  expect(buildStillArguments('/a.mp4', 1500, 320).join(' ')).toBe(
    '-hide_banner -nostats -v error -threads 1 -ss 1.500 -i /a.mp4 -an -vf scale=min(320\\,iw):-2 -frames:v 1 -q:v 4 -f mjpeg pipe:1',
  );
});
