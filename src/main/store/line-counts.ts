/** How many crossed each line in each step of time, from the stored events. */
import type { LineCount } from '../../shared/access.ts';
import { LABEL_GROUP, type ObjectLabel } from '../../shared/domain-events.ts';
import type { Sql } from './database.ts';

interface Row {
  cameraId: string;
  line: string;
  label: ObjectLabel;
  step: number;
  forward: number;
  backward: number;
}

export class LineCountStore {
  private readonly sql: Sql;

  constructor(sql: Sql) {
    this.sql = sql;
  }

  /** Crossings in [from, to) by steps from `fromEpochMs` on, in order of time; `cameraIds` null: of all cameras. */
  count(query: {
    fromEpochMs: number;
    toEpochMs: number;
    stepMs: number;
    cameraIds: readonly string[] | null;
  }): LineCount[] {
    const rows = this.sql
      .prepare<[Record<string, unknown>], Row>(
        `SELECT camera_id AS cameraId, json_extract(detail, '$.line') AS line, object_label AS label,
           CAST((start_epoch_ms - @fromEpochMs) / @stepMs AS INTEGER) AS step,
           sum(json_extract(detail, '$.direction') = 'forward') AS forward,
           sum(json_extract(detail, '$.direction') = 'backward') AS backward
         FROM events
         WHERE type = 'line-crossing' AND start_epoch_ms >= @fromEpochMs AND start_epoch_ms < @toEpochMs
           AND object_label IS NOT NULL AND json_extract(detail, '$.line') IS NOT NULL
           AND (@cameraIds IS NULL OR camera_id IN (SELECT value FROM json_each(@cameraIds)))
         GROUP BY camera_id, line, label, step ORDER BY step`,
      )
      .all({ ...query, cameraIds: query.cameraIds && JSON.stringify(query.cameraIds) });
    const counts = new Map<string, LineCount>();
    for (const { cameraId, line, label, step, forward, backward } of rows) {
      const group = LABEL_GROUP[label];
      const key = JSON.stringify([cameraId, line, group, step]);
      const startEpochMs = query.fromEpochMs + step * query.stepMs;
      const sum = counts.get(key) ?? { cameraId, line, group, startEpochMs, forward: 0, backward: 0 };
      counts.set(key, { ...sum, forward: sum.forward + forward, backward: sum.backward + backward });
    }
    return [...counts.values()];
  }

  /** When people crossed lines of these cameras in [from, to), ascending. */
  peopleCrossings(cameraIds: readonly string[], fromEpochMs: number, toEpochMs: number): number[] {
    return this.sql
      .prepare<[string, number, number], { at: number }>(
        `SELECT start_epoch_ms AS at FROM events
         WHERE camera_id IN (SELECT value FROM json_each(?)) AND type = 'line-crossing' AND start_epoch_ms >= ? AND start_epoch_ms < ?
           AND object_label = 'person' ORDER BY start_epoch_ms`,
      )
      .all(JSON.stringify(cameraIds), fromEpochMs, toEpochMs)
      .map(({ at }) => at);
  }
}
