/**
 * Decides frame by frame what is in a clip, and where on its time line, and keeps its tables. Times without footage inside are closed up: the
 * picture goes on at the next frame.
 */
import { AppError } from '../../shared/errors.ts';
import type { EpochRange } from '../../shared/units.ts';
import type { OwnFragment } from '../media/mp4/own-fragment.ts';
import { bytesOf, type ClipLayout } from '../media/mp4/progressive.ts';
import { type Sample, SampleTables } from '../media/mp4/sample-tables.ts';
import { endOfSegment, type SegmentRecord } from '../media/segment.ts';
import type { ClipOutline } from './clip-outline.ts';
import { HOLE_MS } from './clip-parts.ts';
import { HALF_MS } from './first-shown.ts';
import { epochMsOf } from './footage.ts';

/** A file of this size and more needs offsets of 64 bits; some is left for its tables. */
const WIDE_BYTES = 0xf000_0000;
const ROOM_SPARE = 1.25;
/** More than what a moov is besides its tables. */
const HEADERS_BYTES = 4096;

export class ClipTally {
  /** Of what was taken. */
  dataBytes = 0;
  /** The clip may become larger than 4 GiB. */
  readonly wide: boolean;
  /** Capture time at which the last frame ends. */
  toEpochMs = 0;
  /** Capture times of the pictures taken, ascending: what lies between two spans is a hole. */
  readonly spans: EpochRange[] = [];
  private readonly outline: ClipOutline;
  private readonly video = new SampleTables();
  private readonly audio = new SampleTables();
  private segment: SegmentRecord;
  /** Decode time in the segment of what comes first in the clip. */
  private startTime: number;
  /** Where the segment begins on the clip's time line, and its last frame ends, in video ticks. */
  private base = 0;
  private end = 0;
  /** Where the last frame shown ends, in video ticks. */
  private shownTo = 0;
  private soundEnd = Number.NEGATIVE_INFINITY;
  /** Sound later than the picture so far. */
  private soundAhead: Array<{ sample: Sample; offset: number }> = [];

  constructor(outline: ClipOutline) {
    this.outline = outline;
    this.segment = outline.segments[0] as SegmentRecord;
    this.startTime = outline.start.time;
    this.wide = outline.segments.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) > WIDE_BYTES;
  }

  /** The fragments that follow are of another segment. */
  beginSegment(segment: SegmentRecord): void {
    if (segment === this.segment) return;
    this.segment = segment;
    this.startTime = 0;
    this.base = this.end;
  }

  /** Whether a frame is in the clip; its data is then appended to the clip's. */
  take(fragment: OwnFragment): boolean {
    const isTaken = fragment.track === 'video' ? this.takePicture(fragment) : this.takeSound(fragment);
    if (isTaken) this.dataBytes += fragment.end - fragment.dataStart;
    return isTaken;
  }

  /** When all were taken. Throws AppError (not-found) where there is no frame. */
  finish(): ClipLayout {
    if (this.shownTo === 0) throw new AppError('not-found', 'Nothing is recorded in this time.');
    const { video, audio } = this.outline.tracks;
    const [fromSeconds, toSeconds] = [this.fromSeconds, this.shownTo / video.timescale];
    const layout = {
      ...{ dataBytes: this.dataBytes, wide: this.wide },
      video: {
        ...{ timescale: video.timescale, sampleEntry: video.sampleEntry, tables: this.video },
        size: { width: video.width, height: video.height },
        edit: { startSeconds: fromSeconds, durationSeconds: toSeconds - fromSeconds, delaySeconds: 0 },
      },
    };
    if (!audio || this.audio.count === 0) return { ...layout, audio: null };
    const soundStart = this.audio.startTime / audio.timescale;
    const soundEnd = Math.min(toSeconds, this.audio.endTime / audio.timescale);
    const delaySeconds = Math.max(0, soundStart - fromSeconds);
    const edit = {
      startSeconds: Math.max(0, fromSeconds - soundStart),
      durationSeconds: Math.max(0, soundEnd - fromSeconds - delaySeconds),
      delaySeconds,
    };
    const { timescale, sampleEntry } = audio;
    return { ...layout, audio: { timescale, sampleEntry, size: null, edit, tables: this.audio } };
  }

  private get fromSeconds(): number {
    return this.outline.shown.ticks / this.outline.tracks.video.timescale;
  }

  private takePicture(fragment: OwnFragment): boolean {
    const { segment, base, startTime } = this;
    const { toEpochMs } = this.outline.request;
    if (epochMsOf(segment, fragment.decodeTime) >= toEpochMs - HALF_MS) return false;
    const decodeTime = fragment.decodeTime - startTime + base;
    this.video.add(sampleOf(fragment, decodeTime), this.dataBytes);
    this.end = decodeTime + fragment.duration;
    this.noteSpan(fragment);
    const shownEpochMs = epochMsOf(segment, fragment.decodeTime + fragment.compositionOffset);
    if (shownEpochMs < toEpochMs - HALF_MS) {
      // The last frame is shown only until the time asked for.
      const leftTicks = ((toEpochMs - shownEpochMs) * segment.videoTimescale) / 1000;
      const ticks = Math.min(fragment.duration, Math.round(leftTicks));
      this.shownTo = Math.max(this.shownTo, decodeTime + fragment.compositionOffset + ticks);
      this.toEpochMs = Math.max(this.toEpochMs, shownEpochMs + (ticks * 1000) / segment.videoTimescale);
      this.admitSound();
    }
    return true;
  }

  private noteSpan({ decodeTime, duration }: OwnFragment): void {
    const startEpochMs = epochMsOf(this.segment, decodeTime);
    const endEpochMs = epochMsOf(this.segment, decodeTime + duration);
    const last = this.spans.at(-1);
    if (last && startEpochMs - last.endEpochMs < HOLE_MS)
      last.endEpochMs = Math.max(last.endEpochMs, endEpochMs);
    else this.spans.push({ startEpochMs, endEpochMs });
  }

  /** From just before the first frame shown, since frames of AAC overlap; nothing twice where segments do. */
  private takeSound(fragment: OwnFragment): boolean {
    const { tracks, request } = this.outline;
    if (!tracks.audio) return false;
    const { timescale } = tracks.audio;
    if (epochMsOf(this.segment, fragment.decodeTime, timescale) >= request.toEpochMs) return false;
    const shift = Math.round(((this.base - this.startTime) * timescale) / tracks.video.timescale);
    const decodeTime = fragment.decodeTime + shift;
    const { duration } = fragment;
    if (decodeTime + 2 * duration <= this.fromSeconds * timescale) return false;
    if (decodeTime < this.soundEnd - duration / 2) return false;
    this.soundEnd = decodeTime + duration;
    this.soundAhead.push({ sample: sampleOf(fragment, decodeTime), offset: this.dataBytes });
    this.admitSound();
    return true;
  }

  /** Only sound beside the picture stands in the tables: where the picture ends first, the clip ends there. */
  private admitSound(): void {
    const { video, audio } = this.outline.tracks;
    const limit = (this.shownTo / video.timescale) * (audio?.timescale ?? 1);
    let admitted = 0;
    for (const { sample, offset } of this.soundAhead) {
      if (sample.decodeTime >= limit) break;
      this.audio.add(sample, offset);
      admitted++;
    }
    if (admitted > 0) this.soundAhead.splice(0, admitted);
  }
}

/** Bytes for a moov as it becomes when the clip goes on as it begins, and some more. */
export function roomForMoov({ opening, segments, tracks, request }: ClipOutline, wide: boolean): number {
  const tables = { video: new SampleTables(), audio: new SampleTables() };
  let dataBytes = 0;
  for (const fragment of opening) {
    if (!tracks[fragment.track]) continue;
    tables[fragment.track].add(sampleOf(fragment, fragment.decodeTime), dataBytes);
    dataBytes += fragment.end - fragment.dataStart;
  }
  const ticks = tables.video.endTime - tables.video.startTime;
  const lengthMs = segments.reduce((sum, segment) => {
    const from = Math.max(segment.startEpochMs, request.fromEpochMs);
    return sum + Math.max(0, Math.min(endOfSegment(segment), request.toEpochMs) - from);
  }, 0);
  const times = Math.max(1, (lengthMs * tracks.video.timescale) / (1000 * Math.max(1, ticks)));
  const tableBytes = bytesOf([...tables.video.build(0, wide), ...tables.audio.build(0, wide)]);
  return Math.ceil(tableBytes * times * ROOM_SPARE) + HEADERS_BYTES;
}

function sampleOf(fragment: OwnFragment, decodeTime: number): Sample {
  const { duration, compositionOffset, keyframe, dataStart, end } = fragment;
  return { size: end - dataStart, decodeTime, duration, compositionOffset, keyframe };
}
