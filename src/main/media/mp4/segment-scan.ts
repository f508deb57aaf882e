/** Finds out from a segment's file alone what the index should say of it, and where a crash cut it off. */
import { type FileHandle, open } from 'node:fs/promises';
import { messageOf } from '../../../shared/errors.ts';
import type { SegmentRecord } from '../segment.ts';
import { H264_NALU, h264NaluType, parseH264Sps } from './h264.ts';
import { H265_NALU, h265NaluType, parseH265Sps } from './h265.ts';
import { type ParsedVideoTrack, parseStreamTracks } from './init-parser.ts';
import { parseSoundConfig } from './init-segment.ts';
import { readFragmentBlocks, readInitSegment } from './own-fragment.ts';

/** Everything of a record that stands in the file; `sizeBytes` is where its last whole fragment ends. */
export type SegmentFacts = Omit<
  SegmentRecord,
  'cameraId' | 'stream' | 'startEpochMs' | 'path' | 'volumeId' | 'closed'
>;

export type ScanResult =
  | { usable: true; facts: SegmentFacts; fileBytes: number }
  /** Not one whole video frame in it. */
  | { usable: false; reason: string; fileBytes: number };

/** Reads a segment's file from start to end. Throws only when the file cannot be read. */
export async function scanSegmentFile(path: string): Promise<ScanResult> {
  const file = await open(path, 'r');
  try {
    return await scanSegment(file);
  } finally {
    await file.close();
  }
}

/** What the index says of a description, the same for a segment being written and one read from disk. */
export function describeInit(init: Buffer): Omit<SegmentFacts, 'durationMs' | 'sizeBytes' | 'keyframes'> {
  const { video, audio } = parseStreamTracks(init);
  const sound = audio && parseSoundConfig(audio.config);
  return {
    videoCodecString: codecStringOf(video),
    audioCodecString: sound?.codecString ?? null,
    width: video.width,
    height: video.height,
    videoTimescale: video.timescale,
    audioTimescale: audio?.timescale ?? null,
    initBytes: init.length,
  };
}

async function scanSegment(file: FileHandle): Promise<ScanResult> {
  const fileBytes = (await file.stat()).size;
  const init = await readInitSegment(file);
  if (!init) return { usable: false, reason: 'its header is not whole', fileBytes };
  let described: ReturnType<typeof describeInit>;
  try {
    described = describeInit(init);
  } catch (cause) {
    return { usable: false, reason: messageOf(cause), fileBytes };
  }
  const keyframes: SegmentRecord['keyframes'] = [];
  let sizeBytes = init.length;
  let endTime = 0;
  for await (const { position, fragments } of readFragmentBlocks(file, { from: init.length, reuse: true })) {
    for (const fragment of fragments) {
      sizeBytes = position + fragment.end;
      if (fragment.track !== 'video') continue;
      endTime = fragment.decodeTime + fragment.duration;
      if (fragment.keyframe) keyframes.push({ offset: position + fragment.start, time: fragment.decodeTime });
    }
  }
  if (endTime === 0) return { usable: false, reason: 'it holds no whole frame', fileBytes };
  const durationMs = Math.round((endTime * 1000) / described.videoTimescale);
  return { usable: true, facts: { ...described, durationMs, sizeBytes, keyframes }, fileBytes };
}

function codecStringOf(video: ParsedVideoTrack): string {
  const isSps = (nalu: Buffer) =>
    video.codec === 'h264' ? h264NaluType(nalu) === H264_NALU.sps : h265NaluType(nalu) === H265_NALU.sps;
  const sps = video.parameterSets.find(isSps);
  if (!sps) return video.codec;
  return (video.codec === 'h264' ? parseH264Sps(sps) : parseH265Sps(sps)).codecString;
}
