/** Compares the archive with its index once after the start, when the cameras have come up, and folders that are new to it; recording never waits for it. */
import { messageOf } from '../../shared/errors.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/log.ts';
import { type ArchiveCheckDeps, checkArchive } from './archive-check.ts';
import type { Volume } from './volume-plan.ts';
import type { Volumes } from './volumes.ts';

/** First the cameras start. */
const CHECK_AFTER_MS = 10_000;

export class LaterCheck {
  private readonly deps: Pick<ArchiveCheckDeps, 'index' | 'ledger'> & {
    volumes: Pick<Volumes, 'present' | 'confirm'>;
    clock: Clock;
    log: Logger;
  };
  private readonly stopping = new AbortController();
  private cancel: (() => void) | null = null;
  private running: Promise<void> | null = null;

  constructor(deps: LaterCheck['deps']) {
    this.deps = deps;
  }

  /** `away`: whose footage was not there when the program started. */
  start(away: ReadonlySet<string>): void {
    this.cancel = this.deps.clock.after(CHECK_AFTER_MS, () => {
      this.running = this.run(away);
    });
  }

  /** Breaks off what is under way; resolves when the index is no longer touched. */
  async stop(): Promise<void> {
    this.cancel?.();
    this.stopping.abort();
    await this.running;
  }

  private async run(away: ReadonlySet<string>): Promise<void> {
    if (away.size > 0)
      this.deps.log.warn({ cameras: [...away] }, 'the footage of these cameras is not there');
    for (const volume of this.deps.volumes.present()) await this.compare(volume, away);
  }

  /** Compares one recording folder, now. Never throws; ends early when the check is stopped. */
  async compare(volume: Volume, away: ReadonlySet<string>): Promise<void> {
    const { index, ledger, volumes, clock, log } = this.deps;
    const startedMs = clock.monotonicMs();
    const isThere = () => volumes.confirm(volume);
    try {
      // Files carry the system's time, which may have been set since.
      const report = await checkArchive(
        { volume, isThere, index, ledger, away, nowEpochMs: Date.now },
        this.stopping.signal,
      );
      const seconds = Math.round((clock.monotonicMs() - startedMs) / 100) / 10;
      log.info({ folder: volume.path, ...report, seconds }, 'the archive was compared with its index');
    } catch (error) {
      log.error(
        { folder: volume.path, problem: messageOf(error) },
        'the archive could not be compared with its index',
      );
    }
  }
}
