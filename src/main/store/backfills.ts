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
        `INSERT INTO backfills (id, camera_id, camera_name, from_epoch_ms, to_epoch_ms, state, reached_epoch_ms, added, known, problem, created_epoch_ms)
         VALUES (@id, @cameraId, @cameraName, @fromEpochMs, @toEpochMs, @state, @reachedEpochMs, @added, @known, @problem, @createdEpochMs)
         ON CONFLICT (id) DO UPDATE SET state = excluded.state, reached_epoch_ms = excluded.reached_epoch_ms, added = excluded.added,
           known = excluded.known, problem = excluded.problem`,
      )
      .run(job);
  }

  /** What a job remembers where it was left; null forgets it. */
  putBackfillMemory(id: string, memory: Buffer | null): void {
    this.sql.prepare('UPDATE backfills SET memory = ? WHERE id = ?').run(memory, id);
  }

  backfillMemory(id: string): Buffer | null {
    const row = this.sql
      .prepare<[string], { memory: Buffer | null }>('SELECT memory FROM backfills WHERE id = ?')
      .get(id);
    return row?.memory ?? null;
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
