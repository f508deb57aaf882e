import { describe, expect, test } from 'vitest';
import type { FootageLock } from '../../shared/domain-storage.ts';
import {
  bytesInWords,
  freeRanges,
  heldRanges,
  mergeRanges,
  overlapsAny,
  planLimit,
  planLockCap,
} from './lock-plan.ts';
import { listOldestFree } from './retention.ts';
import type { SegmentFileFacts } from './segment-index.ts';

const range = (startEpochMs: number, endEpochMs: number) => ({ startEpochMs, endEpochMs });

test('ranges that overlap or touch are one', () => {
  expect(mergeRanges([range(50, 60), range(0, 10), range(5, 20), range(20, 30)])).toEqual([
    range(0, 30),
    range(50, 60),
  ]);
});

test.each([
  { locked: [], free: [range(0, 100)] },
  { locked: [range(0, 10)], free: [range(10, 100)] },
  { locked: [range(20, 30), range(40, 50)], free: [range(0, 20), range(30, 40), range(50, 100)] },
  { locked: [range(90, 200)], free: [range(0, 90)] },
  { locked: [range(0, 200)], free: [] },
  { locked: [range(150, 200)], free: [range(0, 100)] },
])('outside of $locked the rest is free', ({ locked, free }) => {
  expect(freeRanges(locked, range(0, 100))).toEqual(free);
});

test('a segment that only touches a lock is not held by it', () => {
  expect(overlapsAny([range(10, 20)], range(0, 10))).toBe(false);
  expect(overlapsAny([range(10, 20)], range(20, 30))).toBe(false);
  expect(overlapsAny([range(10, 20)], range(19, 21))).toBe(true);
});

test('what has run out holds nothing', () => {
  const lock = (cameraId: string, startEpochMs: number, expiresEpochMs: number | null) =>
    ({ cameraId, ...range(startEpochMs, startEpochMs + 10), expiresEpochMs }) as FootageLock;
  const held = heldRanges([lock('a', 0, null), lock('a', 5, 100), lock('b', 0, 99)], 100);
  expect([...held]).toEqual([['a', [range(0, 10)]]]);
});

test('the cap is a share of the smaller of limit and disk', () => {
  const space = { maxBytes: 1000, minFreeBytes: 100, usedBytes: 400, freeBytes: 5000 };
  expect(planLockCap(space)).toBe(250);
  expect(planLockCap({ ...space, maxBytes: null, freeBytes: 300, lockCapShare: 0.5 })).toBe(300);
  expect(planLockCap({ ...space, maxBytes: null, usedBytes: 0, freeBytes: 50 })).toBe(0);
});

test('a limit lowered below the locks leaves other footage its share', () => {
  expect(planLimit(1000, 200, 0.25)).toBe(1000);
  expect(planLimit(1000, 900, 0.25)).toBe(1650);
});

test.each([
  [0, '0 bytes'],
  [999, '999 bytes'],
  [4_210_000_000, '4.2 GB'],
  [123_000_000, '123 MB'],
])('%i is %s', (bytes, words) => {
  expect(bytesInWords(bytes)).toBe(words);
});

describe('the oldest footage that may go', () => {
  /** Segments of 10 ms each, one after the other. */
  const segments = (cameraId: string, stream: 'main' | 'sub', from: number, count: number) =>
    Array.from({ length: count }, (_, i): SegmentFileFacts => {
      const startEpochMs = from + i * 10;
      return {
        cameraId,
        stream,
        path: `${cameraId}${stream}${startEpochMs}`,
        volumeId: 0,
        startEpochMs,
        durationMs: 10,
        sizeBytes: 1,
      };
    });

  function list(
    all: SegmentFileFacts[],
    locked: Record<string, Array<ReturnType<typeof range>>>,
    before: number,
  ) {
    const left = new Map(all.map((file) => [file.path, file]));
    const gone: SegmentFileFacts[] = [];
    const index = {
      listOldest: (options: Parameters<Parameters<typeof listOldestFree>[0]['index']['listOldest']>[0]) =>
        (['main', 'sub'] as const).flatMap((stream) =>
          [...left.values()]
            .filter((file) => file.cameraId === options.cameraId && file.stream === stream)
            .filter((file) => file.startEpochMs >= (options.startFromEpochMs ?? 0))
            .filter((file) => file.startEpochMs + file.durationMs < (options.endBeforeEpochMs ?? 0))
            .sort((a, b) => a.startEpochMs - b.startEpochMs)
            .slice(0, options.limit),
        ),
    };
    const deps = { index, locks: { rangesOf: (id: string) => locked[id] ?? [] } };
    const ids = [...new Set(all.map((file) => file.cameraId))];
    for (;;) {
      const next = listOldestFree(deps as never, ids, before, [0]);
      if (next.length === 0) return gone;
      for (const file of next) left.delete(file.path);
      gone.push(...next);
    }
  }

  test('comes in order over cameras and streams, all of it', () => {
    const all = [
      ...segments('a', 'main', 0, 200),
      ...segments('a', 'sub', 3, 90),
      ...segments('b', 'main', 500, 70),
    ];
    const gone = list(all, {}, 5000);
    expect(gone.map(({ startEpochMs }) => startEpochMs)).toEqual(
      all.map(({ startEpochMs }) => startEpochMs).sort((a, b) => a - b),
    );
  });

  test('leaves out what a lock touches, and what ends later', () => {
    const all = [...segments('a', 'main', 0, 100), ...segments('b', 'main', 0, 10)];
    const gone = list(all, { a: [range(95, 205), range(400, 410)], b: [range(0, 1000)] }, 801);
    const starts = gone.map(({ startEpochMs }) => startEpochMs);
    const expected = all
      .filter(({ cameraId }) => cameraId === 'a')
      .map(({ startEpochMs }) => startEpochMs)
      .filter((at) => (at + 10 <= 95 || at >= 205) && at !== 400 && at + 10 <= 800);
    expect(starts).toEqual(expected);
  });
});
