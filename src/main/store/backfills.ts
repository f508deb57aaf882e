/** Searches of the archive with the rules of today: jobs that outlive the program. */
import type { Backfill } from '../../shared/rehearsal.ts';
import type { Sql } from './database.ts';

export class BackfillStore {
  private readonly sql: Sql;

  constructor(sql: Sql) {
    this.sql = sql;
  }

  putBackfill(job: Backfill): void {
    this.sql
      .prepare(
        `INSERT OR REPLACE INTO backfills (id, camera_id, camera_name, from_epoch_ms, to_epoch_ms, state, reached_epoch_ms, added, known, problem, created_epoch_ms)
         VALUES (@id, @cameraId, @cameraName, @fromEpochMs, @toEpochMs, @state, @reachedEpochMs, @added, @known, @problem, @createdEpochMs)`,
      )
      .run(job);
  }

  removeBackfill(id: string): void {
    this.sql.prepare('DELETE FROM backfills WHERE id = ?').run(id);
  }

  /** In the order in which they were asked for. */
  listBackfills(): Backfill[] {
    return this.sql
      .prepare<[], Backfill>(
        `SELECT id, camera_id AS cameraId, camera_name AS cameraName, from_epoch_ms AS fromEpochMs, to_epoch_ms AS toEpochMs, state,
          reached_epoch_ms AS reachedEpochMs, added, known, problem, created_epoch_ms AS createdEpochMs
         FROM backfills ORDER BY created_epoch_ms, id`,
      )
      .all();
  }
}
