/** Migration 14: where in the picture something moved. Never edited once released. */
import type { Migration } from '../database.ts';

export const migration014: Migration = {
  id: 14,
  name: 'motion grids',
  sql: `
-- Which cells of a coarse grid over the picture changed, ten minutes to a row; see archive/motion-grid.ts. Goes with the footage.
CREATE TABLE motion_grids (
  camera_id TEXT NOT NULL,                  -- uuid
  block INTEGER NOT NULL,                   -- start in epoch ms / BLOCK_MS
  bits BLOB NOT NULL,                       -- deflated
  PRIMARY KEY (camera_id, block)
) STRICT, WITHOUT ROWID;
`,
};
