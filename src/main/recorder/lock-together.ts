/** Locks the same range of several cameras: who recorded nothing then is passed over, of the others all are locked or none. */
import type { FootageLock } from '../../shared/domain-storage.ts';
import { AppError } from '../../shared/errors.ts';
import type { Clock } from '../platform/clock.ts';
import type { NewLock } from './footage-locks.ts';
import { refuseImpossible } from './lock-plan.ts';

export interface TogetherDeps {
  locks: {
    /** Bytes of what is recorded in a range. */
    sizeOf(range: Pick<FootageLock, 'cameraId' | 'startEpochMs' | 'endEpochMs'>): number;
    create(wanted: NewLock): Promise<FootageLock>;
    remove(id: string): Promise<void>;
  };
  cameraName(cameraId: string): string;
  clock: Pick<Clock, 'epochMs'>;
}

export interface LockedTogether {
  locks: FootageLock[];
  /** Cameras that recorded nothing in that time. */
  unrecordedCameraIds: string[];
}

/**
 * Throws AppError `invalid-input` for an impossible range, `conflict` when none of the cameras recorded anything in it, and what
 * refused the lock of a camera, with its name; nothing is locked then.
 */
export async function lockTogether(
  { locks, cameraName, clock }: TogetherDeps,
  cameraIds: readonly string[],
  wanted: Omit<NewLock, 'cameraId'>,
): Promise<LockedTogether> {
  refuseImpossible(wanted, clock.epochMs());
  const isRecorded = (cameraId: string) => locks.sizeOf({ ...wanted, cameraId }) > 0;
  const recorded = cameraIds.filter(isRecorded);
  const unrecordedCameraIds = cameraIds.filter((id) => !recorded.includes(id));
  if (recorded.length === 0) {
    const names = cameraIds.map(cameraName).join(', ');
    throw new AppError('conflict', `Nothing was locked: ${names} recorded nothing in that time.`);
  }
  const made: FootageLock[] = [];
  for (const cameraId of recorded) {
    try {
      made.push(await locks.create({ ...wanted, cameraId }));
    } catch (error) {
      throw await giveUp(error, cameraId, made);
    }
  }
  return { locks: made, unrecordedCameraIds };

  async function giveUp(error: unknown, cameraId: string, before: readonly FootageLock[]): Promise<unknown> {
    const removals = await Promise.allSettled(before.map(({ id }) => locks.remove(id)));
    if (!(error instanceof AppError)) return error;
    const isUndone = removals.every(({ status }) => status === 'fulfilled');
    const outcome = isUndone ? 'Nothing was locked.' : 'Not everything was locked.';
    // What the reason says locks hold counts those that were made before it.
    const others = before.map((lock) => cameraName(lock.cameraId)).join(', ');
    const which = others === '' ? cameraName(cameraId) : `${cameraName(cameraId)}, after ${others}`;
    return new AppError(error.kind, `${outcome} ${which}: ${error.message}`, { cause: error });
  }
}
