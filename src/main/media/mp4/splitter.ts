/**
 * Any fragmented MP4, arriving in pieces (ffmpeg on a pipe), → descriptions and one fragment per frame, muxed anew by
 * FragmentMuxer so that everything behind sees one shape. Times are not invented: the caller says when a frame was captured.
 */
import { AppError } from '../../../shared/errors.ts';
import type { Fragment, StreamDescription } from '../fragment.ts';
import { damaged, readBox } from './boxes.ts';
import { type FragmentSample, parseMoof, type TrackRun } from './fragment-parser.ts';
import {
  type ParsedAudioTrack,
  type ParsedInitTrack,
  type ParsedVideoTrack,
  parseInitTracks,
} from './init-parser.ts';
import { FragmentMuxer, isParameterSet, sameParameterSets } from './muxer.ts';

export interface SplitterOptions {
  /** Wall-clock time of a decode time, in ms since 1970; `seconds` counts from the start of the stream. Called in order of arrival. */
  captureEpochMs(seconds: number, track: 'video' | 'audio'): number;
  /** Whether sound is handed on; default true. */
  audio?: boolean;
  stream(description: StreamDescription): void;
  fragment(fragment: Fragment): void;
}

/** A box longer than this is not from a live stream: refused, so that a broken stream cannot fill the memory. */
export const MAX_BOX_BYTES = 64 * 1024 * 1024;

/** Push-style splitter. `push` throws AppError for damaged data and for streams without H.264 or H.265 video. */
export class FragmentedMp4Splitter {
  private readonly options: SplitterOptions;
  private chunks: Buffer[] = [];
  private buffered = 0;
  private wanted = 8;
  private position = 0;
  private tracks: ParsedInitTrack[] = [];
  private moof: { bytes: Buffer; runs: TrackRun[]; position: number } | null = null;
  private remuxer: Remuxer | null = null;

  constructor(options: SplitterOptions) {
    this.options = options;
  }

  /** Takes over the chunk. */
  push(chunk: Buffer): void {
    this.chunks.push(chunk);
    this.buffered += chunk.length;
    while (this.buffered >= this.wanted) {
      const bytes =
        this.chunks.length === 1 ? (this.chunks[0] as Buffer) : Buffer.concat(this.chunks, this.buffered);
      const used = this.takeBoxes(bytes);
      this.position += used;
      this.buffered = bytes.length - used;
      this.chunks = this.buffered > 0 ? [bytes.subarray(used)] : [];
      if (used === 0) break;
    }
  }

  /** Handles every whole box; returns the bytes used and notes how many are wanted before it is worth looking again. */
  private takeBoxes(bytes: Buffer): number {
    let at = 0;
    for (;;) {
      const box = readBox(bytes, at, bytes.length);
      if (!box) {
        this.wanted = at + 16 > bytes.length + 8 ? 8 : 16;
        return at;
      }
      if (box.end - box.start > MAX_BOX_BYTES) throw damaged(`a box of ${box.end - box.start} bytes`);
      if (box.end > bytes.length) {
        this.wanted = box.end - at;
        return at;
      }
      this.takeBox(bytes, box.type, box.start, box.end);
      at = box.end;
      this.wanted = 8;
    }
  }

  private takeBox(bytes: Buffer, type: string, start: number, end: number): void {
    if (type === 'moov') {
      this.tracks = parseInitTracks(bytes.subarray(start, end));
      this.remuxer = new Remuxer(this.tracks, this.options);
    } else if (type === 'moof') {
      const moof = Buffer.from(bytes.subarray(start, end));
      const position = this.position + start;
      this.moof = { bytes: moof, runs: parseMoof(moof, 0, (id) => this.defaultsOf(id), position), position };
    } else if (type === 'mdat' && this.moof) {
      const mdatPosition = this.position + start;
      this.remuxer?.take(this.moof.runs, bytes.subarray(start, end), mdatPosition - this.moof.position);
      this.moof = null;
    }
  }

  private defaultsOf(trackId: number) {
    return (
      this.tracks.find((track) => track.trackId === trackId)?.defaults ?? { duration: 0, size: 0, flags: 0 }
    );
  }
}

/** Feeds a byte stream through a splitter until it ends. */
export async function parseFragmentedMp4(
  bytes: AsyncIterable<Buffer>,
  options: SplitterOptions,
): Promise<void> {
  const splitter = new FragmentedMp4Splitter(options);
  for await (const chunk of bytes) splitter.push(chunk);
}

/** The frames of one moov's tracks through our muxer; a change of parameter sets inside the stream makes a new description. */
class Remuxer {
  private readonly options: SplitterOptions;
  private readonly video: ParsedVideoTrack;
  private readonly audio: ParsedAudioTrack | null;
  /** Edit lists become a shift of the sound, never a negative time. */
  private readonly audioShift: number;
  private muxer: FragmentMuxer;
  private parameterSets: Buffer[];
  private pictureEnd = 0;
  private pictureDuration = 0;

  constructor(tracks: readonly ParsedInitTrack[], options: SplitterOptions) {
    const video = tracks.find((track) => track.kind === 'video');
    if (!video) {
      const found = tracks.find((track) => track.kind === 'other' && track.handler === 'vide');
      const codec =
        found?.kind === 'other' ? `the video codec ${found.sampleEntryType}` : 'a stream without video';
      throw new AppError('invalid-input', `Only H.264 and H.265 video can be recorded, not ${codec}.`);
    }
    this.options = options;
    this.video = video;
    const audio = options.audio === false ? undefined : tracks.find((track) => track.kind === 'audio');
    this.audio = audio ?? null;
    this.audioShift = audio
      ? Math.round((audio.editShiftSeconds - video.editShiftSeconds) * audio.timescale)
      : 0;
    this.parameterSets = video.parameterSets;
    this.muxer = this.open();
  }

  /** `mdat` is the whole box; `mdatOffset` its place after the start of its moof. */
  take(runs: readonly TrackRun[], mdat: Buffer, mdatOffset: number): void {
    for (const run of runs) {
      for (const sample of run.samples) {
        const start = sample.offset - mdatOffset;
        if (start < 8 || start + sample.size > mdat.length) throw damaged('a sample outside its mdat box');
        const data = mdat.subarray(start, start + sample.size);
        if (run.trackId === this.video.trackId) this.takePicture(sample, data);
        else if (run.trackId === this.audio?.trackId) this.takeSound(this.audio, sample, data);
      }
    }
  }

  private open(): FragmentMuxer {
    const { codec, timescale } = this.video;
    const audio = this.audio && { config: this.audio.config, timescale: this.audio.timescale };
    const muxer = new FragmentMuxer({ codec, parameterSets: this.parameterSets, timescale }, audio);
    this.options.stream(muxer.description);
    return muxer;
  }

  private takePicture(sample: FragmentSample, data: Buffer): void {
    const nalus = splitNalus(data, this.video.lengthSize);
    if (sample.keyframe) this.noteParameterSets(nalus);
    const { decodeTime, duration } = this.planTime(sample);
    this.pictureEnd = decodeTime + duration;
    this.pictureDuration = duration;
    const captureEpochMs = this.options.captureEpochMs(decodeTime / this.video.timescale, 'video');
    this.options.fragment(this.muxer.video({ ...sample, decodeTime, duration, nalus, captureEpochMs }));
  }

  /** ffmpeg, where it does not know the next frame yet, gives a frame no duration and the time of its end instead of its start. */
  private planTime({ decodeTime, duration }: FragmentSample): { decodeTime: number; duration: number } {
    if (duration > 0) return { decodeTime, duration };
    const missing = decodeTime - this.pictureEnd;
    if (this.pictureDuration > 0 && missing > 0 && missing <= this.pictureDuration * 1.5) {
      return { decodeTime: this.pictureEnd, duration: missing };
    }
    return { decodeTime, duration: this.pictureDuration };
  }

  private takeSound(audio: ParsedAudioTrack, sample: FragmentSample, data: Buffer): void {
    const decodeTime = sample.decodeTime + this.audioShift;
    if (decodeTime < 0) return; // the encoder's priming, which an edit list cuts off
    const captureEpochMs = this.options.captureEpochMs(decodeTime / audio.timescale, 'audio');
    this.options.fragment(this.muxer.audio({ data, decodeTime, duration: sample.duration, captureEpochMs }));
  }

  private noteParameterSets(nalus: readonly Buffer[]): void {
    const inBand = nalus.filter((nalu) => isParameterSet(this.video.codec, nalu));
    const known = inBand.every((nalu) => this.parameterSets.some((other) => other.equals(nalu)));
    const distinct = inBand.filter(
      (nalu, index) => inBand.findIndex((other) => other.equals(nalu)) === index,
    );
    if (known || sameParameterSets(distinct, this.parameterSets)) return;
    // A changed set replaces those of its type; the other types stay as they were.
    const changedTypes = new Set(distinct.map((nalu) => nalu[0]));
    this.parameterSets = [
      ...this.parameterSets.filter((nalu) => !changedTypes.has(nalu[0])),
      ...distinct.map((nalu) => Buffer.from(nalu)),
    ];
    this.muxer = this.open();
  }
}

/** The NAL units of a sample with length fields, as views. Throws AppError when a length reaches beyond. */
export function splitNalus(sample: Buffer, lengthSize: number): Buffer[] {
  const nalus: Buffer[] = [];
  for (let at = 0; at < sample.length; ) {
    if (at + lengthSize > sample.length) throw damaged('a frame ends early');
    const length = sample.readUIntBE(at, lengthSize);
    at += lengthSize;
    if (at + length > sample.length) throw damaged('a frame ends early');
    if (length > 0) nalus.push(sample.subarray(at, at + length));
    at += length;
  }
  return nalus;
}
