/** Alerts: what the recorder's owner must know about it, with when it began and ended. */
import type { Migration } from '../database.ts';

export const migration007: Migration = {
  id: 7,
  name: 'alerts',
  sql: `
CREATE TABLE alerts (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL,                       -- ALERT_KINDS
  camera_id TEXT,                           -- uuid; NULL: about the recorder as a whole
  camera_name TEXT,                         -- as it was when the alert began
  start_epoch_ms INTEGER NOT NULL,
  end_epoch_ms INTEGER,                     -- NULL while it lasts
  words TEXT NOT NULL,                      -- what is the case, no credentials
  advice TEXT NOT NULL,
  acknowledged_epoch_ms INTEGER             -- NULL until the user has taken note
) STRICT;
CREATE INDEX alerts_start ON alerts(start_epoch_ms);
CREATE INDEX alerts_open ON alerts(kind, camera_id) WHERE end_epoch_ms IS NULL;
`,
};
