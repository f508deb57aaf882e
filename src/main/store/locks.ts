/** Locked ranges of footage in SQLite. What stands in `locks.json` beside the footage is compared with this by the recorder. */
import type { FootageLock } from '../../shared/domain-storage.ts';
import type { Sql } from './database.ts';

interface LockRow {
  id: string;
  camera_id: string;
  start_epoch_ms: number;
  end_epoch_ms: number;
  reason: string;
  created_by: string;
  created_epoch_ms: number;
  expires_epoch_ms: number | null;
}

export class LockStore {
  private readonly sql: Sql;

  constructor(sql: Sql) {
    this.sql = sql;
  }

  /** All of them, by camera and start. */
  listLocks(): FootageLock[] {
    return this.sql
      .prepare<[], LockRow>('SELECT * FROM locks ORDER BY camera_id, start_epoch_ms, id')
      .all()
      .map((row) => ({
        id: row.id,
        cameraId: row.camera_id,
        startEpochMs: row.start_epoch_ms,
        endEpochMs: row.end_epoch_ms,
        reason: row.reason,
        createdBy: row.created_by,
        createdEpochMs: row.created_epoch_ms,
        expiresEpochMs: row.expires_epoch_ms,
      }));
  }

  /** Adds a lock or replaces the one of that id. */
  putLock(lock: FootageLock): void {
    this.sql
      .prepare(
        `INSERT OR REPLACE INTO locks (id, camera_id, start_epoch_ms, end_epoch_ms, reason, created_by, created_epoch_ms, expires_epoch_ms)
         VALUES (@id, @cameraId, @startEpochMs, @endEpochMs, @reason, @createdBy, @createdEpochMs, @expiresEpochMs)`,
      )
      .run(lock);
  }

  removeLock(id: string): void {
    this.sql.prepare('DELETE FROM locks WHERE id = ?').run(id);
  }
}
