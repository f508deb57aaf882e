/** Migration 6: locked footage. Never edited once released. */
import type { Migration } from '../database.ts';

export const migration006: Migration = {
  id: 6,
  name: 'locks',
  sql: `
-- Ranges of footage that retention leaves alone. Each camera's are also in locks.json beside its footage, from where a lost table is filled.
CREATE TABLE locks (
  id TEXT PRIMARY KEY,                      -- uuid
  camera_id TEXT NOT NULL,                  -- uuid
  start_epoch_ms INTEGER NOT NULL,
  end_epoch_ms INTEGER NOT NULL,            -- ranges may overlap
  reason TEXT NOT NULL,
  created_by TEXT NOT NULL,                 -- e-mail of the account
  created_epoch_ms INTEGER NOT NULL,
  expires_epoch_ms INTEGER                  -- NULL: until somebody removes it
) STRICT, WITHOUT ROWID;
`,
};
