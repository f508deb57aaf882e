/** Rows of segments: as SQLite gives them, and as the engine knows them. */
import type { StreamKind } from '../../shared/domain-storage.ts';
import type { SegmentKeyframe, SegmentRecord } from '../media/segment.ts';

export interface SegmentRow {
  path: string;
  camera_id: string;
  stream: StreamKind;
  start_epoch_ms: number;
  duration_ms: number;
  size_bytes: number;
  closed: number;
  video_codec: string;
  audio_codec: string | null;
  width: number;
  height: number;
  video_timescale: number;
  audio_timescale: number | null;
  init_bytes: number;
  keyframes: Buffer;
  volume_id: number;
}

export function parseSegment(row: SegmentRow): SegmentRecord {
  return {
    cameraId: row.camera_id,
    stream: row.stream,
    startEpochMs: row.start_epoch_ms,
    durationMs: row.duration_ms,
    sizeBytes: row.size_bytes,
    path: row.path,
    closed: row.closed === 1,
    videoCodecString: row.video_codec,
    audioCodecString: row.audio_codec,
    width: row.width,
    height: row.height,
    videoTimescale: row.video_timescale,
    audioTimescale: row.audio_timescale,
    initBytes: row.init_bytes,
    keyframes: unpackKeyframes(row.keyframes),
    volumeId: row.volume_id,
  };
}

export function packKeyframes(keyframes: readonly SegmentKeyframe[]): Buffer {
  const bytes = Buffer.alloc(keyframes.length * 16);
  keyframes.forEach(({ offset, time }, index) => {
    bytes.writeDoubleLE(offset, index * 16);
    bytes.writeDoubleLE(time, index * 16 + 8);
  });
  return bytes;
}

function unpackKeyframes(bytes: Buffer): SegmentKeyframe[] {
  return Array.from({ length: bytes.length >> 4 }, (_, index) => ({
    offset: bytes.readDoubleLE(index * 16),
    time: bytes.readDoubleLE(index * 16 + 8),
  }));
}
