/** Migration 4: what fleet, Faceter and Camlytics keep: a camera's life, rooms, exports, the Faceter type of events. Never edited once released. */
import type { Migration } from '../database.ts';

export const migration004: Migration = {
  id: 4,
  name: 'integrations',
  sql: `
-- The life of every camera, whoever made or removed it; outlives the camera itself.
CREATE TABLE fleet_cameras (
  camera_id TEXT PRIMARY KEY,               -- uuid
  state TEXT NOT NULL CHECK (state IN ('running', 'paused', 'decommissioned')),
  direction1_alias TEXT,
  direction2_alias TEXT,
  last_seen_epoch_ms INTEGER,               -- as it was when it was paused or removed
  last_video_epoch_ms INTEGER,
  name TEXT,                                -- this and what follows: as it was when it was removed
  serial_number TEXT,
  site_uuid TEXT,
  claimed_epoch_ms INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX fleet_cameras_state ON fleet_cameras(state);
INSERT INTO fleet_cameras (camera_id, state) SELECT id, 'running' FROM cameras;

CREATE TRIGGER fleet_camera_made AFTER INSERT ON cameras BEGIN
  INSERT OR REPLACE INTO fleet_cameras (camera_id, state) VALUES (NEW.id, 'running');
END;
CREATE TRIGGER fleet_camera_removed BEFORE DELETE ON cameras BEGIN
  UPDATE fleet_cameras SET state = 'decommissioned', name = OLD.name,
    serial_number = coalesce(OLD.serial_number, OLD.mac_address, OLD.id),
    site_uuid = (SELECT uuid FROM sites WHERE id = OLD.site_id),
    claimed_epoch_ms = OLD.created_epoch_ms
  WHERE camera_id = OLD.id;
END;

-- Ids promised to serial numbers before these are claimed.
CREATE TABLE fleet_registrations (
  camera_id TEXT PRIMARY KEY,               -- uuid
  serial_number TEXT NOT NULL UNIQUE,
  created_epoch_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE rooms (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  site_id INTEGER NOT NULL REFERENCES sites(id) ON DELETE CASCADE,
  name TEXT NOT NULL
) STRICT;
CREATE INDEX rooms_site ON rooms(site_id);

CREATE TABLE camera_rooms (
  camera_id TEXT PRIMARY KEY REFERENCES cameras(id) ON DELETE CASCADE,
  room_id INTEGER NOT NULL REFERENCES rooms(id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX camera_rooms_room ON camera_rooms(room_id);

CREATE TABLE faceter_exports (
  id TEXT PRIMARY KEY,                      -- uuid
  key_id TEXT NOT NULL,                     -- of the integration key that asked
  camera_id TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('archive', 'audio')),
  from_epoch_ms INTEGER NOT NULL,
  duration_seconds INTEGER NOT NULL,
  audio INTEGER NOT NULL,
  callback_url TEXT,
  base_url TEXT NOT NULL,                   -- scheme and host of the request: URLs in the callback begin with it
  status TEXT NOT NULL CHECK (status IN ('Queued', 'Processing', 'Completed', 'Failed')),
  error_message TEXT,
  has_preview INTEGER NOT NULL DEFAULT 0,
  created_epoch_ms INTEGER NOT NULL,
  completed_epoch_ms INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX faceter_exports_created ON faceter_exports(created_epoch_ms);
CREATE INDEX faceter_exports_status ON faceter_exports(status, created_epoch_ms);

-- What Faceter calls an event; NULL where it has no word for it. Entering a zone counts only where the zone asks for it: judged when read.
ALTER TABLE events ADD COLUMN faceter_type TEXT GENERATED ALWAYS AS (
  CASE
    WHEN json_extract(detail, '$.posted.eventType') IS NOT NULL THEN json_extract(detail, '$.posted.eventType')
    WHEN type = 'motion' THEN 'Motion'
    WHEN type = 'object' AND object_label = 'person' THEN 'Human'
    WHEN type = 'object' AND object_label IN ('car', 'truck', 'bus') THEN 'Vehicle'
    WHEN type = 'object' AND object_label IN ('bicycle', 'motorcycle') THEN 'PersonalMobilityVehicle'
    WHEN type = 'object' AND object_label IN ('cat', 'dog') THEN 'Pet'
    WHEN type = 'line-crossing' THEN 'LineCrossing'
    WHEN type IN ('zone-enter', 'loitering') THEN 'Intrusion'
    WHEN type = 'crowd' THEN 'PeopleCounting'
    WHEN type IN ('tailgating', 'sabotage', 'access') THEN 'Custom'
  END) VIRTUAL;
CREATE INDEX events_faceter ON events(camera_id, faceter_type, start_epoch_ms, sequence) WHERE faceter_type IS NOT NULL;
`,
};
