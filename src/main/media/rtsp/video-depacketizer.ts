/**
 * RTP packets of one H.264 or H.265 track, in order → access units. A unit ends with the marker bit, or, where a device does not
 * set it or sets it on every slice, with the next timestamp. A unit with a lost packet is dropped and counted.
 */
import {
  isFirstSlice,
  isRecoveryPicture,
  NalUnpacker,
  type NaluRole,
  naluRole,
  type VideoCodec,
} from './nal-payload.ts';
import type { RtpPacket } from './rtp.ts';

export interface AccessUnit {
  /** Without start codes or lengths, in order; parameter sets and SEI included. Good only while the unit is handed over. */
  nalus: Buffer[];
  keyframe: boolean;
  /** RTP timestamp, 32 bits, wraps. */
  timestamp: number;
}

const MAX_UNIT_NALUS = 4096;

export class VideoDepacketizer {
  private readonly codec: VideoCodec;
  private readonly onUnit: (unit: AccessUnit) => void;
  private readonly unpacker: NalUnpacker;
  private unit: OpenUnit | null = null;
  private endedTimestamp = -1;
  private markerOnEverySlice = false;
  readonly counts = { units: 0, damaged: 0 };

  constructor(codec: VideoCodec, onUnit: (unit: AccessUnit) => void) {
    this.codec = codec;
    this.onUnit = onUnit;
    this.unpacker = new NalUnpacker(codec, (nalu) => this.unit?.add(codec, nalu));
  }

  /** `lost`: packets missing just before this one. */
  push(packet: RtpPacket, lost: number): void {
    if (lost > 0) {
      this.unpacker.reset();
      if (this.unit) this.unit.damaged = true;
    }
    if (this.unit && this.unit.timestamp !== packet.timestamp) {
      // Parameter sets sent ahead under a timestamp of their own belong to the next picture.
      if (!this.unit.damaged && this.unit.slices === 0 && !this.unpacker.open)
        this.unit.timestamp = packet.timestamp;
      else this.endUnit();
    }
    this.unit ??= new OpenUnit(packet.timestamp, lost > 0);
    const { unit } = this;
    const intact = this.unpacker.unpack(packet.payload);
    if (!intact) unit.damaged = true;
    if (!packet.marker) return;
    if (unit.slices > 0 && !unit.startsPicture && unit.timestamp === this.endedTimestamp) {
      // More of a picture that its marker had ended: from now on only timestamps end a unit.
      this.markerOnEverySlice = true;
      unit.damaged = true;
    }
    if ((unit.slices > 0 || unit.damaged) && !this.markerOnEverySlice) this.endUnit();
  }

  /** Ends the open unit; for the end of a stream. */
  flush(): void {
    if (this.unit) this.endUnit();
  }

  private endUnit(): void {
    const unit = this.unit!;
    this.unit = null;
    if (this.unpacker.open) unit.damaged = true;
    this.handOver(unit);
    this.unpacker.release();
  }

  private handOver(unit: OpenUnit): void {
    this.endedTimestamp = unit.timestamp;
    if (unit.slices === 0 && !unit.damaged) return;
    if (unit.damaged || (unit.afterLoss && !unit.startsPicture)) {
      this.counts.damaged++;
      return;
    }
    this.counts.units++;
    const keyframe = unit.keyframe || (this.codec === 'h264' && isRecoveryPicture(unit.nalus));
    this.onUnit({ nalus: unit.nalus, keyframe, timestamp: unit.timestamp });
  }
}

class OpenUnit {
  timestamp: number;
  readonly afterLoss: boolean;
  nalus: Buffer[] = [];
  slices = 0;
  keyframe = false;
  damaged = false;
  startsPicture = false;

  constructor(timestamp: number, afterLoss: boolean) {
    this.timestamp = timestamp;
    this.afterLoss = afterLoss;
  }

  add(codec: VideoCodec, nalu: Buffer): void {
    const role: NaluRole = naluRole(codec, nalu);
    if (role === 'slice' || role === 'key-slice') {
      if (this.slices === 0) this.startsPicture = isFirstSlice(codec, nalu);
      this.slices++;
      if (role === 'key-slice') this.keyframe = true;
    }
    if (this.nalus.length >= MAX_UNIT_NALUS) {
      this.damaged = true;
      this.nalus = [];
    } else this.nalus.push(nalu);
  }
}
