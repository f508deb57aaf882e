/** Migration 8: stretches of time without a hole, so that a year is read as some rows and not as half a million. Never edited once released. */
import type { Migration } from '../database.ts';

export const migration008: Migration = {
  id: 8,
  name: 'recorded spans',
  sql: `
-- What closed segments cover, those no further apart than 1500 ms joined: kept up with them, in the same transactions. Rows of a stream are apart.
CREATE TABLE recorded_spans (
  camera_id TEXT NOT NULL,                  -- uuid
  stream TEXT NOT NULL,                     -- main or sub
  start_epoch_ms INTEGER NOT NULL,
  end_epoch_ms INTEGER NOT NULL,
  PRIMARY KEY (camera_id, stream, start_epoch_ms)
) STRICT, WITHOUT ROWID;

INSERT INTO recorded_spans (camera_id, stream, start_epoch_ms, end_epoch_ms)
  SELECT camera_id, stream, min(start_epoch_ms), max(start_epoch_ms + duration_ms) FROM (
    SELECT *, sum(begins) OVER (PARTITION BY camera_id, stream ORDER BY start_epoch_ms) AS span FROM (
      SELECT camera_id, stream, start_epoch_ms, duration_ms, ifnull(start_epoch_ms - 1500 > max(start_epoch_ms + duration_ms) OVER (
        PARTITION BY camera_id, stream ORDER BY start_epoch_ms ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS begins
      FROM segments WHERE duration_ms > 0
    )
  ) GROUP BY camera_id, stream, span;
`,
};
