/** Migration 3: the outbox, and what the Camio API keeps: hooks, share links, uploads, OAuth codes. Never edited once released. */
import type { Migration } from '../database.ts';

export const migration003: Migration = {
  id: 3,
  name: 'camio',
  sql: `
-- What is to be told to other systems. Rows stay for a while after they are done, so that the UI can show what became of them.
CREATE TABLE outbox (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL,                       -- what sends it: camio-hook, faceter-callback, ...
  target TEXT NOT NULL,                     -- whom it belongs to within the kind, as the hook's id
  url TEXT NOT NULL,
  body TEXT NOT NULL,                       -- JSON
  dedupe_key TEXT UNIQUE,                   -- the same thing is sent once
  state TEXT NOT NULL CHECK (state IN ('waiting', 'delivered', 'failed')),
  attempts INTEGER NOT NULL DEFAULT 0,
  next_attempt_epoch_ms INTEGER NOT NULL,   -- while waiting
  created_epoch_ms INTEGER NOT NULL,
  finished_epoch_ms INTEGER,
  answer_status INTEGER,                    -- of the last attempt; NULL: no answer
  answer TEXT                               -- beginning of the last answer, or why there was none
) STRICT;
CREATE INDEX outbox_waiting ON outbox(next_attempt_epoch_ms) WHERE state = 'waiting';
CREATE INDEX outbox_target ON outbox(kind, target, id);
CREATE INDEX outbox_finished ON outbox(finished_epoch_ms) WHERE finished_epoch_ms IS NOT NULL;

CREATE TABLE hooks (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  type TEXT NOT NULL,                       -- label_hit
  callback_url TEXT NOT NULL,
  query TEXT NOT NULL,
  camera_name TEXT,
  created_epoch_ms INTEGER NOT NULL
) STRICT;

-- Which events a hook has fired for: an event that changes does not fire again.
CREATE TABLE hook_firings (
  event_sequence INTEGER NOT NULL REFERENCES events(sequence) ON DELETE CASCADE,
  hook_id INTEGER NOT NULL REFERENCES hooks(id) ON DELETE CASCADE,
  PRIMARY KEY (event_sequence, hook_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX hook_firings_hook ON hook_firings(hook_id);

-- Cameras made by an upload, under the id that the client gave.
CREATE TABLE camio_cameras (
  camera_id TEXT PRIMARY KEY REFERENCES cameras(id) ON DELETE CASCADE,
  given_id TEXT NOT NULL UNIQUE
) STRICT, WITHOUT ROWID;

-- Calls of cameras that ask for their configuration.
CREATE TABLE camera_calls (
  mac_address TEXT PRIMARY KEY,             -- 12 hex digits, lower case
  maker TEXT NOT NULL,
  model TEXT NOT NULL,
  ip_address_local TEXT,
  ip_address TEXT NOT NULL,
  user_agent TEXT NOT NULL,
  first_epoch_ms INTEGER NOT NULL,
  last_epoch_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX camera_calls_last ON camera_calls(last_epoch_ms);

CREATE TABLE oauth_codes (
  code_hash TEXT PRIMARY KEY,               -- keyed digest, hex
  client_id TEXT NOT NULL,
  redirect_uri TEXT NOT NULL,
  scopes TEXT NOT NULL,                     -- JSON list
  account_id INTEGER NOT NULL REFERENCES accounts(id) ON DELETE CASCADE,
  created_epoch_ms INTEGER NOT NULL,
  used INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE INDEX oauth_codes_account ON oauth_codes(account_id);

-- Share links.
CREATE TABLE camios (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  view_token_hash TEXT NOT NULL UNIQUE,     -- keyed digest, hex
  view_token_sealed BLOB NOT NULL,          -- encrypted: lists show it
  name TEXT NOT NULL,
  type TEXT NOT NULL CHECK (type IN ('public', 'private')),
  query TEXT NOT NULL,                      -- JSON, SharedQuerySchema
  created_epoch_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE camio_downloads (
  id TEXT PRIMARY KEY,                      -- uuid
  camio_id INTEGER NOT NULL REFERENCES camios(id) ON DELETE CASCADE,
  state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'done', 'failed')),
  problem TEXT,
  file_name TEXT,                           -- in the exports folder
  size_bytes INTEGER,
  created_epoch_ms INTEGER NOT NULL,
  finished_epoch_ms INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX camio_downloads_camio ON camio_downloads(camio_id);

-- Uploaded pictures and videos; the bytes are files below uploads/<camera id>.
CREATE TABLE contents (
  id TEXT PRIMARY KEY,
  camera_id TEXT NOT NULL REFERENCES cameras(id) ON DELETE CASCADE,
  event_id TEXT,                            -- NULL: a video that no event overlaps (yet)
  content_type TEXT NOT NULL CHECK (content_type IN ('image/jpeg', 'video/mp4')),
  at_epoch_ms INTEGER NOT NULL,             -- when it was taken, or begins
  duration_ms INTEGER NOT NULL,             -- 0 for pictures
  image_type TEXT NOT NULL,                 -- m, a or h
  rotation INTEGER NOT NULL,                -- degrees clockwise to stand upright
  width INTEGER NOT NULL,                   -- 0: not known
  height INTEGER NOT NULL,
  has_audio INTEGER NOT NULL,
  size_bytes INTEGER NOT NULL,
  labels TEXT NOT NULL,                     -- JSON list: what was found in it
  boxes TEXT NOT NULL,                      -- JSON list of boxes, fractions of the picture
  received_epoch_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX contents_camera_time ON contents(camera_id, content_type, at_epoch_ms);
CREATE INDEX contents_received ON contents(camera_id, received_epoch_ms);
CREATE INDEX contents_event ON contents(event_id, at_epoch_ms);

-- Colours and shape of what an event shows, for search by likeness.
CREATE TABLE event_vectors (
  sequence INTEGER PRIMARY KEY REFERENCES events(sequence) ON DELETE CASCADE,
  vector BLOB NOT NULL                      -- bytes, see vision/likeness
) STRICT;

-- 2: object, analytic, access event, motion-triggered upload; 1: motion in a zone, sound-triggered upload; 0: the rest.
ALTER TABLE events ADD COLUMN interest INTEGER NOT NULL DEFAULT 2;
UPDATE events SET interest = CASE WHEN json_extract(detail, '$.zone') IS NULL THEN 0 ELSE 1 END WHERE type = 'motion';
`,
};
