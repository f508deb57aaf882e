/** Runs retention when it is wanted, one run at a time. */
import { messageOf } from '../../shared/errors.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/log.ts';
import { type RetentionDeps, runRetention } from './retention.ts';

export class RetentionLoop {
  private readonly deps: RetentionDeps & { clock: Clock; log: Logger };
  private running: Promise<void> | null = null;
  private wanted = false;
  private stopped = false;

  constructor(deps: RetentionLoop['deps']) {
    this.deps = deps;
  }

  /** Runs now, or right after the run under way. Never throws: what fails is logged and tried again. */
  run(): Promise<void> {
    this.wanted = true;
    this.running ??= this.retain().finally(() => {
      this.running = null;
    });
    return this.running;
  }

  /** Resolves when the run under way is over. */
  async settled(): Promise<void> {
    await this.running;
  }

  /** No run begins any more. */
  async stop(): Promise<void> {
    this.stopped = true;
    await this.running;
  }

  private async retain(): Promise<void> {
    const { clock, log } = this.deps;
    while (this.wanted && !this.stopped) {
      this.wanted = false;
      try {
        const done = await runRetention(this.deps, clock.epochMs());
        if (done.files > 0) log.info(done, 'old recordings deleted');
      } catch (error) {
        log.error({ problem: messageOf(error) }, 'old recordings could not be deleted');
      }
    }
  }
}
