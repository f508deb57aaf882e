/**
 * Puts RTP packets back into order and counts what never came. Over TCP nothing is out of order, so nothing waits there;
 * over UDP a packet that is ahead of a hole waits until the hole is filled, `maxHeld` packets wait, or it has waited `maxWaitMs`.
 */
import type { RtpPacket } from './rtp.ts';

export interface ReorderOptions {
  /** 0: deliver at once, only count (TCP). */
  maxHeld: number;
  maxWaitMs: number;
  monotonicMs(): number;
  /** `lost`: packets missing just before this one. */
  deliver(packet: RtpPacket, lost: number): void;
}

/** A step this large is a camera that started counting anew, not loss. */
const RESTART_STEP = 3000;

export class ReorderBuffer {
  private readonly options: ReorderOptions;
  private expected = -1;
  private ssrc = -1;
  private held: Array<{ packet: RtpPacket; atMs: number }> = [];
  /** Packets that never came, came too late, or came twice. */
  readonly counts = { received: 0, lost: 0, late: 0 };

  constructor(options: ReorderOptions) {
    this.options = options;
  }

  push(packet: RtpPacket): void {
    this.counts.received++;
    if (this.expected < 0 || packet.ssrc !== this.ssrc) this.restart(packet);
    const ahead = signed16(packet.sequence - this.expected);
    if (Math.abs(ahead) > RESTART_STEP) {
      this.flush();
      this.restart(packet);
      this.release(packet, 1);
      return;
    }
    if (ahead < 0) {
      this.counts.late++;
      return;
    }
    if (ahead === 0 || this.options.maxHeld === 0) {
      this.release(packet, ahead);
      this.drain();
      return;
    }
    this.hold(packet);
  }

  /** Gives up on holes older than `maxWaitMs`; call it now and then while packets may be held. */
  expire(): void {
    const oldest = this.held[0];
    if (oldest && this.options.monotonicMs() - oldest.atMs >= this.options.maxWaitMs) this.giveUp();
  }

  flush(): void {
    while (this.held.length > 0) this.giveUp();
  }

  private hold(packet: RtpPacket): void {
    const place = this.held.findIndex((other) => signed16(packet.sequence - other.packet.sequence) <= 0);
    const entry = { packet, atMs: this.options.monotonicMs() };
    if (place >= 0 && this.held[place]!.packet.sequence === packet.sequence) {
      this.counts.late++;
      return;
    }
    this.held.splice(place < 0 ? this.held.length : place, 0, entry);
    if (this.held.length > this.options.maxHeld) this.giveUp();
    else this.expire();
  }

  private giveUp(): void {
    const next = this.held.shift();
    if (!next) return;
    this.release(next.packet, signed16(next.packet.sequence - this.expected));
    this.drain();
  }

  private drain(): void {
    while (this.held[0]?.packet.sequence === this.expected) this.release(this.held.shift()!.packet, 0);
  }

  private release(packet: RtpPacket, lost: number): void {
    this.counts.lost += lost;
    this.expected = (packet.sequence + 1) & 0xffff;
    this.options.deliver(packet, lost);
  }

  private restart(packet: RtpPacket): void {
    this.flush();
    this.ssrc = packet.ssrc;
    this.expected = packet.sequence;
  }
}

function signed16(difference: number): number {
  const value = difference & 0xffff;
  return value >= 0x8000 ? value - 0x10000 : value;
}
