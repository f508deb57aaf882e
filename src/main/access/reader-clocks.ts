/** The clocks of door readers against the cameras': what the owner has set, and what is seen. */
import type { ReaderClock } from '../../shared/access.ts';
import type { Camera } from '../../shared/domain-camera.ts';
import type { AccessEvent } from '../../shared/domain-events.ts';
import { DAY_MS } from '../../shared/units.ts';
import type { Clock } from '../platform/clock.ts';
import { estimateClockOffset } from './reader-clock.ts';

export interface ReaderClocksDeps {
  /** Ahead of the cameras' clock by so many ms, by deviceId; readers that are not named agree. */
  offsets: { get(): Record<string, number>; put(offsets: Record<string, number>): void };
  cameras(): ReadonlyArray<Pick<Camera, 'id' | 'readers' | 'lines'>>;
  /** Reports on the reader's own clock. */
  reports(deviceIds: readonly string[], fromEpochMs: number, toEpochMs: number): AccessEvent[];
  /** When people crossed lines of these cameras. */
  crossings(cameraIds: readonly string[], fromEpochMs: number, toEpochMs: number): number[];
  clock: Clock;
}

/** Looked at: the newest unlocks of the last weeks. */
const LOOK_BACK_MS = 14 * DAY_MS;
const MOST_UNLOCKS = 200;
const DEFAULT_WINDOW_SECONDS = 6;

export class ReaderClocks {
  private readonly deps: ReaderClocksDeps;

  constructor(deps: ReaderClocksDeps) {
    this.deps = deps;
  }

  /** The report with its time on the cameras' clock. */
  correct(event: AccessEvent): AccessEvent {
    const offsetMs = this.deps.offsets.get()[event.deviceId] ?? 0;
    return offsetMs === 0 ? event : { ...event, atMs: event.atMs - offsetMs };
  }

  /** What readers reported in [from, to) of the cameras' clock, with times on it. */
  reports(deviceIds: readonly string[], fromEpochMs: number, toEpochMs: number): AccessEvent[] {
    const offsets = this.deps.offsets.get();
    return deviceIds
      .flatMap((deviceId) => {
        const offsetMs = offsets[deviceId] ?? 0;
        return this.deps.reports([deviceId], fromEpochMs + offsetMs, toEpochMs + offsetMs);
      })
      .map((event) => this.correct(event));
  }

  /** Sets how far a reader is ahead, in ms. Reports that come from now on are corrected by it. */
  set(deviceId: string, offsetMs: number): void {
    const { [deviceId]: _, ...others } = this.deps.offsets.get();
    this.deps.offsets.put(offsetMs === 0 ? others : { ...others, [deviceId]: offsetMs });
  }

  /** Every reader that is assigned to a camera. */
  list(): ReaderClock[] {
    const offsets = this.deps.offsets.get();
    const deviceIds = [...new Set(this.deps.cameras().flatMap(({ readers }) => readers))];
    return deviceIds.map((deviceId) => {
      const estimate = this.estimate(deviceId);
      return {
        deviceId,
        offsetSeconds: (offsets[deviceId] ?? 0) / 1000,
        estimate: estimate && {
          offsetSeconds: estimate.offsetMs / 1000,
          unlocks: estimate.unlocks,
          explained: estimate.explained,
        },
      };
    });
  }

  private estimate(deviceId: string) {
    const now = this.deps.clock.epochMs();
    const cameras = this.deps.cameras().filter(({ readers }) => readers.includes(deviceId));
    const unlocks = this.deps
      .reports([deviceId], now - LOOK_BACK_MS, now + DAY_MS)
      .filter(({ eventType }) => eventType === 'entry unlocked')
      .map(({ atMs }) => atMs)
      .slice(-MOST_UNLOCKS);
    if (unlocks.length === 0) return null;
    const crossings = this.deps.crossings(
      cameras.map(({ id }) => id),
      unlocks[0]! - DAY_MS,
      now,
    );
    const windows = cameras.flatMap(({ lines }) =>
      lines.flatMap(({ tailgating }) => tailgating?.windowSeconds ?? []),
    );
    return estimateClockOffset(unlocks, crossings, 1000 * Math.max(DEFAULT_WINDOW_SECONDS, ...windows));
  }
}
