import { expect, test } from 'vitest';
import { type FlvPicture, FlvReader } from './flv.ts';

const SPS = Buffer.from('6742c01e', 'hex');
const PPS = Buffer.from('68ce3c80', 'hex');
const START = Buffer.from('464c5601010000000900000000', 'hex');

function tag(type: number, timeMs: number, body: Buffer): Buffer {
  const head = Buffer.alloc(11);
  head[0] = type;
  head.writeUIntBE(body.length, 1, 3);
  head.writeUIntBE(timeMs & 0xffffff, 4, 3);
  head[7] = timeMs >>> 24;
  return Buffer.concat([head, body, Buffer.alloc(4)]);
}

function picture(kind: number, ...nalus: Buffer[]): Buffer {
  const sized = nalus.flatMap((nalu) => [Buffer.of(0, 0, 0, nalu.length), nalu]);
  return Buffer.concat([Buffer.of((kind << 4) | 7, 1, 0, 0, 0), ...sized]);
}

const CONFIGURATION = Buffer.concat([
  ...[Buffer.of(0x17, 0, 0, 0, 0), Buffer.of(1, 0x42, 0xc0, 0x1e, 0xff)],
  ...[Buffer.of(0xe1, 0, SPS.length), SPS, Buffer.of(1, 0, PPS.length), PPS],
]);
const KEY = Buffer.of(0x65, 1, 2);
const OTHER = Buffer.of(0x41, 3);
const FILE = Buffer.concat([
  ...[START, tag(18, 0, Buffer.from('onMetaData')), tag(9, 0, CONFIGURATION)],
  ...[tag(9, 40, picture(1, KEY)), tag(8, 50, Buffer.of(0xaf, 1)), tag(9, 0x1000050, picture(2, OTHER))],
]);

test.each([1, 7, FILE.length])('pictures come out of bytes in pieces of %i', (size) => {
  const pictures: FlvPicture[] = [];
  const reader = new FlvReader((one) => pictures.push({ ...one, nalus: one.nalus.map(Buffer.from) }));
  for (let at = 0; at < FILE.length; at += size) reader.push(FILE.subarray(at, at + size));
  expect(pictures).toEqual([
    { timeMs: 40, keyframe: true, nalus: [SPS, PPS, KEY] },
    { timeMs: 0x1000050, keyframe: false, nalus: [OTHER] },
  ]);
});

test.each([
  ['something else', Buffer.from('RIFF0123456789')],
  ['a configuration that ends early', Buffer.concat([START, tag(9, 0, CONFIGURATION.subarray(0, 9))])],
  ['a unit beyond its picture', Buffer.concat([FILE, tag(9, 80, Buffer.of(0x27, 1, 0, 0, 0, 0, 0, 1, 0))])],
])('%s is refused', (_, bytes) => {
  expect(() => new FlvReader(() => {}).push(bytes)).toThrow(/FLV|ends early/);
});
