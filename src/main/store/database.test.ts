import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { closeDatabase, inTransaction, openDatabase, type Sql } from './database.ts';
import { MIGRATIONS } from './migrations/all.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'database-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const NEXT_ID = (MIGRATIONS.at(-1)?.id ?? 0) + 1;

const schemaOf = (sql: Sql) =>
  sql
    .prepare(
      "SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY type, name",
    )
    .all();

test('migrations are numbered without a gap', () => {
  const ids = MIGRATIONS.map((migration) => migration.id);
  expect(ids).toEqual(ids.map((_, index) => index + 1));
});

test.each(MIGRATIONS.map((migration, index) => [migration.id, index + 1]))(
  'a database upgraded from schema %i equals a fresh one',
  (_id, count) => {
    const path = join(dir, 'old.db');
    closeDatabase(openDatabase(path, MIGRATIONS.slice(0, count)));
    const upgraded = openDatabase(path);
    const fresh = openDatabase(':memory:');
    expect(schemaOf(upgraded)).toEqual(schemaOf(fresh));
    closeDatabase(upgraded);
    closeDatabase(fresh);
  },
);

test('every table is strict, and every foreign key has an index', () => {
  const sql = openDatabase(':memory:');
  const tables = sql
    .prepare<[], { name: string; strict: number }>(
      "SELECT name, strict FROM pragma_table_list WHERE schema = 'main' AND name NOT LIKE 'sqlite_%'",
    )
    .all();
  for (const { name, strict } of tables) {
    expect([name, strict]).toEqual([name, 1]);
    const firstColumns = sql
      .prepare<[string], { name: string }>(
        'SELECT i.name FROM pragma_index_list(?) l JOIN pragma_index_info(l.name) i WHERE i.seqno = 0',
      )
      .all(name)
      .map((row) => row.name);
    const columns = sql
      .prepare<[string], { name: string; pk: number }>('SELECT name, pk FROM pragma_table_info(?)')
      .all(name);
    const indexed = new Set([
      ...firstColumns,
      ...columns.filter((column) => column.pk === 1).map((column) => column.name),
    ]);
    const keys = sql
      .prepare<[string], { from: string }>('SELECT "from" FROM pragma_foreign_key_list(?)')
      .all(name);
    for (const key of keys) expect([name, key.from, indexed.has(key.from)]).toEqual([name, key.from, true]);
  }
  closeDatabase(sql);
});

test('a database is readable by its owner alone, in WAL mode, and its log is gone once closed', () => {
  const path = join(dir, 'threshold.db');
  const sql = openDatabase(path);
  expect(sql.pragma('journal_mode', { simple: true })).toBe('wal');
  expect(sql.pragma('foreign_keys', { simple: true })).toBe(1);
  if (process.platform !== 'win32') {
    expect([statSync(path), statSync(`${path}-wal`)].map((file) => file.mode & 0o077)).toEqual([0, 0]);
  }
  closeDatabase(sql);
  expect(() => statSync(`${path}-wal`)).toThrow();
});

test.each(['overwritten', 'cut off', 'no database'])(
  'a file that is %s is reported and left as it is',
  (damage) => {
    const path = join(dir, 'threshold.db');
    const sql = openDatabase(path);
    inTransaction(sql, () => {
      const insert = sql.prepare('INSERT INTO settings (key, value) VALUES (?, ?)');
      for (let i = 0; i < 2000; i++) insert.run(`key ${i}`, JSON.stringify('x'.repeat(100)));
    });
    closeDatabase(sql);
    const bytes = readFileSync(path);
    if (damage === 'overwritten') bytes.fill(0x5a, 4096, bytes.length - 4096);
    const damaged =
      damage === 'no database'
        ? Buffer.from('not a database at all, but a text of some length'.repeat(50))
        : damage === 'cut off'
          ? bytes.subarray(0, 12_000)
          : bytes;
    writeFileSync(path, damaged);
    expect(() => openDatabase(path)).toThrow(/threshold\.db is damaged.*left as it is/);
    expect(readFileSync(path).equals(damaged)).toBe(true);
  },
);

test('a database of a newer version is refused', () => {
  const path = join(dir, 'threshold.db');
  const later = { id: NEXT_ID, name: 'later', sql: 'CREATE TABLE later (a INTEGER) STRICT' };
  closeDatabase(openDatabase(path, [...MIGRATIONS, later]));
  expect(() => openDatabase(path)).toThrow('newer version');
});

test('a migration that fails leaves nothing behind', () => {
  const path = join(dir, 'threshold.db');
  const broken = {
    id: NEXT_ID,
    name: 'broken',
    sql: 'CREATE TABLE half (a INTEGER) STRICT; CREATE TABLE nonsense (',
  };
  expect(() => openDatabase(path, [...MIGRATIONS, broken])).toThrow();
  const sql = openDatabase(path);
  expect(sql.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'half'").get()).toBeUndefined();
  closeDatabase(sql);
});
