/** Migration 10: exports of several cameras, to drives, as evidence. Never edited once released. */
import type { Migration } from '../database.ts';

export const migration010: Migration = {
  id: 10,
  name: 'exports',
  sql: `
CREATE TABLE exports_new (
  id TEXT PRIMARY KEY,                      -- uuid
  cameras TEXT NOT NULL,                    -- JSON: [{id, name}], names as they were when asked for
  from_epoch_ms INTEGER NOT NULL,
  to_epoch_ms INTEGER NOT NULL,
  form TEXT NOT NULL,                       -- clip or evidence
  reason TEXT NOT NULL,
  created_by TEXT NOT NULL,                 -- e-mail address
  options TEXT NOT NULL,                    -- JSON: ExportOptions
  drive TEXT,                               -- JSON: {id, name}; NULL: DATA/exports
  audit_line TEXT,                          -- JSON: {sequence, hash}
  state TEXT NOT NULL,                      -- queued, running, paused, done, failed, cancelled
  progress REAL NOT NULL,                   -- 0..1
  problem TEXT,
  name TEXT NOT NULL,                       -- of the file or folder
  files TEXT NOT NULL,                      -- JSON: [{name, sizeBytes}]
  size_bytes INTEGER,
  created_epoch_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO exports_new
  SELECT id, json_array(json_object('id', camera_id, 'name', camera_name)), from_epoch_ms, to_epoch_ms, 'clip', '', '',
    json_object('audio', json(iif(audio = 1, 'true', 'false')), 'caption', json('false'), 'hidden', json_array(), 'timeLapse', NULL,
      'compatible', json('false')),
    NULL, NULL, state, progress, problem, file_name,
    iif(state = 'done', json_array(json_object('name', file_name, 'sizeBytes', size_bytes)), '[]'), size_bytes, created_epoch_ms
  FROM exports;
DROP TABLE exports;
ALTER TABLE exports_new RENAME TO exports;
CREATE INDEX exports_created ON exports(created_epoch_ms);
`,
};
