/** The tables that hold settings, as rows that can be written to a file, and back. What the recorder recorded is in none of them. */
import { z } from 'zod';
import { AppError } from '../../shared/errors.ts';
import { closeDatabase, inTransaction, openDatabase, type Sql } from './database.ts';

/** Written as they were: what came later goes. */
const REPLACED = [
  'accounts',
  'account_cameras',
  'readers',
  'camera_readers',
  'tokens',
  'oauth_clients',
  'camlytics_keys',
  'camlytics_webhooks',
  'settings',
  'hooks',
  'camios',
  'fleet_registrations',
  'rooms',
  'camera_rooms',
] as const;
/** Written over and added; those that came later stay, as footage and events hang on them. */
const MERGED = ['sites', 'cameras', 'fleet_cameras', 'camio_cameras'] as const;
const MERGE_KEYS: Readonly<Record<string, string>> = {
  ...{ sites: 'id', cameras: 'id', fleet_cameras: 'camera_id', camio_cameras: 'camera_id' },
};
/** Emptied: they belong to accounts as they were. */
const EMPTIED = ['sessions', 'oauth_codes'] as const;
/** What was recorded, what is under way, and what belongs to the disks of this very machine. */
const LEFT_ALONE = [
  ...[
    'migrations',
    'events',
    'event_labels',
    'event_vectors',
    'access_events',
    'segments',
    'gaps',
    'recorded_spans',
  ],
  ...[
    'outbox',
    'hook_firings',
    'camera_calls',
    'camio_downloads',
    'contents',
    'faceter_exports',
    'backfills',
  ],
  ...[
    'locks',
    'alerts',
    'volumes',
    'leftover_files',
    'exports',
    'audit',
    'bookmarks',
    'cases',
    'case_items',
    'motion_grids',
  ],
] as const;
export const TABLES_DECIDED: readonly string[] = [...REPLACED, ...MERGED, ...EMPTIED, ...LEFT_ALONE];

const CellSchema = z.union([z.null(), z.number(), z.string(), z.strictObject({ base64: z.base64() })]);
export const ConfigurationRowsSchema = z.object({
  /** Number of the newest migration. */
  schema: z.number().int(),
  tables: z.record(z.string(), z.array(z.record(z.string(), CellSchema))),
});
export type ConfigurationRows = z.infer<typeof ConfigurationRowsSchema>;

export function readConfiguration(sql: Sql): ConfigurationRows {
  const rowsOf = (table: string) =>
    sql
      .prepare<[], Row>(`SELECT * FROM ${table}`)
      .all()
      .filter((row) => !isOfThisMachine(table, row))
      .map(cellsOf);
  const tables = Object.fromEntries([...REPLACED, ...MERGED].map((table) => [table, rowsOf(table)]));
  return { schema: newestMigration(sql), tables };
}

/**
 * Writes the rows, all or nothing; nothing else of the database may be at work. Throws AppError `invalid-input` when they are of a newer
 * version or do not fit.
 */
export function writeConfiguration(sql: Sql, { schema, tables }: ConfigurationRows): void {
  if (schema > newestMigration(sql))
    throw new AppError(
      'invalid-input',
      'This backup was made by a newer version of the program: update this one first.',
    );
  // Rows stand for each other by their ids, which stay: nothing that hangs on them may go meanwhile.
  sql.pragma('foreign_keys = OFF');
  try {
    inTransaction(sql, () => {
      const kept = sql
        .prepare<[], Row>('SELECT * FROM settings')
        .all()
        .filter((row) => isOfThisMachine('settings', row));
      for (const table of [...REPLACED, ...EMPTIED]) sql.prepare(`DELETE FROM ${table}`).run();
      for (const row of kept) put(sql, 'settings', cellsOf(row));
      for (const table of [...MERGED, ...REPLACED])
        for (const row of tables[table] ?? []) put(sql, table, row);
    });
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError('invalid-input', 'This backup does not fit this version of the program.', { cause });
  } finally {
    sql.pragma('foreign_keys = ON');
  }
}

/** Tries the rows on a database in memory. Throws as `writeConfiguration`. */
export function refuseUnfitting(rows: ConfigurationRows): void {
  const sql = openDatabase(':memory:');
  try {
    writeConfiguration(sql, rows);
  } finally {
    closeDatabase(sql);
  }
}

/**
 * By what the recording folders know the installation that they belong to, and where the engine listens: taken over from another machine,
 * or from before a move, that would lock its user out, or let others in.
 */
const OF_THIS_MACHINE: readonly unknown[] = ['installation', 'network'];

function isOfThisMachine(table: string, row: Row): boolean {
  return table === 'settings' && OF_THIS_MACHINE.includes(row.key);
}

type Row = Record<string, unknown>;
type Cells = ConfigurationRows['tables'][string][number];

function put(sql: Sql, table: string, cells: Cells): void {
  const known = new Set(
    sql
      .prepare<[string], { name: string }>('SELECT name FROM pragma_table_info(?)')
      .all(table)
      .map(({ name }) => name),
  );
  const columns = Object.keys(cells);
  if (columns.some((column) => !known.has(column)))
    throw new AppError('invalid-input', 'This backup does not fit this version of the program.');
  const updates = columns.map((column) => `${column} = excluded.${column}`).join(', ');
  const key = MERGE_KEYS[table];
  const merge = key === undefined ? '' : ` ON CONFLICT (${key}) DO UPDATE SET ${updates}`;
  sql
    .prepare(
      `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})${merge}`,
    )
    .run(...columns.map((column) => sqlValueOf(cells[column]!)));
}

function cellsOf(row: Row): Cells {
  return Object.fromEntries(
    Object.entries(row).map(([column, value]) => [
      column,
      Buffer.isBuffer(value) ? { base64: value.toString('base64') } : (value as string | number | null),
    ]),
  );
}

function sqlValueOf(cell: Cells[string]): unknown {
  return typeof cell === 'object' && cell !== null ? Buffer.from(cell.base64, 'base64') : cell;
}

function newestMigration(sql: Sql): number {
  return sql.prepare<[], { id: number }>('SELECT max(id) AS id FROM migrations').get()!.id;
}
