/** How one RTP source is received, as RFC 3550 (6.4.1, A.3, A.8) wants it reported: what was expected, lost, and how unevenly it came. */
import type { ReceptionReport, RtpPacket, SenderReport } from './rtp.ts';

export class Reception {
  private readonly clockRate: number;
  private ssrc: number | null = null;
  private first = 0;
  private highest = 0;
  private cycles = 0;
  private received = 0;
  private jitter = 0;
  private transit: number | null = null;
  private lastTimestamp = -1;
  private lastReport: { report: SenderReport; atMs: number } | null = null;
  private told = { expected: 0, received: 0 };

  constructor(clockRate: number) {
    this.clockRate = clockRate;
  }

  /** null before the first packet. */
  get source(): number | null {
    return this.ssrc;
  }

  packet(packet: RtpPacket, monotonicMs: number): void {
    if (packet.ssrc !== this.ssrc) this.begin(packet);
    const ahead = (packet.sequence - this.highest) & 0xffff;
    if (ahead > 0 && ahead < 0x8000) {
      if (packet.sequence < this.highest) this.cycles++;
      this.highest = packet.sequence;
    }
    this.received++;
    // Packets of one picture share its timestamp: how far apart those are sent says nothing of the network.
    if (packet.timestamp === this.lastTimestamp) return;
    this.lastTimestamp = packet.timestamp;
    const transit = (monotonicMs * this.clockRate) / 1000 - packet.timestamp;
    const difference = Math.abs(transit - (this.transit ?? transit));
    this.transit = transit;
    // A timestamp that wraps or a camera that begins anew is no jitter.
    if (difference < this.clockRate * 10) this.jitter += (difference - this.jitter) / 16;
  }

  senderReport(report: SenderReport, monotonicMs: number): void {
    this.lastReport = { report, atMs: monotonicMs };
  }

  /** Since the first packet. Jitter in ms. */
  facts(): { jitterMs: number; received: number; lost: number } {
    const jitterMs = (this.jitter * 1000) / this.clockRate;
    return { jitterMs, received: this.received, lost: Math.max(0, this.expected - this.received) };
  }

  /** What is to be told since the last call; null before the first packet. */
  report(monotonicMs: number): ReceptionReport | null {
    if (this.ssrc === null) return null;
    const highestSequence = (this.cycles & 0xffff) * 0x10000 + this.highest;
    const { expected } = this;
    const expectedNow = expected - this.told.expected;
    const lostNow = Math.max(0, expectedNow - (this.received - this.told.received));
    this.told = { expected, received: this.received };
    const last = this.lastReport;
    return {
      ssrc: this.ssrc,
      fractionLost: expectedNow > 0 ? Math.min(255, Math.floor((lostNow * 256) / expectedNow)) : 0,
      cumulativeLost: Math.max(0, expected - this.received),
      highestSequence,
      jitter: Math.round(this.jitter),
      lastReport: last ? last.report.ntpMiddle : 0,
      delaySinceLastReport: last ? Math.round(((monotonicMs - last.atMs) / 1000) * 65_536) : 0,
    };
  }

  private get expected(): number {
    return this.ssrc === null ? 0 : this.cycles * 0x10000 + this.highest - this.first + 1;
  }

  private begin({ ssrc, sequence }: RtpPacket): void {
    this.ssrc = ssrc;
    this.first = sequence;
    this.highest = sequence;
    this.cycles = 0;
    this.received = 0;
    this.jitter = 0;
    this.transit = null;
    this.told = { expected: 0, received: 0 };
  }
}
