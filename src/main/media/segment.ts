/** What is known of a recorded segment, and how its file is named. The file is the truth; this can be made anew from it. */
import { STREAM_KINDS, type StreamKind } from '../../shared/domain-storage.ts';

/** Where decoding can start in a segment's file. */
export interface SegmentKeyframe {
  /** Byte offset of the fragment's moof. */
  offset: number;
  /** Decode time on the video track's timescale, from the start of the segment. */
  time: number;
}

/** One segment file: a fragmented MP4 that starts with a key frame at decode time 0. */
export interface SegmentRecord {
  cameraId: string;
  stream: StreamKind;
  /** Capture time of the first key frame; whole ms. */
  startEpochMs: number;
  /** From the first key frame to the end of the last whole video frame; whole ms. */
  durationMs: number;
  sizeBytes: number;
  /** Relative to its recording folder, with `/` on every system; the same in whichever folder it lies. */
  path: string;
  /** The recording folder that it lies in; 0: DATA/recordings. */
  volumeId: number;
  /** False while it is being written, and after a crash until it has been repaired. */
  closed: boolean;
  videoCodecString: string;
  audioCodecString: string | null;
  width: number;
  height: number;
  videoTimescale: number;
  audioTimescale: number | null;
  /** Length of ftyp and moov. */
  initBytes: number;
  keyframes: SegmentKeyframe[];
}

export function endOfSegment(segment: Pick<SegmentRecord, 'startEpochMs' | 'durationMs'>): number {
  return segment.startEpochMs + segment.durationMs;
}

/** `CAMERA/main/2026/11/20/140305.123Z.mp4`: the UTC start is part of the name. */
export function buildSegmentPath(cameraId: string, stream: StreamKind, startEpochMs: number): string {
  const [date = '', time = ''] = new Date(startEpochMs).toISOString().split('T');
  return `${cameraId}/${stream}/${date.replaceAll('-', '/')}/${time.replaceAll(':', '')}.mp4`;
}

const SEGMENT_PATH = /^([0-9a-f-]{36})\/([a-z]+)\/(\d{4})\/(\d\d)\/(\d\d)\/(\d\d)(\d\d)(\d\d\.\d{3})Z\.mp4$/;

/** Camera, stream and start that a path says, or null when it is no segment's. */
export function parseSegmentPath(
  path: string,
): Pick<SegmentRecord, 'cameraId' | 'stream' | 'startEpochMs'> | null {
  const match = SEGMENT_PATH.exec(path);
  if (!match) return null;
  const [, cameraId = '', streamName = '', year, month, day, hour, minute, second] = match;
  const stream = STREAM_KINDS.find((kind) => kind === streamName);
  const startEpochMs = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return stream && !Number.isNaN(startEpochMs) ? { cameraId, stream, startEpochMs } : null;
}
