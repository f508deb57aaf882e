import { expect, test } from 'vitest';
import type { VideoCodec } from './nal-payload.ts';
import { readReorderDepth } from './reorder-depth.ts';

// Made with x264 and x265.
test.each<[string, VideoCodec, string, number | null]>([
  ['x264 baseline', 'h264', '6742c00ad90426c044000003000400000300c83c489920', 0],
  ['x264 high, two B-frames in a pyramid', 'h264', '6764000aacd94426c044000003000400000300c83c489658', 2],
  ['x264 high without B-frames', 'h264', '6764000aacb2084d80880000030008000003019078913240', 0],
  [
    'x265 without B-frames',
    'h265',
    '42010101600000030090000003000003001ea0208105964a924caf016808000003000800000300c840',
    0,
  ],
  [
    'x265 with B-frames',
    'h265',
    '42010101600000030090000003000003001ea020810596566924caf0168080000003008000000c84',
    2,
  ],
  ['damaged', 'h264', '6764', null],
])('%s', (_name, codec, sps, depth) => {
  expect(readReorderDepth(codec, Buffer.from(sps, 'hex'))).toBe(depth);
});
