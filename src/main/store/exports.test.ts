import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { ExportJob } from '../../shared/contract-exports.ts';
import { closeDatabase, openDatabase } from './database.ts';
import { ExportStore } from './exports.ts';
import { MIGRATIONS } from './migrations/all.ts';

const ID = '11111111-2222-4333-8444-555555555555';
const CAMERA = '3fa85f64-5717-4562-b3fc-2c963f66afa6';
let folder = '';
afterEach(() => folder && rmSync(folder, { recursive: true, force: true }));

const job: ExportJob = {
  ranges: [{ cameraId: '3fa85f64-5717-4562-b3fc-2c963f66afa6', fromEpochMs: 10, toEpochMs: 20 }],
  ...{ id: ID, cameras: [{ id: CAMERA, name: 'Door' }], fromEpochMs: 1, toEpochMs: 2, form: 'evidence' },
  ...{ reason: 'police', createdBy: 'owner@example.test', drive: { id: 'd', name: 'STICK' } },
  options: { audio: false, caption: true, hidden: [], timeLapse: 60, compatible: false },
  ...{
    auditLine: { sequence: 7, hash: 'ab' },
    state: 'paused',
    step: 'writing',
    progress: 0.5,
    problem: null,
  },
  ...{ name: 'Evidence', files: [{ name: 'clips/a.mp4', sizeBytes: 3 }], sizeBytes: 3, createdEpochMs: 9 },
  contents: [
    { cameraId: CAMERA, askedMs: 10, recordedMs: 7, gapCount: 1, gaps: [{ fromEpochMs: 12, toEpochMs: 15 }] },
  ],
};

test('a job comes back as it was put, and goes', () => {
  const sql = openDatabase(':memory:');
  const store = new ExportStore(sql);
  store.putExport({ ...job, drive: null, auditLine: null, contents: null });
  expect(store.listExports()).toMatchObject([{ contents: null }]);
  store.putExport(job);
  expect(store.listExports()).toEqual([job]);
  store.removeExport(ID);
  expect(store.listExports()).toEqual([]);
  closeDatabase(sql);
});

test('exports of earlier versions are taken over', () => {
  folder = mkdtempSync(join(tmpdir(), 'exports-'));
  const path = join(folder, 'threshold.db');
  const before = openDatabase(path, MIGRATIONS.slice(0, 9));
  const put = before.prepare(
    `INSERT INTO exports (id, camera_id, camera_name, from_epoch_ms, to_epoch_ms, audio, state, progress, problem, file_name, size_bytes, created_epoch_ms)
     VALUES (?, '${CAMERA}', 'Door', 1, 2, ?, ?, 1, NULL, 'a.mp4', ?, ?)`,
  );
  put.run(ID, 1, 'done', 33, 1);
  put.run(ID.replaceAll('1', '2'), 0, 'queued', null, 2);
  closeDatabase(before);
  const after = openDatabase(path);
  const [done, queued] = new ExportStore(after).listExports();
  expect(done).toMatchObject({
    ...{
      id: ID,
      cameras: [{ id: CAMERA, name: 'Door' }],
      form: 'clip',
      reason: '',
      drive: null,
      state: 'done',
    },
    ...{ name: 'a.mp4', files: [{ name: 'a.mp4', sizeBytes: 33 }], sizeBytes: 33 },
    contents: null,
    options: { audio: true, caption: false, hidden: [], timeLapse: null, compatible: false },
  });
  expect(queued).toMatchObject({ state: 'queued', files: [], options: { audio: false } });
  closeDatabase(after);
});
