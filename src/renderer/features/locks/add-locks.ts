/** Locks the same range of several cameras, and says what came of it. */
import { plural, t } from '@lingui/core/macro';
import type { LocksMade, LockView } from '../../../shared/contract-archive.ts';
import type { EpochRange } from '../../../shared/units.ts';
import { api } from '../../client/api.ts';
import { useCameras } from '../../client/cameras-store.ts';
import { formatList } from '../../client/language.ts';

/** Cameras that recorded nothing then are passed over. Throws what refused it; nothing is locked then. */
export function addLocks(
  cameraIds: readonly string[],
  range: EpochRange,
  { reason, expiresEpochMs }: Pick<LockView, 'reason' | 'expiresEpochMs'>,
): Promise<LocksMade> {
  return api.addLocks({
    cameraIds: [...cameraIds],
    startEpochMs: Math.floor(range.startEpochMs),
    endEpochMs: Math.ceil(range.endEpochMs),
    reason,
    expiresEpochMs,
  });
}

export async function removeLocks(locks: readonly LockView[]): Promise<void> {
  for (const { id } of locks) await api.removeLock(id);
}

/** 'Locked on 3 cameras. Yard recorded nothing then.' */
export function lockedWords({ locks, unrecordedCameraIds }: LocksMade): string {
  if (unrecordedCameraIds.length === 0) return t`The footage is locked.`;
  const { cameras } = useCameras.getState();
  const nameOf = (id: string) => cameras?.find((one) => one.id === id)?.name ?? t`A camera`;
  const names = formatList(unrecordedCameraIds.map(nameOf));
  const locked = plural(locks.length, { one: 'Locked on # camera.', other: 'Locked on # cameras.' });
  return t`${locked} ${names} recorded nothing then.`;
}
