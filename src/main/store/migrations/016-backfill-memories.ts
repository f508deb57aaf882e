/** Migration 16: what a search of the archive remembers between two runs. Never edited once released. */
import type { Migration } from '../database.ts';

export const migration016: Migration = {
  id: 16,
  name: 'backfill-memories',
  sql: `
ALTER TABLE backfills ADD COLUMN memory BLOB; -- what the rules remember where it was left, serialized by V8; NULL before it began and after its end
`,
};
