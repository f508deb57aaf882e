/** One track of a session as it arrives: its packets in order, its reports read, and what is to be reported of it. */
import { Reception } from '../media/rtsp/reception.ts';
import { ReorderBuffer } from '../media/rtsp/reorder.ts';
import {
  buildReceiverReport,
  parseRtcp,
  parseRtp,
  type RtpPacket,
  type SenderReport,
} from '../media/rtsp/rtp.ts';
import type { SdpMedia } from '../media/rtsp/sdp.ts';
import type { Clock } from '../platform/clock.ts';
import type { UdpPorts } from './udp-ports.ts';

export interface SessionTrack {
  media: SdpMedia;
  onPacket(packet: RtpPacket, lost: number): void;
  onSenderReport?(report: SenderReport): void;
  /** The RTP timestamp that this track has where all tracks of the session begin. */
  onStart?(rtpTimestamp: number): void;
}

const UDP_HELD_PACKETS = 64;
export const UDP_WAIT_MS = 80;

export class ReceivedTrack {
  readonly track: SessionTrack;
  /** Where it was set up. */
  url = '';
  private readonly clock: Clock;
  private readonly reorder: ReorderBuffer;
  readonly reception: Reception;
  /** Null over TCP. */
  ports: UdpPorts | null = null;
  /** Over TCP; its reports come in the next one. */
  channel: number;

  constructor(track: SessionTrack, transport: 'tcp' | 'udp', channel: number, clock: Clock) {
    this.track = track;
    this.clock = clock;
    this.channel = channel;
    this.reception = new Reception(track.media.clockRate);
    this.reorder = new ReorderBuffer({
      maxHeld: transport === 'udp' ? UDP_HELD_PACKETS : 0,
      maxWaitMs: UDP_WAIT_MS,
      monotonicMs: () => clock.monotonicMs(),
      deliver: (packet, lost) => track.onPacket(packet, lost),
    });
  }

  takeMedia(data: Buffer): void {
    const packet = parseRtp(data);
    if (!packet || packet.payloadType !== this.track.media.payloadType) return;
    this.reception.packet(packet, this.clock.monotonicMs());
    this.reorder.push(packet);
  }

  /** What the camera reports; `isOver`: it says that it sends no more of this. */
  takeReport(data: Buffer): { senderReports: SenderReport[]; isOver: boolean } {
    const { senderReports, goodbyes } = parseRtcp(data);
    for (const report of senderReports) {
      this.reception.senderReport(report, this.clock.monotonicMs());
      this.track.onSenderReport?.(report);
    }
    const { source } = this.reception;
    return { senderReports, isOver: source !== null && goodbyes.includes(source) };
  }

  /** Packets that have waited long enough for those before them are handed on. */
  expire(): void {
    this.reorder.expire();
  }

  /** How it arrives, as a packet for the camera; null before anything has come. */
  buildReport(ownSsrc: number): Buffer | null {
    const report = this.reception.report(this.clock.monotonicMs());
    return report && buildReceiverReport(ownSsrc, [report], 'threshold');
  }
}
