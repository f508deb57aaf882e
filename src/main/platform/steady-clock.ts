/**
 * The engine's clock: the computer's, but it never runs backwards by what anybody could undo with a hand or NTP. Footage, events and
 * ledger are ordered by it: where the computer's clock is set back, it goes on, and gives the lead back too slowly to matter.
 * See docs/decisions/0005-time-never-runs-backwards.md.
 */
import { HOUR_MS } from '../../shared/units.ts';
import type { Clock } from './clock.ts';

export interface ClockStep {
  /** By how much the computer's clock was set, forwards or backwards. */
  byMs: number;
  /** On this clock, right after it. */
  atEpochMs: number;
  /** Whether this clock went along. */
  isFollowed: boolean;
}

/** Set back by more than this, the clock had been wrong: it is followed. */
export const MAX_LEAD_MS = 2 * HOUR_MS;
/** A lead is given back at the pace at which a camera's drift is followed. */
const SLEW = 500e-6;
/** Smaller changes are the ordinary corrections of NTP. */
const STEP_MS = 250;

export class SteadyClock implements Clock {
  private readonly source: Clock;
  private readonly listeners = new Set<(step: ClockStep) => void>();
  private lastEpochMs: number;
  private lastMonotonicMs: number;
  private leadMs = 0;

  constructor(source: Clock) {
    this.source = source;
    this.lastEpochMs = source.epochMs();
    this.lastMonotonicMs = source.monotonicMs();
  }

  /** Is told of steps of the computer's clock, soon after the first look at the time that shows one; returns the undo. */
  onStep(listener: (step: ClockStep) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** By how much it runs ahead of the computer's clock. */
  get aheadMs(): number {
    return this.leadMs;
  }

  /** Begins after a time that has been used already, such as the end of the newest footage. */
  goOnFrom(epochMs: number): void {
    const lead = epochMs - this.epochMs();
    if (lead <= 0 || lead > MAX_LEAD_MS) return;
    this.leadMs += lead;
    this.lastEpochMs = epochMs;
  }

  epochMs(): number {
    const now = this.source.epochMs();
    const monotonicMs = this.source.monotonicMs();
    const elapsed = monotonicMs - this.lastMonotonicMs;
    const expected = this.lastEpochMs + elapsed;
    const lead = expected - now;
    const byMs = this.leadMs - lead;
    const isFollowed = lead <= 0 || lead > MAX_LEAD_MS;
    this.leadMs = isFollowed ? 0 : lead - Math.min(lead, elapsed * SLEW);
    this.lastEpochMs = now + this.leadMs;
    this.lastMonotonicMs = monotonicMs;
    if (Math.abs(byMs) > STEP_MS) this.tell({ byMs, atEpochMs: this.lastEpochMs, isFollowed });
    // A lead has fractions; times are stored as whole milliseconds.
    return Math.round(this.lastEpochMs);
  }

  monotonicMs(): number {
    return this.source.monotonicMs();
  }

  after(delayMs: number, action: () => void): () => void {
    return this.source.after(delayMs, action);
  }

  /** Later: whoever looked at the time may be in the middle of something. */
  private tell(step: ClockStep): void {
    queueMicrotask(() => {
      for (const listener of this.listeners) listener(step);
    });
  }
}
