import { expect, test } from 'vitest';
import { parseSdp } from '../media/rtsp/sdp.ts';
import { ParameterSets } from './parameter-sets.ts';

const bytes = (hex: string) => Buffer.from(hex, 'hex');
// x264: 320x180 as set 0, 640x360 as set 1.
const SMALL = [bytes('6742c00bda05067e7c0440000003004000000503c50aa8'), bytes('68ce0fc8')] as const;
const LARGE = [bytes('6742c0165680a02ff97011000003000100000300140f162ea0'), bytes('6848e0fc80')] as const;
const KEY_OF_SMALL = bytes('6588840a');
const KEY_OF_LARGE = bytes('658844');
// x265: one VPS, the same SPS as 0 and as 1, and a PPS for each as 0.
const VPS = bytes('40010c01ffff01600000030090000003000003003c959409');
const SPS_0 = bytes('42010101600000030090000003000003003ca00a080c1f3e595952930bc05a020000030002000003001410');
const SPS_1 = bytes('42010101600000030090000003000003003c4802820307cf965654a4c2f0168080000003008000000504');
const PPS_OF_0 = bytes('4401c073c189');
const PPS_OF_1 = bytes('4401a01cf06240');
const KEY_265 = bytes('2801ac44');

function sets(codec: 'h264' | 'h265', described: readonly Buffer[] = []) {
  const list = described.map((nalu) => nalu.toString('base64')).join(',');
  const format = `m=video 0 RTP/AVP 96\na=fmtp:96 sprop-parameter-sets=${list}\n`;
  return new ParameterSets(codec, parseSdp(format).media[0]!);
}

test('two H.265 SPS in each group stand beside each other, and change nothing', () => {
  const known = sets('h265');
  const group = [VPS, SPS_0, SPS_1, PPS_OF_1, KEY_265];
  expect(known.take(group, true)).toBe(true);
  expect(known.complete).toBe(true);
  expect(known.sps).toEqual(SPS_1);
  expect(known.list()).toEqual([VPS, SPS_1, SPS_0, PPS_OF_1]);
  expect(known.take(group, true)).toBe(false);
});

test('an H.265 PPS that turns to the other SPS makes that the described one', () => {
  const known = sets('h265');
  known.take([VPS, SPS_0, SPS_1, PPS_OF_0, KEY_265], true);
  expect(known.sps).toEqual(SPS_0);
  expect(known.take([PPS_OF_1, KEY_265], true)).toBe(true);
  expect(known.sps).toEqual(SPS_1);
});

test('pictures of another size, as sets of another number: described anew, without the sets of before', () => {
  const known = sets('h264', SMALL);
  expect(known.take([...SMALL, KEY_OF_SMALL], true)).toBe(false);
  expect(known.sps).toEqual(SMALL[0]);
  expect(known.take([...LARGE, KEY_OF_LARGE], true)).toBe(true);
  expect(known.list()).toEqual(LARGE);
  expect(known.take([...LARGE, KEY_OF_LARGE], true)).toBe(false);
});

test('a set of the session description that the stream does not use does not describe it', () => {
  const known = sets('h264', SMALL);
  expect(known.take([...LARGE, KEY_OF_LARGE], true)).toBe(true);
  expect(known.list()).toEqual(LARGE);
});

test('sets that come once only are kept while pictures turn from one to the other', () => {
  const known = sets('h264', [...SMALL, ...LARGE]);
  expect(known.take([KEY_OF_SMALL], true)).toBe(false);
  expect(known.take([KEY_OF_LARGE], true)).toBe(true);
  expect(known.sps).toEqual(LARGE[0]);
  expect(known.list()).toEqual([LARGE[0], SMALL[0], SMALL[1], LARGE[1]]);
  expect(known.take([KEY_OF_SMALL], true)).toBe(true);
  expect(known.sps).toEqual(SMALL[0]);
});

test('a picture whose PPS is not known leaves the described one', () => {
  const known = sets('h264', SMALL);
  expect(known.take([KEY_OF_LARGE], true)).toBe(false);
  expect(known.sps).toEqual(SMALL[0]);
});
