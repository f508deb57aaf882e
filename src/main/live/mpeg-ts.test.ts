import { expect, test } from 'vitest';
import { TsGopSplitter } from './mpeg-ts.ts';

/** A packet: of the tables, of the video, or of the video's next key frame. The last byte tells them apart. */
function packet(kind: 'table' | 'video' | 'start' | 'key', mark: number): Buffer {
  const bytes = Buffer.alloc(188, 0xff);
  bytes[0] = 0x47;
  const startsUnit = kind === 'start' || kind === 'key';
  bytes.writeUInt16BE((kind === 'table' ? 0 : 0x100) | (startsUnit ? 0x4000 : 0), 1);
  bytes[3] = kind === 'key' ? 0x30 : 0x10;
  bytes[4] = 7;
  bytes[5] = kind === 'key' ? 0x50 : 0x10;
  bytes[187] = mark;
  return bytes;
}

const STREAM = [
  packet('table', 0),
  packet('key', 1),
  packet('video', 2),
  packet('start', 3),
  packet('table', 4),
  packet('table', 5),
  packet('key', 6),
  packet('video', 7),
];

function marks(bytes: Buffer): number[] {
  return Array.from({ length: bytes.length / 188 }, (_, index) => bytes[index * 188 + 187]!);
}

test('cuts before the tables that stand in front of a key frame', () => {
  const runs = new TsGopSplitter().push(Buffer.concat(STREAM));
  expect(runs.map(({ packets, startsGop }) => [marks(packets), startsGop])).toEqual([
    [[0, 1, 2, 3], true],
    [[4, 5, 6, 7], true],
  ]);
});

test.each([1, 100, 188, 189, 500])('loses nothing when bytes come in pieces of %d', (size) => {
  const splitter = new TsGopSplitter();
  const all = Buffer.concat(STREAM);
  const found: number[] = [];
  for (let at = 0; at < all.length; at += size) {
    for (const { packets } of splitter.push(all.subarray(at, at + size))) found.push(...marks(packets));
  }
  expect(found).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
});
