/**
 * Plans clips: which samples of recorded fragments make a plain MP4, and where on its time line. It is cut at the key frame before the
 * time asked for, and an edit list hides what comes earlier. Times without footage inside are closed up: the picture goes on at the next
 * frame. A range is one clip as long as codec, size and parameters stay the same; few players follow a change.
 */
import type { FileHandle } from 'node:fs/promises';
import { AppError } from '../../shared/errors.ts';
import { type ParsedAudioTrack, type ParsedVideoTrack, parseStreamTracks } from '../media/mp4/init-parser.ts';
import { type OwnFragment, readFragmentBlocks } from '../media/mp4/own-fragment.ts';
import type { ClipSample, ClipTrack } from '../media/mp4/progressive.ts';
import { endOfSegment, type SegmentKeyframe, type SegmentRecord } from '../media/segment.ts';
import { epochMsOf, type FootageSource, keyframeAt, listFootage, readSegmentInit } from './footage.ts';

export interface ClipRequest {
  cameraId: string;
  fromEpochMs: number;
  toEpochMs: number;
  audio: boolean;
}

/** A sample and where its bytes are. */
export interface PlannedSample extends ClipSample {
  segment: number;
  offset: number;
}

export interface ClipPlan {
  segments: readonly SegmentRecord[];
  samples: PlannedSample[];
  video: ClipTrack;
  audio: ClipTrack | null;
  /** Capture time of the first frame shown, and where the last one ends. */
  fromEpochMs: number;
  toEpochMs: number;
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

interface Tracks {
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
  for (const segment of listFootage(source, { ...request, stream: 'main' })) {
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

/** Plans one part. Throws AppError (not-found) where none of its frames are in the range. */
export async function planClip(
  source: FootageSource,
  request: ClipRequest,
  { segments }: Pick<ClipPart, 'segments'>,
  signal?: AbortSignal,
): Promise<ClipPlan> {
  const samples: PlannedSample[] = [];
  let tracks: Tracks | null = null;
  /** Where the next segment begins on the clip's time line, in video ticks. */
  let base = 0;
  const shown = { from: Number.NaN, to: 0, fromEpochMs: 0, toEpochMs: 0 };
  for (const [index, segment] of segments.entries()) {
    signal?.throwIfAborted();
    const file = await source.open(segment);
    try {
      if (!tracks) {
        const own = parseStreamTracks(await readSegmentInit(file));
        tracks = { video: own.video, audio: request.audio ? own.audio : null };
      }
      const start =
        index === 0
          ? await findStart(file, segment, request.fromEpochMs)
          : { offset: segment.initBytes, time: 0 };
      base = await planSegment({ file, index, segment, start, base, request, tracks, samples, shown });
    } finally {
      await file.close();
    }
  }
  if (!tracks || shown.to === 0) throw new AppError('not-found', 'Nothing is recorded in this time.');
  const { fromEpochMs, toEpochMs } = shown;
  return {
    ...{ segments, fromEpochMs, toEpochMs },
    ...layOut(tracks, samples, { from: Number.isNaN(shown.from) ? 0 : shown.from, to: shown.to }),
  };
}

/**
 * The key frame to begin with. With B frames it is shown later than it is decoded: where that is after the time asked for, the frame of
 * that time belongs to the group before, unless that is another segment's.
 */
async function findStart(
  file: FileHandle,
  segment: SegmentRecord,
  fromEpochMs: number,
): Promise<SegmentKeyframe> {
  const at = keyframeAt(segment, fromEpochMs);
  for await (const { fragments } of readFragmentBlocks(file, { from: at.offset, to: segment.sizeBytes })) {
    const first = fragments.find(({ track }) => track === 'video');
    if (!first) continue;
    const shownEpochMs = epochMsOf(segment, first.decodeTime + first.compositionOffset);
    const before = segment.keyframes.findLast(({ time }) => time < at.time);
    return shownEpochMs > fromEpochMs + 0.5 && before ? before : at;
  }
  return at;
}

interface SegmentJob {
  file: FileHandle;
  index: number;
  segment: SegmentRecord;
  start: { offset: number; time: number };
  base: number;
  request: ClipRequest;
  tracks: Tracks;
  samples: PlannedSample[];
  /** Presentation time of the first frame asked for, and the end asked for, in video ticks of the clip and as wall-clock times. */
  shown: { from: number; to: number; fromEpochMs: number; toEpochMs: number };
}

/** Adds a segment's samples; returns where the next one begins. */
async function planSegment(job: SegmentJob): Promise<number> {
  const { file, index, segment, start, base, request, tracks, samples, shown } = job;
  const videoScale = tracks.video.timescale;
  const audioScale = tracks.audio?.timescale ?? 1;
  const audioShift = Math.round(((base - start.time) * audioScale) / videoScale);
  const half = 0.5; // times asked for are whole milliseconds, ticks are finer
  let end = base;
  const add = (fragment: OwnFragment, position: number, decodeTime: number) =>
    samples.push({
      ...{
        track: fragment.track,
        size: fragment.end - fragment.dataStart,
        decodeTime,
        duration: fragment.duration,
      },
      ...{ compositionOffset: fragment.compositionOffset, keyframe: fragment.keyframe },
      ...{ segment: index, offset: position + fragment.dataStart },
    });
  for await (const { fragments, position } of readFragmentBlocks(file, {
    from: start.offset,
    to: segment.sizeBytes,
    reuse: true,
  })) {
    for (const fragment of fragments) {
      if (fragment.track === 'audio') {
        if (tracks.audio && epochMsOf(segment, fragment.decodeTime, audioScale) < request.toEpochMs)
          add(fragment, position, fragment.decodeTime + audioShift);
        continue;
      }
      if (epochMsOf(segment, fragment.decodeTime) >= request.toEpochMs - half) continue;
      const decodeTime = fragment.decodeTime - start.time + base;
      add(fragment, position, decodeTime);
      end = decodeTime + fragment.duration;
      const shownAt = decodeTime + fragment.compositionOffset;
      const shownEpochMs = epochMsOf(segment, fragment.decodeTime + fragment.compositionOffset);
      const isFirst =
        Number.isNaN(shown.from) || (shownEpochMs <= request.fromEpochMs + half && shownAt > shown.from);
      if (isFirst) {
        shown.from = shownAt;
        shown.fromEpochMs = Math.max(shownEpochMs, request.fromEpochMs);
      }
      const leftTicks = ((request.toEpochMs - shownEpochMs) * videoScale) / 1000;
      if (shownEpochMs < request.toEpochMs - half) {
        // The last frame is shown only until the time asked for.
        const ticks = Math.min(fragment.duration, Math.round(leftTicks));
        shown.to = Math.max(shown.to, shownAt + ticks);
        shown.toEpochMs = Math.max(shown.toEpochMs, shownEpochMs + (ticks * 1000) / videoScale);
      }
    }
  }
  return end;
}

/** Sound from just before the first frame shown; both tracks show the same stretch of time. */
function layOut(
  tracks: SegmentJob['tracks'],
  planned: readonly PlannedSample[],
  shown: { from: number; to: number },
): Pick<ClipPlan, 'samples' | 'video' | 'audio'> {
  const { video, audio } = tracks;
  const [fromSeconds, toSeconds] = [shown.from / video.timescale, shown.to / video.timescale];
  let audioEnd = Number.NEGATIVE_INFINITY;
  const samples = planned.filter((sample) => {
    if (sample.track === 'video') return true;
    if (!audio || sample.decodeTime + 2 * sample.duration <= fromSeconds * audio.timescale) return false; // one frame before: AAC overlaps
    if (
      sample.decodeTime >= toSeconds * audio.timescale ||
      sample.decodeTime < audioEnd - sample.duration / 2
    )
      return false;
    audioEnd = sample.decodeTime + sample.duration;
    return true;
  });
  const sounds = samples.filter((sample) => sample.track === 'audio');
  const firstSound = sounds[0];
  const clip = {
    samples,
    video: {
      ...{
        timescale: video.timescale,
        sampleEntry: video.sampleEntry,
        size: { width: video.width, height: video.height },
      },
      edit: { startSeconds: fromSeconds, durationSeconds: toSeconds - fromSeconds, delaySeconds: 0 },
    },
  };
  if (!audio || !firstSound) return { ...clip, audio: null };
  const soundStart = firstSound.decodeTime / audio.timescale;
  const soundEnd = Math.min(toSeconds, audioEnd / audio.timescale);
  const delaySeconds = Math.max(0, soundStart - fromSeconds);
  const edit = {
    startSeconds: Math.max(0, fromSeconds - soundStart),
    durationSeconds: Math.max(0, soundEnd - fromSeconds - delaySeconds),
    delaySeconds,
  };
  return { ...clip, audio: { timescale: audio.timescale, sampleEntry: audio.sampleEntry, size: null, edit } };
}
