/** Writes clips: one plain MP4 out of recorded fragments, nothing encoded anew. What is in it is planned in `clip-plan.ts`. */
import { createHash } from 'node:crypto';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { AppError } from '../../shared/errors.ts';
import { buildProgressiveHead } from '../media/mp4/progressive.ts';
import type { SegmentRecord } from '../media/segment.ts';
import { type ClipRequest, listParts } from './clip-parts.ts';
import { type ClipPlan, type PlannedSample, planClip } from './clip-plan.ts';
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

const READ_BYTES = 2 * 1024 * 1024;

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
  const plan = await planClip(source, request, part, options.signal);
  const { sizeBytes } = await writePlan(source, plan, partial, options);
  await rename(partial, path);
  return sizeBytes;
}

/** Writes a planned clip to `path`, whole or not at all. */
export async function writePlan(
  source: FootageSource,
  plan: ClipPlan,
  path: string,
  options: WriteOptions = {},
): Promise<WrittenFile> {
  const out = await open(path, 'w');
  try {
    const written = await feedPlan(source, plan, (bytes) => writeAll(out, bytes), options);
    if (!options.isPassing) await out.sync();
    await out.close();
    return written;
  } catch (error) {
    await out.close().catch(() => {}); // closed before, or the error that counts is under way
    await rm(path, { force: true });
    throw error;
  }
}

/** The bytes of a planned clip, in order. A buffer belongs to `write` until its promise resolves. */
export async function feedPlan(
  source: FootageSource,
  plan: ClipPlan,
  write: (bytes: Buffer) => Promise<void>,
  { signal, gate, onWritten, hash: wantsHash }: WriteOptions,
): Promise<WrittenFile> {
  const hash = wantsHash ? createHash('sha256') : null;
  const head = buildProgressiveHead(plan);
  let sizeBytes = head.length;
  hash?.update(head);
  await write(head);
  await copySamples(source, plan, write, async (bytes) => {
    signal?.throwIfAborted();
    hash?.update(bytes);
    sizeBytes += bytes.length;
    onWritten?.(sizeBytes);
    await gate?.();
  });
  return { sizeBytes, sha256: hash?.digest('hex') ?? '' };
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

/** Reads stretches of files and writes only the samples in them. */
async function copySamples(
  source: FootageSource,
  { segments, samples }: ClipPlan,
  write: (bytes: Buffer) => Promise<void>,
  /** The bytes that are being written. */
  onCopied: (bytes: Buffer) => Promise<void>,
): Promise<void> {
  // One is written while the other is read into.
  const buffers = [Buffer.allocUnsafeSlow(READ_BYTES), Buffer.allocUnsafeSlow(READ_BYTES)] as const;
  let turn: 0 | 1 = 0;
  let writing: Promise<void> = Promise.resolve();
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
        writing = write(bytes.subarray(0, used));
        writing.catch(() => {}); // thrown where it is awaited
        at += stretch.length;
        await onCopied(bytes.subarray(0, used));
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
