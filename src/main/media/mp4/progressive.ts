/** A plain MP4 (no fragments): everything in it but the samples. The moov comes first, or last where too little room was kept for it. */
import { buildBox, buildFullBox, uint32, uint64, wrapBox } from './boxes.ts';
import { buildMovieHeader, buildTrack } from './init-segment.ts';
import type { SampleTables } from './sample-tables.ts';

export interface ClipTrack {
  timescale: number;
  sampleEntry: Buffer;
  /** Null for sound. */
  size: { width: number; height: number } | null;
  /** What is shown of the track, in seconds of its own time line; `delaySeconds` of nothing come before it. */
  edit: { startSeconds: number; durationSeconds: number; delaySeconds: number };
  tables: SampleTables;
}

export interface ClipLayout {
  video: ClipTrack;
  audio: ClipTrack | null;
  /** Of all samples, those included that no table names. */
  dataBytes: number;
  /** The file may become larger than 4 GiB. */
  wide: boolean;
}

const FTYP = buildBox('ftyp', Buffer.from('isom\0\0\x02\0isomiso2avc1mp41', 'latin1'));
const FREE_BYTES = 8;

/** Everything before the first byte of the first sample: ftyp, moov, and the head of mdat. */
export function buildProgressiveHead(layout: ClipLayout): Buffer[] {
  const mdat = mdatHead(layout);
  const moovBytes = bytesOf(buildMoov(layout, 0));
  return [FTYP, ...buildMoov(layout, FTYP.length + moovBytes + mdat.length), mdat];
}

/** Where the first sample goes in a file that keeps room for its moov. */
export function dataStartAfter(reservedBytes: number, wide: boolean): number {
  return FTYP.length + reservedBytes + mdatHeadBytes(wide);
}

/** What belongs before and after the samples of such a file once they are known; `after` is empty where the moov fits. */
export function buildAround(
  layout: ClipLayout,
  reservedBytes: number,
): { before: Buffer[]; after: Buffer[] } {
  const moov = buildMoov(layout, dataStartAfter(reservedBytes, layout.wide));
  const left = reservedBytes - bytesOf(moov);
  const fits = left === 0 || left >= FREE_BYTES;
  const room = fits ? left : reservedBytes;
  return {
    before: [FTYP, ...(fits ? moov : []), ...(room > 0 ? [freeBox(room)] : []), mdatHead(layout)],
    after: fits ? [] : moov,
  };
}

export function bytesOf(parts: readonly Buffer[]): number {
  return parts.reduce((sum, part) => sum + part.length, 0);
}

function freeBox(bytes: number): Buffer {
  return buildBox('free', Buffer.alloc(bytes - FREE_BYTES));
}

function mdatHeadBytes(wide: boolean): number {
  return wide ? 16 : 8;
}

function mdatHead({ dataBytes, wide }: ClipLayout): Buffer {
  const bytes = dataBytes + mdatHeadBytes(wide);
  const type = Buffer.from('mdat');
  return wide ? Buffer.concat([uint32(1), type, uint64(bytes)]) : Buffer.concat([uint32(bytes), type]);
}

function buildMoov({ video, audio, wide }: ClipLayout, dataStart: number): Buffer[] {
  const { timescale, edit } = video;
  const traks = [video, ...(audio ? [audio] : [])].map((track, index) =>
    buildClipTrack(index + 1, track, timescale, dataStart, wide),
  );
  const duration = Math.round((edit.delaySeconds + edit.durationSeconds) * timescale);
  return wrapBox('moov', buildMovieHeader(timescale, duration, 3), ...traks.flat());
}

function buildClipTrack(
  id: number,
  track: ClipTrack,
  movieTimescale: number,
  dataStart: number,
  wide: boolean,
): Buffer[] {
  const { tables } = track;
  const { startSeconds, durationSeconds, delaySeconds } = track.edit;
  const delay = Math.round(delaySeconds * movieTimescale);
  const duration = Math.round(durationSeconds * movieTimescale);
  const edits = [
    ...(delay > 0 ? [edit(delay, -1)] : []),
    edit(duration, Math.round(startSeconds * track.timescale)),
  ];
  return buildTrack({
    id,
    timescale: track.timescale,
    sampleEntries: [track.sampleEntry],
    size: track.size,
    movieDuration: delay + duration,
    mediaDuration: tables.endTime - tables.startTime,
    edits: buildBox('edts', buildFullBox('elst', 1, 0, uint32(edits.length), ...edits)),
    tables: tables.build(dataStart, wide),
  });
}

function edit(duration: number, mediaTime: number): Buffer {
  return Buffer.concat([uint64(duration), uint64(mediaTime), uint32(0x00010000)]);
}
