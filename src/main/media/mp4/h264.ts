/** H.264 (ITU-T H.264): the sequence parameter set and the decoder configuration record (ISO 14496-15). */
import { BitReader, unescapeNalu } from './bit-reader.ts';
import { damaged, uint8, uint16 } from './boxes.ts';

/** What the file format and the players need to know of a parameter set. Sizes are after cropping, in pixels. */
export interface VideoParameters {
  codecString: string;
  width: number;
  height: number;
  /** Width to height of a pixel, where it is not square. */
  pixelAspect: { width: number; height: number } | null;
  /** Pictures per second, where the stream says so. */
  framesPerSecond: number | null;
}

export const H264_NALU = { idr: 5, sei: 6, sps: 7, pps: 8, delimiter: 9, filler: 12 } as const;

export function h264NaluType(nalu: Buffer): number {
  return (nalu[0] ?? 0) & 0x1f;
}

/** H.264 table E-1: sample aspect ratios by aspect_ratio_idc. */
// biome-ignore format: a table
const ASPECTS: ReadonlyArray<readonly [number, number]> = [
  [0, 0], [1, 1], [12, 11], [10, 11], [16, 11], [40, 33], [24, 11], [20, 11], [32, 11],
  [80, 33], [18, 11], [15, 11], [64, 33], [160, 99], [4, 3], [3, 2], [2, 1],
];

const PROFILES_WITH_CHROMA = new Set([100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135]);

/** Level 6.2 ends well below. */
const MAX_SIDE = 16_384;

interface SequenceParameters extends VideoParameters {
  profile: number;
  chromaFormat: number;
  lumaDepth: number;
  chromaDepth: number;
}

/** A wrongly read or hostile parameter set gives any number; the boxes of MP4 hold 16 bits of each. */
export function isSensibleSize(width: number, height: number): boolean {
  return width > 0 && height > 0 && width <= MAX_SIDE && height <= MAX_SIDE;
}

/** Throws AppError when the parameter set is damaged or names an impossible size. */
export function parseH264Sps(sps: Buffer): SequenceParameters {
  try {
    return readSps(sps);
  } catch (cause) {
    if (cause instanceof RangeError) throw damaged('H.264 parameter set');
    throw cause;
  }
}

/** The avcC box's content. */
export function buildAvcC(parameterSets: readonly Buffer[]): Buffer {
  const spss = parameterSets.filter((nalu) => h264NaluType(nalu) === H264_NALU.sps);
  const ppss = parameterSets.filter((nalu) => h264NaluType(nalu) === H264_NALU.pps);
  const sps = spss[0];
  if (!sps || sps.length < 4 || ppss.length === 0) throw damaged('H.264 stream without parameter sets');
  const { profile, chromaFormat, lumaDepth, chromaDepth } = parseH264Sps(sps);
  const lists = [
    uint8(0xe0 | spss.length),
    ...spss.flatMap((nalu) => [uint16(nalu.length), nalu]),
    uint8(ppss.length),
    ...ppss.flatMap((nalu) => [uint16(nalu.length), nalu]),
  ];
  const extension =
    profile === 66 || profile === 77 || profile === 88
      ? []
      : [uint8(0xfc | chromaFormat, 0xf8 | (lumaDepth - 8), 0xf8 | (chromaDepth - 8), 0)];
  return Buffer.concat([uint8(1), sps.subarray(1, 4), uint8(0xff), ...lists, ...extension]);
}

/** Parameter sets and the size of the length fields of a decoder configuration record. */
export function parseAvcC(avcC: Buffer): { parameterSets: Buffer[]; lengthSize: number } {
  const parameterSets: Buffer[] = [];
  let at = 5;
  for (const mask of [0x1f, 0xff]) {
    const count = avcC.readUInt8(at++) & mask;
    for (let index = 0; index < count; index++) {
      const length = avcC.readUInt16BE(at);
      parameterSets.push(avcC.subarray(at + 2, at + 2 + length));
      at += 2 + length;
    }
  }
  return { parameterSets, lengthSize: (avcC.readUInt8(4) & 3) + 1 };
}

function readSps(sps: Buffer): SequenceParameters {
  const bits = new BitReader(unescapeNalu(sps.subarray(1)));
  const profile = bits.bits(8);
  const constraints = bits.bits(8);
  const level = bits.bits(8);
  bits.unsignedGolomb(); // seq_parameter_set_id
  let chromaFormat = 1;
  let lumaDepth = 8;
  let chromaDepth = 8;
  if (PROFILES_WITH_CHROMA.has(profile)) {
    chromaFormat = bits.unsignedGolomb();
    if (chromaFormat === 3) bits.bit();
    lumaDepth = 8 + bits.unsignedGolomb();
    chromaDepth = 8 + bits.unsignedGolomb();
    bits.bit();
    if (bits.flag()) skipScalingLists(bits, chromaFormat === 3 ? 12 : 8);
  }
  bits.unsignedGolomb(); // log2_max_frame_num_minus4
  skipPictureOrder(bits);
  bits.unsignedGolomb(); // max_num_ref_frames
  bits.bit();
  const macroblocksWide = bits.unsignedGolomb() + 1;
  const mapUnitsHigh = bits.unsignedGolomb() + 1;
  const framesOnly = bits.bit();
  if (!framesOnly) bits.bit();
  bits.bit(); // direct_8x8_inference
  let [left, right, top, bottom] = [0, 0, 0, 0];
  if (bits.flag()) {
    left = bits.unsignedGolomb();
    right = bits.unsignedGolomb();
    top = bits.unsignedGolomb();
    bottom = bits.unsignedGolomb();
  }
  const cropX = chromaFormat === 1 || chromaFormat === 2 ? 2 : 1;
  const cropY = (chromaFormat === 1 ? 2 : 1) * (2 - framesOnly);
  const width = macroblocksWide * 16 - (left + right) * cropX;
  const height = mapUnitsHigh * 16 * (2 - framesOnly) - (top + bottom) * cropY;
  if (!isSensibleSize(width, height)) throw damaged(`H.264 pictures of ${width}x${height}`);
  const usability = bits.flag() ? readUsability(bits) : { pixelAspect: null, framesPerSecond: null };
  return {
    codecString: `avc1.${[profile, constraints, level].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`,
    width,
    height,
    ...usability,
    profile,
    chromaFormat,
    lumaDepth,
    chromaDepth,
  };
}

function skipScalingLists(bits: BitReader, count: number): void {
  for (let list = 0; list < count; list++) {
    if (!bits.flag()) continue;
    let last = 8;
    let next = 8;
    for (let index = 0; index < (list < 6 ? 16 : 64); index++) {
      if (next !== 0) next = (last + bits.signedGolomb() + 256) % 256;
      last = next === 0 ? last : next;
    }
  }
}

function skipPictureOrder(bits: BitReader): void {
  const type = bits.unsignedGolomb();
  if (type === 0) bits.unsignedGolomb();
  if (type !== 1) return;
  bits.bit();
  bits.signedGolomb();
  bits.signedGolomb();
  const count = bits.unsignedGolomb();
  for (let index = 0; index < count; index++) bits.signedGolomb();
}

/** The part of the VUI up to the timing; cameras that write nonsense here must not stop us. */
function readUsability(bits: BitReader): Pick<VideoParameters, 'pixelAspect' | 'framesPerSecond'> {
  let pixelAspect: VideoParameters['pixelAspect'] = null;
  let framesPerSecond: number | null = null;
  try {
    pixelAspect = readPixelAspect(bits);
    if (bits.flag()) bits.bit(); // overscan
    if (bits.flag()) {
      bits.skip(4);
      if (bits.flag()) bits.skip(24);
    }
    if (bits.flag()) {
      bits.unsignedGolomb();
      bits.unsignedGolomb();
    }
    if (bits.flag()) {
      const unitsInTick = bits.bits(32);
      const timescale = bits.bits(32);
      if (unitsInTick > 0 && timescale > 0) framesPerSecond = timescale / (2 * unitsInTick);
    }
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
  }
  return { pixelAspect, framesPerSecond };
}

/** aspect_ratio_info of a VUI, the same in H.264 and H.265. */
export function readPixelAspect(bits: BitReader): VideoParameters['pixelAspect'] {
  if (!bits.flag()) return null;
  const index = bits.bits(8);
  const [width, height] = index === 255 ? [bits.bits(16), bits.bits(16)] : (ASPECTS[index] ?? [0, 0]);
  return width > 0 && height > 0 && width !== height ? { width, height } : null;
}
