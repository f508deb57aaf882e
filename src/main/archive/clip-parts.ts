/** The parts that a range of recordings falls into, one file each: few players follow a change of codec, size or parameters within one. */
import { type ParsedAudioTrack, type ParsedVideoTrack, parseStreamTracks } from '../media/mp4/init-parser.ts';
import { endOfSegment, type SegmentRecord } from '../media/segment.ts';
import { firstShown, HALF_MS } from './first-shown.ts';
import { type FootageSource, listFootage, readSegmentInit } from './footage.ts';

export interface ClipRequest {
  cameraId: string;
  fromEpochMs: number;
  toEpochMs: number;
  audio: boolean;
}

/** When a range becomes several clips, besides changes of the picture or the sound. All borders are key frames. */
export interface PartLimits {
  /** A hole longer than this, or as much of short ones together; default: holes are closed up. */
  holeMs?: number;
  /** No part becomes much longer; default: MAX_CLIP_MS. */
  maxMs?: number;
  /** No part becomes larger. */
  maxBytes?: number;
  /** A part goes on where sound ends or begins, with silence instead. */
  bearsSilence?: boolean;
}

export interface Tracks {
  video: ParsedVideoTrack;
  audio: ParsedAudioTrack | null;
}

/** Segments that make one clip together, and why the next ones do not. */
export interface ClipPart {
  segments: SegmentRecord[];
  endsBecause: 'picture' | 'sound' | 'limit' | null;
}

/** Longest clip in one file: its times then still fit 32 bits at 90 kHz. */
export const MAX_CLIP_MS = 12 * 3_600_000;
/** Shorter holes are borders of recordings and corrections of a clock, and no time that is missing. */
export const HOLE_MS = 500;
/** B frames are shown at most so much later than they are decoded. */
export const REORDER_MS = 1000;
/** Segments no further apart follow each other without a hole. */
const JOINED_MS = 200;
/** Tables and sizes of an MP4 beside its samples. */
const OVERHEAD = 1.02;

/** The parts that a range falls into, ascending; none where nothing is recorded. Throws AppError where a file is away or gone. */
export async function listParts(
  source: FootageSource,
  request: ClipRequest,
  limits: PartLimits = {},
  signal?: AbortSignal,
): Promise<ClipPart[]> {
  const { maxMs = MAX_CLIP_MS, holeMs, maxBytes } = limits;
  const parts: ClipPart[] = [];
  let before: Tracks | null = null;
  let [sumMs, sumBytes] = [0, 0];
  const segments = listFootage(source, { ...request, stream: 'main' });
  const lead = segments[0] && (await findLead(source, request, segments[0]));
  for (const segment of lead ? [lead, ...segments] : segments) {
    signal?.throwIfAborted();
    const own = await readTracks(source, segment, request.audio);
    const tracks: Tracks = limits.bearsSilence ? { ...own, audio: own.audio ?? before?.audio ?? null } : own;
    const last = parts.at(-1);
    const lengthMs = endOfSegment(segment) - (last?.segments[0]?.startEpochMs ?? segment.startEpochMs);
    const isFull =
      lengthMs > maxMs ||
      (holeMs !== undefined && lengthMs - segment.durationMs - sumMs > holeMs) ||
      (maxBytes !== undefined && (sumBytes + segment.sizeBytes) * OVERHEAD > maxBytes);
    const change =
      (before && changeBetween(before, tracks, limits.bearsSilence)) ?? (isFull ? 'limit' : null);
    before = tracks;
    if (!last || change) {
      if (last) last.endsBecause = change;
      parts.push({ segments: [segment], endsBecause: null });
      [sumMs, sumBytes] = [segment.durationMs, segment.sizeBytes];
    } else {
      last.segments.push(segment);
      sumMs += segment.durationMs;
      sumBytes += segment.sizeBytes;
    }
  }
  return parts;
}

/** The segment before the first one, where the frame of the time asked for is the last of that, since the first is shown later. */
async function findLead(
  source: FootageSource,
  request: ClipRequest,
  first: SegmentRecord,
): Promise<SegmentRecord | null> {
  const { cameraId, fromEpochMs } = request;
  if (fromEpochMs < first.startEpochMs || fromEpochMs > first.startEpochMs + REORDER_MS) return null;
  const file = await source.open(first);
  const shownEpochMs = await firstShown(file, first, first.initBytes).finally(() => file.close());
  if (shownEpochMs === null || shownEpochMs <= fromEpochMs + HALF_MS) return null;
  const range = { fromEpochMs: first.startEpochMs - JOINED_MS, toEpochMs: first.startEpochMs };
  const before = listFootage(source, { cameraId, stream: 'main', ...range }).at(-1);
  if (!before) return null;
  const [own, other] = [
    await readTracks(source, first, request.audio),
    await readTracks(source, before, request.audio),
  ];
  return changeBetween(other, own) === null ? before : null;
}

async function readTracks(source: FootageSource, segment: SegmentRecord, audio: boolean): Promise<Tracks> {
  const file = await source.open(segment);
  try {
    const own = parseStreamTracks(await readSegmentInit(file));
    return { video: own.video, audio: audio ? own.audio : null };
  } finally {
    await file.close();
  }
}

function changeBetween(a: Tracks, b: Tracks, bearsSilence = false): 'picture' | 'sound' | null {
  const isSame = (one: ParsedVideoTrack | ParsedAudioTrack, other: ParsedVideoTrack | ParsedAudioTrack) =>
    one.timescale === other.timescale && one.sampleEntry.equals(other.sampleEntry);
  if (!isSame(a.video, b.video)) return 'picture';
  if (a.audio === null || b.audio === null) return bearsSilence || a.audio === b.audio ? null : 'sound';
  return isSame(a.audio, b.audio) ? null : 'sound';
}
