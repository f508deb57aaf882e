/** At most so many do something at once; the others wait, in order, up to a limit. */
import { AppError } from '../../shared/errors.ts';

export interface TurnLimits {
  atOnce: number;
  waiting: number;
  /** In the user's words, for whoever finds too many waiting. */
  refusal: string;
}

interface Waiter {
  go(): void;
}

export class Turns {
  private readonly limits: TurnLimits;
  private readonly waiting: Waiter[] = [];
  private running = 0;

  constructor(limits: TurnLimits) {
    this.limits = limits;
  }

  /** Does it as soon as few enough do. Throws AppError rate-limited when too many wait, and the signal's reason while it waits. */
  async run<T>(action: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    await this.take(signal);
    try {
      return await action();
    } finally {
      this.give();
    }
  }

  private async take(signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted();
    if (this.running < this.limits.atOnce) {
      this.running++;
      return;
    }
    if (this.waiting.length >= this.limits.waiting) throw new AppError('rate-limited', this.limits.refusal);
    await new Promise<void>((done, fail) => {
      const giveUp = () => {
        this.waiting.splice(this.waiting.indexOf(waiter), 1);
        fail(signal?.reason);
      };
      const waiter: Waiter = {
        go: () => {
          signal?.removeEventListener('abort', giveUp);
          done();
        },
      };
      signal?.addEventListener('abort', giveUp, { once: true });
      this.waiting.push(waiter);
    });
  }

  private give(): void {
    const next = this.waiting.shift();
    if (next)
      next.go(); // whoever ends hands its turn on
    else this.running--;
  }
}
