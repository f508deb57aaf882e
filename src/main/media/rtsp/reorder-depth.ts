/**
 * How many pictures may stand before one in decoding order and after it in display order, as a sequence parameter set says it.
 * 0 for nearly every camera: then decode and display times are the same.
 */
import { BitReader, unescapeNalu } from '../mp4/bit-reader.ts';
import type { VideoCodec } from './nal-payload.ts';

const H264_PROFILES_WITH_CHROMA = new Set([100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135]);
const EXTENDED_ASPECT = 255;

/** null: the set does not say, or is damaged; then only the timestamps can tell. */
export function readReorderDepth(codec: VideoCodec, sps: Buffer): number | null {
  try {
    return codec === 'h264' ? readH264(sps) : readH265(sps);
  } catch (cause) {
    if (cause instanceof RangeError) return null;
    throw cause;
  }
}

function readH264(sps: Buffer): number | null {
  const bits = new BitReader(unescapeNalu(sps.subarray(1)));
  const profile = bits.bits(8);
  bits.skip(16);
  bits.unsignedGolomb();
  if (H264_PROFILES_WITH_CHROMA.has(profile)) skipChroma(bits);
  bits.unsignedGolomb(); // log2_max_frame_num_minus4
  const orderType = bits.unsignedGolomb();
  if (orderType === 0) bits.unsignedGolomb();
  else if (orderType === 1) {
    bits.bit();
    bits.signedGolomb();
    bits.signedGolomb();
    for (let left = bits.unsignedGolomb(); left > 0; left--) bits.signedGolomb();
  }
  bits.unsignedGolomb(); // max_num_ref_frames
  bits.bit();
  bits.unsignedGolomb();
  bits.unsignedGolomb();
  if (!bits.flag()) bits.bit();
  bits.bit();
  if (bits.flag()) for (let side = 0; side < 4; side++) bits.unsignedGolomb();
  // Baseline has no B slices, and order type 2 means that output follows decoding.
  if (profile === 66 || orderType === 2) return 0;
  return bits.flag() ? readH264Usability(bits) : null;
}

function skipChroma(bits: BitReader): void {
  const chromaFormat = bits.unsignedGolomb();
  if (chromaFormat === 3) bits.bit();
  bits.unsignedGolomb();
  bits.unsignedGolomb();
  bits.bit();
  if (!bits.flag()) return;
  for (let list = 0; list < (chromaFormat === 3 ? 12 : 8); list++) {
    if (!bits.flag()) continue;
    let last = 8;
    let next = 8;
    for (let index = 0; index < (list < 6 ? 16 : 64); index++) {
      if (next !== 0) next = (last + bits.signedGolomb() + 256) % 256;
      if (next !== 0) last = next;
    }
  }
}

function readH264Usability(bits: BitReader): number | null {
  if (bits.flag() && bits.bits(8) === EXTENDED_ASPECT) bits.skip(32);
  if (bits.flag()) bits.bit();
  if (bits.flag()) {
    bits.skip(4);
    if (bits.flag()) bits.skip(24);
  }
  if (bits.flag()) {
    bits.unsignedGolomb();
    bits.unsignedGolomb();
  }
  if (bits.flag()) bits.skip(65);
  const nalBuffer = bits.flag();
  if (nalBuffer) skipHrd(bits);
  const vclBuffer = bits.flag();
  if (vclBuffer) skipHrd(bits);
  if (nalBuffer || vclBuffer) bits.bit();
  bits.bit(); // pic_struct_present_flag
  if (!bits.flag()) return null;
  bits.bit();
  for (let field = 0; field < 4; field++) bits.unsignedGolomb();
  return bits.unsignedGolomb();
}

function skipHrd(bits: BitReader): void {
  const count = bits.unsignedGolomb() + 1;
  bits.skip(8);
  for (let index = 0; index < Math.min(count, 32); index++) {
    bits.unsignedGolomb();
    bits.unsignedGolomb();
    bits.bit();
  }
  bits.skip(20);
}

/** sps_max_num_reorder_pics of the highest sub-layer. */
function readH265(sps: Buffer): number {
  const bits = new BitReader(unescapeNalu(sps.subarray(2)));
  bits.skip(4);
  const subLayers = bits.bits(3);
  bits.bit();
  skipProfileTierLevel(bits, subLayers);
  bits.unsignedGolomb();
  if (bits.unsignedGolomb() === 3) bits.bit();
  bits.unsignedGolomb();
  bits.unsignedGolomb();
  if (bits.flag()) for (let side = 0; side < 4; side++) bits.unsignedGolomb();
  bits.unsignedGolomb();
  bits.unsignedGolomb();
  bits.unsignedGolomb();
  let depth = 0;
  for (let layer = bits.flag() ? 0 : subLayers; layer <= subLayers; layer++) {
    bits.unsignedGolomb();
    depth = bits.unsignedGolomb();
    bits.unsignedGolomb();
  }
  return depth;
}

function skipProfileTierLevel(bits: BitReader, subLayers: number): void {
  bits.skip(88 + 8);
  const present: Array<[profile: boolean, level: boolean]> = [];
  for (let layer = 0; layer < subLayers; layer++) present.push([bits.flag(), bits.flag()]);
  if (subLayers > 0) bits.skip((8 - subLayers) * 2);
  for (const [profile, level] of present) bits.skip((profile ? 88 : 0) + (level ? 8 : 0));
}
