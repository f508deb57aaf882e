/** Migration 5: searches of the archive with the rules of today. Never edited once released. */
import type { Migration } from '../database.ts';

export const migration005: Migration = {
  id: 5,
  name: 'backfills',
  sql: `
CREATE TABLE backfills (
  id TEXT PRIMARY KEY,                      -- uuid
  camera_id TEXT NOT NULL,                  -- uuid; may be gone
  camera_name TEXT NOT NULL,                -- as it was when asked for
  from_epoch_ms INTEGER NOT NULL,
  to_epoch_ms INTEGER NOT NULL,
  state TEXT NOT NULL,                      -- queued, running, paused, done, failed, cancelled
  reached_epoch_ms INTEGER NOT NULL,        -- everything before this has been looked at
  added INTEGER NOT NULL,                   -- events that were new
  known INTEGER NOT NULL,                   -- findings that the archive had already
  problem TEXT,
  created_epoch_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
`,
};
