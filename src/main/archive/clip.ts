/**
 * Clips: one plain MP4 out of recorded fragments, nothing encoded anew. It shows exactly the frames asked for: it is cut at the key
 * frame before, and an edit list hides what comes earlier. Times without footage are closed up: the picture goes on at the next frame.
 * Where codec, size or parameters change inside the range, the export fails and says when, because few players follow such a change.
 */
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { AppError } from '../../shared/errors.ts';
import { type ParsedAudioTrack, type ParsedVideoTrack, parseStreamTracks } from '../media/mp4/init-parser.ts';
import { type OwnFragment, readFragmentBlocks } from '../media/mp4/own-fragment.ts';
import { buildProgressiveHead, type ClipSample, type ClipTrack } from '../media/mp4/progressive.ts';
import type { SegmentRecord } from '../media/segment.ts';
import { epochMsOf, type FootageSource, keyframeAt, listFootage, readSegmentInit } from './footage.ts';

export interface ClipRequest {
  cameraId: string;
  fromEpochMs: number;
  toEpochMs: number;
  audio: boolean;
}

/** A sample and where its bytes are. */
interface PlannedSample extends ClipSample {
  segment: number;
  offset: number;
}

interface ClipPlan {
  segments: SegmentRecord[];
  samples: PlannedSample[];
  video: ClipTrack;
  audio: ClipTrack | null;
}

/** Longest clip: its times then still fit 32 bits at 90 kHz. */
export const MAX_CLIP_MS = 12 * 3_600_000;
const READ_BYTES = 2 * 1024 * 1024;

/**
 * Writes a clip to `path` (as `path.partial` first, renamed when whole) and returns its size. `onProgress` gets 0..1;
 * `isPassing` files need not outlive a power cut.
 * Throws AppError: not-found where nothing is recorded, conflict where the picture's parameters change; the signal's reason when aborted.
 */
export async function writeClip(
  source: FootageSource,
  request: ClipRequest,
  path: string,
  options: { signal?: AbortSignal; onProgress?(progress: number): void; isPassing?: boolean } = {},
): Promise<number> {
  const plan = await planClip(source, request, options.signal);
  options.onProgress?.(0.2);
  const partial = `${path}.partial`;
  const out = await open(partial, 'w');
  try {
    const head = buildProgressiveHead(plan);
    await out.write(head);
    const total = plan.samples.reduce((sum, sample) => sum + sample.size, 0);
    await copySamples(source, plan, out, (done) => {
      options.signal?.throwIfAborted();
      options.onProgress?.(0.2 + (0.8 * done) / total);
    });
    if (!options.isPassing) await out.datasync();
    await out.close();
    await rename(partial, path);
    return head.length + total;
  } catch (error) {
    await out.close().catch(() => {}); // closed before, or the error that counts is under way
    await rm(partial, { force: true });
    throw error;
  }
}

async function planClip(
  source: FootageSource,
  request: ClipRequest,
  signal?: AbortSignal,
): Promise<ClipPlan> {
  const { cameraId, fromEpochMs, toEpochMs } = request;
  const segments = listFootage(source, { cameraId, stream: 'main', fromEpochMs, toEpochMs });
  const samples: PlannedSample[] = [];
  let tracks: { video: ParsedVideoTrack; audio: ParsedAudioTrack | null } | null = null;
  /** Where the next segment begins on the clip's time line, in video ticks. */
  let base = 0;
  const shown = { from: Number.NaN, to: 0 };
  for (const [index, segment] of segments.entries()) {
    signal?.throwIfAborted();
    const file = await source.open(segment);
    try {
      const own = parseStreamTracks(await readSegmentInit(file));
      tracks ??= { video: own.video, audio: request.audio ? own.audio : null };
      checkUnchanged(tracks, own, segment);
      const start = index === 0 ? keyframeAt(segment, fromEpochMs) : { offset: segment.initBytes, time: 0 };
      base = await planSegment({ file, index, segment, start, base, request, tracks, samples, shown });
    } finally {
      await file.close();
    }
  }
  if (!tracks || shown.to === 0) throw new AppError('not-found', 'Nothing is recorded in this time.');
  return {
    segments,
    ...layOut(tracks, samples, { from: Number.isNaN(shown.from) ? 0 : shown.from, to: shown.to }),
  };
}

interface SegmentJob {
  file: FileHandle;
  index: number;
  segment: SegmentRecord;
  start: { offset: number; time: number };
  base: number;
  request: ClipRequest;
  tracks: { video: ParsedVideoTrack; audio: ParsedAudioTrack | null };
  samples: PlannedSample[];
  /** Presentation time of the first frame asked for, and the end asked for, in video ticks of the clip. */
  shown: { from: number; to: number };
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
      if (isFirst) shown.from = shownAt;
      const leftTicks = ((request.toEpochMs - shownEpochMs) * videoScale) / 1000;
      if (shownEpochMs < request.toEpochMs - half) {
        // The last frame is shown only until the time asked for.
        shown.to = Math.max(shown.to, shownAt + Math.min(fragment.duration, Math.round(leftTicks)));
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
): Omit<ClipPlan, 'segments'> {
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

function checkUnchanged(
  tracks: SegmentJob['tracks'],
  own: SegmentJob['tracks'],
  segment: SegmentRecord,
): void {
  const at = new Date(segment.startEpochMs).toLocaleTimeString('en-GB');
  const isSame = (a: ParsedVideoTrack | ParsedAudioTrack, b: ParsedVideoTrack | ParsedAudioTrack) =>
    a.timescale === b.timescale && a.sampleEntry.equals(b.sampleEntry);
  if (!isSame(tracks.video, own.video)) {
    throw new AppError(
      'conflict',
      `The camera's picture settings changed at ${at}. Export the time before and after it separately.`,
    );
  }
  if (tracks.audio && own.audio && !isSame(tracks.audio, own.audio)) {
    throw new AppError(
      'conflict',
      `The camera's sound settings changed at ${at}. Export without sound, or before and after it separately.`,
    );
  }
}

/** Reads stretches of files and writes only the samples in them. */
async function copySamples(
  source: FootageSource,
  { segments, samples }: ClipPlan,
  out: FileHandle,
  onCopied: (bytes: number) => void,
): Promise<void> {
  // One is written while the other is read into.
  const buffers = [Buffer.allocUnsafeSlow(READ_BYTES), Buffer.allocUnsafeSlow(READ_BYTES)] as const;
  let turn: 0 | 1 = 0;
  let writing: Promise<void> = Promise.resolve();
  let copied = 0;
  for (let at = 0; at < samples.length; ) {
    const index = (samples[at] as PlannedSample).segment;
    const file = await source.open(segments[index] as SegmentRecord);
    try {
      while (samples[at]?.segment === index) {
        const stretch = takeStretch(samples, at);
        const first = stretch[0] as PlannedSample;
        const last = stretch.at(-1) as PlannedSample;
        const length = last.offset + last.size - first.offset;
        const buffer = buffers[turn];
        turn = turn === 0 ? 1 : 0;
        const bytes = length <= buffer.length ? buffer.subarray(0, length) : Buffer.allocUnsafeSlow(length);
        const { bytesRead } = await file.read(bytes, 0, length, first.offset);
        if (bytesRead < length)
          throw new AppError('unavailable', 'A recording changed while it was being exported.');
        let used = 0;
        for (const sample of stretch) {
          const start = sample.offset - first.offset;
          bytes.copyWithin(used, start, start + sample.size);
          used += sample.size;
        }
        await writing;
        writing = writeAll(out, bytes.subarray(0, used));
        writing.catch(() => {}); // thrown where it is awaited
        copied += used;
        at += stretch.length;
        onCopied(copied);
      }
    } finally {
      await file.close();
    }
  }
  await writing;
}

/** As many samples from `at` on, of one file, as one read takes; at least one. */
function takeStretch(samples: readonly PlannedSample[], at: number): PlannedSample[] {
  const first = samples[at] as PlannedSample;
  let end = at + 1;
  for (; end < samples.length; end++) {
    const sample = samples[end] as PlannedSample;
    if (sample.segment !== first.segment || sample.offset + sample.size - first.offset > READ_BYTES) break;
  }
  return samples.slice(at, end);
}

async function writeAll(file: FileHandle, bytes: Buffer): Promise<void> {
  for (let at = 0; at < bytes.length; ) at += (await file.write(bytes, at, bytes.length - at)).bytesWritten;
}
