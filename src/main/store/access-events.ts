/** What door readers reported, each report once. */
import type { AccessEvent } from '../../shared/domain-events.ts';
import type { Sql } from './database.ts';

export class AccessEventStore {
  private readonly sql: Sql;

  constructor(sql: Sql) {
    this.sql = sql;
  }

  /** Stores a report; false when the same one (device, time, type, actor) is already there. */
  add(event: AccessEvent, nowEpochMs: number): boolean {
    const actor = event.actorId ?? event.actorEmail?.toLowerCase() ?? event.actorName ?? null;
    const key = JSON.stringify([event.deviceId, event.atMs, event.eventType, actor]);
    return (
      this.sql
        .prepare(
          `INSERT OR IGNORE INTO access_events (dedupe_key, device_id, at_epoch_ms, report, received_epoch_ms)
           VALUES (?, ?, ?, ?, ?)`,
        )
        .run(key, event.deviceId, event.atMs, JSON.stringify(event), nowEpochMs).changes > 0
    );
  }

  /** What these readers reported in [from, to), in order of time. */
  listBetween(deviceIds: readonly string[], fromEpochMs: number, toEpochMs: number): AccessEvent[] {
    return this.sql
      .prepare<[string, number, number], { report: string }>(
        `SELECT report FROM access_events
         WHERE device_id IN (SELECT value FROM json_each(?)) AND at_epoch_ms >= ? AND at_epoch_ms < ? ORDER BY at_epoch_ms`,
      )
      .all(JSON.stringify(deviceIds), fromEpochMs, toEpochMs)
      .map(({ report }) => JSON.parse(report) as AccessEvent);
  }

  /** Forgets reports older than a time. */
  removeBefore(epochMs: number): void {
    this.sql.prepare('DELETE FROM access_events WHERE at_epoch_ms < ?').run(epochMs);
  }
}
