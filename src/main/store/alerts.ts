/** Alerts in SQLite. When they begin and end is decided in `alerts/`. */
import type { Alert, AlertKind } from '../../shared/domain-storage.ts';
import type { Sql } from './database.ts';

const COLUMNS = `id, kind, camera_id AS cameraId, camera_name AS cameraName, start_epoch_ms AS startEpochMs, end_epoch_ms AS endEpochMs,
  words, advice, acknowledged_epoch_ms AS acknowledgedEpochMs`;

export interface AlertFilter {
  cameraIds?: readonly string[] | undefined;
  kinds?: readonly AlertKind[] | undefined;
  /** Those that overlap [from, to). */
  fromEpochMs?: number | undefined;
  toEpochMs?: number | undefined;
  limit: number;
}

export class AlertStore {
  private readonly sql: Sql;

  constructor(sql: Sql) {
    this.sql = sql;
  }

  /** Stores one that begins; returns it with its id. */
  add(alert: Omit<Alert, 'id' | 'endEpochMs' | 'acknowledgedEpochMs'>): Alert {
    const startEpochMs = Math.round(alert.startEpochMs);
    const { lastInsertRowid } = this.sql
      .prepare(
        `INSERT INTO alerts (kind, camera_id, camera_name, start_epoch_ms, words, advice)
         VALUES (@kind, @cameraId, @cameraName, @startEpochMs, @words, @advice)`,
      )
      .run({ ...alert, startEpochMs });
    return {
      ...alert,
      startEpochMs,
      id: Number(lastInsertRowid),
      endEpochMs: null,
      acknowledgedEpochMs: null,
    };
  }

  /** Ends an open one, never before its start. */
  end(id: number, endEpochMs: number): Alert | null {
    this.sql
      .prepare(
        'UPDATE alerts SET end_epoch_ms = max(start_epoch_ms, ?) WHERE id = ? AND end_epoch_ms IS NULL',
      )
      .run(Math.round(endEpochMs), id);
    return this.get(id);
  }

  /** The same trouble has other words now: another cause, another remedy. */
  reword(id: number, words: string, advice: string): Alert | null {
    this.sql.prepare('UPDATE alerts SET words = ?, advice = ? WHERE id = ?').run(words, advice, id);
    return this.get(id);
  }

  /** Notes that the user has seen it; null when there is none. */
  acknowledge(id: number, nowEpochMs: number): Alert | null {
    this.sql
      .prepare('UPDATE alerts SET acknowledged_epoch_ms = coalesce(acknowledged_epoch_ms, ?) WHERE id = ?')
      .run(nowEpochMs, id);
    return this.get(id);
  }

  get(id: number): Alert | null {
    return this.sql.prepare<[number], Alert>(`SELECT ${COLUMNS} FROM alerts WHERE id = ?`).get(id) ?? null;
  }

  /** Those that last, the oldest first. */
  listOpen(): Alert[] {
    return this.sql
      .prepare<[], Alert>(
        `SELECT ${COLUMNS} FROM alerts WHERE end_epoch_ms IS NULL ORDER BY start_epoch_ms, id`,
      )
      .all();
  }

  /** Those that last first, then by their start; the newest first in both. */
  list(filter: AlertFilter): Alert[] {
    const conditions = ['1'];
    const values: unknown[] = [];
    if (filter.cameraIds) {
      conditions.push(`camera_id IN (${filter.cameraIds.map(() => '?').join(', ')})`);
      values.push(...filter.cameraIds);
    }
    if (filter.kinds) {
      conditions.push(`kind IN (${filter.kinds.map(() => '?').join(', ')})`);
      values.push(...filter.kinds);
    }
    if (filter.toEpochMs !== undefined) {
      conditions.push('start_epoch_ms < ?');
      values.push(filter.toEpochMs);
    }
    if (filter.fromEpochMs !== undefined) {
      conditions.push('coalesce(end_epoch_ms, 9e15) > ?');
      values.push(filter.fromEpochMs);
    }
    return this.sql
      .prepare<unknown[], Alert>(
        `SELECT ${COLUMNS} FROM alerts WHERE ${conditions.join(' AND ')}
         ORDER BY end_epoch_ms IS NOT NULL, start_epoch_ms DESC, id DESC LIMIT ?`,
      )
      .all(...values, filter.limit);
  }

  /** Forgets what was over before a time. */
  prune(beforeEpochMs: number): void {
    this.sql.prepare('DELETE FROM alerts WHERE end_epoch_ms < ?').run(beforeEpochMs);
  }
}
