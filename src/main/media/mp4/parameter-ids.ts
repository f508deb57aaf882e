/** The numbers by which pictures name their parameter sets, and parameter sets each other (ITU-T H.264 7.3.2 and H.265 7.3.2). Pure. */
import { BitReader, unescapeNalu } from './bit-reader.ts';
import { H264_NALU, h264NaluType } from './h264.ts';
import { H265_NALU, h265NaluType, skipSubLayerLevels } from './h265.ts';

export interface ParameterSetIds {
  kind: 'vps' | 'sps' | 'pps';
  id: number;
  /** Of the set it builds on: an SPS's VPS in H.265, a PPS's SPS; null where there is none. */
  parent: number | null;
}

/** An H.265 SPS has its number behind the levels of up to seven sub layers. */
const HEAD_BYTES = 192;
const GENERAL_PROFILE_BITS = 96;
const SLICE_HEAD_BYTES = 24;

/** Null for another NAL unit. Of a damaged set what was not read is 0. */
export function readParameterSetIds(codec: 'h264' | 'h265', nalu: Buffer): ParameterSetIds | null {
  const kind = codec === 'h264' ? h264Kind(nalu) : h265Kind(nalu);
  if (!kind) return null;
  const ids: ParameterSetIds = { kind, id: 0, parent: parentOf(codec, kind) };
  const bits = new BitReader(unescapeNalu(nalu.subarray(codec === 'h264' ? 1 : 2, HEAD_BYTES)));
  try {
    if (kind === 'pps') {
      ids.id = bits.unsignedGolomb();
      ids.parent = bits.unsignedGolomb();
    } else if (codec === 'h264') {
      bits.skip(24);
      ids.id = bits.unsignedGolomb();
    } else if (kind === 'vps') ids.id = bits.bits(4);
    else {
      ids.parent = bits.bits(4);
      const subLayers = bits.bits(3);
      bits.skip(1 + GENERAL_PROFILE_BITS);
      skipSubLayerLevels(bits, subLayers);
      ids.id = bits.unsignedGolomb();
    }
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
  }
  return ids;
}

/** The number of the PPS that a slice uses; null when the slice is damaged. */
export function readSlicePps(codec: 'h264' | 'h265', slice: Buffer): number | null {
  const bits = new BitReader(unescapeNalu(slice.subarray(codec === 'h264' ? 1 : 2, SLICE_HEAD_BYTES)));
  try {
    if (codec === 'h264') {
      bits.unsignedGolomb(); // first_mb_in_slice
      bits.unsignedGolomb(); // slice_type
    } else {
      bits.skip(1); // first_slice_segment_in_pic_flag
      const type = h265NaluType(slice);
      if (type >= H265_NALU.firstIrap && type <= H265_NALU.lastIrap) bits.skip(1);
    }
    return bits.unsignedGolomb();
  } catch (cause) {
    if (cause instanceof RangeError) return null;
    throw cause;
  }
}

function parentOf(codec: 'h264' | 'h265', kind: ParameterSetIds['kind']): number | null {
  return kind === 'pps' || (kind === 'sps' && codec === 'h265') ? 0 : null;
}

function h264Kind(nalu: Buffer): ParameterSetIds['kind'] | null {
  const type = h264NaluType(nalu);
  if (type === H264_NALU.sps) return 'sps';
  return type === H264_NALU.pps ? 'pps' : null;
}

function h265Kind(nalu: Buffer): ParameterSetIds['kind'] | null {
  const type = h265NaluType(nalu);
  if (type === H265_NALU.vps) return 'vps';
  if (type === H265_NALU.sps) return 'sps';
  return type === H265_NALU.pps ? 'pps' : null;
}
