/** Records one stream of a camera: takes its frames, has them written on every beat, in order, and counts them. Holds no file. */
import type { GapCause } from '../../shared/domain-storage.ts';
import type { CaptureSink, Fragment, StreamDescription } from '../media/fragment.ts';
import type { SegmentRecord } from '../media/segment.ts';
import { redact } from '../platform/log.ts';
import type { LateFootage } from './late-segment.ts';
import { RecorderQueue } from './recorder-queue.ts';
import { SegmentWriter, type SegmentWriterDeps } from './segment-writer.ts';
import type { WritePace } from './write-pace.ts';

export interface StreamRecorderDeps extends SegmentWriterDeps {
  pace: WritePace;
  /** Frames in memory while the disk is slow; beyond this, whole groups of pictures are dropped. */
  maxQueueBytes?: number;
}

const MAX_QUEUE_BYTES = 64 * 1024 * 1024;
/** This much does not wait for the beat. */
const BURST_BYTES = 4 * 1024 * 1024;

export class StreamRecorder implements CaptureSink {
  private readonly deps: StreamRecorderDeps;
  private readonly queue: RecorderQueue;
  private readonly segments: SegmentWriter;
  private awaitsBeat = false;
  private pumping: Promise<void> | null = null;
  private accepting = true;

  constructor(deps: StreamRecorderDeps) {
    this.deps = deps;
    this.queue = new RecorderQueue(deps.maxQueueBytes ?? MAX_QUEUE_BYTES);
    this.segments = new SegmentWriter(deps);
  }

  stream(description: StreamDescription): void {
    this.enqueue({ kind: 'stream', description });
  }

  fragment(fragment: Fragment): void {
    if (!this.accepting) return;
    this.queue.addFragment(fragment);
    if (this.queue.waitingBytes > BURST_BYTES) this.startPump();
    else if (!this.awaitsBeat && !this.pumping) {
      this.awaitsBeat = true;
      this.deps.pace.request(this.onBeat);
    }
  }

  /** Footage from memory that does not lead up to what comes next: it becomes a segment of its own. */
  late(footage: LateFootage): void {
    if (!this.accepting) return;
    this.queue.addLate(footage);
    this.startPump();
  }

  lost(cause: GapCause, detail: string): void {
    this.enqueue({ kind: 'interrupted', cause, detail: redact(detail) });
  }

  /** What is being written, up to its last flushed fragment. */
  openSegments(): SegmentRecord[] {
    return this.segments.open();
  }

  /** Frames that came since the start. */
  get received(): number {
    return this.queue.received;
  }

  /** Paths of the files that are open, with or without a frame in them. */
  writing(): string[] {
    return this.segments.paths();
  }

  /** Frames given up because the disk was too slow. */
  get dropped(): number {
    return this.queue.dropped;
  }

  /** Bytes that reached the disk since the start. Never falls. */
  get writtenBytes(): number {
    return this.segments.writtenBytes;
  }

  get waitingBytes(): number {
    return this.queue.waitingBytes;
  }

  /** Whether frames are reaching the disk. */
  get isRecording(): boolean {
    return this.segments.isWriting;
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

  private enqueue(item: Parameters<RecorderQueue['add']>[0]): void {
    if (!this.accepting && item.kind !== 'stream') return;
    this.queue.add(item);
    this.startPump();
  }

  private readonly onBeat = (): void => {
    this.awaitsBeat = false;
    if (!this.queue.isEmpty) this.startPump();
  };

  private startPump(): void {
    this.pumping ??= this.pump().finally(() => {
      this.pumping = null;
    });
  }

  private async pump(): Promise<void> {
    const { segments } = this;
    await null; // the caller's call returns first
    while (!this.queue.isEmpty) {
      for (const item of this.queue.takeAll()) {
        try {
          // Most frames only join what will be written: waiting for each would cost more than the frame itself.
          if (item.kind === 'fragment' && segments.addToOpen(item.fragment)) continue;
          await segments.take(item);
        } catch (error) {
          // What cannot be written ends the segment, never the recording: the next key frame begins anew.
          await segments.failed(error);
        }
      }
      await segments.flush();
      this.queue.written();
    }
  }
}
