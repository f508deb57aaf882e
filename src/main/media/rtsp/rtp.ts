/** RTP packets and RTCP reports (RFC 3550): headers in, headers out. No timers, no payload formats. */

export interface RtpPacket {
  payloadType: number;
  marker: boolean;
  /** 16 bits, wraps. */
  sequence: number;
  /** 32 bits, wraps. */
  timestamp: number;
  ssrc: number;
  /** A view of the packet without header, extension and padding. */
  payload: Buffer;
}

/** null when the bytes are no RTP packet. */
export function parseRtp(bytes: Buffer): RtpPacket | null {
  if (bytes.length < 12 || bytes[0]! >> 6 !== 2) return null;
  let start = 12 + (bytes[0]! & 0x0f) * 4;
  if (bytes[0]! & 0x10) {
    if (bytes.length < start + 4) return null;
    start += 4 + bytes.readUInt16BE(start + 2) * 4;
  }
  let end = bytes.length;
  if (bytes[0]! & 0x20) end -= bytes[bytes.length - 1]!;
  if (start > end) return null;
  return {
    payloadType: bytes[1]! & 0x7f,
    marker: (bytes[1]! & 0x80) !== 0,
    sequence: bytes.readUInt16BE(2),
    timestamp: bytes.readUInt32BE(4),
    ssrc: bytes.readUInt32BE(8),
    payload: bytes.subarray(start, end),
  };
}

/** Header and payload in one new buffer; sequence and timestamp are taken modulo 2^16 and 2^32. */
export function buildRtp(packet: RtpPacket): Buffer {
  const bytes = Buffer.allocUnsafe(12 + packet.payload.length);
  bytes[0] = 0x80;
  bytes[1] = (packet.marker ? 0x80 : 0) | packet.payloadType;
  bytes.writeUInt16BE(packet.sequence & 0xffff, 2);
  bytes.writeUInt32BE(packet.timestamp >>> 0, 4);
  bytes.writeUInt32BE(packet.ssrc >>> 0, 8);
  packet.payload.copy(bytes, 12);
  return bytes;
}

export interface SenderReport {
  ssrc: number;
  /** The sender's clock, ms since 1970 UTC. */
  ntpEpochMs: number;
  /** The middle 32 bits of that time, by which a receiver report names this report. */
  ntpMiddle: number;
  rtpTimestamp: number;
  packets: number;
  octets: number;
}

export interface ReceptionReport {
  ssrc: number;
  fractionLost: number;
  cumulativeLost: number;
  highestSequence: number;
  jitter: number;
  /** Middle 32 bits of the NTP time of the last sender report, and the delay since it in 1/65536 s. */
  lastReport: number;
  delaySinceLastReport: number;
}

export interface RtcpContent {
  senderReports: SenderReport[];
  /** Sources that said goodbye. */
  goodbyes: number[];
}

const SENDER_REPORT = 200;
const RECEIVER_REPORT = 201;
const SOURCE_DESCRIPTION = 202;
const GOODBYE = 203;
const NTP_TO_UNIX_S = 2_208_988_800;

/** Reads what concerns a receiver from a compound packet; stops at the first malformed part. */
export function parseRtcp(bytes: Buffer): RtcpContent {
  const content: RtcpContent = { senderReports: [], goodbyes: [] };
  for (let at = 0; at + 4 <= bytes.length; ) {
    const end = at + 4 + bytes.readUInt16BE(at + 2) * 4;
    if (bytes[at]! >> 6 !== 2 || end > bytes.length) break;
    const type = bytes[at + 1]!;
    if (type === SENDER_REPORT && end - at >= 28) content.senderReports.push(parseSenderReport(bytes, at));
    if (type === GOODBYE)
      for (let i = 0; i < (bytes[at]! & 0x1f) && at + 8 + i * 4 <= end; i++)
        content.goodbyes.push(bytes.readUInt32BE(at + 4 + i * 4));
    at = end;
  }
  return content;
}

function parseSenderReport(bytes: Buffer, at: number): SenderReport {
  return {
    ssrc: bytes.readUInt32BE(at + 4),
    ntpEpochMs:
      (bytes.readUInt32BE(at + 8) - NTP_TO_UNIX_S) * 1000 + (bytes.readUInt32BE(at + 12) / 2 ** 32) * 1000,
    ntpMiddle: bytes.readUInt32BE(at + 10),
    rtpTimestamp: bytes.readUInt32BE(at + 16),
    packets: bytes.readUInt32BE(at + 20),
    octets: bytes.readUInt32BE(at + 24),
  };
}

/** A compound packet: sender report and the canonical name that RFC 3550 demands beside it. */
export function buildSenderReport(report: Omit<SenderReport, 'ntpMiddle'>, canonicalName: string): Buffer {
  const bytes = Buffer.alloc(28);
  writeRtcpHead(bytes, 0, SENDER_REPORT);
  bytes.writeUInt32BE(report.ssrc >>> 0, 4);
  const seconds = Math.floor(report.ntpEpochMs / 1000);
  bytes.writeUInt32BE((seconds + NTP_TO_UNIX_S) >>> 0, 8);
  bytes.writeUInt32BE(Math.floor((report.ntpEpochMs / 1000 - seconds) * 2 ** 32) >>> 0, 12);
  bytes.writeUInt32BE(report.rtpTimestamp >>> 0, 16);
  bytes.writeUInt32BE(report.packets >>> 0, 20);
  bytes.writeUInt32BE(report.octets >>> 0, 24);
  return Buffer.concat([bytes, buildSourceDescription(report.ssrc, canonicalName)]);
}

/** A compound packet: receiver report about at most 31 sources, and the canonical name. */
export function buildReceiverReport(
  ssrc: number,
  reports: readonly ReceptionReport[],
  canonicalName: string,
): Buffer {
  const bytes = Buffer.alloc(8 + reports.length * 24);
  writeRtcpHead(bytes, reports.length, RECEIVER_REPORT);
  bytes.writeUInt32BE(ssrc >>> 0, 4);
  reports.forEach((report, index) => {
    const at = 8 + index * 24;
    bytes.writeUInt32BE(report.ssrc >>> 0, at);
    bytes[at + 4] = report.fractionLost & 0xff;
    bytes.writeUIntBE(Math.min(Math.max(0, report.cumulativeLost), 0x7fffff), at + 5, 3);
    bytes.writeUInt32BE(report.highestSequence >>> 0, at + 8);
    bytes.writeUInt32BE(report.jitter >>> 0, at + 12);
    bytes.writeUInt32BE(report.lastReport >>> 0, at + 16);
    bytes.writeUInt32BE(report.delaySinceLastReport >>> 0, at + 20);
  });
  return Buffer.concat([bytes, buildSourceDescription(ssrc, canonicalName)]);
}

function buildSourceDescription(ssrc: number, canonicalName: string): Buffer {
  const name = Buffer.from(canonicalName, 'utf8').subarray(0, 255);
  const bytes = Buffer.alloc(8 + Math.ceil((2 + name.length + 1) / 4) * 4);
  writeRtcpHead(bytes, 1, SOURCE_DESCRIPTION);
  bytes.writeUInt32BE(ssrc >>> 0, 4);
  bytes[8] = 1;
  bytes[9] = name.length;
  name.copy(bytes, 10);
  return bytes;
}

function writeRtcpHead(bytes: Buffer, count: number, type: number): void {
  bytes[0] = 0x80 | count;
  bytes[1] = type;
  bytes.writeUInt16BE(bytes.length / 4 - 1, 2);
}

/** Continues a counter of `bits` bits that wraps; steps of less than half its range may go either way. */
export class Unwrapper {
  private readonly range: number;
  private last: number | null = null;

  constructor(bits: 16 | 32) {
    this.range = 2 ** bits;
  }

  next(value: number): number {
    if (this.last === null) {
      this.last = value;
      return value;
    }
    const { range } = this;
    let step = (((value - this.last) % range) + range) % range;
    if (step >= range / 2) step -= range;
    this.last += step;
    return this.last;
  }
}

/** The difference of two 32-bit timestamps, the nearer way round. */
export function wrapTo32(difference: number): number {
  return Math.trunc(difference) | 0;
}
