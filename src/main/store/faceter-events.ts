/** Events by Faceter's types, in order of their start: pages for a reader who goes on where the last page ended. */
import type { FaceterEventType, NvrEvent } from '../../shared/domain-events.ts';
import type { Sql } from './database.ts';
import { type EventRow, parseEventRow } from './event-row.ts';

export interface FaceterEventRow {
  event: NvrEvent;
  faceterType: FaceterEventType;
}

export interface FaceterEventQuery {
  cameraId: string;
  /** Any of them; null: all that have one. */
  types: readonly FaceterEventType[] | null;
  /** Start in [from, to). */
  fromEpochMs: number;
  toEpochMs: number;
  order: 'asc' | 'desc';
  /** Go on behind this one. */
  after: { startEpochMs: number; sequence: number } | null;
  limit: number;
}

interface Row extends EventRow {
  faceter_type: FaceterEventType;
}

export class FaceterEventStore {
  private readonly sql: Sql;

  constructor(sql: Sql) {
    this.sql = sql;
  }

  /** Several types are read as one ordered run each and merged: each follows its index and stops at the limit. */
  page(query: FaceterEventQuery): FaceterEventRow[] {
    const { cameraId, fromEpochMs, toEpochMs, order, after, limit } = query;
    const isAsc = order === 'asc';
    const runs = (query.types ?? [null]).map((type) => {
      const conditions = ['e.camera_id = ?', 'e.start_epoch_ms >= ?', 'e.start_epoch_ms < ?'];
      const values: unknown[] = [cameraId, fromEpochMs, toEpochMs];
      if (type === null) conditions.push('e.faceter_type IS NOT NULL');
      else {
        conditions.push('e.faceter_type = ?');
        values.push(type);
      }
      if (after) {
        conditions.push(`(e.start_epoch_ms, e.sequence) ${isAsc ? '>' : '<'} (?, ?)`);
        values.push(after.startEpochMs, after.sequence);
      }
      const index = type === null ? 'events_camera_time' : 'events_faceter';
      const direction = isAsc ? 'ASC' : 'DESC';
      return this.sql
        .prepare<unknown[], Row>(
          `SELECT e.sequence, e.id, e.camera_id, c.name AS camera_name, e.type, e.start_epoch_ms, e.end_epoch_ms, e.labels, e.detail,
             e.has_snapshot, e.faceter_type
           FROM events e INDEXED BY ${index} CROSS JOIN cameras c ON c.id = e.camera_id
           WHERE ${conditions.join(' AND ')} ORDER BY e.start_epoch_ms ${direction}, e.sequence ${direction} LIMIT ?`,
        )
        .all(...values, limit);
    });
    const rows =
      runs.length === 1
        ? runs[0]!
        : runs
            .flat()
            .sort(isAsc ? oldestFirst : newestFirst)
            .slice(0, limit);
    return rows.map(parse);
  }
}

function oldestFirst(a: Row, b: Row): number {
  return a.start_epoch_ms - b.start_epoch_ms || a.sequence - b.sequence;
}

function newestFirst(a: Row, b: Row): number {
  return oldestFirst(b, a);
}

function parse(row: Row): FaceterEventRow {
  return { faceterType: row.faceter_type, event: parseEventRow(row) };
}
