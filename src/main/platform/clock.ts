/** Time as a dependency, so that tests can drive it. */

export interface Clock {
  /** Wall clock, ms since 1970 UTC; may step. */
  epochMs(): number;
  /** Monotonic ms from an arbitrary start; never steps. */
  monotonicMs(): number;
  /** Runs `action` once after `delayMs`; the returned function cancels it. */
  after(delayMs: number, action: () => void): () => void;
}

export const systemClock: Clock = {
  epochMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  after(delayMs, action) {
    const timer = setTimeout(action, delayMs);
    return () => clearTimeout(timer);
  },
};

/** Runs `action` every `everyMs`, first after that time; the returned function ends it. */
export function repeat(clock: Pick<Clock, 'after'>, everyMs: number, action: () => void): () => void {
  let cancel = clock.after(everyMs, tick);
  function tick() {
    cancel = clock.after(everyMs, tick);
    action();
  }
  return () => cancel();
}

/** A clock that moves only when told to: `advance` fires what falls due, in order. For tests. */
export class ManualClock implements Clock {
  private now: number;
  private elapsed = 0;
  private due: Array<{ at: number; action: () => void }> = [];

  constructor(startEpochMs = Date.UTC(2026, 0, 1)) {
    this.now = startEpochMs;
  }

  epochMs(): number {
    return this.now;
  }

  monotonicMs(): number {
    return this.elapsed;
  }

  after(delayMs: number, action: () => void): () => void {
    const entry = { at: this.elapsed + delayMs, action };
    this.due.push(entry);
    return () => {
      this.due = this.due.filter((other) => other !== entry);
    };
  }

  advance(ms: number): void {
    const end = this.elapsed + ms;
    for (;;) {
      const next = this.due.filter((entry) => entry.at <= end).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.due = this.due.filter((entry) => entry !== next);
      this.now += next.at - this.elapsed;
      this.elapsed = next.at;
      next.action();
    }
    this.now += end - this.elapsed;
    this.elapsed = end;
  }

  /** Steps the wall clock alone, as NTP or a user would. */
  step(ms: number): void {
    this.now += ms;
  }
}
