/** Watches the clock for cameras that are recorded at certain hours only, and says when one's hours begin or end. */
import { isWithinHours, type WeekSchedule } from '../../shared/schedule.ts';
import { MINUTE_MS } from '../../shared/units.ts';
import type { Clock } from '../platform/clock.ts';

export interface RecordingHoursDeps {
  /** Cameras with their hours; without a schedule a camera is always recorded. */
  cameras(): Iterable<{ id: string; schedule: WeekSchedule | null | undefined }>;
  /** The hours of a camera have begun or ended. */
  onChange(cameraId: string): void;
  clock: Clock;
}

/**
 * Looks at each full minute, on which all hours begin and end: a step of the clock, a sleep of the machine and a change to summer
 * time need no care of their own.
 */
export class RecordingHours {
  private readonly deps: RecordingHoursDeps;
  private within = new Map<string, boolean>();
  private cancel: (() => void) | null = null;

  constructor(deps: RecordingHoursDeps) {
    this.deps = deps;
  }

  start(): void {
    this.within = this.look();
    this.wait();
  }

  stop(): void {
    this.cancel?.();
    this.cancel = null;
  }

  private wait(): void {
    const { clock } = this.deps;
    const delayMs = MINUTE_MS - (clock.epochMs() % MINUTE_MS);
    this.cancel = clock.after(delayMs, () => {
      const before = this.within;
      this.within = this.look();
      for (const [cameraId, within] of this.within)
        if (within !== (before.get(cameraId) ?? true)) this.deps.onChange(cameraId);
      this.wait();
    });
  }

  private look(): Map<string, boolean> {
    const now = this.deps.clock.epochMs();
    const found = new Map<string, boolean>();
    for (const { id, schedule } of this.deps.cameras()) found.set(id, isWithinHours(schedule, now));
    return found;
  }
}
