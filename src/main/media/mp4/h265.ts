/** H.265 (ITU-T H.265): the sequence parameter set and the decoder configuration record (ISO 14496-15). */
import { BitReader, unescapeNalu } from './bit-reader.ts';
import { damaged, uint8, uint16 } from './boxes.ts';
import { isSensibleSize, readPixelAspect, type VideoParameters } from './h264.ts';

export const H265_NALU = {
  firstIrap: 16,
  lastIrap: 23,
  vps: 32,
  sps: 33,
  pps: 34,
  delimiter: 35,
  filler: 38,
} as const;

export function h265NaluType(nalu: Buffer): number {
  return ((nalu[0] ?? 0) >> 1) & 0x3f;
}

interface SequenceParameters extends VideoParameters {
  /** The 12 bytes of general_profile_tier_level: profile, compatibility, constraints, level. */
  profileTierLevel: Buffer;
  temporalLayers: number;
  temporalNesting: number;
  chromaFormat: number;
  lumaDepth: number;
  chromaDepth: number;
}

/** Throws AppError when the parameter set is damaged. */
export function parseH265Sps(sps: Buffer): SequenceParameters {
  try {
    return readSps(sps);
  } catch (cause) {
    if (cause instanceof RangeError) throw damaged('H.265 parameter set');
    throw cause;
  }
}

/** The hvcC box's content. */
export function buildHvcC(parameterSets: readonly Buffer[]): Buffer {
  const arrays = [H265_NALU.vps, H265_NALU.sps, H265_NALU.pps].map((type) => ({
    type,
    nalus: parameterSets.filter((nalu) => h265NaluType(nalu) === type),
  }));
  const sps = arrays[1]?.nalus[0];
  if (!sps || arrays.some((array) => array.nalus.length === 0))
    throw damaged('H.265 stream without parameter sets');
  const facts = parseH265Sps(sps);
  return Buffer.concat([
    uint8(1),
    facts.profileTierLevel,
    uint16(0xf000), // min_spatial_segmentation_idc: unknown
    uint8(0xfc, 0xfc | facts.chromaFormat, 0xf8 | (facts.lumaDepth - 8), 0xf8 | (facts.chromaDepth - 8)),
    uint16(0), // average frame rate: unknown
    uint8((facts.temporalLayers << 3) | (facts.temporalNesting << 2) | 3, arrays.length),
    ...arrays.flatMap(({ type, nalus }) => [
      uint8(0x80 | type),
      uint16(nalus.length),
      ...nalus.flatMap((nalu) => [uint16(nalu.length), nalu]),
    ]),
  ]);
}

/** Parameter sets and the size of the length fields of a decoder configuration record. */
export function parseHvcC(hvcC: Buffer): { parameterSets: Buffer[]; lengthSize: number } {
  const parameterSets: Buffer[] = [];
  const arrayCount = hvcC.readUInt8(22);
  let at = 23;
  for (let array = 0; array < arrayCount; array++) {
    const count = hvcC.readUInt16BE(at + 1);
    at += 3;
    for (let index = 0; index < count; index++) {
      const length = hvcC.readUInt16BE(at);
      const nalu = hvcC.subarray(at + 2, at + 2 + length);
      const type = h265NaluType(nalu);
      if (type >= H265_NALU.vps && type <= H265_NALU.pps) parameterSets.push(nalu);
      at += 2 + length;
    }
  }
  return { parameterSets, lengthSize: (hvcC.readUInt8(21) & 3) + 1 };
}

function readSps(sps: Buffer): SequenceParameters {
  const payload = unescapeNalu(sps.subarray(2));
  const bits = new BitReader(payload);
  bits.skip(4);
  const subLayers = bits.bits(3);
  const temporalNesting = bits.bit();
  const profileTierLevel = Buffer.from(payload.subarray(1, 13));
  if (profileTierLevel.length < 12) throw new RangeError('parameter set ends early');
  bits.skip(96);
  skipSubLayerLevels(bits, subLayers);
  bits.unsignedGolomb(); // sps_seq_parameter_set_id
  const chromaFormat = bits.unsignedGolomb();
  if (chromaFormat === 3) bits.bit();
  const width = bits.unsignedGolomb();
  const height = bits.unsignedGolomb();
  let [left, right, top, bottom] = [0, 0, 0, 0];
  if (bits.flag()) {
    left = bits.unsignedGolomb();
    right = bits.unsignedGolomb();
    top = bits.unsignedGolomb();
    bottom = bits.unsignedGolomb();
  }
  const shownWidth = width - (left + right) * (chromaFormat === 1 || chromaFormat === 2 ? 2 : 1);
  const shownHeight = height - (top + bottom) * (chromaFormat === 1 ? 2 : 1);
  if (!isSensibleSize(shownWidth, shownHeight))
    throw damaged(`H.265 pictures of ${shownWidth}x${shownHeight}`);
  const lumaDepth = 8 + bits.unsignedGolomb();
  const chromaDepth = 8 + bits.unsignedGolomb();
  return {
    codecString: buildCodecString(profileTierLevel),
    width: shownWidth,
    height: shownHeight,
    pixelAspect: readUsabilityAspect(bits, subLayers),
    framesPerSecond: null,
    profileTierLevel,
    temporalLayers: subLayers + 1,
    temporalNesting,
    chromaFormat,
    lumaDepth,
    chromaDepth,
  };
}

/** RFC 6381 and ISO 14496-15 annex E. */
function buildCodecString(profileTierLevel: Buffer): string {
  const first = profileTierLevel.readUInt8(0);
  const space = ['', 'A', 'B', 'C'][first >> 6] ?? '';
  let compatibility = 0;
  const flags = profileTierLevel.readUInt32BE(1);
  for (let bit = 0; bit < 32; bit++) if ((flags >>> bit) & 1) compatibility += 2 ** (31 - bit);
  const constraints = [...profileTierLevel.subarray(5, 11)];
  while (constraints.at(-1) === 0) constraints.pop();
  const parts = [
    'hvc1',
    `${space}${first & 0x1f}`,
    compatibility.toString(16).toUpperCase(),
    `${first & 0x20 ? 'H' : 'L'}${profileTierLevel.readUInt8(11)}`,
    ...constraints.map((byte) => byte.toString(16).toUpperCase()),
  ];
  return parts.join('.');
}

/** What profile_tier_level says of each sub layer. */
export function skipSubLayerLevels(bits: BitReader, subLayers: number): void {
  const present: Array<{ profile: boolean; level: boolean }> = [];
  for (let layer = 0; layer < subLayers; layer++) present.push({ profile: bits.flag(), level: bits.flag() });
  if (subLayers > 0) bits.skip(2 * (8 - subLayers));
  for (const { profile, level } of present) bits.skip((profile ? 88 : 0) + (level ? 8 : 0));
}

/** Walks to the VUI for the aspect of the pixels; nonsense on the way must not stop us. */
function readUsabilityAspect(bits: BitReader, subLayers: number): VideoParameters['pixelAspect'] {
  try {
    const orderBits = bits.unsignedGolomb() + 4;
    const layers = bits.flag() ? subLayers + 1 : 1;
    for (let index = 0; index < layers * 3 + 6; index++) bits.unsignedGolomb();
    if (bits.flag() && bits.flag()) skipScalingLists(bits);
    bits.skip(2);
    if (bits.flag()) {
      bits.skip(8);
      bits.unsignedGolomb();
      bits.unsignedGolomb();
      bits.bit();
    }
    skipShortTermSets(bits);
    if (bits.flag()) {
      const count = bits.unsignedGolomb();
      bits.skip(count * (orderBits + 1));
    }
    bits.skip(2);
    return bits.flag() ? readPixelAspect(bits) : null;
  } catch (cause) {
    if (cause instanceof RangeError) return null;
    throw cause;
  }
}

function skipScalingLists(bits: BitReader): void {
  for (let size = 0; size < 4; size++) {
    for (let matrix = 0; matrix < 6; matrix += size === 3 ? 3 : 1) {
      if (!bits.flag()) {
        bits.unsignedGolomb();
        continue;
      }
      if (size > 1) bits.signedGolomb();
      for (let index = 0; index < Math.min(64, 1 << (4 + size * 2)); index++) bits.signedGolomb();
    }
  }
}

/** H.265 7.3.7; a predicted set has as many pictures as its flags say. */
function skipShortTermSets(bits: BitReader): void {
  const setCount = bits.unsignedGolomb();
  if (setCount > 64) throw new RangeError('parameter set is damaged');
  let pictures = 0;
  for (let set = 0; set < setCount; set++) {
    if (set > 0 && bits.flag()) {
      bits.bit();
      bits.unsignedGolomb();
      let kept = 0;
      for (let index = 0; index <= pictures; index++) if (bits.flag() || bits.flag()) kept++;
      pictures = kept;
    } else {
      pictures = bits.unsignedGolomb() + bits.unsignedGolomb();
      if (pictures > 32) throw new RangeError('parameter set is damaged');
      for (let index = 0; index < pictures; index++) {
        bits.unsignedGolomb();
        bits.bit();
      }
    }
  }
}
