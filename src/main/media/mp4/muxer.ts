/**
 * Encoded frames → fragmented MP4: one moof and one mdat per frame, so that what is written can be played at once.
 * Parameter sets stand in the sample entry only (avc1, hvc1): where they change, make a new muxer.
 */
import {
  AUDIO_TRACK_ID,
  allocateFragment,
  type Fragment,
  type StreamDescription,
  VIDEO_TRACK_ID,
} from '../fragment.ts';
import { damaged } from './boxes.ts';
import { H264_NALU, h264NaluType, parseH264Sps } from './h264.ts';
import { H265_NALU, h265NaluType, parseH265Sps } from './h265.ts';
import {
  buildInitSegment,
  buildSoundSampleEntry,
  buildVideoSampleEntry,
  parseSoundConfig,
  type SoundConfig,
} from './init-segment.ts';

export interface VideoSetup {
  codec: 'h264' | 'h265';
  /** NAL units without start code: SPS and PPS, or VPS, SPS and PPS. Of several SPS the first describes the stream. */
  parameterSets: readonly Buffer[];
  timescale: number;
}

export interface AudioSetup {
  config: SoundConfig;
  timescale: number;
}

/** One access unit. Times on the video track's timescale; NAL units without start code or length. */
export interface EncodedPicture {
  nalus: readonly Buffer[];
  keyframe: boolean;
  decodeTime: number;
  /** Presentation minus decode time; may be negative. */
  compositionOffset: number;
  duration: number;
  captureEpochMs: number;
}

/** One AAC frame without ADTS header, or one Opus packet. Times on the audio track's timescale. */
export interface EncodedSound {
  data: Buffer;
  decodeTime: number;
  duration: number;
  captureEpochMs: number;
}

/** Where the base media decode time stands in every fragment made here: moof, mfhd, traf, tfhd and the head of tfdt before it. */
const TFDT_OFFSET = 8 + 16 + 8 + 16 + 12;
const VIDEO_MOOF_BYTES = TFDT_OFFSET + 8 + 36;
const AUDIO_MOOF_BYTES = TFDT_OFFSET + 8 + 28;

const DEFAULT_BASE_IS_MOOF = 0x020000;
const KEY_SAMPLE_FLAGS = 0x02000000;
const OTHER_SAMPLE_FLAGS = 0x01010000;

/** Turns the frames of one unchanging stream into fragments. Throws AppError when the parameter sets make no sense. */
export class FragmentMuxer {
  readonly description: StreamDescription;
  private readonly isVideoPayload: (nalu: Buffer) => boolean;
  private sequence = 1;

  constructor(video: VideoSetup, audio: AudioSetup | null) {
    this.description = buildStreamDescription(video, audio);
    this.isVideoPayload = video.codec === 'h264' ? isH264Payload : isH265Payload;
  }

  /** A fragment that owns its bytes. */
  video(frame: EncodedPicture): Fragment {
    const nalus = frame.nalus.filter(this.isVideoPayload);
    let size = 0;
    for (const nalu of nalus) size += 4 + nalu.length;
    const data = allocateFragment(VIDEO_MOOF_BYTES + 8 + size);
    const trun = this.writeMoof(data, VIDEO_MOOF_BYTES, VIDEO_TRACK_ID, frame.decodeTime);
    writeBoxHead(data, trun, 36, 'trun', (1 << 24) | 0x000f01);
    data.writeUInt32BE(1, trun + 12);
    data.writeUInt32BE(VIDEO_MOOF_BYTES + 8, trun + 16);
    data.writeUInt32BE(frame.duration, trun + 20);
    data.writeUInt32BE(size, trun + 24);
    data.writeUInt32BE(frame.keyframe ? KEY_SAMPLE_FLAGS : OTHER_SAMPLE_FLAGS, trun + 28);
    data.writeInt32BE(frame.compositionOffset, trun + 32);
    let at = writeMdatHead(data, VIDEO_MOOF_BYTES, size);
    for (const nalu of nalus) {
      data.writeUInt32BE(nalu.length, at);
      nalu.copy(data, at + 4);
      at += 4 + nalu.length;
    }
    const { keyframe, decodeTime, duration, captureEpochMs } = frame;
    return {
      ...{ track: 'video' as const, data, headroom: true, tfdtOffset: TFDT_OFFSET },
      ...{ keyframe, decodeTime, duration, captureEpochMs },
    };
  }

  /** A fragment that owns its bytes. */
  audio(frame: EncodedSound): Fragment {
    if (!this.description.audio) throw damaged('sound in a stream described without it');
    const size = frame.data.length;
    const data = allocateFragment(AUDIO_MOOF_BYTES + 8 + size);
    const trun = this.writeMoof(data, AUDIO_MOOF_BYTES, AUDIO_TRACK_ID, frame.decodeTime);
    writeBoxHead(data, trun, 28, 'trun', 0x000301);
    data.writeUInt32BE(1, trun + 12);
    data.writeUInt32BE(AUDIO_MOOF_BYTES + 8, trun + 16);
    data.writeUInt32BE(frame.duration, trun + 20);
    data.writeUInt32BE(size, trun + 24);
    frame.data.copy(data, writeMdatHead(data, AUDIO_MOOF_BYTES, size));
    const { decodeTime, duration, captureEpochMs } = frame;
    return {
      track: 'audio',
      data,
      headroom: true,
      tfdtOffset: TFDT_OFFSET,
      keyframe: true,
      decodeTime,
      duration,
      captureEpochMs,
    };
  }

  /** Everything of the moof up to the trun, whose offset it returns. */
  private writeMoof(data: Buffer, moofBytes: number, trackId: number, decodeTime: number): number {
    data.writeUInt32BE(moofBytes, 0);
    data.write('moof', 4, 'latin1');
    writeBoxHead(data, 8, 16, 'mfhd', 0);
    data.writeUInt32BE(this.sequence++ >>> 0, 20);
    data.writeUInt32BE(moofBytes - 24, 24);
    data.write('traf', 28, 'latin1');
    writeBoxHead(data, 32, 16, 'tfhd', DEFAULT_BASE_IS_MOOF);
    data.writeUInt32BE(trackId, 44);
    writeBoxHead(data, 48, 20, 'tfdt', 1 << 24);
    data.writeBigUInt64BE(BigInt(Math.max(0, Math.round(decodeTime))), TFDT_OFFSET);
    return TFDT_OFFSET + 8;
  }
}

/** Whether parameter sets are the same, whatever their order. */
export function sameParameterSets(a: readonly Buffer[], b: readonly Buffer[]): boolean {
  return a.length === b.length && a.every((nalu) => b.some((other) => other.equals(nalu)));
}

/** Whether a NAL unit is a parameter set, which belongs in the sample entry. */
export function isParameterSet(codec: 'h264' | 'h265', nalu: Buffer): boolean {
  const type = codec === 'h264' ? h264NaluType(nalu) : h265NaluType(nalu);
  return codec === 'h264'
    ? type === H264_NALU.sps || type === H264_NALU.pps
    : type >= H265_NALU.vps && type <= H265_NALU.pps;
}

function buildStreamDescription(video: VideoSetup, audio: AudioSetup | null): StreamDescription {
  const isSps = (nalu: Buffer) =>
    video.codec === 'h264' ? h264NaluType(nalu) === H264_NALU.sps : h265NaluType(nalu) === H265_NALU.sps;
  const sps = video.parameterSets.find(isSps);
  if (!sps) throw damaged('video stream without a sequence parameter set');
  const parameters = video.codec === 'h264' ? parseH264Sps(sps) : parseH265Sps(sps);
  const { codecString, width, height, pixelAspect } = parameters;
  const videoTrack = {
    id: VIDEO_TRACK_ID,
    timescale: video.timescale,
    sampleEntry: buildVideoSampleEntry(video.codec, video.parameterSets, parameters),
    size: {
      width: pixelAspect ? Math.round((width * pixelAspect.width) / pixelAspect.height) : width,
      height,
    },
  };
  const sound = audio ? parseSoundConfig(audio.config) : null;
  const audioTrack =
    audio && sound
      ? {
          id: AUDIO_TRACK_ID,
          timescale: audio.timescale,
          sampleEntry: buildSoundSampleEntry(audio.config, sound),
          size: null,
        }
      : null;
  return {
    video: { codec: video.codec, codecString, width, height, timescale: video.timescale },
    audio: audio && sound ? { codec: audio.config.codec, ...sound, timescale: audio.timescale } : null,
    initSegment: buildInitSegment(audioTrack ? [videoTrack, audioTrack] : [videoTrack]),
    videoInit: buildInitSegment([videoTrack]),
    audioInit: audioTrack ? buildInitSegment([audioTrack]) : null,
  };
}

/** Delimiters and fillers carry nothing; parameter sets stand in the sample entry. */
function isH264Payload(nalu: Buffer): boolean {
  const type = h264NaluType(nalu);
  return (
    nalu.length > 0 && !(type >= H264_NALU.sps && type <= H264_NALU.delimiter) && type !== H264_NALU.filler
  );
}

function isH265Payload(nalu: Buffer): boolean {
  const type = h265NaluType(nalu);
  return (
    nalu.length > 0 && !(type >= H265_NALU.vps && type <= H265_NALU.delimiter) && type !== H265_NALU.filler
  );
}

function writeBoxHead(data: Buffer, at: number, size: number, type: string, versionAndFlags: number): void {
  data.writeUInt32BE(size, at);
  data.write(type, at + 4, 'latin1');
  data.writeUInt32BE(versionAndFlags, at + 8);
}

function writeMdatHead(data: Buffer, at: number, size: number): number {
  data.writeUInt32BE(size + 8, at);
  data.write('mdat', at + 4, 'latin1');
  return at + 8;
}
