/**
 * Footage for a browser's player (MSE): the init segment of one track, then its fragments with decode times on the player's clock.
 * Nothing is decoded; the bytes are those on disk.
 */
import type { Rendition } from '../../shared/contract-archive.ts';
import type { StreamKind } from '../../shared/domain-storage.ts';
import { AppError } from '../../shared/errors.ts';
import { AUDIO_TRACK_ID, VIDEO_TRACK_ID } from '../media/fragment.ts';
import { parseStreamTracks } from '../media/mp4/init-parser.ts';
import { buildInitSegment } from '../media/mp4/init-segment.ts';
import { readFragmentBlocks } from '../media/mp4/own-fragment.ts';
import { endOfSegment, type SegmentRecord } from '../media/segment.ts';
import {
  epochMsOf,
  type FootageSource,
  keyframeAt,
  listReadable,
  nextFootageEpochMs,
  readSegmentInit,
} from './footage.ts';

export interface MediaRequest {
  cameraId: string;
  stream: StreamKind;
  track: 'video' | 'audio';
  fromEpochMs: number;
  toEpochMs: number;
  /** Player time 0. */
  baseEpochMs: number;
}

export interface MediaAnswer {
  /** Where to go on; null at the end of the archive. */
  nextEpochMs: number | null;
  /** Null when nothing is recorded in the range. */
  body: AsyncIterable<Buffer> | null;
  shows: Rendition;
  /** RFC 6381, of what is in the body; null where nothing is. */
  codecString: string | null;
}

interface Part {
  segment: SegmentRecord;
  offset: number;
}

/** One answer is never longer than this: a player asks for minutes, not for days. */
export const MAX_RANGE_MS = 3_600_000;

/**
 * Plans and opens an answer. It starts with the key frame at or before `from` – or with the first one at or after the player's time 0,
 * since decode times cannot be negative – and ends before `to` or where codec, size or parameters change.
 * Throws AppError (not-found) when the files are gone.
 */
export async function openMedia(source: FootageSource, request: MediaRequest): Promise<MediaAnswer> {
  const { cameraId, stream, track, fromEpochMs } = request;
  const toEpochMs = Math.min(request.toEpochMs, fromEpochMs + MAX_RANGE_MS);
  if (toEpochMs <= fromEpochMs)
    throw new AppError('invalid-input', 'toEpochMs must be later than fromEpochMs.');
  const footage = listReadable(source, { cameraId, stream, fromEpochMs, toEpochMs });
  const hasTrack = (segment: SegmentRecord) => track === 'video' || segment.audioCodecString !== null;
  const next = (after: number) => nextFootageEpochMs(source, cameraId, stream, after);
  const first = footage[0];
  if (!first) return { nextEpochMs: next(toEpochMs), body: null, shows: stream, codecString: null };
  const init = await readInitOf(source, first);
  const parts: Part[] = [];
  let nextEpochMs: number | null = null;
  for (const segment of footage) {
    const changed = segment !== first && !(await readInitOf(source, segment)).equals(init);
    if (changed) {
      nextEpochMs = segment.startEpochMs;
      break;
    }
    parts.push({ segment, offset: startOffset(segment, fromEpochMs, request.baseEpochMs) });
  }
  nextEpochMs ??= planNext(parts.at(-1)?.segment, toEpochMs, next);
  if (!hasTrack(first)) return { nextEpochMs, body: null, shows: stream, codecString: null };
  return {
    ...{ nextEpochMs, shows: stream },
    codecString: track === 'video' ? first.videoCodecString : first.audioCodecString,
    body: streamParts(source, buildTrackInit(init, track), parts, { ...request, toEpochMs }),
  };
}

/** ftyp and moov of one track out of an init segment of both. */
export function buildTrackInit(init: Buffer, track: 'video' | 'audio'): Buffer {
  const { video, audio } = parseStreamTracks(init);
  const chosen = track === 'video' ? video : audio;
  if (!chosen) throw new AppError('not-found', 'This recording has no sound.');
  const size = chosen.kind === 'video' ? { width: chosen.width, height: chosen.height } : null;
  const id = track === 'video' ? VIDEO_TRACK_ID : AUDIO_TRACK_ID;
  return buildInitSegment([{ id, timescale: chosen.timescale, sampleEntry: chosen.sampleEntry, size }]);
}

async function readInitOf(source: FootageSource, segment: SegmentRecord): Promise<Buffer> {
  const file = await source.open(segment);
  try {
    return await readSegmentInit(file);
  } finally {
    await file.close();
  }
}

function startOffset(segment: SegmentRecord, fromEpochMs: number, baseEpochMs: number): number {
  const at = keyframeAt(segment, fromEpochMs);
  if (epochMsOf(segment, at.time) >= baseEpochMs - 0.5) return at.offset;
  const later = segment.keyframes.find((keyframe) => epochMsOf(segment, keyframe.time) >= baseEpochMs - 0.5);
  return later?.offset ?? Number.POSITIVE_INFINITY;
}

function planNext(
  last: SegmentRecord | undefined,
  toEpochMs: number,
  next: (after: number) => number | null,
): number | null {
  if (!last || endOfSegment(last) > toEpochMs) return toEpochMs;
  // What is being written goes on where it ends now.
  return last.closed ? next(endOfSegment(last) - 1) : endOfSegment(last);
}

async function* streamParts(
  source: FootageSource,
  init: Buffer,
  parts: readonly Part[],
  request: MediaRequest,
): AsyncGenerator<Buffer> {
  yield init;
  for (const { segment, offset } of parts) {
    if (offset >= segment.sizeBytes) continue;
    const timescale = request.track === 'video' ? segment.videoTimescale : (segment.audioTimescale ?? 1);
    const shift = Math.round(((segment.startEpochMs - request.baseEpochMs) * timescale) / 1000);
    const end = ((request.toEpochMs - request.baseEpochMs) * timescale) / 1000;
    const file = await source.open(segment);
    try {
      let past = false;
      for await (const block of readFragmentBlocks(file, {
        from: offset,
        to: segment.sizeBytes,
        blockBytes: 512 * 1024,
      })) {
        const pieces: Buffer[] = [];
        for (const fragment of block.fragments) {
          if (fragment.track !== request.track) {
            past ||=
              fragment.track === 'video' &&
              epochMsOf(segment, fragment.decodeTime) > request.toEpochMs + 1000;
            continue;
          }
          const time = fragment.decodeTime + shift;
          if (time >= end) past = true;
          if (time >= end || time < 0) continue;
          block.bytes.writeBigUInt64BE(BigInt(time), fragment.tfdtOffset); // the block is ours, fresh from the disk
          pieces.push(block.bytes.subarray(fragment.start, fragment.end));
        }
        if (pieces.length > 0) yield Buffer.concat(pieces);
        if (past) break;
      }
    } finally {
      await file.close();
    }
  }
}
