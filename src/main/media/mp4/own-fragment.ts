/**
 * Reads files of fragments that FragmentMuxer made, quickly: their layout is fixed, so nothing is searched for.
 * What does not fit that layout ends the file: it is where a crash cut it off.
 */
import type { FileHandle } from 'node:fs/promises';
import { AUDIO_TRACK_ID, VIDEO_TRACK_ID } from '../fragment.ts';
import { readBox } from './boxes.ts';

/** One frame of a file. Offsets count from the start of the buffer that it was read from; times on its track's timescale. */
export interface OwnFragment {
  track: 'video' | 'audio';
  /** Of the moof. */
  start: number;
  tfdtOffset: number;
  dataStart: number;
  /** After the mdat. */
  end: number;
  decodeTime: number;
  duration: number;
  compositionOffset: number;
  keyframe: boolean;
}

const MOOF = tag('moof');
const TFDT = tag('tfdt');
const TRUN = tag('trun');
const MDAT = tag('mdat');
const VIDEO_MOOF_BYTES = 104;
const AUDIO_MOOF_BYTES = 96;
const NON_SYNC = 0x00010000;

/** Bytes from the start of a fragment that tell all of it but its data. */
export const HEAD_BYTES = VIDEO_MOOF_BYTES + 8;

/** The fragment at `at`; 'more' when it is not wholly in the buffer; null when there is none of ours. */
export function readOwnFragment(bytes: Buffer, at: number): OwnFragment | 'more' | null {
  const fragment = readFragmentHead(bytes, at, bytes.length);
  return fragment !== null && fragment !== 'more' && fragment.end > bytes.length ? 'more' : fragment;
}

/** The same of which only the head needs to lie before `limit`: `end` may be beyond it. */
export function readFragmentHead(bytes: Buffer, at: number, limit: number): OwnFragment | 'more' | null {
  if (at + AUDIO_MOOF_BYTES + 8 > limit) return 'more';
  const moofBytes = bytes.readUInt32BE(at);
  const trackId = bytes.readUInt32BE(at + 44);
  const track = trackId === VIDEO_TRACK_ID ? 'video' : trackId === AUDIO_TRACK_ID ? 'audio' : null;
  const fits =
    bytes.readUInt32BE(at + 4) === MOOF &&
    bytes.readUInt32BE(at + 52) === TFDT &&
    bytes.readUInt32BE(at + 72) === TRUN &&
    track !== null &&
    moofBytes === (track === 'video' ? VIDEO_MOOF_BYTES : AUDIO_MOOF_BYTES);
  if (!fits) return null;
  const mdat = at + moofBytes;
  if (mdat + 8 > limit) return 'more';
  const size = bytes.readUInt32BE(at + 92);
  if (bytes.readUInt32BE(mdat + 4) !== MDAT || bytes.readUInt32BE(mdat) !== size + 8) return null;
  return {
    track,
    start: at,
    tfdtOffset: at + 60,
    dataStart: mdat + 8,
    end: mdat + 8 + size,
    decodeTime: Number(bytes.readBigUInt64BE(at + 60)),
    duration: bytes.readUInt32BE(at + 88),
    compositionOffset: track === 'video' ? bytes.readInt32BE(at + 100) : 0,
    keyframe: track === 'audio' || (bytes.readUInt32BE(at + 96) & NON_SYNC) === 0,
  };
}

/** Whole fragments as they lie in the file, in one buffer that belongs to the reader (unless it asked for `reuse`). */
export interface FragmentBlock {
  bytes: Buffer;
  /** Offset of the buffer's first byte in the file. */
  position: number;
  fragments: OwnFragment[];
}

export interface ReadRange {
  /** Where a fragment begins. */
  from: number;
  /** Nothing at or beyond is read; default: the end of the file. */
  to?: number;
  blockBytes?: number;
  /** One buffer for all blocks: what is yielded is gone with the next block. For those who only look. */
  reuse?: boolean;
}

const BLOCK_BYTES = 1024 * 1024;
/** A frame larger than this is taken for damage. */
const MAX_FRAGMENT_BYTES = 64 * 1024 * 1024;

/** The whole fragments of a file from `from` on, block by block. Ends quietly where they end. */
export async function* readFragmentBlocks(file: FileHandle, range: ReadRange): AsyncGenerator<FragmentBlock> {
  const limit = Math.min(range.to ?? Number.POSITIVE_INFINITY, (await file.stat()).size);
  let want = range.blockBytes ?? BLOCK_BYTES;
  let position = range.from;
  let buffer: Buffer | null = null;
  while (position < limit) {
    const length = Math.min(want, limit - position);
    if (!range.reuse || !buffer || buffer.length < length) buffer = Buffer.allocUnsafeSlow(length);
    const { bytesRead } = await file.read(buffer, 0, length, position);
    const whole = buffer.subarray(0, bytesRead);
    const { fragments, more } = readOwnFragments(whole);
    const end = fragments.at(-1)?.end ?? 0;
    if (end > 0) {
      yield { bytes: whole.subarray(0, end), position, fragments };
      position += end;
      want = range.blockBytes ?? BLOCK_BYTES;
    } else if (more && position + bytesRead < limit && want < MAX_FRAGMENT_BYTES) {
      want *= 4;
      continue;
    }
    if (!more) return;
    if (end === 0) return;
  }
}

/** The init segment (ftyp and moov) at the start of a file, or null when it is not whole. */
export async function readInitSegment(file: FileHandle): Promise<Buffer | null> {
  const bytes = Buffer.alloc(64 * 1024);
  const { bytesRead } = await file.read(bytes, 0, bytes.length, 0);
  const ftyp = readBox(bytes, 0, bytesRead);
  if (ftyp?.type !== 'ftyp' || ftyp.end >= bytesRead) return null;
  const moov = readBox(bytes, ftyp.end, bytesRead);
  if (moov?.type !== 'moov' || moov.end > bytesRead) return null;
  return Buffer.from(bytes.subarray(0, moov.end));
}

function readOwnFragments(bytes: Buffer): { fragments: OwnFragment[]; more: boolean } {
  const fragments: OwnFragment[] = [];
  let at = 0;
  while (at < bytes.length) {
    const fragment = readOwnFragment(bytes, at);
    if (fragment === 'more') return { fragments, more: true };
    if (fragment === null) return { fragments, more: false };
    fragments.push(fragment);
    at = fragment.end;
  }
  return { fragments, more: true };
}

function tag(type: string): number {
  return Buffer.from(type, 'latin1').readUInt32BE(0);
}
