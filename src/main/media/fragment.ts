/**
 * What capture hands on: a camera stream as fragmented MP4, one frame (video) or a few (audio) per fragment.
 * Only types and small pure functions; the muxer is in `mp4/`.
 */
import type { GapCause } from '../../shared/domain-storage.ts';

export const VIDEO_TRACK_ID = 1;
export const AUDIO_TRACK_ID = 2;

export interface VideoTrack {
  codec: 'h264' | 'h265';
  /** RFC 6381: `avc1.640028`, `hvc1.1.6.L93.B0`. */
  codecString: string;
  width: number;
  height: number;
  /** Ticks per second of decode times and durations. */
  timescale: number;
}

export interface AudioTrack {
  codec: 'aac' | 'opus';
  /** `mp4a.40.2`, `opus` */
  codecString: string;
  sampleRate: number;
  channels: number;
  timescale: number;
}

/** A stream from its start or its last change of parameters on. A new description means: new decoder, new segment. */
export interface StreamDescription {
  video: VideoTrack;
  audio: AudioTrack | null;
  /** ftyp + moov with all tracks (video is track 1, audio track 2), for files. */
  initSegment: Buffer;
  /** ftyp + moov with the one track, for a SourceBuffer of its own. */
  videoInit: Buffer;
  audioInit: Buffer | null;
}

/** Spare bytes that our own fragments have right before `data` in their memory, for the header of a message that carries them. */
export const HEADROOM_BYTES = 16;

/** One moof + mdat with samples of one track. The buffer is shared by all readers: nobody writes to it. */
export interface Fragment {
  track: 'video' | 'audio';
  data: Buffer;
  /** Whether HEADROOM_BYTES lie before `data`. They are the live socket's: nobody else writes to them. */
  headroom?: boolean;
  /** Offset in `data` of the 64-bit base media decode time (tfdt version 1). */
  tfdtOffset: number;
  /** Whether decoding can start here (always true for audio). */
  keyframe: boolean;
  /** On the track's timescale, from the start of the description. */
  decodeTime: number;
  duration: number;
  /** Wall-clock time of the first sample's decode time: the engine's clock with the camera's timestamps smoothing jitter. */
  captureEpochMs: number;
}

/** Memory for the bytes of a fragment, with HEADROOM_BYTES before them. */
export function allocateFragment(bytes: number): Buffer {
  return Buffer.allocUnsafe(HEADROOM_BYTES + bytes).subarray(HEADROOM_BYTES);
}

/** Where capture delivers to. Calls come in order, never re-entrantly; none of them may block. */
export interface CaptureSink {
  stream(description: StreamDescription): void;
  fragment(fragment: Fragment): void;
  /** The stream is lost or has been stopped; `stream` comes again when it is back. */
  lost(cause: GapCause, detail: string): void;
}

/** A copy of the fragment's bytes with another base media decode time. */
export function withDecodeTime(fragment: Pick<Fragment, 'data' | 'tfdtOffset'>, decodeTime: number): Buffer {
  const copy = Buffer.from(fragment.data);
  copy.writeBigUInt64BE(BigInt(Math.max(0, Math.round(decodeTime))), fragment.tfdtOffset);
  return copy;
}
