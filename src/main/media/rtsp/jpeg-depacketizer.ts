/**
 * RTP packets of Motion JPEG (RFC 2435), in order → JPEG pictures. The payload leaves a picture's headers out: they are made anew,
 * but for the Huffman tables, which are always those of the standard: decoders know them.
 */
import type { RtpPacket } from './rtp.ts';

export interface JpegPicture {
  data: Buffer;
  width: number;
  height: number;
  /** RTP timestamp, 32 bits, wraps. */
  timestamp: number;
}

interface OpenPicture {
  head: Buffer;
  parts: Buffer[];
  bytes: number;
  width: number;
  height: number;
  timestamp: number;
}

const MAX_PICTURE_BYTES = 8 * 1024 * 1024;
const TABLE_BYTES = 64;

/** RFC 2435 appendix A, in zigzag order. */
const LUMA = [
  16, 11, 12, 14, 12, 10, 16, 14, 13, 14, 18, 17, 16, 19, 24, 40, 26, 24, 22, 22, 24, 49, 35, 37, 29, 40, 58,
  51, 61, 60, 57, 51, 56, 55, 64, 72, 92, 78, 64, 68, 87, 69, 55, 56, 80, 109, 81, 87, 95, 98, 103, 104, 103,
  62, 77, 113, 121, 112, 100, 120, 92, 101, 103, 99,
];
const CHROMA = [17, 18, 18, 24, 21, 24, 47, 26, 26, 47, 99, 66, 56, 66].concat(Array(50).fill(99));

export class JpegDepacketizer {
  private readonly onPicture: (picture: JpegPicture) => void;
  /** Tables that were sent for a Q value and hold until others are. */
  private readonly tables = new Map<number, Buffer>();
  private picture: OpenPicture | null = null;
  readonly counts = { pictures: 0, damaged: 0 };

  constructor(onPicture: (picture: JpegPicture) => void) {
    this.onPicture = onPicture;
  }

  /** `lost`: packets missing just before this one. A picture that lacks a part is dropped and counted. */
  push({ payload, timestamp, marker }: RtpPacket, lost: number): void {
    if (lost > 0 || (this.picture && this.picture.timestamp !== timestamp)) this.drop();
    if (payload.length < 8) return;
    const offset = payload.readUIntBE(1, 3);
    let at = 8;
    const hasRestarts = payload[4]! >= 64;
    const restartInterval = hasRestarts && payload.length >= 12 ? payload.readUInt16BE(8) : 0;
    if (hasRestarts) at += 4;
    if (offset === 0) at = this.begin(payload, at, restartInterval, timestamp);
    const { picture } = this;
    if (!picture) return;
    if (offset !== picture.bytes || picture.bytes + payload.length > MAX_PICTURE_BYTES) {
      this.drop();
      return;
    }
    // The bytes are the socket's; a picture outlives them.
    picture.parts.push(Buffer.from(payload.subarray(at)));
    picture.bytes += payload.length - at;
    if (marker) this.end(picture);
  }

  /** Takes the headers of a first packet; returns where its data begins. */
  private begin(payload: Buffer, start: number, restartInterval: number, timestamp: number): number {
    const [type, q, width, height] = [payload[4]! & 0x3f, payload[5]!, payload[6]! * 8, payload[7]! * 8];
    let at = start;
    if (q >= 128 && payload.length >= at + 4) {
      const length = payload.readUInt16BE(at + 2);
      const is8Bit = payload[at + 1] === 0;
      at += 4;
      if (length > 0 && is8Bit && at + length <= payload.length)
        this.tables.set(q, Buffer.from(payload.subarray(at, at + length)));
      at += length;
    }
    const tables = q >= 128 ? this.tables.get(q) : buildTables(q);
    // Pictures beyond 2040 pixels have a size of 0 here; which types there are beyond 0 and 1 nobody has said.
    if (!tables || tables.length < TABLE_BYTES || type > 1 || width === 0 || height === 0) {
      this.counts.damaged++;
      return at;
    }
    const head = buildHead({ type, width, height, tables, restartInterval });
    this.picture = { head, parts: [], bytes: 0, width, height, timestamp };
    return at;
  }

  private end({ head, parts, width, height, timestamp }: OpenPicture): void {
    this.picture = null;
    const last = parts.at(-1)!;
    const hasEnd = last.length >= 2 && last.readUInt16BE(last.length - 2) === 0xffd9;
    const data = Buffer.concat([head, ...parts, ...(hasEnd ? [] : [Buffer.from([0xff, 0xd9])])]);
    this.counts.pictures++;
    this.onPicture({ data, width, height, timestamp });
  }

  private drop(): void {
    if (this.picture) this.counts.damaged++;
    this.picture = null;
  }
}

/** The two tables of a quality from 1 to 99 (RFC 2435 4.2). */
function buildTables(q: number): Buffer {
  const quality = Math.min(99, Math.max(1, q));
  const scale = quality < 50 ? Math.floor(5000 / quality) : 200 - quality * 2;
  return Buffer.from(
    [...LUMA, ...CHROMA].map((value) => Math.min(255, Math.max(1, Math.floor((value * scale + 50) / 100)))),
  );
}

/** SOI, DQT, DRI, SOF0, SOS of a baseline picture with three components. */
function buildHead(facts: {
  type: number;
  width: number;
  height: number;
  tables: Buffer;
  restartInterval: number;
}): Buffer {
  const { type, width, height, tables, restartInterval } = facts;
  const luma = tables.subarray(0, TABLE_BYTES);
  const chroma = tables.length >= 2 * TABLE_BYTES ? tables.subarray(TABLE_BYTES, 2 * TABLE_BYTES) : luma;
  const size = [height >> 8, height & 255, width >> 8, width & 255];
  const sampling = type === 0 ? 0x21 : 0x22;
  return Buffer.concat([
    Buffer.from([0xff, 0xd8, 0xff, 0xdb, 0, 67, 0]),
    luma,
    Buffer.from([0xff, 0xdb, 0, 67, 1]),
    chroma,
    Buffer.from(restartInterval > 0 ? [0xff, 0xdd, 0, 4, restartInterval >> 8, restartInterval & 255] : []),
    Buffer.from([0xff, 0xc0, 0, 17, 8, ...size, 3, 0, sampling, 0, 1, 0x11, 1, 2, 0x11, 1]),
    Buffer.from([0xff, 0xda, 0, 12, 3, 0, 0, 1, 0x11, 2, 0x11, 0, 63, 0]),
  ]);
}
