/** Migration 15: how much of the time asked for is in an export. Never edited once released. */
import type { Migration } from '../database.ts';

export const migration015: Migration = {
  id: 15,
  name: 'export contents',
  sql: `
ALTER TABLE exports ADD COLUMN contents TEXT; -- JSON: [ExportContent]; NULL: not done, or exported before this was noted
`,
};
