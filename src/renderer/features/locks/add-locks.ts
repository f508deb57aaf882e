/** Locks the same range of several cameras: all of them or none. */
import type { LockView } from '../../../shared/contract-archive.ts';
import type { EpochRange } from '../../../shared/units.ts';
import { api } from '../../client/api.ts';

/** Throws what refused one, after those made before it were let go again. */
export async function addLocks(
  cameraIds: readonly string[],
  range: EpochRange,
  { reason, expiresEpochMs }: Pick<LockView, 'reason' | 'expiresEpochMs'>,
): Promise<LockView[]> {
  const made: LockView[] = [];
  try {
    for (const cameraId of cameraIds)
      made.push(
        await api.addLock({
          cameraId,
          startEpochMs: Math.floor(range.startEpochMs),
          endEpochMs: Math.ceil(range.endEpochMs),
          reason,
          expiresEpochMs,
        }),
      );
  } catch (thrown) {
    await removeLocks(made);
    throw thrown;
  }
  return made;
}

export async function removeLocks(locks: readonly LockView[]): Promise<void> {
  for (const { id } of locks) await api.removeLock(id);
}
