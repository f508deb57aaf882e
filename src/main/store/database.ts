/**
 * Opens the SQLite database of a data folder and brings its schema up to date. All SQL of the engine is in this folder.
 * A damaged file is reported, never deleted or repaired behind the user's back: recordings are the truth and stay readable.
 */
import { closeSync, existsSync, openSync } from 'node:fs';
import { basename } from 'node:path';
import Database from 'better-sqlite3';
import { AppError } from '../../shared/errors.ts';
import { MIGRATIONS } from './migrations/all.ts';

/** An open database; synchronous, one per process. */
export type Sql = Database.Database;

export interface Migration {
  /** Ascending. */
  id: number;
  name: string;
  sql: string;
}

/**
 * Opens (or makes) the database file in WAL mode and applies missing migrations, each in a transaction of its own.
 * Throws AppError `unavailable` when the file is damaged or was written by a newer version.
 */
export function openDatabase(path: string, migrations: readonly Migration[] = MIGRATIONS): Sql {
  const existed = path !== ':memory:' && existsSync(path);
  let sql: Sql | null = null;
  try {
    // Made first, so that the write-ahead log takes over its permissions too.
    if (!existed && path !== ':memory:') closeSync(openSync(path, 'a', 0o600));
    sql = new Database(path);
    sql.pragma('busy_timeout = 5000');
    sql.pragma('journal_mode = WAL');
    sql.pragma('synchronous = NORMAL');
    sql.pragma('foreign_keys = ON');
    sql.pragma('journal_size_limit = 67108864');
    if (existed) checkIntegrity(sql, path);
    migrate(sql, migrations);
    keepStatements(sql);
    return sql;
  } catch (cause) {
    sql?.close();
    throw isDamage(cause) ? damaged(path, cause) : cause;
  }
}

/** Preparing costs more than most of our queries: a statement is kept and used again, unless it is at work (a query within its own). */
function keepStatements(sql: Sql): void {
  const prepare = sql.prepare.bind(sql);
  const kept = new Map<string, Database.Statement>();
  sql.prepare = ((text: string) => {
    const known = kept.get(text);
    if (known && !known.busy) return known;
    const made = prepare(text);
    if (kept.size >= MAX_KEPT_STATEMENTS) kept.clear();
    kept.set(text, made);
    return made;
  }) as Sql['prepare'];
}

/** Texts that are put together, such as searches, come in many forms. */
const MAX_KEPT_STATEMENTS = 500;

/** Moves the write-ahead log into the file and closes it. */
export function closeDatabase(sql: Sql): void {
  if (!sql.open) return;
  sql.pragma('wal_checkpoint(TRUNCATE)');
  sql.pragma('optimize');
  sql.close();
}

/** Runs `action` in one transaction: all of it is stored, or, when it throws, nothing. May be nested. */
export function inTransaction<T>(sql: Sql, action: () => T): T {
  return sql.transaction(action).immediate();
}

function migrate(sql: Sql, migrations: readonly Migration[]): void {
  sql.exec(`CREATE TABLE IF NOT EXISTS migrations (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    applied_epoch_ms INTEGER NOT NULL
  ) STRICT`);
  const applied = new Set(
    sql
      .prepare<[], { id: number }>('SELECT id FROM migrations')
      .all()
      .map((row) => row.id),
  );
  const newest = Math.max(0, ...applied);
  if (newest > (migrations.at(-1)?.id ?? 0)) {
    throw new AppError(
      'unavailable',
      `The database was written by a newer version of the program (schema ${newest}). Start that version.`,
    );
  }
  const record = sql.prepare('INSERT INTO migrations (id, name, applied_epoch_ms) VALUES (?, ?, ?)');
  for (const migration of migrations) {
    if (applied.has(migration.id)) continue;
    inTransaction(sql, () => {
      sql.exec(migration.sql);
      record.run(migration.id, migration.name, Date.now());
    });
  }
}

/** Reads the schema and one page of every table's root: cheap, and finds a file that is cut off or overwritten. */
function checkIntegrity(sql: Sql, path: string): void {
  const tables = sql
    .prepare<[], { name: string }>("SELECT name FROM sqlite_schema WHERE type = 'table'")
    .all();
  for (const { name } of tables) sql.prepare(`SELECT 1 FROM "${name.replaceAll('"', '""')}" LIMIT 1`).get();
  const pages = sql.pragma('page_count', { simple: true }) as number;
  if (pages > SMALL_PAGES) return;
  const answer = sql.pragma('quick_check(1)', { simple: true });
  if (answer !== 'ok') throw damaged(path, new Error(String(answer)));
}

/** Up to this size (40 MB) a full check takes well below a second and is made at every start. */
const SMALL_PAGES = 10_000;

function isDamage(cause: unknown): boolean {
  const code = (cause as { code?: unknown } | null)?.code;
  return typeof code === 'string' && (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB');
}

function damaged(path: string, cause: unknown): AppError {
  if (cause instanceof AppError) return cause;
  return new AppError(
    'unavailable',
    `The database ${basename(path)} is damaged. It has been left as it is: put back a copy, or move it away and start again; ` +
      'recordings on disk are not affected and can be indexed again with `npm run reindex`.',
    { cause },
  );
}
