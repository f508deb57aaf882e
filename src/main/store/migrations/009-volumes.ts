/** Migration 9: several recording folders. Never edited once released. */
import type { Migration } from '../database.ts';

export const migration009: Migration = {
  id: 9,
  name: 'volumes',
  sql: `
-- Folders that hold recordings. Each is known by a mark inside it, a small file that says its uuid.
CREATE TABLE volumes (
  id INTEGER PRIMARY KEY,                   -- 0: DATA/recordings
  uuid TEXT NOT NULL UNIQUE,
  path TEXT,                                -- absolute; NULL: DATA/recordings, wherever DATA is
  role TEXT NOT NULL,                       -- record, archive or leaving
  after_days REAL,                          -- archive: the age at which segments go there
  min_free_bytes INTEGER,                   -- reserve on its disk; NULL: that of all recordings
  max_bytes INTEGER                         -- NULL: no limit of its own
) STRICT;

ALTER TABLE segments ADD COLUMN volume_id INTEGER NOT NULL DEFAULT 0;
DROP INDEX segments_timeline;
CREATE INDEX segments_timeline ON segments(camera_id, stream, start_epoch_ms, duration_ms, size_bytes, volume_id);
CREATE INDEX segments_volume ON segments(volume_id, start_epoch_ms, size_bytes);

-- Files that no segment names any more, as it was moved to another folder or removed while the drive was away, until they are deleted.
CREATE TABLE leftover_files (
  path TEXT NOT NULL,                       -- as in segments
  volume_id INTEGER NOT NULL,               -- where the file is that has to go
  PRIMARY KEY (path, volume_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX leftover_files_volume ON leftover_files(volume_id);
`,
};
