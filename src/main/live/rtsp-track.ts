/** One track of one client as RTP: numbers, time stamps, packets, sender reports; and its lines in the SDP. No sockets. */
import { randomBytes, randomInt } from 'node:crypto';
import { H264_NALU, h264NaluType } from '../media/mp4/h264.ts';
import { packAccessUnit } from '../media/rtsp/nal-payload.ts';
import { buildRtp, buildSenderReport } from '../media/rtsp/rtp.ts';
import type { SdpMediaOffer } from '../media/rtsp/sdp.ts';
import { type RtspDescription, type RtspUnit, VIDEO_CLOCK_RATE } from './rtsp-source.ts';

export type TrackKind = RtspUnit['track'];

export const TRACK_CONTROL: Record<TrackKind, string> = { video: 'trackID=0', audio: 'trackID=1' };
const PAYLOAD_TYPE: Record<TrackKind, number> = { video: 96, audio: 97 };
const CANONICAL_NAME = 'threshold-nvr';
const REPORT_INTERVAL_MS = 5000;

export class RtspTrack {
  private readonly kind: TrackKind;
  private readonly codec: 'h264' | 'h265';
  private readonly packSound: (frame: Buffer) => { payload: Buffer; marker: boolean };
  private readonly ssrc = randomBytes(4).readUInt32BE();
  private readonly timeOffset = randomInt(2 ** 32);
  private sequence = randomInt(2 ** 16);
  private packets = 0;
  private octets = 0;
  private reportedEpochMs = Number.NEGATIVE_INFINITY;

  constructor(kind: TrackKind, description: RtspDescription) {
    this.kind = kind;
    this.codec = description.video.codec;
    const isOpus = description.audio?.config.codec === 'opus';
    this.packSound = isOpus ? (payload) => ({ payload, marker: false }) : packAacFrame;
  }

  /** The unit's RTP packets in order. */
  packetize(unit: RtspUnit): Buffer[] {
    const payloads =
      this.kind === 'video' ? packAccessUnit(this.codec, unit.parts) : unit.parts.map(this.packSound);
    return payloads.map(({ payload, marker }) => {
      this.packets += 1;
      this.octets += payload.length;
      return buildRtp({
        payloadType: PAYLOAD_TYPE[this.kind],
        marker,
        sequence: this.sequence++,
        timestamp: this.stamp(unit),
        ssrc: this.ssrc,
        payload,
      });
    });
  }

  /** A sender report if one is due with this unit, otherwise null. */
  report(unit: RtspUnit): Buffer | null {
    if (Math.abs(unit.epochMs - this.reportedEpochMs) < REPORT_INTERVAL_MS) return null;
    this.reportedEpochMs = unit.epochMs;
    return buildSenderReport(
      {
        ssrc: this.ssrc,
        ntpEpochMs: unit.epochMs,
        rtpTimestamp: this.stamp(unit),
        packets: this.packets,
        octets: this.octets,
      },
      CANONICAL_NAME,
    );
  }

  private stamp(unit: RtspUnit): number {
    return (((Math.round(unit.rtpTime) + this.timeOffset) % 2 ** 32) + 2 ** 32) % 2 ** 32;
  }
}

/** RFC 3640, AAC-hbr: one AU header of 13 bits size and 3 bits index. Frames are smaller than a packet. */
function packAacFrame(frame: Buffer): { payload: Buffer; marker: boolean } {
  const head = Buffer.alloc(4);
  head.writeUInt16BE(16, 0);
  head.writeUInt16BE((frame.length << 3) & 0xffff, 2);
  return { payload: Buffer.concat([head, frame]), marker: true };
}

/** What the SDP offers. */
export function buildMediaOffers(description: RtspDescription): SdpMediaOffer[] {
  const { video, audio } = description;
  const offers: SdpMediaOffer[] = [
    {
      kind: 'video',
      payloadType: PAYLOAD_TYPE.video,
      encoding: video.codec === 'h264' ? 'H264' : 'H265',
      clockRate: VIDEO_CLOCK_RATE,
      format: video.codec === 'h264' ? h264Format(video.parameterSets) : h265Format(video.parameterSets),
      control: TRACK_CONTROL.video,
    },
  ];
  if (audio) {
    const { config } = audio;
    offers.push({
      kind: 'audio',
      payloadType: PAYLOAD_TYPE.audio,
      clockRate: audio.sampleRate,
      control: TRACK_CONTROL.audio,
      ...(config.codec === 'aac'
        ? {
            encoding: 'MPEG4-GENERIC',
            channels: audio.channels,
            format: aacFormat(config.audioSpecificConfig),
          }
        : // RFC 7587 7: always two, whatever is sent.
          { encoding: 'opus', channels: 2, format: { 'sprop-stereo': String(audio.channels - 1) } }),
    });
  }
  return offers;
}

/** RFC 3640, 4.1. */
function aacFormat(audioSpecificConfig: Buffer): Record<string, string> {
  return {
    streamtype: '5',
    'profile-level-id': '1',
    mode: 'AAC-hbr',
    sizelength: '13',
    indexlength: '3',
    indexdeltalength: '3',
    config: audioSpecificConfig.toString('hex'),
  };
}

/** RFC 6184, 8.1. */
function h264Format(parameterSets: readonly Buffer[]): Record<string, string> {
  const sps = parameterSets.find((nalu) => h264NaluType(nalu) === H264_NALU.sps);
  return {
    'packetization-mode': '1',
    ...(sps && { 'profile-level-id': sps.toString('hex', 1, 4).toUpperCase() }),
    'sprop-parameter-sets': parameterSets.map((nalu) => nalu.toString('base64')).join(','),
  };
}

/** RFC 7798, 7.1. */
function h265Format(parameterSets: readonly Buffer[]): Record<string, string> {
  const ofType = (wanted: number) =>
    parameterSets
      .filter((nalu) => (((nalu[0] ?? 0) >> 1) & 0x3f) === wanted)
      .map((nalu) => nalu.toString('base64'));
  return {
    'sprop-vps': ofType(32).join(','),
    'sprop-sps': ofType(33).join(','),
    'sprop-pps': ofType(34).join(','),
  };
}
