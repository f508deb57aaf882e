/** Migration 1: accounts, sites, cameras, readers, credentials, events and settings. Never edited once released: later changes get a migration of their own. */
import type { Migration } from '../database.ts';

export const migration001: Migration = {
  id: 1,
  name: 'core',
  sql: `
CREATE TABLE accounts (
  id INTEGER PRIMARY KEY,
  email TEXT NOT NULL,
  email_key TEXT NOT NULL UNIQUE,           -- email in lower case
  password_hash TEXT NOT NULL,              -- scrypt$N$r$p$salt$hash
  created_epoch_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE sessions (
  token_hash TEXT PRIMARY KEY,              -- SHA-256 of the cookie's value, hex
  account_id INTEGER NOT NULL REFERENCES accounts(id) ON DELETE CASCADE,
  created_epoch_ms INTEGER NOT NULL,
  expires_epoch_ms INTEGER NOT NULL         -- moves forward while the session is used
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_account ON sessions(account_id);

CREATE TABLE sites (
  id INTEGER PRIMARY KEY,
  uuid TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL
) STRICT;

CREATE TABLE cameras (
  id TEXT PRIMARY KEY,                      -- uuid
  name TEXT NOT NULL,
  name_key TEXT NOT NULL UNIQUE,            -- name in lower case: names are unique without regard to case
  site_id INTEGER NOT NULL REFERENCES sites(id),
  serial_number TEXT,
  mac_address TEXT,                         -- 12 hex digits, lower case
  source_sealed BLOB,                       -- JSON {main, sub, transport}, encrypted with the key file; NULL: no stream
  recording TEXT NOT NULL,                  -- JSON, RecordingSchema
  analysis TEXT NOT NULL,                   -- JSON, AnalysisSchema
  zones TEXT NOT NULL,                      -- JSON, ZoneSchema[]
  lines TEXT NOT NULL,                      -- JSON, LineSchema[]
  created_epoch_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX cameras_site ON cameras(site_id);

CREATE TABLE camera_readers (
  camera_id TEXT NOT NULL REFERENCES cameras(id) ON DELETE CASCADE,
  device_id TEXT NOT NULL,                  -- stays when the list of readers is replaced without it
  position INTEGER NOT NULL,
  PRIMARY KEY (camera_id, device_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX camera_readers_device ON camera_readers(device_id);

CREATE TABLE readers (
  device_id TEXT PRIMARY KEY,
  device_name TEXT NOT NULL,
  position INTEGER NOT NULL                 -- order in which the list was given
) STRICT, WITHOUT ROWID;

CREATE TABLE tokens (
  id TEXT PRIMARY KEY,                      -- uuid
  kind TEXT NOT NULL CHECK (kind IN ('api', 'upload', 'embed', 'integration')),
  token_hash TEXT NOT NULL,                 -- keyed digest (HMAC-SHA256), hex
  token_sealed BLOB,                        -- the token itself, encrypted, where an API has to show it again
  name TEXT NOT NULL,
  scopes TEXT NOT NULL,                     -- JSON list
  account_id INTEGER REFERENCES accounts(id) ON DELETE CASCADE,
  created_epoch_ms INTEGER NOT NULL,
  last_used_epoch_ms INTEGER,
  UNIQUE (kind, token_hash)
) STRICT;
CREATE INDEX tokens_account ON tokens(account_id);

CREATE TABLE oauth_clients (
  client_id TEXT PRIMARY KEY,
  secret_hash TEXT NOT NULL,                -- keyed digest, hex
  redirect_uris TEXT NOT NULL               -- JSON list, the first is the default
) STRICT, WITHOUT ROWID;

CREATE TABLE camlytics_keys (
  key TEXT PRIMARY KEY,
  secret_sealed BLOB NOT NULL,              -- encrypted: signatures are computed with it
  last_nonce INTEGER NOT NULL DEFAULT -1    -- only larger ones are accepted
) STRICT, WITHOUT ROWID;

CREATE TABLE camlytics_webhooks (
  id INTEGER PRIMARY KEY,
  url TEXT NOT NULL,
  site_id INTEGER REFERENCES sites(id) ON DELETE CASCADE,
  camera_id TEXT REFERENCES cameras(id) ON DELETE CASCADE,
  CHECK ((site_id IS NULL) <> (camera_id IS NULL))
) STRICT;
CREATE UNIQUE INDEX camlytics_webhooks_target ON camlytics_webhooks(url, ifnull(site_id, -1), ifnull(camera_id, ''));
CREATE INDEX camlytics_webhooks_site ON camlytics_webhooks(site_id);
CREATE INDEX camlytics_webhooks_camera ON camlytics_webhooks(camera_id);

CREATE TABLE settings (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL                       -- JSON
) STRICT, WITHOUT ROWID;

CREATE TABLE events (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT, -- order of arrival, never used twice
  id TEXT NOT NULL UNIQUE,                  -- uuid
  camera_id TEXT NOT NULL REFERENCES cameras(id) ON DELETE CASCADE,
  type TEXT NOT NULL,                       -- EventType
  start_epoch_ms INTEGER NOT NULL,
  end_epoch_ms INTEGER NOT NULL,
  object_label TEXT,                        -- detail.label, for the marks of the timeline
  labels TEXT NOT NULL,                     -- JSON list as shown; event_labels is its index
  detail TEXT NOT NULL,                     -- JSON, EventDetailSchema
  has_snapshot INTEGER NOT NULL DEFAULT 0,  -- thumbnails/YYYY/MM/DD/ID.jpg exists
  has_crop INTEGER NOT NULL DEFAULT 0       -- thumbnails/YYYY/MM/DD/ID-crop.jpg exists
) STRICT;
CREATE INDEX events_time ON events(start_epoch_ms, sequence);
CREATE INDEX events_camera_time ON events(camera_id, start_epoch_ms, sequence);
CREATE INDEX events_type_time ON events(type, start_epoch_ms, sequence);
CREATE INDEX events_camera_type_time ON events(camera_id, type, start_epoch_ms, sequence);

CREATE TABLE event_labels (
  label_key TEXT NOT NULL,                  -- the label as it is searched: lower case, synonyms and plurals as one
  start_epoch_ms INTEGER NOT NULL,
  sequence INTEGER NOT NULL REFERENCES events(sequence) ON DELETE CASCADE,
  camera_id TEXT NOT NULL,                  -- of the event, so that a search need not look it up to pass it over
  type TEXT NOT NULL,                       -- of the event, likewise
  PRIMARY KEY (label_key, start_epoch_ms, sequence)
) STRICT, WITHOUT ROWID;
CREATE INDEX event_labels_sequence ON event_labels(sequence, label_key);

CREATE TABLE access_events (
  dedupe_key TEXT PRIMARY KEY,              -- device, time, type and actor: the same report again adds nothing
  device_id TEXT NOT NULL,
  at_epoch_ms INTEGER NOT NULL,
  report TEXT NOT NULL,                     -- JSON, AccessEvent
  received_epoch_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX access_events_time ON access_events(at_epoch_ms);
CREATE INDEX access_events_device_time ON access_events(device_id, at_epoch_ms);
`,
};
