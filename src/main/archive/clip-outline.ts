/**
 * Outlines a clip before its frames are read: it is cut at the key frame before the time asked for, and an edit list hides what comes
 * earlier. Reads no more than that group of pictures.
 */
import type { FileHandle } from 'node:fs/promises';
import { AppError } from '../../shared/errors.ts';
import { parseStreamTracks } from '../media/mp4/init-parser.ts';
import { type OwnFragment, readFragmentBlocks } from '../media/mp4/own-fragment.ts';
import type { SegmentKeyframe, SegmentRecord } from '../media/segment.ts';
import { type ClipPart, type ClipRequest, REORDER_MS, type Tracks } from './clip-parts.ts';
import { firstShown, HALF_MS } from './first-shown.ts';
import { epochMsOf, type FootageSource, keyframeAt, readSegmentInit } from './footage.ts';

export interface ClipOutline {
  request: ClipRequest;
  segments: readonly SegmentRecord[];
  tracks: Tracks;
  /** Where the clip begins in the first segment. */
  start: SegmentKeyframe;
  /** The first frame shown: its presentation time in video ticks of the clip, and the capture time from which it is shown. */
  shown: { ticks: number; epochMs: number };
  /** The fragments in the first bytes, for an idea of what comes. */
  opening: readonly OwnFragment[];
}

/** Outlines one part. Throws AppError (not-found) where none of its frames are in the range. */
export async function outlineClip(
  source: FootageSource,
  request: ClipRequest,
  { segments }: Pick<ClipPart, 'segments'>,
  signal?: AbortSignal,
): Promise<ClipOutline> {
  for (const [index, segment] of segments.entries()) {
    signal?.throwIfAborted();
    const file = await source.open(segment);
    try {
      const own = parseStreamTracks(await readSegmentInit(file));
      const start =
        index === 0
          ? await findStart(file, segment, request.fromEpochMs)
          : { offset: segment.initBytes, time: 0 };
      const found = await findFirstFrame(file, segment, start, request);
      if (!found) continue;
      const tracks = { video: own.video, audio: request.audio ? own.audio : null };
      return { request, segments: segments.slice(index), tracks, start, ...found };
    } finally {
      await file.close();
    }
  }
  throw new AppError('not-found', 'Nothing is recorded in this time.');
}

/** The key frame to begin with: with B frames one is shown later than it is decoded, and the frame of that time is of the group before. */
async function findStart(
  file: FileHandle,
  segment: SegmentRecord,
  fromEpochMs: number,
): Promise<SegmentKeyframe> {
  const at = keyframeAt(segment, fromEpochMs);
  const shownEpochMs = await firstShown(file, segment, at.offset);
  const before = segment.keyframes.findLast(({ time }) => time < at.time);
  return shownEpochMs !== null && shownEpochMs > fromEpochMs + HALF_MS && before ? before : at;
}

/** The frame shown at the time asked for, or the first one; null where none is in the range. */
async function findFirstFrame(
  file: FileHandle,
  segment: SegmentRecord,
  start: SegmentKeyframe,
  { fromEpochMs, toEpochMs }: ClipRequest,
): Promise<Pick<ClipOutline, 'shown' | 'opening'> | null> {
  let opening: OwnFragment[] | null = null;
  let shown: ClipOutline['shown'] | null = null;
  const range = { from: start.offset, to: segment.sizeBytes, reuse: true };
  for await (const { fragments } of readFragmentBlocks(file, range)) {
    opening ??= fragments;
    for (const fragment of fragments) {
      if (fragment.track === 'audio') continue;
      const decodedEpochMs = epochMsOf(segment, fragment.decodeTime);
      if (decodedEpochMs >= toEpochMs - HALF_MS) continue;
      if (shown && decodedEpochMs > fromEpochMs + REORDER_MS) return { shown, opening };
      const shownTime = fragment.decodeTime + fragment.compositionOffset;
      const ticks = shownTime - start.time;
      const epochMs = epochMsOf(segment, shownTime);
      if (!shown || (epochMs <= fromEpochMs + HALF_MS && ticks > shown.ticks))
        shown = { ticks, epochMs: Math.max(epochMs, fromEpochMs) };
    }
  }
  return shown && { shown, opening: opening ?? [] };
}
