/** Writes clips: one plain MP4 out of recorded fragments, nothing encoded anew. What is in it `clip-tally.ts` decides. */
import { createHash } from 'node:crypto';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { AppError } from '../../shared/errors.ts';
import type { EpochRange } from '../../shared/units.ts';
import {
  buildAround,
  buildProgressiveHead,
  bytesOf,
  type ClipLayout,
  dataStartAfter,
} from '../media/mp4/progressive.ts';
import type { SegmentRecord } from '../media/segment.ts';
import { type ClipOutline, outlineClip } from './clip-outline.ts';
import { type ClipRequest, listParts } from './clip-parts.ts';
import { readSamples } from './clip-samples.ts';
import { ClipTally, roomForMoov } from './clip-tally.ts';
import type { FootageSource } from './footage.ts';

export interface WriteOptions {
  signal?: AbortSignal;
  /** Awaited between reads: resolves at once, or when it may go on. */
  gate?(): Promise<void>;
  /** Bytes of the file so far. */
  onWritten?(bytes: number): void;
  /** It need not outlive a power cut. */
  isPassing?: boolean;
  /** The digest is wanted. */
  hash?: boolean;
}

export interface WrittenFile {
  sizeBytes: number;
  /** Lower-case hex; empty when not asked for. */
  sha256: string;
}

/** What a clip turned out to show. */
export interface ClipFacts {
  /** Capture time of the first frame shown, and where the last one ends. */
  fromEpochMs: number;
  toEpochMs: number;
  hasSound: boolean;
  /** Capture times within, ascending: the clip closes up what lies between two of them. */
  spans: EpochRange[];
}

/** A clip whose tables are known before it is written. */
export interface ClipPlan {
  outline: ClipOutline;
  layout: ClipLayout;
  toEpochMs: number;
  /** As the tally has them: also of pictures before the first one shown. */
  spans: readonly EpochRange[];
}

/**
 * Writes a range as one clip to `path` (as `path.partial` first, renamed when whole) and returns its size.
 * Throws AppError: not-found where nothing is recorded, conflict where the picture's parameters change; the signal's reason when aborted.
 */
export async function writeClip(
  source: FootageSource,
  request: ClipRequest,
  path: string,
  options: WriteOptions = {},
): Promise<number> {
  const [part, next] = await listParts(
    source,
    request,
    { maxMs: Number.POSITIVE_INFINITY, bearsSilence: true },
    options.signal,
  );
  if (!part) throw new AppError('not-found', 'Nothing is recorded in this time.');
  if (next) throw changeError(part.endsBecause, next.segments[0] as SegmentRecord);
  const partial = `${path}.partial`;
  const outline = await outlineClip(source, request, part, options.signal);
  const { sizeBytes } = await writeOutlined(source, outline, partial, options);
  await rename(partial, path);
  return sizeBytes;
}

/**
 * Writes an outlined clip to `path`, whole or not at all. Its recordings are read once, and its head is written last; where the digest is
 * wanted, which takes the bytes in their order, they are read once more before.
 */
export async function writeOutlined(
  source: FootageSource,
  outline: ClipOutline,
  path: string,
  options: WriteOptions = {},
): Promise<WrittenFile & ClipFacts> {
  const out = await open(path, 'w');
  try {
    const written = options.hash
      ? await writeHashed(source, outline, out, options)
      : await writeInOnePass(source, outline, out, options);
    if (!options.isPassing) await out.sync();
    await out.close();
    return written;
  } catch (error) {
    await out.close().catch(() => {}); // closed before, or the error that counts is under way
    await rm(path, { force: true });
    throw error;
  }
}

/** Reads the recordings for what is in the clip. */
export async function planClip(
  source: FootageSource,
  outline: ClipOutline,
  { signal, gate }: Pick<WriteOptions, 'signal' | 'gate'> = {},
): Promise<ClipPlan> {
  const tally = new ClipTally(outline);
  for await (const _ of readSamples(source, outline, tally)) {
    signal?.throwIfAborted();
    await gate?.();
  }
  return { outline, layout: tally.finish(), toEpochMs: tally.toEpochMs, spans: tally.spans };
}

/** The bytes of a planned clip, in order. A buffer belongs to `write` until its promise resolves. */
export async function feedPlan(
  source: FootageSource,
  { outline, layout }: ClipPlan,
  write: (bytes: Buffer) => Promise<void>,
  options: WriteOptions,
): Promise<WrittenFile> {
  const hash = options.hash ? createHash('sha256') : null;
  const head = buildProgressiveHead(layout);
  for (const part of head) {
    hash?.update(part);
    await write(part);
  }
  const tally = new ClipTally(outline);
  const sizeBytes = await copySamples(source, outline, tally, bytesOf(head), options, (bytes) => {
    const written = write(bytes);
    hash?.update(bytes); // meanwhile
    return written;
  });
  if (tally.dataBytes !== layout.dataBytes)
    throw new AppError('unavailable', 'A recording changed while it was being exported.');
  return { sizeBytes, sha256: hash?.digest('hex') ?? '' };
}

async function writeHashed(
  source: FootageSource,
  outline: ClipOutline,
  out: FileHandle,
  options: WriteOptions,
): Promise<WrittenFile & ClipFacts> {
  const plan = await planClip(source, outline, options);
  const written = await feedPlan(source, plan, (bytes) => writeAll(out, bytes), options);
  return { ...written, ...factsOf(plan) };
}

async function writeInOnePass(
  source: FootageSource,
  outline: ClipOutline,
  out: FileHandle,
  options: WriteOptions,
): Promise<WrittenFile & ClipFacts> {
  const tally = new ClipTally(outline);
  const reservedBytes = roomForMoov(outline, tally.wide);
  const dataStart = dataStartAfter(reservedBytes, tally.wide);
  let position = dataStart;
  const dataEnd = await copySamples(source, outline, tally, dataStart, options, async (bytes) => {
    const at = position;
    position += bytes.length;
    await writeAll(out, bytes, at);
  });
  const layout = tally.finish();
  const { before, after } = buildAround(layout, reservedBytes);
  await writeAll(out, Buffer.concat(before), 0);
  await writeAll(out, Buffer.concat(after), dataEnd);
  const facts = factsOf({ outline, layout, toEpochMs: tally.toEpochMs, spans: tally.spans });
  return { sizeBytes: dataEnd + bytesOf(after), sha256: '', ...facts };
}

export function factsOf({ outline, layout, toEpochMs, spans }: ClipPlan): ClipFacts {
  const fromEpochMs = outline.shown.epochMs;
  const last = spans.at(-1);
  const shown = spans
    .map((span) => ({
      startEpochMs: Math.max(span.startEpochMs, fromEpochMs),
      // With B frames the last picture is shown later than it is decoded.
      endEpochMs: span === last ? toEpochMs : Math.min(span.endEpochMs, toEpochMs),
    }))
    .filter(({ startEpochMs, endEpochMs }) => endEpochMs > startEpochMs);
  return { fromEpochMs, toEpochMs, hasSound: layout.audio !== null, spans: shown };
}

/** One stretch is written while the next is read. Returns the size of the file then. */
async function copySamples(
  source: FootageSource,
  outline: ClipOutline,
  tally: ClipTally,
  headBytes: number,
  { signal, gate, onWritten }: WriteOptions,
  write: (bytes: Buffer) => Promise<void>,
): Promise<number> {
  let sizeBytes = headBytes;
  let writing: Promise<void> = Promise.resolve();
  try {
    for await (const bytes of readSamples(source, outline, tally)) {
      await writing;
      signal?.throwIfAborted();
      await gate?.();
      if (bytes.length === 0) continue;
      writing = write(bytes);
      writing.catch(() => {}); // thrown where it is awaited
      sizeBytes += bytes.length;
      onWritten?.(sizeBytes);
    }
    await writing;
  } catch (error) {
    await writing.catch(() => {}); // the error that counts is under way
    throw error;
  }
  return sizeBytes;
}

function changeError(because: 'picture' | 'sound' | 'limit' | null, next: SegmentRecord): AppError {
  const at = new Date(next.startEpochMs).toLocaleTimeString('en-GB');
  return because === 'picture'
    ? new AppError(
        'conflict',
        `The camera's picture settings changed at ${at}. Export the time before and after it separately.`,
      )
    : new AppError(
        'conflict',
        `The camera's sound settings changed at ${at}. Export without sound, or before and after it separately.`,
      );
}

async function writeAll(file: FileHandle, bytes: Buffer, position: number | null = null): Promise<void> {
  for (let at = 0; at < bytes.length; ) {
    const place = position === null ? null : position + at;
    at += (await file.write(bytes, at, bytes.length - at, place)).bytesWritten;
  }
}
