/**
 * Plans clips: which samples of recorded fragments make a plain MP4, and where on its time line. It is cut at the key frame before the
 * time asked for, and an edit list hides what comes earlier. Times without footage inside are closed up: the picture goes on at the next
 * frame.
 */
import type { FileHandle } from 'node:fs/promises';
import { AppError } from '../../shared/errors.ts';
import { parseStreamTracks } from '../media/mp4/init-parser.ts';
import { type OwnFragment, readFragmentBlocks } from '../media/mp4/own-fragment.ts';
import type { ClipSample, ClipTrack } from '../media/mp4/progressive.ts';
import type { SegmentKeyframe, SegmentRecord } from '../media/segment.ts';
import type { ClipPart, ClipRequest, Tracks } from './clip-parts.ts';
import { firstShown, HALF_MS } from './first-shown.ts';
import { epochMsOf, type FootageSource, keyframeAt, readSegmentInit } from './footage.ts';

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
  let end = base;
  const add = (fragment: OwnFragment, position: number, decodeTime: number) =>
    samples.push({
      track: fragment.track,
      size: fragment.end - fragment.dataStart,
      decodeTime,
      duration: fragment.duration,
      compositionOffset: fragment.compositionOffset,
      keyframe: fragment.keyframe,
      segment: index,
      offset: position + fragment.dataStart,
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
      if (epochMsOf(segment, fragment.decodeTime) >= request.toEpochMs - HALF_MS) continue;
      const decodeTime = fragment.decodeTime - start.time + base;
      add(fragment, position, decodeTime);
      end = decodeTime + fragment.duration;
      const shownAt = decodeTime + fragment.compositionOffset;
      const shownEpochMs = epochMsOf(segment, fragment.decodeTime + fragment.compositionOffset);
      const isFirst =
        Number.isNaN(shown.from) || (shownEpochMs <= request.fromEpochMs + HALF_MS && shownAt > shown.from);
      if (isFirst) {
        shown.from = shownAt;
        shown.fromEpochMs = Math.max(shownEpochMs, request.fromEpochMs);
      }
      const leftTicks = ((request.toEpochMs - shownEpochMs) * videoScale) / 1000;
      if (shownEpochMs < request.toEpochMs - HALF_MS) {
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
