/** Time of cameras that must stay, and how many bytes that is. */
import type { EpochRange } from '../../shared/units.ts';
import { type Hold, heldRanges, mergeRanges } from './lock-plan.ts';
import { LockedBytes, type LockedBytesDeps } from './locked-bytes.ts';

export class HeldTime {
  private ranges = new Map<string, EpochRange[]>();
  private readonly counted: LockedBytes;

  constructor(deps: LockedBytesDeps) {
    this.counted = new LockedBytes(deps);
  }

  set(holds: readonly Hold[], nowEpochMs: number): void {
    const ranges = heldRanges(holds, nowEpochMs);
    if (JSON.stringify([...ranges]) === JSON.stringify([...this.ranges])) return;
    this.ranges = ranges;
    this.recount();
  }

  /** Of a camera: merged, ascending. */
  of(cameraId: string): readonly EpochRange[] {
    return this.ranges.get(cameraId) ?? [];
  }

  /** Of a camera or in all; what several holds touch counts once. */
  bytes(cameraId?: string): number {
    const bytes = this.counted.of(this.ranges);
    if (cameraId !== undefined) return bytes.get(cameraId) ?? 0;
    return [...bytes.values()].reduce((sum, one) => sum + one, 0);
  }

  /** Bytes of the segments that a range touches. */
  within(cameraId: string, { startEpochMs, endEpochMs }: EpochRange): number {
    return this.counted.within(cameraId, [{ startEpochMs, endEpochMs }]);
  }

  /** What one more range would add. */
  more(cameraId: string, range: EpochRange): number {
    return this.counted.within(cameraId, mergeRanges([...this.of(cameraId), range])) - this.bytes(cameraId);
  }

  /** Footage has gone or come. */
  recount(): void {
    this.counted.forget();
  }
}
