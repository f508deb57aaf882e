/** What our RTSP server can serve: a description, and access units through a bounded fan-out. Demo cameras and the relay give it. */
import type { SoundConfig } from '../media/mp4/init-segment.ts';
import type { FanoutOutput, FanoutReader, GopItem } from './fanout.ts';

export interface RtspDescription {
  video: { codec: 'h264' | 'h265' /** NAL units without start code. */; parameterSets: Buffer[] };
  audio: { config: SoundConfig; sampleRate: number; channels: number } | null;
}

/** Ticks per second of `rtpTime` of video; sound runs on its sample rate. */
export const VIDEO_CLOCK_RATE = 90_000;

/** One access unit of video, or one AAC frame or Opus packet. */
export interface RtspUnit extends GopItem {
  track: 'video' | 'audio';
  /** NAL units without start code; for sound the one frame. */
  parts: Buffer[];
  /** Presentation time on the track's clock, from any start; may grow past 32 bits. */
  rtpTime: number;
  /** Wall-clock time of capture. */
  epochMs: number;
}

export type RtspOutput = FanoutOutput<RtspDescription, RtspUnit>;

export interface RtspSource {
  /** Waits until the stream is known. Throws 'unavailable' when there is none. */
  describe(): Promise<RtspDescription>;
  /** The reader gets the description and the current GOP as soon as they are known, then all that comes. */
  attach(output: RtspOutput): FanoutReader;
}
