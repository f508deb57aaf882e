/** Writes to the index that a full disk cannot lose: what fails is kept, in order, and tried again every second. */
import { messageOf } from '../../shared/errors.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/log.ts';

/** Beyond this many waiting writes the oldest is dropped: the start-up repair finds its file again. */
export const MAX_WAITING_WRITES = 10_000;

export class PatientWriter {
  private readonly clock: Clock;
  private readonly log: Logger;
  private waiting: Array<() => void> = [];
  private cancelRetry: (() => void) | null = null;

  constructor(deps: { clock: Clock; log: Logger }) {
    this.clock = deps.clock;
    this.log = deps.log;
  }

  /** Runs `write` now, or, if it or one before it fails, later. Writes must bear being run again. */
  write(write: () => void): void {
    this.waiting.push(write);
    if (this.waiting.length > MAX_WAITING_WRITES) this.waiting.shift();
    if (!this.cancelRetry) this.flush();
  }

  /** How many writes wait. */
  get pending(): number {
    return this.waiting.length;
  }

  /** Tries once more what waits; for the end. */
  flush(): void {
    this.cancelRetry?.();
    this.cancelRetry = null;
    try {
      while (this.waiting.length > 0) {
        this.waiting[0]?.();
        this.waiting.shift();
      }
    } catch (error) {
      this.log.error(
        { waiting: this.waiting.length, problem: messageOf(error) },
        'the index cannot be written; trying again',
      );
      this.cancelRetry = this.clock.after(1000, () => {
        this.cancelRetry = null;
        this.flush();
      });
    }
  }

  stop(): void {
    this.flush();
    this.cancelRetry?.();
    this.cancelRetry = null;
  }
}
