/** Plans how a page of events is read: along an index, so that its cost grows with the page and not with the archive. */
import type { EventType } from '../../shared/domain-events.ts';
import { labelKey } from '../../shared/label-key.ts';

/** Newest first; of events with one start the one that arrived last comes first. */
export interface EventFilter {
  /** Any of them; absent: all. */
  cameraIds?: readonly string[];
  types?: readonly EventType[];
  /** All of them. */
  labels?: readonly string[];
  /** Start in [from, to). */
  fromEpochMs?: number;
  toEpochMs?: number;
  /** Only events that come after this one in the order of the list. */
  after?: EventPosition;
  limit: number;
}

export interface EventPosition {
  startEpochMs: number;
  sequence: number;
}

/** Of events `e` of cameras `c`. */
export const COLUMNS = `e.sequence, e.id, e.camera_id, c.name AS camera_name, e.type, e.start_epoch_ms, e.end_epoch_ms,
  e.labels, e.detail, e.has_snapshot, e.has_crop`;

/**
 * The SQL for a page. Events of several cameras or types are read as one ordered run each, to be merged by the caller:
 * every run follows its index and stops at the limit, where one query with IN would sort everything it finds.
 */
export function planEventQueries(filter: EventFilter): Array<{ text: string; values: unknown[] }> {
  const [driving, ...furtherLabels] = (filter.labels ?? []).map(labelKey);
  if (driving !== undefined) return [planLabelQuery(filter, driving, furtherLabels)];
  const cameras = filter.cameraIds ?? [null];
  const types = filter.types ?? [null];
  return cameras.flatMap((cameraId) =>
    types.map((type) => {
      const conditions: string[] = [];
      const values: unknown[] = [];
      if (cameraId !== null) push(conditions, values, 'e.camera_id = ?', cameraId);
      if (type !== null) push(conditions, values, 'e.type = ?', type);
      limitTime(conditions, values, filter, 'e');
      const where = conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : '';
      return {
        text: `SELECT ${COLUMNS} FROM events e CROSS JOIN cameras c ON c.id = e.camera_id ${where}
               ORDER BY e.start_epoch_ms DESC, e.sequence DESC LIMIT ?`,
        values: [...values, filter.limit],
      };
    }),
  );
}

function planLabelQuery(
  filter: EventFilter,
  driving: string,
  further: readonly string[],
): { text: string; values: unknown[] } {
  const conditions = ['l.label_key = ?'];
  const values: unknown[] = [driving];
  limitTime(conditions, values, filter, 'l');
  if (filter.cameraIds)
    push(conditions, values, `l.camera_id IN (${places(filter.cameraIds)})`, ...filter.cameraIds);
  if (filter.types) push(conditions, values, `l.type IN (${places(filter.types)})`, ...filter.types);
  for (const label of further) {
    push(
      conditions,
      values,
      'EXISTS (SELECT 1 FROM event_labels o WHERE o.sequence = l.sequence AND o.label_key = ?)',
      label,
    );
  }
  return {
    text: `SELECT ${COLUMNS} FROM event_labels l CROSS JOIN events e ON e.sequence = l.sequence CROSS JOIN cameras c ON c.id = e.camera_id
           WHERE ${conditions.join(' AND ')} ORDER BY l.start_epoch_ms DESC, l.sequence DESC LIMIT ?`,
    values: [...values, filter.limit],
  };
}

function limitTime(conditions: string[], values: unknown[], filter: EventFilter, table: 'e' | 'l'): void {
  if (filter.fromEpochMs !== undefined)
    push(conditions, values, `${table}.start_epoch_ms >= ?`, filter.fromEpochMs);
  if (filter.toEpochMs !== undefined)
    push(conditions, values, `${table}.start_epoch_ms < ?`, filter.toEpochMs);
  if (filter.after) {
    const { startEpochMs, sequence } = filter.after;
    push(conditions, values, `(${table}.start_epoch_ms, ${table}.sequence) < (?, ?)`, startEpochMs, sequence);
  }
}

function push(conditions: string[], values: unknown[], condition: string, ...given: unknown[]): void {
  conditions.push(condition);
  values.push(...given);
}

function places(list: readonly unknown[]): string {
  return list.map(() => '?').join(', ');
}
