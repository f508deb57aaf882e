/** What storage looks like: used, free, locked and forecast, from index, disk and what is being written. */
import { statfs } from 'node:fs/promises';
import type { StorageView } from '../../shared/contract.ts';
import { DAY_MS } from '../../shared/units.ts';
import type { SegmentRecord } from '../media/segment.ts';
import type { Clock } from '../platform/clock.ts';
import { planForecast } from './forecast.ts';
import { LOCK_CAP_SHARE, planLockCap } from './lock-plan.ts';
import type { HeldFootage, StorageLimits } from './retention.ts';
import type { SegmentIndex } from './segment-index.ts';

export interface StorageDeps {
  /** The recordings folder. */
  root: string;
  index: Pick<SegmentIndex, 'usedBytes' | 'writtenSince'>;
  locks: Pick<HeldFootage, 'heldBytes'>;
  limits(): StorageLimits;
  clock: Clock;
}

/** `open`: segments being written. Throws when the disk does not answer. */
export async function measureStorage(
  { root, index, locks, limits, clock }: StorageDeps,
  open: ReadonlyArray<Pick<SegmentRecord, 'sizeBytes' | 'initBytes'>>,
): Promise<StorageView> {
  const { bavail, blocks, bsize } = await statfs(root);
  const { maxBytes, minFreeBytes, lockCapShare = LOCK_CAP_SHARE } = limits();
  const now = clock.epochMs();
  const openBytes = open.reduce((sum, segment) => sum + segment.sizeBytes - segment.initBytes, 0);
  const space = {
    ...{ maxBytes, minFreeBytes, lockCapShare },
    usedBytes: index.usedBytes() + openBytes,
    freeBytes: bavail * bsize,
    lockedBytes: locks.heldBytes(),
  };
  const written = index.writtenSince(now - DAY_MS);
  const forecast = planForecast({ ...written, bytes: written.bytes + openBytes }, space, now);
  return { ...space, ...forecast, lockCapBytes: planLockCap(space), path: root, totalBytes: blocks * bsize };
}
