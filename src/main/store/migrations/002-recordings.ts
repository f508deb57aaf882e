/** Migration 2: the index of recorded segments, the ledger of gaps, and export jobs. Never edited once released. */
import type { Migration } from '../database.ts';

export const migration002: Migration = {
  id: 2,
  name: 'recordings',
  sql: `
-- An index of the segment files, made anew from them by "reindex". Cameras may be gone while their files are being removed.
CREATE TABLE segments (
  path TEXT PRIMARY KEY,                    -- below the recordings folder, with /
  camera_id TEXT NOT NULL,                  -- uuid
  stream TEXT NOT NULL,                     -- main or sub
  start_epoch_ms INTEGER NOT NULL,          -- capture time of the first key frame
  duration_ms INTEGER NOT NULL,             -- to the end of the last whole video frame; 0 while it is written
  size_bytes INTEGER NOT NULL,
  closed INTEGER NOT NULL,                  -- 0 while it is written, and after a crash until it has been repaired
  video_codec TEXT NOT NULL,                -- RFC 6381
  audio_codec TEXT,                         -- RFC 6381; NULL: no sound
  width INTEGER NOT NULL,
  height INTEGER NOT NULL,
  video_timescale INTEGER NOT NULL,
  audio_timescale INTEGER,
  init_bytes INTEGER NOT NULL,              -- length of ftyp and moov
  keyframes BLOB NOT NULL                   -- per key frame: byte offset, decode time in ticks; float64 little endian each
) STRICT, WITHOUT ROWID;
CREATE INDEX segments_timeline ON segments(camera_id, stream, start_epoch_ms, duration_ms, size_bytes);
CREATE INDEX segments_oldest ON segments(start_epoch_ms, size_bytes, camera_id, stream, duration_ms);
CREATE INDEX segments_open ON segments(path) WHERE closed = 0;

-- Every interval in which nothing of a camera's main stream was stored. Rows of one camera do not overlap.
CREATE TABLE gaps (
  camera_id TEXT NOT NULL,                  -- uuid
  start_epoch_ms INTEGER NOT NULL,
  end_epoch_ms INTEGER,                     -- NULL while it lasts
  cause TEXT NOT NULL,                      -- GAP_CAUSES
  detail TEXT NOT NULL,                     -- in the user's words, no credentials
  known_until_epoch_ms INTEGER NOT NULL,    -- until when the engine is known to have been running in it
  PRIMARY KEY (camera_id, start_epoch_ms)
) STRICT, WITHOUT ROWID;
CREATE INDEX gaps_open ON gaps(camera_id) WHERE end_epoch_ms IS NULL;

CREATE TABLE exports (
  id TEXT PRIMARY KEY,                      -- uuid
  camera_id TEXT NOT NULL,
  camera_name TEXT NOT NULL,                -- as it was when asked for
  from_epoch_ms INTEGER NOT NULL,
  to_epoch_ms INTEGER NOT NULL,
  audio INTEGER NOT NULL,                   -- 1: with sound
  state TEXT NOT NULL,                      -- queued, running, done, failed, cancelled
  progress REAL NOT NULL,                   -- 0..1
  problem TEXT,
  file_name TEXT NOT NULL,
  size_bytes INTEGER,
  created_epoch_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX exports_created ON exports(created_epoch_ms);
`,
};
