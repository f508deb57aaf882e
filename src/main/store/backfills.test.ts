import { expect, test } from 'vitest';
import type { Backfill } from '../../shared/rehearsal.ts';
import { BackfillStore } from './backfills.ts';
import { closeDatabase, openDatabase } from './database.ts';
import { MIGRATIONS } from './migrations/all.ts';

const JOB: Backfill = {
  ...{ id: '3fa85f64-5717-4562-b3fc-2c963f66afa6', cameraId: 'camera', cameraName: 'door' },
  ...{ fromEpochMs: 1000, toEpochMs: 9000, state: 'running', reachedEpochMs: 2000, added: 1, known: 0 },
  ...{ problem: null, createdEpochMs: 5 },
};

test('what a job remembers stays while the job goes on, until it is forgotten', () => {
  const sql = openDatabase(':memory:', MIGRATIONS);
  const store = new BackfillStore(sql);
  store.putBackfill(JOB);
  expect(store.backfillMemory(JOB.id)).toBeNull();
  store.putBackfillMemory(JOB.id, Buffer.from([1, 2, 3]));
  const further: Backfill = {
    ...JOB,
    state: 'paused',
    reachedEpochMs: 4000,
    added: 2,
    known: 3,
    problem: 'p',
  };
  store.putBackfill(further);
  expect(store.listBackfills()).toEqual([further]);
  expect(store.backfillMemory(JOB.id)).toEqual(Buffer.from([1, 2, 3]));
  store.putBackfillMemory(JOB.id, null);
  expect(store.backfillMemory(JOB.id)).toBeNull();
  closeDatabase(sql);
});
