import { expect, test } from 'vitest';
import { readParameterSetIds, readSlicePps } from './parameter-ids.ts';

const bytes = (hex: string) => Buffer.from(hex, 'hex');

// x264 and x265; the numbers other than 0 of H.265 were written into their sets.
test.each([
  ['h264', '6742c00bda05067e7c0440000003004000000503c50aa8', 'sps', 0, null],
  ['h264', '6742c0165680a02ff97011000003000100000300140f162ea0', 'sps', 1, null],
  ['h264', '68ce0fc8', 'pps', 0, 0],
  ['h264', '6848e0fc80', 'pps', 1, 1],
  ['h265', '40010c01ffff01600000030090000003000003003c959409', 'vps', 0, null],
  ['h265', '40013c01ffff01600000030090000003000003003c959409', 'vps', 3, null],
  [
    'h265',
    '42010101600000030090000003000003003ca00a080c1f3e595952930bc05a020000030002000003001410',
    'sps',
    0,
    0,
  ],
  [
    'h265',
    '42010101600000030090000003000003003c3200a080c1f3e595952930bc05a02000000300200000030141',
    'sps',
    5,
    0,
  ],
  // Two sub layers, of which the first has a profile and a level of its own; VPS 2.
  [
    'h265',
    '42012301600000030090000003000003003cc000ffffffffffffffffffffff5d6802820307cf965654a4c2f0168080000003008000000504',
    'sps',
    2,
    2,
  ],
  ['h265', '4401c073c189', 'pps', 0, 0],
  ['h265', '4401218073c189', 'pps', 3, 5],
  ['h265', '4201', 'sps', 0, 0],
] as const)('%s %s is a %s', (codec, hex, kind, id, parent) => {
  expect(readParameterSetIds(codec, bytes(hex))).toEqual({ kind, id, parent });
});

test.each([
  ['h264', '6588840a'],
  ['h264', '0605ff'],
  ['h265', '2801ac44'],
  ['h265', '4601'],
] as const)('%s %s is no parameter set', (codec, hex) => {
  expect(readParameterSetIds(codec, bytes(hex))).toBeNull();
});

test.each([
  ['h264', '6588840a', 0],
  // first_mb_in_slice 0, slice_type 7, pic_parameter_set_id 1 and 3
  ['h264', '658844', 1],
  ['h264', '658822', 3],
  ['h265', '2801ac44', 0],
  // an IDR picture: first_slice_segment_in_pic_flag, no_output_of_prior_pics_flag, then 1
  ['h265', '280190', 1],
  // a trailing picture has no such flag
  ['h265', '0201a0', 1],
  ['h265', '2801', null],
] as const)('a slice of %s names its PPS: %s', (codec, hex, expected) => {
  expect(readSlicePps(codec, bytes(hex))).toBe(expected);
});
