import { expect, test } from 'vitest';
import {
  readConfiguration,
  refuseUnfitting,
  TABLES_DECIDED,
  writeConfiguration,
} from './configuration-tables.ts';
import { openDatabase, type Sql } from './database.ts';

function fill(sql: Sql, name: string, id: string): void {
  sql.prepare("INSERT INTO sites (id, uuid, name) VALUES (1, ?, 'HQ') ON CONFLICT DO NOTHING").run(id);
  sql
    .prepare(
      `INSERT INTO cameras (id, name, name_key, site_id, source_sealed, recording, analysis, zones, lines, created_epoch_ms)
       VALUES (?, ?, ?, 1, x'0102', '{}', '{}', '[]', '[]', 0)`,
    )
    .run(id, name, name.toLowerCase());
  sql.prepare("INSERT INTO settings (key, value) VALUES ('installation', ?)").run(`"${name}"`);
  sql.prepare("INSERT INTO settings (key, value) VALUES ('network', ?)").run(`"${name}"`);
  sql.prepare("INSERT INTO settings (key, value) VALUES ('storage', ?)").run(`"${name}"`);
}

test('every table is known to be settings, or to be left alone', () => {
  const sql = openDatabase(':memory:');
  const tables = sql
    .prepare<[], { name: string }>(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name",
    )
    .all();
  expect(tables.map(({ name }) => name)).toEqual([...TABLES_DECIDED].sort());
});

test('goes into another database: its own cameras stay, and what belongs to its machine', () => {
  const [from, to] = [openDatabase(':memory:'), openDatabase(':memory:')];
  fill(from, 'Front', '11111111-1111-4111-8111-111111111111');
  fill(to, 'Yard', '22222222-2222-4222-8222-222222222222');
  const rows = JSON.parse(JSON.stringify(readConfiguration(from)));
  refuseUnfitting(rows);
  writeConfiguration(to, rows);
  writeConfiguration(to, rows);
  const names = to
    .prepare<[], { name: string; source_sealed: Buffer }>('SELECT * FROM cameras ORDER BY name')
    .all();
  expect(names.map(({ name }) => name)).toEqual(['Front', 'Yard']);
  expect(names[0]!.source_sealed).toEqual(Buffer.of(1, 2));
  expect(to.prepare('SELECT key, value FROM settings ORDER BY key').all()).toEqual([
    { key: 'installation', value: '"Yard"' },
    { key: 'network', value: '"Yard"' },
    { key: 'storage', value: '"Front"' },
  ]);
});

test('refuses what does not fit, and changes nothing', () => {
  const sql = openDatabase(':memory:');
  fill(sql, 'Yard', '22222222-2222-4222-8222-222222222222');
  const before = readConfiguration(sql);
  expect(() => writeConfiguration(sql, { schema: before.schema + 1, tables: {} })).toThrow('newer version');
  const rows: Array<Record<string, string | number | null>> = [
    { evil: 1 },
    { key: 'x', value: null },
    { 'key) --': 1 },
  ];
  for (const row of rows)
    expect(() => writeConfiguration(sql, { ...before, tables: { settings: [row] } })).toThrow('does not fit');
  expect(readConfiguration(sql)).toEqual(before);
});
