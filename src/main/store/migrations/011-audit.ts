/** Migration 11: the audit log. Never edited once released. */
import type { Migration } from '../database.ts';

export const migration011: Migration = {
  id: 11,
  name: 'audit',
  sql: `
-- Who saw and took which footage. Lines are only ever added; each holds the digest of the one before it.
CREATE TABLE audit (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT, -- AUTOINCREMENT: sqlite_sequence knows the last one even when it is deleted
  at_epoch_ms INTEGER NOT NULL,
  action TEXT NOT NULL,                     -- AUDIT_ACTIONS
  actor TEXT NOT NULL,                      -- e-mail address, or what kind of key
  address TEXT NOT NULL,                    -- the network address that asked; '' for the engine itself
  cameras TEXT NOT NULL,                    -- JSON: [{id, name}], names as they were
  from_epoch_ms INTEGER,                    -- of the footage
  to_epoch_ms INTEGER,
  reason TEXT NOT NULL,                     -- as the user gave it
  detail TEXT NOT NULL,                     -- in the program's words
  prev_hash TEXT NOT NULL,                  -- hash of the line before; 64 zeros for the first
  hash TEXT NOT NULL                        -- SHA-256 of all of this line but the hash itself; see store/audit.ts
) STRICT;
CREATE TRIGGER audit_kept BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'lines of the audit log are never deleted'); END;
CREATE TRIGGER audit_fixed BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'lines of the audit log are never changed'); END;
`,
};
