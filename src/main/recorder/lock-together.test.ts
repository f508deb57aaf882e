import { expect, test } from 'vitest';
import type { FootageLock } from '../../shared/domain-storage.ts';
import { AppError } from '../../shared/errors.ts';
import type { NewLock } from './footage-locks.ts';
import { lockTogether } from './lock-together.ts';

const RANGE = {
  ...{ startEpochMs: 0, endEpochMs: 1000, expiresEpochMs: null },
  ...{ reason: 'Burglary', createdBy: 'owner@example.test' },
};

/** Cameras by id with the bytes that they recorded; what locks may hold in all. */
function open(recorded: Record<string, number>, capBytes = 1000) {
  const locks = new Map<string, FootageLock>();
  const held = () => [...locks.values()].reduce((sum, { cameraId }) => sum + recorded[cameraId]!, 0);
  const lock = (cameraIds: string[], range: Partial<typeof RANGE> = {}) =>
    lockTogether(
      {
        locks: {
          sizeOf: ({ cameraId }) => recorded[cameraId] ?? 0,
          create: async (wanted: NewLock) => {
            if (held() + recorded[wanted.cameraId]! > capBytes)
              throw new AppError('conflict', 'Locks may hold 1.0 kB in all.');
            const made = { ...wanted, id: `lock of ${wanted.cameraId}`, createdEpochMs: 1 };
            locks.set(made.id, made);
            return made;
          },
          remove: async (id) => void locks.delete(id),
        },
        cameraName: (id) => id.toUpperCase(),
        clock: { epochMs: () => 5000 },
      },
      cameraIds,
      { ...RANGE, ...range },
    );
  return { lock, locked: () => [...locks.values()].map(({ cameraId }) => cameraId) };
}

test('who recorded nothing then is passed over and named', async () => {
  const { lock, locked } = open({ door: 10, garage: 10, hall: 10 });
  const made = await lock(['door', 'yard', 'garage', 'hall']);
  expect(made.locks.map(({ cameraId }) => cameraId)).toEqual(['door', 'garage', 'hall']);
  expect(made.unrecordedCameraIds).toEqual(['yard']);
  expect(locked()).toEqual(['door', 'garage', 'hall']);
});

test('it is refused where none recorded anything, with the names', async () => {
  const { lock } = open({});
  await expect(lock(['door', 'yard'])).rejects.toThrow(
    'Nothing was locked: DOOR, YARD recorded nothing in that time.',
  );
});

test('what goes over the cap locks nothing of the others, and says whose footage is too much', async () => {
  const { lock, locked } = open({ door: 400, garage: 400, hall: 400 });
  await expect(lock(['door', 'garage', 'hall'])).rejects.toThrow(
    'Nothing was locked. HALL, after DOOR, GARAGE: Locks may hold 1.0 kB in all.',
  );
  expect(locked()).toEqual([]);
  await lock(['door', 'garage']);
  await expect(lock(['hall'])).rejects.toThrow('Nothing was locked. HALL: Locks may hold 1.0 kB in all.');
  expect(locked()).toEqual(['door', 'garage']);
});

test('an impossible range is refused as such', async () => {
  const { lock } = open({});
  await expect(lock(['door'], { endEpochMs: 0 })).rejects.toMatchObject({ kind: 'invalid-input' });
});
