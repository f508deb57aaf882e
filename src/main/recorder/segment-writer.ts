/**
 * The segments of one stream: puts frames into files, cuts them, and tells the index and the ledger what is stored. One call at a time.
 * A segment has no holes: what interrupts a stream ends it, and the next begins with the next key frame.
 */
import type { GapCause, StreamKind } from '../../shared/domain-storage.ts';
import { messageOf } from '../../shared/errors.ts';
import type { Fragment, StreamDescription } from '../media/fragment.ts';
import { endOfSegment, type SegmentRecord } from '../media/segment.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/log.ts';
import type { GapKeeper } from './gap-keeper.ts';
import { type LateFootage, writeLateSegment } from './late-segment.ts';
import type { PatientWriter } from './patient-writer.ts';
import type { RecorderItem } from './recorder-queue.ts';
import { CUT_WORDS, HOLE_MS, planCut, planFirstLimit, planStart } from './segment-cut.ts';
import { SegmentFile } from './segment-file.ts';
import type { SegmentIndex } from './segment-index.ts';
import type { Place, Volumes } from './volumes.ts';

export interface SegmentWriterDeps {
  cameraId: string;
  stream: StreamKind;
  volumes: Pick<Volumes, 'place' | 'noteFailure' | 'noteSuccess'>;
  index: Pick<SegmentIndex, 'putSegment' | 'removeSegment' | 'hasSegment'>;
  writer: PatientWriter;
  /** Of the main stream; null for the sub stream, which has no ledger. */
  gaps: GapKeeper | null;
  clock: Clock;
  log: Logger;
  segmentMs?: number;
  onSegmentClosed?(segment: SegmentRecord): void;
}

const SEGMENT_MS = 60_000;
const RETRY_MS = 1000;

export class SegmentWriter {
  private readonly deps: SegmentWriterDeps;
  private description: StreamDescription | null = null;
  private segment: SegmentFile | null = null;
  /** The segment before, kept for the sound that arrives after the key frame it precedes. */
  private previous: SegmentFile | null = null;
  private limitMs: number;
  private retryAtMs = 0;
  /** When frames last reached the disk, by the clock that never steps. */
  private storedAtMs = 0;
  /** Of all that has reached the disk since the start. */
  private newestEndEpochMs = Number.NEGATIVE_INFINITY;
  /** By how much the segment's start was moved on, so that it does not overlap the one before. */
  private aheadMs = 0;
  /** Of segments that are ended. */
  private endedBytes = 0;
  /** The recording folder written to last. */
  private volumeId = 0;
  private lastEnd: { epochMs: number; cause: GapCause; detail: string } | null = null;

  constructor(deps: SegmentWriterDeps) {
    this.deps = deps;
    this.limitMs = planFirstLimit(deps.segmentMs ?? SEGMENT_MS, `${deps.cameraId}/${deps.stream}`);
  }

  /** What is being written, up to its last flushed fragment. */
  open(): SegmentRecord[] {
    return [this.previous, this.segment]
      .filter((file) => file !== null && file.record.durationMs > 0)
      .map((file) => (file as SegmentFile).record);
  }

  /** Paths of the files that are open, with or without a frame in them. */
  paths(): string[] {
    return [this.previous, this.segment].flatMap((file) => file?.record.path ?? []);
  }

  /** Bytes that reached the disk since the start. Never falls. */
  get writtenBytes(): number {
    const open = (this.previous?.record.sizeBytes ?? 0) + (this.segment?.record.sizeBytes ?? 0);
    return this.endedBytes + open;
  }

  /** Whether a file is open for what comes. */
  get isWriting(): boolean {
    return this.segment !== null;
  }

  /** False where the fragment may end a file or begin one. */
  addToOpen(fragment: Fragment): boolean {
    if (fragment.track === 'audio') {
      const isBefore = this.segment?.isBefore(fragment) ?? true;
      if (!isBefore && this.previous) return false;
      (isBefore ? this.previous : this.segment)?.add(fragment);
      return true;
    }
    if (fragment.keyframe) return false;
    const { segment } = this;
    if (segment && fragment.decodeTime >= segment.videoEnd - segment.record.videoTimescale)
      segment.add(fragment);
    return true;
  }

  /** Whatever it is; in order. Throws what the disk says. */
  async take(item: RecorderItem): Promise<void> {
    if (item.kind === 'interrupted') await this.interrupt(item.cause, item.detail);
    else if (item.kind === 'late') await this.writeLate(item.footage);
    else if (item.kind === 'stream') {
      await this.flush();
      if (this.segment)
        this.lastEnd = { epochMs: this.segment.epochMsAt(this.segment.videoEnd), ...CUT_WORDS.changed };
      await this.closeSegments();
      this.description = item.description;
    } else {
      if (item.fragment.track === 'audio') await this.closePrevious();
      else await this.beginGroup(item.fragment);
      this.segment?.add(item.fragment);
    }
  }

  /** A key frame: what was before is put on the disk, and a new segment is begun where one is due. */
  private async beginGroup(fragment: Fragment): Promise<void> {
    await this.flush();
    await this.closePrevious();
    const { segment } = this;
    if (segment) {
      await this.guard(() => segment.sync());
      const reason = this.segment ? planCut(segment, fragment, this.limitMs, this.aheadMs) : null;
      if (this.segment && reason) {
        this.lastEnd = { epochMs: segment.epochMsAt(segment.videoEnd), ...CUT_WORDS[reason] };
        this.limitMs = this.deps.segmentMs ?? SEGMENT_MS;
        this.segment = null;
        if (reason === 'full' && segment.description.audio) this.previous = segment;
        else await this.finish(segment);
      }
    }
    if (!this.segment) await this.begin(fragment);
  }

  private async begin(fragment: Fragment): Promise<void> {
    const { cameraId, stream, index, writer, clock } = this.deps;
    const { description } = this;
    if (!description || clock.monotonicMs() < this.retryAtMs) return;
    const create = (place: Place) =>
      SegmentFile.create({
        ...{ place, cameraId, stream, description },
        isTaken: (path) => index.hasSegment(path),
        startEpochMs: planStart(fragment.captureEpochMs, this.newestEndEpochMs),
        videoBase: fragment.decodeTime,
      });
    try {
      this.segment = await this.inSomeFolder(fragment.captureEpochMs, create);
      this.aheadMs = this.segment.record.startEpochMs - fragment.captureEpochMs;
      const record = { ...this.segment.record, keyframes: [] };
      writer.write(() => index.putSegment(record));
    } catch (error) {
      await this.failed(error, fragment.captureEpochMs);
    }
  }

  /** Where one recording folder fails, another takes it. Throws what the last one says. */
  private async inSomeFolder<T>(startEpochMs: number, write: (place: Place) => Promise<T>): Promise<T> {
    const { volumes, cameraId, stream, log } = this.deps;
    for (;;) {
      const place = await volumes.place(`${cameraId} ${startEpochMs}`);
      this.volumeId = place.volumeId;
      try {
        const written = await write(place);
        volumes.noteSuccess(place.volumeId);
        return written;
      } catch (error) {
        if (!volumes.noteFailure(place.volumeId, error).hasOther) throw error;
        log.warn(
          { cameraId, stream, folder: place.root, problem: messageOf(error) },
          'another folder is taken',
        );
      }
    }
  }

  private async writeLate(footage: LateFootage): Promise<void> {
    const { cameraId, stream, index, writer, gaps, onSegmentClosed } = this.deps;
    const isTaken = (path: string) => index.hasSegment(path);
    const record = await this.inSomeFolder(footage.fragments[0]?.captureEpochMs ?? 0, (place) =>
      writeLateSegment({ place, isTaken, cameraId, stream }, footage),
    );
    if (!record) return;
    this.endedBytes += record.sizeBytes;
    writer.write(() => index.putSegment(record));
    gaps?.storedLate(record.startEpochMs, endOfSegment(record));
    onSegmentClosed?.(record);
  }

  /** Writes what waits. */
  async flush(): Promise<void> {
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
    const now = this.deps.clock.monotonicMs();
    this.lastEnd = null;
    if (last && startEpochMs - last.epochMs > HOLE_MS) {
      // No such time has passed: the clock was set forwards.
      const isStep = startEpochMs - last.epochMs > now - this.storedAtMs + HOLE_MS;
      const { cause, detail } = isStep ? CUT_WORDS.clock : last;
      this.deps.gaps?.hole(last.epochMs, startEpochMs, cause, detail);
    }
    this.storedAtMs = now;
    this.newestEndEpochMs = Math.max(this.newestEndEpochMs, endEpochMs);
    this.deps.gaps?.stored(startEpochMs, endEpochMs);
  }

  private async interrupt(cause: GapCause, detail: string): Promise<void> {
    await this.flush();
    await this.closeSegments();
    this.lastEnd = null;
    this.deps.gaps?.missing(cause, detail);
  }

  private async guard(step: () => Promise<void>): Promise<void> {
    try {
      await step();
    } catch (error) {
      await this.failed(error);
    }
  }

  /** A step on the disk has failed: the segments end with what is stored. Another folder is taken at once, the same one after a second. */
  async failed(error: unknown, sinceEpochMs: number | null = null): Promise<void> {
    const { cameraId, stream, volumes, clock, log, gaps } = this.deps;
    const { cause, detail, hasOther } = volumes.noteFailure(this.volumeId, error);
    log.error({ cameraId, stream, problem: messageOf(error) }, 'recording failed');
    this.retryAtMs = clock.monotonicMs() + (hasOther ? 0 : RETRY_MS);
    await this.closeSegments();
    this.lastEnd = null;
    gaps?.missing(cause, detail, sinceEpochMs);
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
    this.endedBytes += segment.record.sizeBytes;
    const isWhole = await segment.close();
    const { record } = segment;
    if (record.keyframes.length === 0) writer.write(() => index.removeSegment(record.path));
    else {
      // What the disk could not end stays open in the index: it is repaired when the disk works again.
      writer.write(() => index.putSegment({ ...record, closed: isWhole }));
      onSegmentClosed?.(record);
    }
  }
}
