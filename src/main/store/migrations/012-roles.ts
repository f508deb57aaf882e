/** Migration 12: roles of accounts, and the cameras they see. Never edited once released. */
import type { Migration } from '../database.ts';

export const migration012: Migration = {
  id: 12,
  name: 'roles',
  sql: `
-- Whoever had an account before there were roles could do everything.
ALTER TABLE accounts ADD COLUMN role TEXT NOT NULL DEFAULT 'administrator' CHECK (role IN ('viewer', 'operator', 'administrator'));
ALTER TABLE accounts ADD COLUMN all_cameras INTEGER NOT NULL DEFAULT 1 CHECK (all_cameras IN (0, 1)); -- 0: those in account_cameras
ALTER TABLE accounts ADD COLUMN last_sign_in_epoch_ms INTEGER;
CREATE TABLE account_cameras (
  account_id INTEGER NOT NULL REFERENCES accounts(id) ON DELETE CASCADE,
  camera_id TEXT NOT NULL REFERENCES cameras(id) ON DELETE CASCADE,
  PRIMARY KEY (account_id, camera_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX account_cameras_camera ON account_cameras(camera_id);
`,
};
