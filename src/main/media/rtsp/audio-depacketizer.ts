/** Sound out of RTP payloads: AAC as mpeg4-generic (RFC 3640, AAC-hbr and AAC-lbr) or LATM (RFC 6416), samples (RFC 3551), Opus (RFC 7587). */
import type { RtpPacket } from './rtp.ts';
import type { SdpMedia } from './sdp.ts';

export interface AudioUnit {
  /** One AAC frame without header, or samples. A view of received bytes: read only, and good only during the call. */
  data: Buffer;
  /** RTP timestamp of its first sample, 32 bits, wraps. */
  timestamp: number;
}

export interface AudioDepacketizer {
  push(packet: RtpPacket, lost: number): void;
  readonly counts: { units: number; damaged: number };
}

export interface AacFormat {
  audioSpecificConfig: Buffer;
  /** Samples per frame: 1024, or 960 where the configuration says so. */
  frameSamples: number;
  packing:
    | { kind: 'generic'; sizeBits: number; indexBits: number; indexDeltaBits: number; auxiliaryBits: number }
    | { kind: 'latm' };
}

const MAX_FRAME_BYTES = 64 * 1024;

/** The AAC of a media description; null when it is none, or one that cannot be unpacked. */
export function parseAacFormat(media: SdpMedia): AacFormat | null {
  const number = (name: string) => Number.parseInt(media.format.get(name) ?? '0', 10) || 0;
  const config = Buffer.from(media.format.get('config') ?? '', 'hex');
  if (media.encoding === 'MPEG4-GENERIC') {
    const mode = (media.format.get('mode') ?? 'AAC-hbr').toLowerCase();
    if (config.length < 2 || !mode.startsWith('aac')) return null;
    const short = mode === 'aac-lbr';
    const sizeBits = number('sizelength') || (short ? 6 : 13);
    const indexBits = media.format.has('indexlength') ? number('indexlength') : short ? 2 : 3;
    const indexDeltaBits = media.format.has('indexdeltalength') ? number('indexdeltalength') : indexBits;
    const packing = {
      kind: 'generic' as const,
      sizeBits,
      indexBits,
      indexDeltaBits,
      auxiliaryBits: number('auxiliarydatasizelength'),
    };
    if (sizeBits > 16 || indexBits > 16 || indexDeltaBits > 16) return null;
    return { audioSpecificConfig: config, frameSamples: frameSamples(config), packing };
  }
  // Without a word the configuration is in the stream; but then nobody would describe it here too.
  const isOutside = (media.format.get('cpresent') ?? (config.length > 0 ? '0' : '1')) === '0';
  if (media.encoding === 'MP4A-LATM' && isOutside) {
    const specific = readStreamMuxConfig(config);
    return specific && { ...specific, packing: { kind: 'latm' } };
  }
  return null;
}

/** frameLengthFlag of GASpecificConfig follows object type, rate index and channels. */
function frameSamples(config: Buffer): number {
  return (config[1]! & 0x04) !== 0 ? 960 : 1024;
}

/** StreamMuxConfig (ISO 14496-3 1.7.3) of one program with one layer: 15 bits, then the AudioSpecificConfig. */
function readStreamMuxConfig(config: Buffer): Pick<AacFormat, 'audioSpecificConfig' | 'frameSamples'> | null {
  if (config.length < 4 || config[0]! & 0x80) return null;
  const specific = Buffer.alloc(2);
  for (let bit = 0; bit < 16; bit++) {
    const from = 15 + bit;
    if ((config[from >> 3]! >> (7 - (from & 7))) & 1) specific[bit >> 3]! |= 0x80 >> (bit & 7);
  }
  const objectType = specific[0]! >> 3;
  return objectType === 2 ? { audioSpecificConfig: specific, frameSamples: frameSamples(specific) } : null;
}

export class AacDepacketizer implements AudioDepacketizer {
  private readonly format: AacFormat;
  private readonly onUnit: (unit: AudioUnit) => void;
  /** A frame that spans several packets. */
  private open: { timestamp: number; parts: Buffer[]; bytes: number; size: number } | null = null;
  readonly counts = { units: 0, damaged: 0 };

  constructor(format: AacFormat, onUnit: (unit: AudioUnit) => void) {
    this.format = format;
    this.onUnit = onUnit;
  }

  push(packet: RtpPacket, lost: number): void {
    if (lost > 0 && this.open) this.drop();
    if (this.format.packing.kind === 'latm') this.pushLatm(packet);
    else this.pushGeneric(packet, this.format.packing);
  }

  private pushGeneric(packet: RtpPacket, packing: Extract<AacFormat['packing'], { kind: 'generic' }>): void {
    const { payload } = packet;
    const head = readUnitSizes(payload, packing);
    if (!head) {
      this.counts.damaged++;
      return;
    }
    let at = head.dataStart;
    const only = head.sizes.length === 1 ? head.sizes[0]! : 0;
    if (this.open || only > payload.length - at) {
      this.takeFragment(packet, payload.subarray(at), only);
      return;
    }
    for (const [index, size] of head.sizes.entries()) {
      if (at + size > payload.length) {
        this.counts.damaged++;
        return;
      }
      this.emit(payload.subarray(at, at + size), packet.timestamp + index * this.format.frameSamples);
      at += size;
    }
  }

  /** Every packet of a fragmented frame repeats the size of the whole. */
  private takeFragment(packet: RtpPacket, data: Buffer, size: number): void {
    if (this.open && this.open.timestamp !== packet.timestamp) {
      this.drop();
      this.pushGeneric(packet, this.format.packing as Extract<AacFormat['packing'], { kind: 'generic' }>);
      return;
    }
    this.open ??= { timestamp: packet.timestamp, parts: [], bytes: 0, size };
    this.open.parts.push(Buffer.from(data));
    this.open.bytes += data.length;
    if (this.open.bytes > MAX_FRAME_BYTES || this.open.bytes > this.open.size) this.drop();
    else if (this.open.bytes === this.open.size) this.completeOpen();
  }

  /** PayloadLengthInfo: bytes of 255, then the rest; a frame that goes on in the next packet has no marker. */
  private pushLatm(packet: RtpPacket): void {
    if (this.open && this.open.timestamp !== packet.timestamp) this.drop();
    this.open ??= { timestamp: packet.timestamp, parts: [], bytes: 0, size: 0 };
    this.open.parts.push(Buffer.from(packet.payload));
    this.open.bytes += packet.payload.length;
    if (this.open.bytes > MAX_FRAME_BYTES) this.drop();
    if (!packet.marker || !this.open) return;
    const bytes = Buffer.concat(this.open.parts);
    const { timestamp } = this.open;
    this.open = null;
    for (let at = 0, index = 0; at < bytes.length; index++) {
      let size = 0;
      let byte: number | undefined;
      do {
        byte = bytes[at++];
        size += byte ?? 0;
      } while (byte === 255);
      if (at + size > bytes.length) {
        this.counts.damaged++;
        return;
      }
      this.emit(bytes.subarray(at, at + size), timestamp + index * this.format.frameSamples);
      at += size;
    }
  }

  private completeOpen(): void {
    const { parts, timestamp } = this.open!;
    this.open = null;
    this.emit(Buffer.concat(parts), timestamp);
  }

  private drop(): void {
    this.open = null;
    this.counts.damaged++;
  }

  private emit(data: Buffer, timestamp: number): void {
    if (data.length === 0) return;
    this.counts.units++;
    this.onUnit({ data, timestamp: timestamp >>> 0 });
  }
}

/** AU-headers-length, then one header per unit; null when they do not fit the payload. */
function readUnitSizes(
  payload: Buffer,
  packing: Extract<AacFormat['packing'], { kind: 'generic' }>,
): { sizes: number[]; dataStart: number } | null {
  if (payload.length < 2) return null;
  const headerBits = payload.readUInt16BE(0);
  let dataStart = 2 + Math.ceil(headerBits / 8);
  if (dataStart > payload.length) return null;
  const sizes: number[] = [];
  for (let bit = 0; bit < headerBits; ) {
    const indexBits = sizes.length === 0 ? packing.indexBits : packing.indexDeltaBits;
    if (bit + packing.sizeBits + indexBits > headerBits) break;
    sizes.push(readBits(payload, 16 + bit, packing.sizeBits));
    bit += packing.sizeBits + indexBits;
  }
  if (packing.auxiliaryBits > 0) {
    if (dataStart * 8 + packing.auxiliaryBits > payload.length * 8 || packing.auxiliaryBits > 32) return null;
    const auxiliary = readBits(payload, dataStart * 8, packing.auxiliaryBits);
    dataStart += Math.ceil((packing.auxiliaryBits + auxiliary) / 8);
  }
  return sizes.length > 0 && dataStart <= payload.length ? { sizes, dataStart } : null;
}

function readBits(bytes: Buffer, start: number, count: number): number {
  let value = 0;
  for (let bit = start; bit < start + count; bit++)
    value = value * 2 + ((bytes[bit >> 3]! >> (7 - (bit & 7))) & 1);
  return value;
}

/** Opus needs no unpacking either: a payload is one packet, which says how long it sounds. */
export class OpusDepacketizer implements AudioDepacketizer {
  private readonly onUnit: (unit: AudioUnit & { samples: number }) => void;
  readonly counts = { units: 0, damaged: 0 };

  constructor(onUnit: (unit: AudioUnit & { samples: number }) => void) {
    this.onUnit = onUnit;
  }

  push(packet: RtpPacket): void {
    const samples = opusSamples(packet.payload);
    if (samples === null) {
      this.counts.damaged++;
      return;
    }
    this.counts.units++;
    this.onUnit({ data: packet.payload, timestamp: packet.timestamp, samples });
  }
}

/** Length of an Opus packet at 48 kHz (RFC 6716 3.1 and 3.2); null when it is none. At most 120 ms. */
export function opusSamples(packet: Buffer): number | null {
  const [toc, countByte] = packet;
  if (toc === undefined) return null;
  const code = toc & 3;
  const frames = code === 0 ? 1 : code < 3 ? 2 : (countByte ?? 0) & 0x3f;
  const samples = frames * opusFrameSamples(toc >> 3);
  return samples > 0 && samples <= 5760 ? samples : null;
}

/** SILK: 10 to 60 ms, hybrid: 10 or 20 ms, CELT: 2.5 to 20 ms. */
function opusFrameSamples(configuration: number): number {
  if (configuration < 12) return [480, 960, 1920, 2880][configuration & 3]!;
  if (configuration < 16) return [480, 960][configuration & 1]!;
  return [120, 240, 480, 960][configuration & 3]!;
}

/** G.711, G.722, G.726 and PCM need no unpacking: the payload is the samples. */
export class SampleDepacketizer implements AudioDepacketizer {
  private readonly onUnit: (unit: AudioUnit) => void;
  readonly counts = { units: 0, damaged: 0 };

  constructor(onUnit: (unit: AudioUnit) => void) {
    this.onUnit = onUnit;
  }

  push(packet: RtpPacket): void {
    if (packet.payload.length === 0) return;
    this.counts.units++;
    this.onUnit({ data: packet.payload, timestamp: packet.timestamp });
  }
}
