import { afterEach, beforeEach, expect, test } from 'vitest';
import { type AuditEntry, AuditStore } from './audit.ts';
import { openDatabase, type Sql } from './database.ts';

const entry = (atEpochMs: number, patch: Partial<AuditEntry> = {}): AuditEntry => ({
  ...{ atEpochMs, action: 'playback', actor: 'owner@example.test', address: '127.0.0.1' },
  ...{ cameras: [{ id: 'c', name: 'Door' }], fromEpochMs: 1.4, toEpochMs: 2, reason: '', detail: '' },
  ...patch,
});

let sql: Sql;
let store: AuditStore;
beforeEach(() => {
  sql = openDatabase(':memory:');
  store = new AuditStore(sql);
  for (let at = 1; at <= 5; at++) store.add(entry(at));
});
afterEach(() => sql.close());

/** As somebody would who has the file but not the program. */
function tamper(statement: string): void {
  sql.exec('DROP TRIGGER audit_kept; DROP TRIGGER audit_fixed;');
  sql.exec(statement);
}

test('lines are kept in order and are whole', async () => {
  expect(store.list(2).map(({ sequence }) => sequence)).toEqual([5, 4]);
  expect(store.list(10, 3).map(({ sequence }) => sequence)).toEqual([2, 1]);
  expect(store.list(1)[0]).toMatchObject({ fromEpochMs: 1, prevHash: store.list(2)[1]?.hash });
  expect(await store.verify()).toEqual({ whole: true, lineCount: 5, problem: null });
});

test.each([
  [
    'a changed reason',
    "UPDATE audit SET reason = 'other' WHERE sequence = 3",
    'Line 3 is not as it was written.',
  ],
  ['another name', "UPDATE audit SET actor = 'x' WHERE sequence = 1", 'Line 1 is not as it was written.'],
  ['a line deleted', 'DELETE FROM audit WHERE sequence = 2', 'Line 2 is missing.'],
  ['the first ones deleted', 'DELETE FROM audit WHERE sequence < 3', 'Lines 1 to 2 are missing.'],
  ['the last ones deleted', 'DELETE FROM audit WHERE sequence > 3', 'Lines 4 to 5 are missing.'],
  ['all deleted', 'DELETE FROM audit', 'Lines 1 to 5 are missing.'],
  [
    'a line deleted and the others moved up',
    'DELETE FROM audit WHERE sequence = 2; UPDATE audit SET sequence = sequence - 1 WHERE sequence > 2',
    'Line 2 is not as it was written.',
  ],
])('%s is noticed', async (_, statement, problem) => {
  tamper(statement);
  expect(await store.verify()).toMatchObject({ whole: false, problem });
});

test('a gap stays a gap when lines are added after it', async () => {
  tamper('DELETE FROM audit WHERE sequence > 4');
  store.add(entry(6));
  expect(await store.verify()).toMatchObject({ whole: false, problem: 'Line 5 is missing.' });
});

test('the program itself cannot change or delete a line', () => {
  expect(() => sql.exec('DELETE FROM audit')).toThrow('never deleted');
  expect(() => sql.exec("UPDATE audit SET actor = 'x'")).toThrow('never changed');
});
