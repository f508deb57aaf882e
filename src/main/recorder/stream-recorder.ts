/**
 * Records one stream of a camera: cuts it into segments and writes every fragment as it arrives, in order.
 * A segment has no holes: what interrupts a stream ends it, and the next begins with the next key frame.
 */
import type { GapCause, StreamKind } from '../../shared/domain.ts';
import { messageOf } from '../../shared/errors.ts';
import type { CaptureSink, Fragment, StreamDescription } from '../media/fragment.ts';
import type { SegmentRecord } from '../media/segment.ts';
import type { Clock } from '../platform/clock.ts';
import { type Logger, redact } from '../platform/log.ts';
import { describeDiskFailure } from './disk-failure.ts';
import type { GapKeeper } from './gap-keeper.ts';
import type { PatientWriter } from './patient-writer.ts';
import { CUT_WORDS, HOLE_MS, planCut } from './segment-cut.ts';
import { SegmentFile } from './segment-file.ts';
import type { SegmentIndex } from './segment-index.ts';

export interface StreamRecorderDeps {
  cameraId: string;
  stream: StreamKind;
  /** The recordings folder; must exist. */
  root: string;
  index: Pick<SegmentIndex, 'putSegment' | 'removeSegment'>;
  writer: PatientWriter;
  /** Of the main stream; null for the sub stream, which has no ledger. */
  gaps: GapKeeper | null;
  clock: Clock;
  log: Logger;
  segmentMs?: number;
  /** Frames in memory while the disk is slow; beyond this, whole groups of pictures are dropped. */
  maxQueueBytes?: number;
  onSegmentClosed?(segment: SegmentRecord): void;
}

export const SEGMENT_MS = 60_000;
export const MAX_QUEUE_BYTES = 64 * 1024 * 1024;
const RETRY_MS = 1000;

type Item =
  | { kind: 'fragment'; fragment: Fragment }
  | { kind: 'stream'; description: StreamDescription }
  | { kind: 'interrupted'; cause: GapCause; detail: string };

export class StreamRecorder implements CaptureSink {
  private readonly deps: StreamRecorderDeps;
  private queue: Item[] = [];
  private queuedBytes = 0;
  /** Part of them that is out of the queue but not yet on the disk. */
  private takenBytes = 0;
  private dropping = false;
  private droppedFragments = 0;
  private pumping: Promise<void> | null = null;
  private accepting = true;
  private description: StreamDescription | null = null;
  private segment: SegmentFile | null = null;
  /** The segment before, kept for the sound that arrives after the key frame it precedes. */
  private previous: SegmentFile | null = null;
  private limitMs: number;
  private retryAtMs = 0;
  private lastEnd: { epochMs: number; cause: GapCause; detail: string } | null = null;

  constructor(deps: StreamRecorderDeps) {
    this.deps = deps;
    const full = deps.segmentMs ?? SEGMENT_MS;
    // Cameras that started together must not all open files together: the first segment is shorter, by camera and stream.
    this.limitMs = full * (0.5 + hashFraction(`${deps.cameraId}/${deps.stream}`) / 2);
  }

  stream(description: StreamDescription): void {
    this.enqueue({ kind: 'stream', description });
  }

  fragment(fragment: Fragment): void {
    if (!this.accepting) return;
    const limit = this.deps.maxQueueBytes ?? MAX_QUEUE_BYTES;
    if (this.dropping) {
      const resumes =
        fragment.track === 'video' &&
        fragment.keyframe &&
        this.queuedBytes + fragment.data.length <= limit / 2;
      if (!resumes) {
        this.droppedFragments++;
        return;
      }
      this.dropping = false;
    } else if (this.queuedBytes + fragment.data.length > limit) {
      this.dropping = true;
      this.droppedFragments++;
      this.enqueue({
        kind: 'interrupted',
        cause: 'disk-slow',
        detail: 'The disk was too slow to take the video.',
      });
      return;
    }
    this.queuedBytes += fragment.data.length;
    this.enqueue({ kind: 'fragment', fragment });
  }

  lost(cause: GapCause, detail: string): void {
    this.enqueue({ kind: 'interrupted', cause, detail: redact(detail) });
  }

  /** What is being written, up to its last flushed fragment. */
  openSegments(): SegmentRecord[] {
    return [this.previous, this.segment]
      .filter((file) => file !== null && file.record.durationMs > 0)
      .map((file) => (file as SegmentFile).record);
  }

  /** Frames given up because the disk was too slow. */
  get dropped(): number {
    return this.droppedFragments;
  }

  get waitingBytes(): number {
    return this.queuedBytes;
  }

  /** Whether frames are reaching the disk. */
  get isRecording(): boolean {
    return this.segment !== null;
  }

  /** Writes what has arrived, closes the file and notes the cause. Nothing is taken afterwards until `resume`. */
  async stop(cause: GapCause, detail: string): Promise<void> {
    if (this.accepting) this.enqueue({ kind: 'interrupted', cause, detail });
    this.accepting = false;
    await this.pumping;
  }

  /** Takes frames again; the next key frame begins a segment. */
  resume(): void {
    this.accepting = true;
  }

  private enqueue(item: Item): void {
    if (!this.accepting && item.kind !== 'stream') return;
    this.queue.push(item);
    this.pumping ??= this.pump().finally(() => {
      this.pumping = null;
    });
  }

  private async pump(): Promise<void> {
    await null; // the caller's call returns first
    while (this.queue.length > 0) {
      const items = this.queue;
      this.queue = [];
      this.takenBytes = 0;
      // What cannot be written ends the segment, never the recording: `guard` notes why, and the next key frame begins anew.
      for (const item of items) await this.guard(() => this.handle(item));
      await this.flush();
      this.queuedBytes -= this.takenBytes;
    }
  }

  private async handle(item: Item): Promise<void> {
    if (item.kind === 'fragment') await this.take(item.fragment);
    else if (item.kind === 'stream') {
      if (this.segment)
        this.lastEnd = { epochMs: this.segment.epochMsAt(this.segment.videoEnd), ...CUT_WORDS.changed };
      await this.closeSegments();
      this.description = item.description;
    } else await this.interrupt(item.cause, item.detail);
  }

  private async take(fragment: Fragment): Promise<void> {
    this.takenBytes += fragment.data.length;
    if (fragment.track === 'audio') {
      await this.takeSound(fragment);
      return;
    }
    if (fragment.keyframe) await this.beginGroup(fragment);
    if (!this.segment) return;
    if (
      !fragment.keyframe &&
      fragment.decodeTime < this.segment.videoEnd - this.segment.record.videoTimescale
    )
      return;
    this.segment.add(fragment);
  }

  private async takeSound(fragment: Fragment): Promise<void> {
    if (!this.segment?.isBefore(fragment)) {
      if (this.previous) await this.closePrevious();
      this.segment?.add(fragment);
      return;
    }
    this.previous?.add(fragment);
  }

  /** A key frame: what was before is put on the disk, and a new segment is begun where one is due. */
  private async beginGroup(fragment: Fragment): Promise<void> {
    await this.flush();
    await this.closePrevious();
    const { segment } = this;
    if (segment) {
      await this.guard(() => segment.sync());
      const reason = this.segment ? planCut(segment, fragment, this.limitMs) : null;
      if (this.segment && reason) {
        this.lastEnd = { epochMs: segment.epochMsAt(segment.videoEnd), ...CUT_WORDS[reason] };
        this.limitMs = this.deps.segmentMs ?? SEGMENT_MS;
        this.segment = null;
        if (reason === 'full' && segment.description.audio) this.previous = segment;
        else await this.finish(segment);
      }
    }
    if (!this.segment) await this.open(fragment);
  }

  private async open(fragment: Fragment): Promise<void> {
    const { root, cameraId, stream, index, writer, clock } = this.deps;
    const { description } = this;
    if (!description || clock.monotonicMs() < this.retryAtMs) return;
    await this.guard(async () => {
      const segment = await SegmentFile.create({
        ...{ root, cameraId, stream, description },
        startEpochMs: fragment.captureEpochMs,
        videoBase: fragment.decodeTime,
      });
      this.segment = segment;
      const record = { ...segment.record, keyframes: [] };
      writer.write(() => index.putSegment(record));
    });
  }

  private async flush(): Promise<void> {
    const { segment, previous } = this;
    if (previous) await this.guard(() => previous.flush());
    if (!segment || this.segment !== segment) return;
    const endBefore = segment.record.durationMs;
    await this.guard(() => segment.flush());
    const { startEpochMs, durationMs } = segment.record;
    if (durationMs > endBefore) this.noteStored(startEpochMs + endBefore, startEpochMs + durationMs);
  }

  private noteStored(startEpochMs: number, endEpochMs: number): void {
    const last = this.lastEnd;
    this.lastEnd = null;
    if (last && startEpochMs - last.epochMs > HOLE_MS)
      this.deps.gaps?.hole(last.epochMs, startEpochMs, last.cause, last.detail);
    this.deps.gaps?.stored(startEpochMs, endEpochMs);
  }

  private async interrupt(cause: GapCause, detail: string): Promise<void> {
    await this.flush();
    await this.closeSegments();
    this.lastEnd = null;
    this.deps.gaps?.missing(cause, detail);
  }

  /** Runs a step on the disk; when it fails, the segments end with what is stored, and it is tried again after a second. */
  private async guard(step: () => Promise<void>): Promise<void> {
    try {
      await step();
    } catch (error) {
      const { cause, detail } = describeDiskFailure(error);
      this.deps.log.error(
        { cameraId: this.deps.cameraId, stream: this.deps.stream, problem: messageOf(error) },
        'recording failed',
      );
      this.retryAtMs = this.deps.clock.monotonicMs() + RETRY_MS;
      await this.closeSegments();
      this.lastEnd = null;
      this.deps.gaps?.missing(cause, detail);
    }
  }

  private async closeSegments(): Promise<void> {
    await this.closePrevious();
    const { segment } = this;
    if (!segment) return;
    try {
      await segment.flush();
    } catch {
      // The disk failed again: what has been flushed before stays, and `guard` has noted or the next write will note why.
    }
    this.segment = null;
    await this.finish(segment);
  }

  private async closePrevious(): Promise<void> {
    const { previous } = this;
    if (!previous) return;
    await previous.flush().catch((error: unknown) => {
      this.deps.log.warn(
        { cameraId: this.deps.cameraId, problem: messageOf(error) },
        'the last sound of a segment is lost',
      );
    });
    this.previous = null;
    await this.finish(previous);
  }

  private async finish(segment: SegmentFile): Promise<void> {
    const { index, writer, onSegmentClosed } = this.deps;
    await segment.close();
    const { record } = segment;
    if (record.keyframes.length === 0) writer.write(() => index.removeSegment(record.path));
    else {
      writer.write(() => index.putSegment(record));
      onSegmentClosed?.(record);
    }
  }
}

/** A number in [0, 1) that is always the same for the same text (FNV-1a). */
function hashFraction(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++)
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return (hash >>> 0) / 2 ** 32;
}
