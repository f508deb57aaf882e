/** What is recorded of a stream, closed and being written, in one ascending list; and reading frames out of it. */
import type { FileHandle } from 'node:fs/promises';
import type { StreamKind } from '../../shared/domain-storage.ts';
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
  /** Opens a segment's file. Throws AppError: `unavailable` while its drive is away, `not-found` when the file is gone. */
  open(segment: Pick<SegmentRecord, 'volumeId' | 'path'>): Promise<FileHandle>;
  /** Recording folders that are not there. */
  absent(): ReadonlyArray<{ id: number; path: string }>;
  listSegments(query: FootageQuery): SegmentRecord[];
  /**
   * Neighbours no further apart than `joinMs` belong together, whatever lies between them. Without it every segment is named, with its
   * recording folder.
   */
  listSpans(
    query: FootageQuery,
    joinMs?: number,
  ): Array<{ startEpochMs: number; durationMs: number; volumeId: number | null }>;
  /** Of the first segment at or after a time that does not lie in one of these recording folders. */
  nextStartEpochMs(
    cameraId: string,
    stream: StreamKind,
    afterEpochMs: number,
    exceptVolumeIds: readonly number[],
  ): number | null;
  bounds(of?: { cameraId: string; stream: StreamKind }): {
    earliestEpochMs: number | null;
    latestEpochMs: number | null;
  };
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

/**
 * Recorded spans in [from, to), ascending, those closer together than `joinMs` joined; read from the index alone. `isWanted` chooses by
 * the recording folder.
 */
export function listSpans(
  source: FootageSource,
  query: FootageQuery,
  joinMs: number,
  isWanted?: (volumeId: number) => boolean,
): EpochRange[] {
  const open = source.openSegments(query.cameraId, query.stream);
  const openStarts = new Set(open.map((segment) => segment.startEpochMs));
  const closed = source
    .listSpans(query, isWanted ? undefined : joinMs)
    .filter((span) => !openStarts.has(span.startEpochMs) && span.durationMs > 0);
  const ranges = [...closed, ...open]
    .filter(({ volumeId }) => !isWanted || volumeId === null || isWanted(volumeId))
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

/** Start of the first footage at or after a time that can be read now, what is being written included; null at the end of the archive. */
export function nextFootageEpochMs(
  source: FootageSource,
  cameraId: string,
  stream: StreamKind,
  afterEpochMs: number,
): number | null {
  const open = source.openSegments(cameraId, stream).find((segment) => segment.startEpochMs >= afterEpochMs);
  const closed = source.nextStartEpochMs(cameraId, stream, afterEpochMs, absentIds(source));
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

/** Segments of a range that can be read now, ascending: what lies on a drive that is away is left out. */
export function listReadable(source: FootageSource, query: FootageQuery): SegmentRecord[] {
  const absent = absentIds(source);
  return listFootage(source, query).filter(({ volumeId }) => !absent.includes(volumeId));
}

/** ftyp and moov of a segment. Throws AppError when the file is gone or damaged. */
export async function readSegmentInit(file: FileHandle): Promise<Buffer> {
  const init = await readInitSegment(file);
  if (!init) throw new AppError('not-found', 'This recording is damaged.');
  return init;
}

function absentIds(source: FootageSource): number[] {
  return source.absent().map(({ id }) => id);
}

function firstKeyframe(segment: SegmentRecord): SegmentKeyframe {
  return segment.keyframes[0] ?? { offset: segment.initBytes, time: 0 };
}
