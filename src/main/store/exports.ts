/** Export jobs in SQLite. */
import type { ExportJob } from '../../shared/contract.ts';
import type { Sql } from './database.ts';

/** An export job with what is needed to run it again. */
export interface StoredExport extends ExportJob {
  audio: boolean;
}

/** Export jobs, which outlive the program. */
export class ExportStore {
  private readonly sql: Sql;

  constructor(sql: Sql) {
    this.sql = sql;
  }

  putExport(job: StoredExport): void {
    this.sql
      .prepare(
        `INSERT OR REPLACE INTO exports (id, camera_id, camera_name, from_epoch_ms, to_epoch_ms, audio, state, progress, problem, file_name, size_bytes, created_epoch_ms)
         VALUES (@id, @cameraId, @cameraName, @fromEpochMs, @toEpochMs, @audio, @state, @progress, @problem, @fileName, @sizeBytes, @createdEpochMs)`,
      )
      .run({ ...job, audio: job.audio ? 1 : 0 });
  }

  removeExport(id: string): void {
    this.sql.prepare('DELETE FROM exports WHERE id = ?').run(id);
  }

  /** In the order in which they were asked for. */
  listExports(): StoredExport[] {
    return this.sql
      .prepare<[], Omit<StoredExport, 'audio'> & { audio: number }>(
        `SELECT id, camera_id AS cameraId, camera_name AS cameraName, from_epoch_ms AS fromEpochMs, to_epoch_ms AS toEpochMs, audio, state,
          progress, problem, file_name AS fileName, size_bytes AS sizeBytes, created_epoch_ms AS createdEpochMs
         FROM exports ORDER BY created_epoch_ms, id`,
      )
      .all()
      .map((row) => ({ ...row, audio: row.audio === 1 }));
  }
}
