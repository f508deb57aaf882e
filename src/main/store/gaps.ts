/** The ledger of gaps in SQLite: per camera, every interval in which nothing of its main stream was stored. */
import type { Gap, GapCause } from '../../shared/domain-storage.ts';
import { inTransaction, type Sql } from './database.ts';

export interface OpenGap extends Gap {
  /** Until when the engine is known to have been running in it. */
  knownUntilEpochMs: number;
}

interface GapRow {
  start_epoch_ms: number;
  end_epoch_ms: number | null;
  cause: GapCause;
  detail: string;
  known_until_epoch_ms: number;
}

/** The ledger of gaps. Gaps of one camera never overlap and at most one is open. */
export class GapStore {
  private readonly sql: Sql;

  constructor(sql: Sql) {
    this.sql = sql;
  }

  openGapOf(cameraId: string): OpenGap | null {
    const row = this.sql
      .prepare<[string], GapRow>('SELECT * FROM gaps WHERE camera_id = ? AND end_epoch_ms IS NULL')
      .get(cameraId);
    return row ? { ...parseGap(row), knownUntilEpochMs: row.known_until_epoch_ms } : null;
  }

  /** Adds a gap, open or ended, rounded to whole ms; one that starts at the same time is replaced. */
  putGap(cameraId: string, gap: Gap): void {
    const startEpochMs = Math.round(gap.startEpochMs);
    const endEpochMs = gap.endEpochMs === null ? null : Math.round(gap.endEpochMs);
    this.sql
      .prepare(
        'INSERT OR REPLACE INTO gaps (camera_id, start_epoch_ms, end_epoch_ms, cause, detail, known_until_epoch_ms) VALUES (?, ?, ?, ?, ?, ?)',
      )
      .run(cameraId, startEpochMs, endEpochMs, gap.cause, gap.detail, endEpochMs ?? startEpochMs);
  }

  removeGap(cameraId: string, startEpochMs: number): void {
    this.sql
      .prepare('DELETE FROM gaps WHERE camera_id = ? AND start_epoch_ms = ?')
      .run(cameraId, Math.round(startEpochMs));
  }

  /** Notes that the engine is running, for the open gaps of these cameras. */
  noteRunning(nowEpochMs: number): void {
    this.sql
      .prepare('UPDATE gaps SET known_until_epoch_ms = ? WHERE end_epoch_ms IS NULL AND cause <> ?')
      .run(nowEpochMs, 'engine-stopped');
  }

  /** Those that overlap [from, to), ascending; only those at least so long, and the one that lasts. */
  listGaps(cameraId: string, fromEpochMs: number, toEpochMs: number, shortestMs = 0): Gap[] {
    return this.sql
      .prepare<[string, number, string, number, number, number], GapRow>(
        `SELECT * FROM gaps WHERE camera_id = ? AND start_epoch_ms < ?
          AND start_epoch_ms >= coalesce((SELECT max(start_epoch_ms) FROM gaps WHERE camera_id = ? AND start_epoch_ms <= ?), ?)
          AND ifnull(end_epoch_ms - start_epoch_ms >= ?, 1)
         ORDER BY start_epoch_ms`,
      )
      .all(cameraId, toEpochMs, cameraId, fromEpochMs, fromEpochMs, shortestMs)
      .filter((row) => row.end_epoch_ms === null || row.end_epoch_ms > fromEpochMs)
      .map(parseGap);
  }

  /**
   * One row says that everything up to a time is deleted; what the ledger knew of that time since `after` is let go, and the row
   * begins no later than it did. Without `after`: of all the time before.
   */
  noteDeleted(cameraId: string, fromEpochMs: number, beforeEpochMs: number, afterEpochMs = 0): void {
    inTransaction(this.sql, () => {
      const earlier = this.sql
        .prepare<[string, number, number], { start: number | null }>(
          'SELECT min(start_epoch_ms) AS start FROM gaps WHERE camera_id = ? AND start_epoch_ms >= ? AND start_epoch_ms < ?',
        )
        .get(cameraId, afterEpochMs, beforeEpochMs);
      const reaching = this.listGaps(cameraId, beforeEpochMs, beforeEpochMs + 1)[0];
      this.sql
        .prepare('DELETE FROM gaps WHERE camera_id = ? AND start_epoch_ms >= ? AND start_epoch_ms < ?')
        .run(cameraId, afterEpochMs, beforeEpochMs);
      const startEpochMs = Math.min(fromEpochMs, earlier?.start ?? fromEpochMs);
      this.putGap(cameraId, {
        startEpochMs,
        endEpochMs: beforeEpochMs,
        cause: 'deleted',
        detail: 'Deleted to make room, or because it was old enough.',
      });
      if (reaching && reaching.startEpochMs < beforeEpochMs)
        this.putGap(cameraId, { ...reaching, startEpochMs: beforeEpochMs });
    });
  }

  removeCameraGaps(cameraId: string): void {
    this.sql.prepare('DELETE FROM gaps WHERE camera_id = ?').run(cameraId);
  }
}

function parseGap(row: GapRow): Gap {
  return {
    startEpochMs: row.start_epoch_ms,
    endEpochMs: row.end_epoch_ms,
    cause: row.cause,
    detail: row.detail,
  };
}
