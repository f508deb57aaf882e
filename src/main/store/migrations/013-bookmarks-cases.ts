/** Migration 13: bookmarks and cases. Never edited once released. */
import type { Migration } from '../database.ts';

export const migration013: Migration = {
  id: 13,
  name: 'bookmarks and cases',
  sql: `
-- Moments and ranges of footage with a title.
CREATE TABLE bookmarks (
  id TEXT PRIMARY KEY,                      -- uuid
  camera_ids TEXT NOT NULL,                 -- JSON: [uuid]
  start_epoch_ms INTEGER NOT NULL,
  end_epoch_ms INTEGER NOT NULL,            -- the same as the start: a moment
  title TEXT NOT NULL,
  note TEXT NOT NULL,
  colour TEXT NOT NULL,                     -- BOOKMARK_COLOURS
  created_by TEXT NOT NULL,                 -- e-mail address
  created_epoch_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX bookmarks_start ON bookmarks(start_epoch_ms);

-- What belongs to one incident.
CREATE TABLE cases (
  id TEXT PRIMARY KEY,                      -- uuid
  title TEXT NOT NULL,
  reference TEXT NOT NULL,                  -- number at the police or insurer; may be empty
  notes TEXT NOT NULL,
  state TEXT NOT NULL,                      -- open or closed
  created_by TEXT NOT NULL,                 -- e-mail address
  created_epoch_ms INTEGER NOT NULL,
  changed_epoch_ms INTEGER NOT NULL         -- of itself or of what is in it
) STRICT, WITHOUT ROWID;
CREATE TABLE case_items (
  id TEXT PRIMARY KEY,                      -- uuid
  case_id TEXT NOT NULL REFERENCES cases(id) ON DELETE CASCADE,
  kind TEXT NOT NULL,                       -- CASE_ITEM_KINDS
  source_id TEXT,                           -- of the bookmark, event, lock or export, which may be gone; NULL: footage
  camera_ids TEXT NOT NULL,                 -- JSON: [uuid]
  start_epoch_ms INTEGER NOT NULL,
  end_epoch_ms INTEGER NOT NULL,
  label TEXT NOT NULL,                      -- what it was called when it was put in
  added_by TEXT NOT NULL,                   -- e-mail address
  added_epoch_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX case_items_case ON case_items(case_id);

ALTER TABLE exports ADD COLUMN ranges TEXT; -- JSON: [{cameraId, fromEpochMs, toEpochMs}]; NULL: all of the range of every camera
`,
};
