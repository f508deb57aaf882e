/** What is recorded of a stream, closed and being written, in one ascending list; and reading frames out of it. */
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import type { StreamKind } from '../../shared/domain.ts';
import { AppError } from '../../shared/errors.ts';
import type { EpochRange } from '../../shared/units.ts';
import { readInitSegment } from '../media/mp4/own-fragment.ts';
import { endOfSegment, type SegmentKeyframe, type SegmentRecord } from '../media/segment.ts';

export interface FootageQuery {
  cameraId: string;
  stream: StreamKind;
  fromEpochMs: number;
  toEpochMs: number;
}

/** What the archive needs of index, ledger and recorder. */
export interface FootageSource {
  /** The recordings folder. */
  root: string;
  listSegments(query: FootageQuery): SegmentRecord[];
  /** Neighbours no further apart than `joinMs` belong together, whatever lies between them. */
  listSpans(query: FootageQuery, joinMs?: number): Array<{ startEpochMs: number; durationMs: number }>;
  nextStartEpochMs(cameraId: string, stream: StreamKind, afterEpochMs: number): number | null;
  bounds(): { earliestEpochMs: number | null; latestEpochMs: number | null };
  /** Being written, up to the last frame on disk; ascending. */
  openSegments(cameraId: string, stream: StreamKind): SegmentRecord[];
}

/** Segments with at least one frame in [from, to), ascending; what is being written as far as it is on disk. */
export function listFootage(source: FootageSource, query: FootageQuery): SegmentRecord[] {
  const closed = source.listSegments(query).filter((segment) => segment.closed);
  const open = source.openSegments(query.cameraId, query.stream);
  return [
    ...closed,
    ...open.filter((segment) => !closed.some((other) => other.path === segment.path)),
  ].filter((segment) => segment.startEpochMs < query.toEpochMs && endOfSegment(segment) > query.fromEpochMs);
}

/** Recorded spans in [from, to), ascending, those closer together than `joinMs` joined; read from the index alone. */
export function listSpans(source: FootageSource, query: FootageQuery, joinMs: number): EpochRange[] {
  const open = source.openSegments(query.cameraId, query.stream);
  const openStarts = new Set(open.map((segment) => segment.startEpochMs));
  const closed = source
    .listSpans(query, joinMs)
    .filter((span) => !openStarts.has(span.startEpochMs) && span.durationMs > 0);
  const ranges = [...closed, ...open]
    .map((span) => ({
      startEpochMs: Math.max(span.startEpochMs, query.fromEpochMs),
      endEpochMs: Math.min(span.startEpochMs + span.durationMs, query.toEpochMs),
    }))
    .filter((range) => range.endEpochMs > range.startEpochMs);
  return joinRanges(ranges, joinMs);
}

/** Ascending ranges with holes up to `joinMs` closed. */
export function joinRanges(ranges: readonly EpochRange[], joinMs: number): EpochRange[] {
  const joined: EpochRange[] = [];
  for (const range of ranges) {
    const last = joined.at(-1);
    if (last && range.startEpochMs - last.endEpochMs <= joinMs)
      last.endEpochMs = Math.max(last.endEpochMs, range.endEpochMs);
    else joined.push({ ...range });
  }
  return joined;
}

/** Start of the first footage at or after a time, what is being written included; null at the end of the archive. */
export function nextFootageEpochMs(
  source: FootageSource,
  cameraId: string,
  stream: StreamKind,
  afterEpochMs: number,
): number | null {
  const open = source.openSegments(cameraId, stream).find((segment) => segment.startEpochMs >= afterEpochMs);
  const closed = source.nextStartEpochMs(cameraId, stream, afterEpochMs);
  if (closed === null || open === undefined) return closed ?? open?.startEpochMs ?? null;
  return Math.min(closed, open.startEpochMs);
}

/** The last key frame at or before a time; the first one where the time is before it. */
export function keyframeAt(segment: SegmentRecord, epochMs: number): SegmentKeyframe {
  const ticks = ((epochMs - segment.startEpochMs) * segment.videoTimescale) / 1000;
  // Half a millisecond of grace: times travel as whole milliseconds, ticks are finer.
  const grace = segment.videoTimescale / 2000;
  return segment.keyframes.findLast((keyframe) => keyframe.time <= ticks + grace) ?? firstKeyframe(segment);
}

/** Wall-clock time of a decode time in a segment. */
export function epochMsOf(segment: SegmentRecord, ticks: number, timescale = segment.videoTimescale): number {
  return segment.startEpochMs + (ticks * 1000) / timescale;
}

/** Opens a segment's file for reading. Throws AppError (not-found) when it is gone, as when retention was quicker. */
export async function openSegment(root: string, segment: Pick<SegmentRecord, 'path'>): Promise<FileHandle> {
  try {
    return await open(join(root, segment.path), 'r');
  } catch (cause) {
    throw new AppError('not-found', 'This recording is no longer there.', { cause });
  }
}

/** ftyp and moov of a segment. Throws AppError when the file is gone or damaged. */
export async function readSegmentInit(file: FileHandle): Promise<Buffer> {
  const init = await readInitSegment(file);
  if (!init) throw new AppError('not-found', 'This recording is damaged.');
  return init;
}

function firstKeyframe(segment: SegmentRecord): SegmentKeyframe {
  return segment.keyframes[0] ?? { offset: segment.initBytes, time: 0 };
}
