import { describe, expect, test, vi } from 'vitest';
import type { Gap } from '../../shared/domain-storage.ts';
import { DAY_MS, HOUR_MS } from '../../shared/units.ts';
import type { Fragment } from '../media/fragment.ts';
import { buildSegmentPath, parseSegmentPath } from '../media/segment.ts';
import { ManualClock } from '../platform/clock.ts';
import { silentLogger } from '../platform/log.ts';
import { localDay, planCompleteness } from './completeness.ts';
import { describeDiskFailure } from './disk-failure.ts';
import { planForecast } from './forecast.ts';
import { PatientWriter } from './patient-writer.ts';
import { RecorderQueue } from './recorder-queue.ts';
import { takeBytes } from './retention.ts';
import { planStart } from './segment-cut.ts';
import { WritePace } from './write-pace.ts';

const CAMERA = '3fa85f64-5717-4562-b3fc-2c963f66afa6';
const DAY = { startEpochMs: 0, endEpochMs: DAY_MS };
const gap = (startEpochMs: number, endEpochMs: number | null, cause: Gap['cause']): Gap => ({
  startEpochMs,
  endEpochMs,
  cause,
  detail: '',
});
const span = (startEpochMs: number, endEpochMs: number) => ({
  startEpochMs,
  durationMs: endEpochMs - startEpochMs,
});

describe('completeness', () => {
  test.each([
    { name: 'a whole day', spans: [span(0, DAY_MS)], gaps: [], since: 0, now: DAY_MS, expected: 1 },
    {
      name: 'an hour missing',
      spans: [span(0, 23 * HOUR_MS)],
      gaps: [gap(23 * HOUR_MS, null, 'disk-full')],
      since: 0,
      now: DAY_MS,
      expected: 1 - (HOUR_MS - 1000) / DAY_MS,
    },
    {
      name: 'a pause is not missing',
      spans: [span(0, 12 * HOUR_MS)],
      gaps: [gap(12 * HOUR_MS, null, 'paused')],
      since: 0,
      now: DAY_MS,
      expected: 1,
    },
    {
      name: 'nothing before the camera came',
      spans: [span(18 * HOUR_MS, DAY_MS)],
      gaps: [],
      since: 18 * HOUR_MS,
      now: DAY_MS,
      expected: 1,
    },
    {
      name: 'the future does not count',
      spans: [span(0, HOUR_MS)],
      gaps: [],
      since: 0,
      now: HOUR_MS,
      expected: 1,
    },
    {
      name: 'overlaps count once',
      spans: [span(0, HOUR_MS), span(HOUR_MS / 2, HOUR_MS)],
      gaps: [],
      since: 0,
      now: 2 * HOUR_MS,
      expected: 0.5 + (2 * HOUR_MS * 1000) / DAY_MS / (2 * HOUR_MS),
    },
    {
      name: 'a day of pause',
      spans: [],
      gaps: [gap(0, DAY_MS, 'paused')],
      since: 0,
      now: DAY_MS,
      expected: null,
    },
    { name: 'a day before the camera', spans: [], gaps: [], since: DAY_MS, now: 2 * DAY_MS, expected: null },
  ])('$name', ({ spans, gaps, since, now, expected }) => {
    const share = planCompleteness(DAY, spans, gaps, since, now);
    if (expected === null) expect(share).toBeNull();
    else expect(share).toBeCloseTo(expected, 9);
  });

  test('a local day has its own borders', () => {
    const at = new Date(2026, 10, 20, 15, 30).getTime();
    expect(localDay(at)).toEqual({
      day: '2026-11-20',
      startEpochMs: new Date(2026, 10, 20).getTime(),
      endEpochMs: new Date(2026, 10, 21).getTime(),
    });
    expect(localDay(at, 20).day).toBe('2026-10-31');
  });
});

describe('paths of segments', () => {
  test('say camera, stream and start, and are read back', () => {
    const start = Date.UTC(2026, 10, 20, 14, 3, 5, 123);
    const path = buildSegmentPath(CAMERA, 'sub', start);
    expect(path).toBe(`${CAMERA}/sub/2026/11/20/140305.123Z.mp4`);
    expect(parseSegmentPath(path)).toEqual({ cameraId: CAMERA, stream: 'sub', startEpochMs: start });
  });
  test.each([
    'camera.json',
    `${CAMERA}/main/2026/11/20/140305.123Z.mp4.damaged`,
    `${CAMERA}/third/2026/11/20/140305.123Z.mp4`,
    '../../etc/passwd',
  ])('%s is none', (path) => expect(parseSegmentPath(path)).toBeNull());
});

test.each([
  ['after a hole', 2000, 1000, 2000],
  ['after nothing', 2000, Number.NEGATIVE_INFINITY, 2000],
  ['where the one before ends', 2000, 2850, 2850],
  ['in the past, where the clock was set back by hours', 2000, 9_000_000, 2000],
])('a segment begins %s', (_name, captureEpochMs, newestEndEpochMs, expected) => {
  expect(planStart(captureEpochMs, newestEndEpochMs)).toBe(expected);
});

test('only as many of the oldest files are taken as are needed', () => {
  const files = [{ sizeBytes: 10 }, { sizeBytes: 20 }, { sizeBytes: 30 }];
  expect(takeBytes(files, 1)).toHaveLength(1);
  expect(takeBytes(files, 11)).toHaveLength(2);
  expect(takeBytes(files, 100)).toHaveLength(3);
});

test.each([
  { maxBytes: null, freeBytes: 500, usedBytes: 0, days: 4 },
  { maxBytes: 200, freeBytes: 500, usedBytes: 100, days: 1 },
  { maxBytes: 100, freeBytes: 500, usedBytes: 150, days: 0 },
])('the forecast counts until the first limit bites: %o', ({ maxBytes, freeBytes, usedBytes, days }) => {
  const written = { bytes: 50, earliestEpochMs: DAY_MS / 2 };
  expect(
    planForecast(written, { maxBytes, minFreeBytes: 100, freeBytes, usedBytes, lockedBytes: 0 }, DAY_MS),
  ).toMatchObject({
    bytesPerDay: 100,
    daysLeft: days,
  });
});

test.each([
  ['ENOSPC', 'disk-full'],
  ['EDQUOT', 'disk-full'],
  ['EROFS', 'disk-failed'],
  ['EIO', 'disk-failed'],
  ['EWHATEVER', 'disk-failed'],
])('%s is %s', (code, cause) => {
  expect(describeDiskFailure(Object.assign(new Error('x'), { code })).cause).toBe(cause);
});

test('an index that cannot be written loses nothing: what waits is written in order later', () => {
  const clock = new ManualClock();
  const writer = new PatientWriter({ clock, log: silentLogger });
  const written: number[] = [];
  let broken = true;
  const write = (value: number) =>
    writer.write(() => {
      if (broken) throw new Error('disk full');
      written.push(value);
    });
  write(1);
  write(2);
  clock.advance(3000);
  expect(writer.pending).toBe(2);
  broken = false;
  clock.advance(1000);
  write(3);
  expect(written).toEqual([1, 2, 3]);
});

test('all that asks within a beat is written on it, and nothing beats without requests', () => {
  vi.useFakeTimers();
  const pace = new WritePace(100);
  expect(vi.getTimerCount()).toBe(0);
  const written: string[] = [];
  pace.request(() => written.push('a'));
  vi.advanceTimersByTime(60);
  pace.request(() => {
    written.push('b');
    pace.request(() => written.push('c'));
  });
  vi.advanceTimersByTime(40);
  expect(written).toEqual(['a', 'b']);
  vi.advanceTimersByTime(100);
  expect(written).toEqual(['a', 'b', 'c']);
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

test('a full queue drops whole groups, says so once, and goes on at a key frame when half is free', () => {
  const queue = new RecorderQueue(100);
  const frame = (keyframe: boolean): Fragment => ({
    ...{ track: 'video', keyframe, data: Buffer.alloc(30), tfdtOffset: 0 },
    ...{ decodeTime: 0, duration: 1, captureEpochMs: 0 },
  });
  for (const keyframe of [true, false, false, false, false, true]) queue.addFragment(frame(keyframe));
  expect(queue.dropped).toBe(3);
  expect(queue.takeAll().map((item) => item.kind)).toEqual([...Array(3).fill('fragment'), 'interrupted']);
  queue.addFragment(frame(true));
  expect(queue.dropped).toBe(4);
  queue.written();
  expect(queue.waitingBytes).toBe(0);
  queue.addFragment(frame(false));
  queue.addFragment(frame(true));
  expect([queue.dropped, queue.waitingBytes]).toEqual([5, 30]);
});
