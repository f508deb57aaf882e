import { afterEach, beforeEach, expect, test } from 'vitest';
import { buildSegmentPath, type SegmentRecord } from '../media/segment.ts';
import { closeDatabase, openDatabase, type Sql } from './database.ts';
import { GapStore } from './gaps.ts';
import { SegmentStore } from './recordings.ts';
import { SettingsStore } from './settings.ts';
import { VolumeStore } from './volumes.ts';

const FRONT = '3fa85f64-5717-4562-b3fc-2c963f66afa6';
const YARD = '4fa85f64-5717-4562-b3fc-2c963f66afa6';
let sql: Sql;
let segments: SegmentStore;
beforeEach(() => {
  sql = openDatabase(':memory:');
  segments = new SegmentStore(sql);
});
afterEach(() => closeDatabase(sql));

function put(cameraId: string, stream: 'main' | 'sub', startEpochMs: number, sizeBytes: number): string {
  const segment: SegmentRecord = {
    ...{ cameraId, stream, startEpochMs, durationMs: 10_000, sizeBytes, closed: true },
    path: buildSegmentPath(cameraId, stream, startEpochMs),
    ...{ videoCodecString: 'avc1', audioCodecString: null, width: 1, height: 1, videoTimescale: 1000 },
    ...{ audioTimescale: null, initBytes: 10, keyframes: [], volumeId: 0 },
  };
  segments.putSegment(segment);
  return segment.path;
}

test('bytes are known by camera and in all, as segments come, change and go', () => {
  put(FRONT, 'main', 0, 100);
  expect(segments.usedBytes()).toBe(100);
  const yard = put(YARD, 'sub', 0, 7);
  put(FRONT, 'main', 0, 150);
  expect([
    segments.usedBytes({ cameraId: FRONT }),
    segments.usedBytes({ cameraId: YARD }),
    segments.usedBytes(),
  ]).toEqual([150, 7, 157]);
  expect(segments.listCameraIds()).toEqual([FRONT, YARD]);
  segments.removeSegment(yard);
  segments.removeCameraSegments(FRONT, []);
  expect([segments.usedBytes({ cameraId: FRONT }), segments.usedBytes()]).toEqual([0, 0]);
  expect(segments.listCameraIds()).toEqual([]);
  expect(new SegmentStore(sql).usedBytes()).toBe(0);
});

test('a file that a segment names is not left over, in its folder', () => {
  const volumes = new VolumeStore(sql, new SettingsStore(sql));
  const path = buildSegmentPath(FRONT, 'main', 0);
  for (const volumeId of [0, 1]) volumes.noteLeftover(path, volumeId);
  put(FRONT, 'main', 0, 100);
  expect([0, 1].map((volumeId) => volumes.listLeftovers(volumeId))).toEqual([[], [path]]);
});

test('bytes within ranges count each segment of both streams once', () => {
  for (let index = 0; index < 5; index++) put(FRONT, 'main', index * 10_000, 10 ** index);
  put(FRONT, 'sub', 15_000, 500_000);
  put(YARD, 'main', 0, 9);
  const within = (...ranges: Array<[number, number]>) =>
    segments.bytesWithin(
      FRONT,
      ranges.map(([startEpochMs, endEpochMs]) => ({ startEpochMs, endEpochMs })),
    );
  expect(within([0, 10_000])).toBe(1);
  expect(within([1000, 2000], [8000, 9000])).toBe(1);
  expect(within([9000, 11_000], [12_000, 21_000])).toBe(1 + 10 + 100 + 500_000);
  expect(within([60_000, 70_000])).toBe(0);
});

test('files are listed by folder, and paths are walked', () => {
  const first = put(FRONT, 'main', 0, 100);
  const later = put(FRONT, 'main', 86_400_000, 200);
  const folder = first.slice(0, first.lastIndexOf('/'));
  expect(segments.listFiles(`${folder}/`)).toMatchObject([{ path: first, sizeBytes: 100, closed: true }]);
  expect(segments.nextPath('')).toBe(first);
  expect(segments.nextPath(`${folder}/\u{10ffff}`)).toBe(later);
  expect(segments.nextPath(later)).toBeNull();
  segments.replaceFolder(folder, [], [0]);
  expect(segments.nextPath('')).toBe(later);
});

test('what is deleted between two islands of footage is one row, and leaves the rest of the ledger', () => {
  const gaps = new GapStore(sql);
  const put = (startEpochMs: number, endEpochMs: number | null) =>
    gaps.putGap(FRONT, { startEpochMs, endEpochMs, cause: 'camera-unreachable', detail: 'away' });
  put(0, 10);
  put(100, 110);
  put(150, 160);
  put(300, null);
  gaps.noteDeleted(FRONT, 120, 200, 100);
  expect(gaps.listGaps(FRONT, 0, 1000).map((gap) => [gap.startEpochMs, gap.endEpochMs, gap.cause])).toEqual([
    [0, 10, 'camera-unreachable'],
    [100, 200, 'deleted'],
    [300, null, 'camera-unreachable'],
  ]);
  expect(gaps.listGaps(FRONT, 0, 1000, 50)).toHaveLength(2);
  gaps.noteDeleted(FRONT, 50, 250);
  expect(gaps.listGaps(FRONT, 0, 1000).map((gap) => [gap.startEpochMs, gap.endEpochMs])).toEqual([
    [0, 250],
    [300, null],
  ]);
});
