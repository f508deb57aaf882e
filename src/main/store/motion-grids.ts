/** Packed motion grids in SQLite: a row per camera and block of time. */
import type { Sql } from './database.ts';

export class MotionGridStore {
  private readonly sql: Sql;

  constructor(sql: Sql) {
    this.sql = sql;
  }

  put(cameraId: string, block: number, bits: Buffer): void {
    this.sql
      .prepare('INSERT OR REPLACE INTO motion_grids (camera_id, block, bits) VALUES (?, ?, ?)')
      .run(cameraId, block, bits);
  }

  get(cameraId: string, block: number): Buffer | null {
    const row = this.sql
      .prepare<[string, number], { bits: Buffer }>(
        'SELECT bits FROM motion_grids WHERE camera_id = ? AND block = ?',
      )
      .get(cameraId, block);
    return row?.bits ?? null;
  }

  /** Numbers of the blocks that are there of [from, to], ascending. */
  list(cameraId: string, from: number, to: number): number[] {
    return this.sql
      .prepare<[string, number, number], { block: number }>(
        'SELECT block FROM motion_grids WHERE camera_id = ? AND block BETWEEN ? AND ? ORDER BY block',
      )
      .all(cameraId, from, to)
      .map((row) => row.block);
  }

  removeBefore(cameraId: string, block: number): void {
    this.sql.prepare('DELETE FROM motion_grids WHERE camera_id = ? AND block < ?').run(cameraId, block);
  }

  removeCamera(cameraId: string): void {
    this.sql.prepare('DELETE FROM motion_grids WHERE camera_id = ?').run(cameraId);
  }
}
