/** Brings recording folders and their index together: all that are there at the start, each other one when it comes back. */
import { messageOf } from '../../shared/errors.ts';
import type { Logger } from '../platform/log.ts';
import { clearRemovedCameras } from './camera-removal.ts';
import { clearLeftovers, type Leftovers } from './mover.ts';
import { type LiveRepair, type RecoveryReport, recoverSegments } from './recovery.ts';
import type { Ledger, SegmentIndex } from './segment-index.ts';
import type { Volume } from './volume-plan.ts';
import type { Volumes } from './volumes.ts';

export interface FolderRepairDeps {
  volumes: Volumes;
  index: SegmentIndex;
  ledger: Ledger;
  /** Files that no segment names. Absent: there are none. */
  leftovers?: Leftovers;
  log: Logger;
}

export class FolderRepair {
  private readonly deps: FolderRepairDeps;
  /** Of folders that have come back, one after the other. */
  private repairs: Promise<void> = Promise.resolve();
  private stopWatching: (() => void) | null = null;

  constructor(deps: FolderRepairDeps) {
    this.deps = deps;
  }

  /** Repairs what a crash left in the folders that are there. */
  async start(): Promise<RecoveryReport> {
    const sum: RecoveryReport = { repaired: 0, found: 0, removed: 0, cutBytes: 0 };
    for (const volume of this.deps.volumes.present()) addReport(sum, await this.repair(volume, null));
    return sum;
  }

  /**
   * From now on a folder that comes back is repaired beside recording, then `onReturned` is called; `isUnknown`: the index knew of nothing in
   * it, as of one that has just been taken into use.
   */
  watch(
    isWriting: (path: string) => boolean,
    onReturned: (volume: Volume, isUnknown: boolean) => Promise<void>,
  ): void {
    // Files carry the system's time.
    const live = { isWriting, changedBeforeEpochMs: Date.now() };
    this.stopWatching = this.deps.volumes.onReturn((volume) => {
      this.repairs = this.repairs.then(async () => {
        const isUnknown = !this.deps.index.holdsSegments(volume.id);
        await this.repair(volume, live);
        await onReturned(volume, isUnknown);
      });
    });
  }

  async stop(): Promise<void> {
    this.stopWatching?.();
    await this.repairs;
  }

  /** Never throws: what cannot be repaired now is when the folder comes back. */
  private async repair(volume: Volume, live: LiveRepair | null): Promise<RecoveryReport> {
    const { index, ledger, leftovers, log } = this.deps;
    const { path: folder } = volume;
    try {
      await clearRemovedCameras(folder);
      if (leftovers) await clearLeftovers(volume, leftovers, (file) => live?.isWriting(file) ?? false);
      const report = await recoverSegments(volume, { index, ledger }, live);
      if (report.repaired + report.found + report.removed > 0)
        log.info({ folder, ...report }, 'recordings repaired');
      return report;
    } catch (error) {
      log.error({ folder, problem: messageOf(error) }, 'a recording folder could not be repaired');
      return { repaired: 0, found: 0, removed: 0, cutBytes: 0 };
    }
  }
}

function addReport(sum: RecoveryReport, more: RecoveryReport): void {
  sum.repaired += more.repaired;
  sum.found += more.found;
  sum.removed += more.removed;
  sum.cutBytes += more.cutBytes;
}
