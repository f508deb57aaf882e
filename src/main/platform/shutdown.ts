/** How a long-running program ends: by a signal, on demand or by a fault, once, in order, and within the promised time. */
import type { Logger } from './log.ts';

/** The contract promises an end within 10 s of a signal. */
const LIMIT_MS = 9000;
const FAILED = 1;
/** On Windows a closed console window is SIGHUP. Elsewhere that stays as it is: `nohup` must go on protecting the program. */
const SIGNALS: readonly NodeJS.Signals[] =
  process.platform === 'win32' ? ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGBREAK'] : ['SIGTERM', 'SIGINT'];

/** Listens for the ends of this process from its making on. */
export class Shutdown {
  private readonly log: Logger;
  private readonly steps: Array<() => unknown> = [];
  private ending: Promise<void> | null = null;

  constructor(log: Logger) {
    this.log = log;
    for (const signal of SIGNALS) process.on(signal, () => void this.end(signal, 0));
    // A fault in one part must not cost the footage of the others; where the state itself may be broken, a restart is better.
    process.on('unhandledRejection', (error) => log.error({ err: error }, 'a part of the engine failed'));
    process.on('uncaughtException', (error) => {
      log.fatal({ err: error }, 'the engine failed');
      void this.end('a fault', FAILED);
    });
  }

  get isEnding(): boolean {
    return this.ending !== null;
  }

  /** What was begun last ends first. */
  onEnd(step: () => unknown): void {
    this.steps.unshift(step);
  }

  end(reason: string, code: number): Promise<void> {
    this.ending ??= this.run(reason, code);
    return this.ending;
  }

  private async run(reason: string, code: number): Promise<void> {
    this.log.info({ reason }, 'stopping');
    setTimeout(() => {
      this.log.error('stopping took too long');
      process.exit(FAILED);
    }, LIMIT_MS);
    for (const step of this.steps) {
      try {
        await step();
      } catch (error) {
        this.log.error({ err: error }, 'the engine did not stop as it should');
      }
    }
    process.exit(code);
  }
}
