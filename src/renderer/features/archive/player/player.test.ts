import { describe, expect, it } from 'vitest';
import { bufferedSecondsAhead, bufferedSecondsFrom, nextBufferedStart } from './buffered.ts';
import { FrameIndex } from './frame-index.ts';
import { planUpload } from './hole-uploads.ts';
import { BoxScanner, type ScannedFragment, type TrackInit } from './mp4-boxes.ts';
import { planHole } from './plan-hole.ts';

const u32 = (...values: number[]) =>
  values.flatMap((v) => [(v >>> 24) & 255, (v >>> 16) & 255, (v >>> 8) & 255, v & 255]);
const box = (type: string, ...parts: number[][]): number[] => {
  const body = parts.flat();
  return [...u32(body.length + 8), ...[...type].map((c) => c.charCodeAt(0)), ...body];
};
const zeros = (count: number) => new Array<number>(count).fill(0);

function moov(entry: number[], timescale = 90_000): number[] {
  return box(
    'moov',
    box('mvhd', zeros(100)),
    box(
      'trak',
      box('tkhd', zeros(84)),
      box(
        'mdia',
        box('mdhd', u32(0, 0, 0, timescale, 0), zeros(4)),
        box('minf', box('stbl', box('stsd', u32(0, 1), entry))),
      ),
    ),
    box('mvex', box('trex', u32(0, 1, 1, 3600, 0, 0))),
  );
}
const avc1 = box('avc1', zeros(78), box('avcC', [1, 0x64, 0x00, 0x28, 0xff]));
const hvc1 = box('hvc1', zeros(78), box('hvcC', [1, 0x01, ...u32(0x60000000), 0x90, 0, 0, 0, 0, 0, 93]));
const mp4a = box(
  'mp4a',
  zeros(28),
  box('esds', [0, 0, 0, 0, 3, 22, 0, 1, 0, 4, 17, 0x40, 0x15, ...zeros(11), 5, 2, 0x12, 0x10, 6, 1, 2]),
);

function moof(
  decodeTime: number,
  samples: Array<[duration: number, offset: number]>,
  sync: boolean,
): number[] {
  return [
    ...box(
      'moof',
      box('mfhd', u32(0, 1)),
      box(
        'traf',
        box('tfhd', u32(0x20000, 1)),
        box('tfdt', u32(0x1000000, Math.floor(decodeTime / 2 ** 32), decodeTime)),
        box(
          'trun',
          u32(0x1000d05, samples.length, 0, sync ? 0x2000000 : 0x1010000),
          samples.flatMap(([duration, offset]) => u32(duration, sync ? 0x2000000 : 0x1010000, offset)),
        ),
      ),
    ),
    ...box('mdat', zeros(500)),
  ];
}

function scan(bytes: number[], pieceLength: number): { inits: TrackInit[]; fragments: ScannedFragment[] } {
  const inits: TrackInit[] = [];
  const fragments: ScannedFragment[] = [];
  const scanner = new BoxScanner(
    (init) => inits.push(init),
    (fragment) => fragments.push(fragment),
  );
  for (let at = 0; at < bytes.length; at += pieceLength)
    scanner.push(Uint8Array.from(bytes.slice(at, at + pieceLength)));
  return { inits, fragments };
}

describe('box scanner', () => {
  it.each([
    [avc1, 'avc1.640028'],
    [hvc1, 'hvc1.1.6.L93.90'],
    [mp4a, 'mp4a.40.2'],
  ])('names the codec %#', (entry, codecString) => {
    expect(scan(moov(entry), 4096).inits).toMatchObject([{ codecString, timescale: 90_000 }]);
  });
  it.each([1, 7, 64, 4096])('reads the same from pieces of %d bytes', (pieceLength) => {
    const bytes = [
      ...box('ftyp', zeros(16)),
      ...moov(avc1),
      ...moof(90_000 * 100_000, [[3600, 0]], true),
      ...moof(
        90_000 * 100_000 + 3600,
        [
          [3600, 7200],
          [3600, -3600 >>> 0],
        ],
        false,
      ),
    ];
    const { inits, fragments } = scan(bytes, pieceLength);
    expect(inits).toHaveLength(1);
    const parts = [...inits.map((init) => init.bytes), ...fragments.flatMap((fragment) => fragment.parts)];
    expect(parts.flatMap((part) => [...part])).toEqual(bytes);
    expect(fragments[1]).toMatchObject({ decodeSeconds: 100_000.04, decodeEndSeconds: 100_000.12 });
    expect(fragments.map((fragment) => fragment.keyframe)).toEqual([true, false]);
    expect(fragments.flatMap((fragment) => fragment.timesSeconds)).toEqual([100_000, 100_000.12, 100_000.04]);
  });
});

describe('frame index', () => {
  const frames = new FrameIndex();
  frames.add({ timesSeconds: [1, 1.04, 1.12], keyframe: true });
  frames.add({ timesSeconds: [1.08], keyframe: false });
  frames.add({ timesSeconds: [1.04, 1.08, 1.12, 1.2], keyframe: false });
  it('keeps pictures in order and once', () => {
    const seen: number[] = [];
    for (let at: number | null = 0.5; at !== null; at = frames.next(at)) seen.push(at);
    expect(seen).toEqual([0.5, 1, 1.04, 1.08, 1.12, 1.2]);
  });
  it('steps both ways from inside a picture', () => {
    const inside = frames.insideOf(1.08);
    expect(frames.shownAt(inside)).toBe(1.08);
    expect(frames.next(inside)).toBe(1.12);
    expect(frames.previous(inside)).toBe(1.04);
    expect(frames.previous(1.001)).toBeNull();
    expect(frames.next(1.2)).toBeNull();
  });
  it('tells the key frame before', () => {
    expect([frames.keyframeAt(0.9), frames.keyframeAt(1), frames.keyframeAt(1.3)]).toEqual([null, 1, 1]);
  });
});

describe('buffered ranges', () => {
  const list = [
    [10, 20],
    [30, 40],
  ] as const;
  const ranges = { length: 2, start: (i: number) => list[i]![0], end: (i: number) => list[i]![1] };
  it.each([
    [9.999, 10.001],
    [15, 5],
    [20, 0],
    [25, 0],
  ])('from %d there are %d s', (at, left) => {
    expect(bufferedSecondsFrom(ranges, at)).toBeCloseTo(left);
  });
  it('sees over holes', () => {
    expect(nextBufferedStart(ranges, 20)).toBe(30);
    expect(nextBufferedStart(ranges, 31)).toBeNull();
    expect(bufferedSecondsAhead(ranges, 15)).toBe(15);
  });
});

describe('planHole', () => {
  const at = {
    seconds: 100,
    isBuffered: false,
    nextSeconds: null,
    playing: true,
    goesOver: true,
    baseEpochMs: 1_000_000,
    hole: null,
  };
  it.each([
    ['waits while nothing is known', {}, null],
    ['closes a small hole silently', { nextSeconds: 101 }, { kind: 'jump', toSeconds: 101, told: false }],
    ['tells of a long one', { nextSeconds: 160 }, { kind: 'jump', toSeconds: 160, told: true }],
    [
      'stands before a long one while paused',
      { nextSeconds: 160, playing: false, goesOver: false },
      { kind: 'gap', nextEpochMs: 1_160_000 },
    ],
    [
      'names the hole it stands in',
      { hole: { fromEpochMs: 1_100_200, nextEpochMs: 1_500_000 } },
      { kind: 'gap', nextEpochMs: 1_500_000 },
    ],
    ['is past a hole that ended', { hole: { fromEpochMs: 1_000_000, nextEpochMs: 1_099_000 } }, null],
    ['stays on the last picture while paused', { isBuffered: true, nextSeconds: 101, playing: false }, null],
  ])('%s', (_, change, plan) => {
    expect(planHole({ ...at, ...change })).toEqual(plan);
  });
});

describe('uploads in a hole', () => {
  const upload = (startEpochMs: number, endEpochMs: number) => ({
    ...{ id: 'u', contentType: 'video/mp4' as const, startEpochMs, endEpochMs, count: 1 },
  });
  const at = { epochMs: 1_005_000, baseEpochMs: 1_000_000, goesOver: true };
  const gap = { kind: 'gap', nextEpochMs: 1_060_000 } as const;
  const shown = upload(1_000_000, 1_010_000);
  const later = upload(1_020_000, 1_030_000);
  it.each([
    ['none', gap, null, true, gap],
    ['one that shows the time', gap, shown, true, { kind: 'upload', upload: shown }],
    ['the next one while playing', gap, later, true, { kind: 'jump', toSeconds: 20, told: true }],
    ['the next one while standing', gap, later, false, { kind: 'gap', nextEpochMs: 1_020_000 }],
    [
      'one behind the next footage',
      { kind: 'gap', nextEpochMs: 1_015_000 } as const,
      later,
      true,
      { kind: 'gap', nextEpochMs: 1_015_000 },
    ],
    [
      'before buffered footage',
      { kind: 'jump', toSeconds: 40, told: true } as const,
      later,
      true,
      { kind: 'jump', toSeconds: 20, told: true },
    ],
  ])('%s', (_, plan, found, goesOver, expected) => {
    expect(planUpload(plan, found, { ...at, goesOver })).toEqual(expected);
  });
});
