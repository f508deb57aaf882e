/** How many bytes locks hold: counted from the index and what is being written, and kept until something changes. */
import type { EpochRange } from '../../shared/units.ts';
import { endOfSegment, type SegmentRecord } from '../media/segment.ts';
import type { Clock } from '../platform/clock.ts';
import { overlapsAny } from './lock-plan.ts';
import type { SegmentIndex } from './segment-index.ts';

export interface LockedBytesDeps {
  index: Pick<SegmentIndex, 'bytesWithin'>;
  /** What is being written of a camera, of both streams: what has just happened can be locked too. */
  openSegments(cameraId: string): SegmentRecord[];
  clock: Clock;
}

/** Locked footage that is still being written grows: its bytes are counted again after this. */
const COUNT_EVERY_MS = 10_000;

export class LockedBytes {
  private readonly deps: LockedBytesDeps;
  private counted: { bytes: Map<string, number>; atEpochMs: number; grows: boolean } | null = null;

  constructor(deps: LockedBytesDeps) {
    this.deps = deps;
  }

  /** By camera; `held`: the merged ranges of each. */
  of(held: ReadonlyMap<string, readonly EpochRange[]>): ReadonlyMap<string, number> {
    const now = this.deps.clock.epochMs();
    const { counted } = this;
    const isOld = counted?.grows && Math.abs(now - counted.atEpochMs) > COUNT_EVERY_MS;
    return counted && !isOld ? counted.bytes : this.count(held, now);
  }

  /** Footage, or what is locked of it, has changed. */
  forget(): void {
    this.counted = null;
  }

  /** Of the segments that ranges touch. */
  within(cameraId: string, ranges: readonly EpochRange[]): number {
    const open = this.openWithin(cameraId, ranges);
    const openBytes = open.reduce((sum, { sizeBytes, initBytes }) => sum + sizeBytes - initBytes, 0);
    return this.deps.index.bytesWithin(cameraId, ranges) + openBytes;
  }

  private count(
    held: ReadonlyMap<string, readonly EpochRange[]>,
    nowEpochMs: number,
  ): ReadonlyMap<string, number> {
    const ranges = [...held];
    const bytes = new Map(ranges.map(([id, own]): [string, number] => [id, this.within(id, own)]));
    const grows = ranges.some(
      ([id, own]) =>
        this.openWithin(id, own).length > 0 || own.some(({ endEpochMs }) => endEpochMs > nowEpochMs),
    );
    this.counted = { bytes, atEpochMs: nowEpochMs, grows };
    return bytes;
  }

  private openWithin(cameraId: string, ranges: readonly EpochRange[]): SegmentRecord[] {
    return this.deps
      .openSegments(cameraId)
      .filter((segment) =>
        overlapsAny(ranges, { startEpochMs: segment.startEpochMs, endEpochMs: endOfSegment(segment) }),
      );
  }
}
