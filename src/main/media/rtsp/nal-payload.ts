/**
 * H.264 (RFC 6184) and H.265 (RFC 7798) inside RTP payloads: NAL units out of packets, and packets out of NAL units.
 * Knows single units, aggregation (STAP-A, AP) and fragments (FU-A, FU); not the interleaved modes, which cameras do not use.
 */
export type VideoCodec = 'h264' | 'h265';

const H264_STAP_A = 24;
const H264_STAP_B = 25;
const H264_FU_A = 28;
const H265_AP = 48;
const H265_FU = 49;
const FIRST_BYTES = 32 * 1024;
const MAX_KEPT_BYTES = 1024 * 1024;
const MAX_PICTURE_BYTES = 32 * 1024 * 1024;

/** What a NAL unit is to somebody who cuts a stream into pictures. */
export type NaluRole = 'key-slice' | 'slice' | 'parameter-set' | 'other';

export function naluRole(codec: VideoCodec, nalu: Buffer): NaluRole {
  if (codec === 'h264') {
    const type = nalu[0]! & 0x1f;
    if (type === 5) return 'key-slice';
    if (type >= 1 && type <= 4) return 'slice';
    return type === 7 || type === 8 ? 'parameter-set' : 'other';
  }
  const type = (nalu[0]! >> 1) & 0x3f;
  if (type >= 16 && type <= 21) return 'key-slice';
  if (type < 32) return 'slice';
  return type <= 34 ? 'parameter-set' : 'other';
}

/** Whether a slice is the first of its picture: first_mb_in_slice is 0, or first_slice_segment_in_pic_flag is set. */
export function isFirstSlice(codec: VideoCodec, slice: Buffer): boolean {
  return ((slice[codec === 'h264' ? 1 : 2] ?? 0) & 0x80) !== 0;
}

const H264_SEI = 6;
const SEI_RECOVERY_POINT = 6;

/**
 * Whether an H.264 picture without IDR slice can be joined at all the same: an I slice that a recovery point announces as exact at
 * once (open groups of pictures; some cameras never send an IDR after the first).
 */
export function isRecoveryPicture(nalus: readonly Buffer[]): boolean {
  const announced = nalus.some(
    // payloadType, payloadSize, then recovery_frame_cnt as ue(v): a set first bit means 0.
    (nalu) => (nalu[0]! & 0x1f) === H264_SEI && nalu[1] === SEI_RECOVERY_POINT && (nalu[3] ?? 0) >= 0x80,
  );
  const slice = announced ? nalus.find((nalu) => naluRole('h264', nalu) === 'slice') : undefined;
  // first_mb_in_slice 0 is the bit 1; behind it slice_type: 7 is 0001000, 2 is 011.
  const head = slice?.[1] ?? 0;
  return head === 0b1_0001000 || head >> 4 === 0b1011;
}

/**
 * Takes payloads in order and yields whole NAL units. They lie in the unpacker's own memory, which is used again for the next
 * picture: they are good until `release`.
 */
export class NalUnpacker {
  private readonly codec: VideoCodec;
  private readonly onNalu: (nalu: Buffer) => void;
  private memory: Buffer = Buffer.alloc(0);
  private used = 0;
  /** Where the unit begins whose fragments are coming; -1 when there is none. */
  private openStart = -1;

  constructor(codec: VideoCodec, onNalu: (nalu: Buffer) => void) {
    this.codec = codec;
    this.onNalu = onNalu;
  }

  /** A packet is missing: an open fragment can no longer be completed. */
  reset(): void {
    if (this.openStart >= 0) this.used = this.openStart;
    this.openStart = -1;
  }

  /** The units that were handed out are no longer needed. */
  release(): void {
    this.used = 0;
    this.openStart = -1;
    if (this.memory.length > MAX_KEPT_BYTES) this.memory = Buffer.alloc(0);
  }

  /** True while fragments of a unit have come but not its end. */
  get open(): boolean {
    return this.openStart >= 0;
  }

  /** False when something was damaged or is too large: a fragment without a start, an aggregate that ends early. */
  unpack(payload: Buffer): boolean {
    const headBytes = this.codec === 'h264' ? 1 : 2;
    if (payload.length < headBytes) return payload.length === 0;
    const type = this.codec === 'h264' ? payload[0]! & 0x1f : (payload[0]! >> 1) & 0x3f;
    if (type === (this.codec === 'h264' ? H264_FU_A : H265_FU)) return this.takeFragment(payload);
    const wasOpen = this.open;
    this.reset();
    if (this.codec === 'h264' && type === H264_STAP_A) return this.takeAggregate(payload, 1) && !wasOpen;
    if (this.codec === 'h264' && type === H264_STAP_B) return this.takeAggregate(payload, 3) && !wasOpen;
    if (this.codec === 'h265' && type === H265_AP) return this.takeAggregate(payload, 2) && !wasOpen;
    if (type >= (this.codec === 'h264' ? 24 : 48)) return false;
    return this.takeWhole(payload, 0, payload.length) && !wasOpen;
  }

  private takeFragment(payload: Buffer): boolean {
    const dataStart = this.codec === 'h264' ? 2 : 3;
    if (payload.length < dataStart) return false;
    const head = payload[dataStart - 1]!;
    let intact = true;
    if (head & 0x80) {
      intact = !this.open;
      this.reset();
      if (!this.makeRoom(2)) return false;
      this.openStart = this.used;
      if (this.codec === 'h264') this.memory[this.used++] = (payload[0]! & 0xe0) | (head & 0x1f);
      else {
        this.memory[this.used++] = (payload[0]! & 0x81) | ((head & 0x3f) << 1);
        this.memory[this.used++] = payload[1]!;
      }
    } else if (!this.open) return false;
    if (!this.makeRoom(payload.length)) {
      this.reset();
      return false;
    }
    this.used += payload.copy(this.memory, this.used, dataStart);
    if (head & 0x40) {
      const start = this.openStart;
      this.openStart = -1;
      this.onNalu(this.memory.subarray(start, this.used));
    }
    return intact;
  }

  private takeWhole(payload: Buffer, start: number, end: number): boolean {
    if (!this.makeRoom(end - start)) return false;
    const at = this.used;
    this.used += payload.copy(this.memory, at, start, end);
    this.onNalu(this.memory.subarray(at, this.used));
    return true;
  }

  private takeAggregate(payload: Buffer, start: number): boolean {
    for (let at = start; at < payload.length; ) {
      if (at + 2 > payload.length) return false;
      const end = at + 2 + payload.readUInt16BE(at);
      if (end > payload.length) return false;
      if (end > at + 2 && !this.takeWhole(payload, at + 2, end)) return false;
      at = end;
    }
    return true;
  }

  /** More memory where there is too little; what was handed out stays in the old. False when a picture becomes too large. */
  private makeRoom(bytes: number): boolean {
    if (this.used + bytes <= this.memory.length) return true;
    if (this.used + bytes > MAX_PICTURE_BYTES) return false;
    const size = Math.max(FIRST_BYTES, this.memory.length * 2, this.used + bytes);
    const larger = Buffer.allocUnsafeSlow(Math.min(size, MAX_PICTURE_BYTES));
    if (this.openStart >= 0) this.memory.copy(larger, this.openStart, this.openStart, this.used);
    this.memory = larger;
    return true;
  }
}

/** Largest RTP payload that still fits an Ethernet frame with all headers, a VPN's included. */
export const DEFAULT_PAYLOAD_BYTES = 1400;

/** The payloads of one NAL unit: itself, or fragments of at most `maxBytes`. Views of `nalu` where possible. */
export function packNalu(codec: VideoCodec, nalu: Buffer, maxBytes = DEFAULT_PAYLOAD_BYTES): Buffer[] {
  if (nalu.length <= maxBytes) return [nalu];
  const naluHead = codec === 'h264' ? 1 : 2;
  const step = maxBytes - naluHead - 1;
  const payloads: Buffer[] = [];
  for (let at = naluHead; at < nalu.length; at += step) {
    const end = Math.min(nalu.length, at + step);
    const flags = (at === naluHead ? 0x80 : 0) | (end === nalu.length ? 0x40 : 0);
    const head =
      codec === 'h264'
        ? Buffer.of((nalu[0]! & 0xe0) | H264_FU_A, flags | (nalu[0]! & 0x1f))
        : Buffer.of((nalu[0]! & 0x81) | (H265_FU << 1), nalu[1]!, flags | ((nalu[0]! >> 1) & 0x3f));
    payloads.push(Buffer.concat([head, nalu.subarray(at, end)]));
  }
  return payloads;
}

/** The payloads of an access unit; the marker bit belongs on the last. */
export function packAccessUnit(
  codec: VideoCodec,
  nalus: readonly Buffer[],
  maxBytes = DEFAULT_PAYLOAD_BYTES,
): Array<{ payload: Buffer; marker: boolean }> {
  const payloads = nalus.flatMap((nalu) => packNalu(codec, nalu, maxBytes));
  return payloads.map((payload, index) => ({ payload, marker: index === payloads.length - 1 }));
}
