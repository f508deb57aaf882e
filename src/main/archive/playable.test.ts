import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { FragmentMuxer } from '../media/mp4/muxer.ts';
import type { SegmentRecord } from '../media/segment.ts';
import type { Converter } from './converter.ts';
import type { FootageSource } from './footage.ts';
import { openPlayable } from './playable.ts';

const folder = mkdtempSync(join(tmpdir(), 'playable-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const { initSegment } = new FragmentMuxer(
  {
    codec: 'h264',
    parameterSets: [
      Buffer.from('6742c01eda0280f684000003000400000300c83c58ba80', 'hex'),
      Buffer.from('68ebe3cb22c0', 'hex'),
    ],
    timescale: 90_000,
  },
  null,
).description;
writeFileSync(join(folder, 'init'), initSegment);

const footageOf = (stream: 'main' | 'sub', fromSeconds: number, toSeconds: number): SegmentRecord =>
  ({
    ...{
      cameraId: 'c',
      stream,
      startEpochMs: fromSeconds * 1000,
      durationMs: (toSeconds - fromSeconds) * 1000,
    },
    ...{ videoCodecString: stream === 'main' ? 'hvc1.1.6.L93.B0' : 'avc1.42c01e', closed: true, volumeId: 1 },
    ...{ path: `${stream}-${fromSeconds}`, keyframes: [{ offset: initSegment.length, time: 0 }] },
    ...{ videoTimescale: 90_000, audioCodecString: null, sizeBytes: initSegment.length },
  }) as SegmentRecord;

function sourceOf(segments: readonly SegmentRecord[]): FootageSource {
  const ofStream = (stream: string) => segments.filter((segment) => segment.stream === stream);
  return {
    open: () => open(join(folder, 'init'), 'r'),
    absent: () => [],
    listSegments: ({ stream }: { stream: string }) => ofStream(stream),
    openSegments: () => [],
    nextStartEpochMs: (_: string, stream: string, after: number) =>
      ofStream(stream).find(({ startEpochMs }) => startEpochMs >= after)?.startEpochMs ?? null,
  } as Partial<FootageSource> as FootageSource;
}

const converter = {
  open: () => {
    throw new Error('converted');
  },
} as Partial<Converter> as Converter;

test.each([
  [
    'the sub stream shows all of it',
    [
      [0, 60],
      [60, 120],
    ],
    10,
    20_000,
  ],
  [
    'its recording has a hole',
    [
      [0, 15],
      [40, 120],
    ],
    10,
    15_000,
  ],
  ['its recording is over', [[0, 15]], 10, 15_000],
])('where %s, nothing of the main stream is passed over', async (_, subs, fromSeconds, nextEpochMs) => {
  const footage = sourceOf([
    footageOf('main', 0, 120),
    ...subs.map(([from, to]) => footageOf('sub', from!, to!)),
  ]);
  const range = { fromEpochMs: fromSeconds * 1000, toEpochMs: 20_000, baseEpochMs: 0 };
  const ask = (asked: typeof range) =>
    openPlayable(
      { footage, converter },
      { cameraId: 'c', stream: 'main', track: 'video', ...asked },
      new AbortController().signal,
    );
  expect(await ask(range)).toMatchObject({ shows: 'sub', nextEpochMs });
  if (nextEpochMs < range.toEpochMs)
    await expect(ask({ ...range, fromEpochMs: nextEpochMs })).rejects.toThrow('converted');
});
