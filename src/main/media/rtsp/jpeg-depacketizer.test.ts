import { spawnSync } from 'node:child_process';
import { beforeEach, expect, test } from 'vitest';
import { JpegDepacketizer, type JpegPicture } from './jpeg-depacketizer.ts';

let pictures: JpegPicture[];
let depacketizer: JpegDepacketizer;

beforeEach(() => {
  pictures = [];
  depacketizer = new JpegDepacketizer((picture) => pictures.push(picture));
});

/** A baseline picture with the Huffman tables of the standard: its tables, and its data behind the headers. */
function makeJpeg(): { whole: Buffer; tables: Buffer; data: Buffer } {
  const { stdout: whole } = spawnSync('ffmpeg', [
    ...['-v', 'error', '-f', 'lavfi', '-i', 'testsrc2=size=160x120', '-frames:v', '1'],
    ...['-pix_fmt', 'yuvj420p', '-huffman', 'default', '-q:v', '4', '-f', 'mjpeg', '-'],
  ]);
  const find = (marker: number) => whole.indexOf(Buffer.from([0xff, marker]));
  const dqt = find(0xdb);
  const sos = find(0xda);
  const length = whole.readUInt16BE(dqt + 2);
  const first = whole.subarray(dqt + 5, dqt + 69);
  const second = length > 67 ? whole.subarray(dqt + 70, dqt + 134) : first;
  return {
    whole,
    tables: Buffer.concat([first, second]),
    data: whole.subarray(sos + 2 + whole.readUInt16BE(sos + 2)),
  };
}

/** Packets of at most `size` bytes of data. */
function packets(data: Buffer, q: number, tables: Buffer | null, size = 500, timestamp = 900) {
  const list = [];
  for (let offset = 0; offset < data.length; offset += size) {
    const head = Buffer.from([0, offset >> 16, (offset >> 8) & 255, offset & 255, 1, q, 20, 15]);
    const withTables = offset === 0 && q >= 128 ? [Buffer.from([0, 0, 0, tables?.length ?? 0])] : [];
    const payload = Buffer.concat([
      head,
      ...withTables,
      ...(offset === 0 && tables ? [tables] : []),
      data.subarray(offset, offset + size),
    ]);
    const marker = offset + size >= data.length;
    list.push({ payload, timestamp, marker, payloadType: 26, sequence: 0, ssrc: 0 });
  }
  return list;
}

const decode = (jpeg: Buffer) =>
  spawnSync('ffmpeg', ['-v', 'error', '-f', 'mjpeg', '-i', '-', '-f', 'framemd5', '-'], {
    input: jpeg,
    encoding: 'utf8',
  });

test('a picture in parts is the picture that was sent', () => {
  const { whole, tables, data } = makeJpeg();
  for (const packet of packets(data, 255, tables)) depacketizer.push(packet, 0);
  expect(pictures).toMatchObject([{ width: 160, height: 120, timestamp: 900 }]);
  const { stdout, stderr } = decode(pictures[0]!.data);
  expect(stderr).toBe('');
  const hashOf = (words: string) => words.trim().split(/\s+/).at(-1);
  expect(hashOf(stdout)).toBe(hashOf(decode(whole).stdout));
});

test('tables that were sent once hold, and those of a quality are known', () => {
  const { tables, data } = makeJpeg();
  for (const packet of packets(data, 200, tables)) depacketizer.push(packet, 0);
  for (const packet of packets(data, 200, null, 500, 1800)) depacketizer.push(packet, 0);
  for (const packet of packets(data, 50, null, 500, 2700)) depacketizer.push(packet, 0);
  expect(pictures.map(({ timestamp }) => timestamp)).toEqual([900, 1800, 2700]);
  expect(pictures[1]!.data.equals(pictures[0]!.data)).toBe(true);
  // At quality 50 the tables are those of the standard.
  expect([...pictures[2]!.data.subarray(7, 12)]).toEqual([16, 11, 12, 14, 12]);
});

test.each([
  { name: 'a packet is lost', change: (list: ReturnType<typeof packets>) => list.toSpliced(1, 1), lost: 1 },
  { name: 'its end is missing', change: (list: ReturnType<typeof packets>) => list.slice(0, -1), lost: 0 },
  { name: 'its start is missing', change: (list: ReturnType<typeof packets>) => list.slice(1), lost: 0 },
])('a picture is dropped where $name, the next one is whole', ({ change, lost }) => {
  const { tables, data } = makeJpeg();
  for (const [index, packet] of change(packets(data, 255, tables)).entries())
    depacketizer.push(packet, index === 1 ? lost : 0);
  for (const packet of packets(data, 255, tables, 500, 1800)) depacketizer.push(packet, 0);
  expect(pictures.map(({ timestamp }) => timestamp)).toEqual([1800]);
});

test('what is no picture of ours is counted, not guessed', () => {
  const payload = Buffer.from([0, 0, 0, 0, 5, 50, 20, 15, 1, 2, 3]);
  depacketizer.push({ payload, timestamp: 1, marker: true, payloadType: 26, sequence: 0, ssrc: 0 }, 0);
  depacketizer.push(
    { payload: Buffer.alloc(3), timestamp: 1, marker: true, payloadType: 26, sequence: 0, ssrc: 0 },
    0,
  );
  expect(pictures).toEqual([]);
  expect(depacketizer.counts).toEqual({ pictures: 0, damaged: 1 });
});
