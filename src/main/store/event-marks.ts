/** Events as marks on the timeline: counted by kind and step of time where they are stored, one mark per step. */
import type { TimelineMark } from '../../shared/contract-archive.ts';
import { KIND_ORDER, markKind } from '../../shared/mark-kind.ts';
import type { Sql } from './database.ts';

/** Events of one type and label that began in one step. */
interface Group extends Omit<TimelineMark, 'eventId'> {
  step: number;
  /** Of the first of them. */
  sequence: number;
}

/** Of a range with more groups, those of the newest steps count. */
const MOST_GROUPS = 50_000;

const GROUPS_SQL = `SELECT CAST(start_epoch_ms / @stepMs AS INTEGER) AS step, sequence, min(start_epoch_ms) AS startEpochMs, type, count(*) AS count,
    CASE type WHEN 'access' THEN json_extract(detail, '$.access.eventType') ELSE object_label END AS label
  FROM events WHERE camera_id = @cameraId AND start_epoch_ms >= @fromEpochMs AND start_epoch_ms < @toEpochMs
  GROUP BY step, type, label ORDER BY step DESC LIMIT ${MOST_GROUPS}`;

export class EventMarkStore {
  private readonly sql: Sql;

  constructor(sql: Sql) {
    this.sql = sql;
  }

  /**
   * A camera's events that began in [from, to), ascending: for each step (a multiple of `stepMs`, at least 1) with events one mark that counts
   * them all. It is of the kind that matters most, and stands where the first event of that kind began.
   */
  list(cameraId: string, fromEpochMs: number, toEpochMs: number, stepMs: number): TimelineMark[] {
    const groups = this.sql
      .prepare<[Record<string, unknown>], Group>(GROUPS_SQL)
      .all({ cameraId, fromEpochMs, toEpochMs, stepMs });
    const strongest = new Map<number, Group>();
    for (const group of groups) {
      const before = strongest.get(group.step);
      if (!before) strongest.set(group.step, group);
      else strongest.set(group.step, { ...strongerOf(before, group), count: before.count + group.count });
    }
    const find = this.sql.prepare<[number], { id: string }>('SELECT id FROM events WHERE sequence = ?');
    return [...strongest.values()]
      .map(({ sequence, type, label, startEpochMs, count }) => {
        const eventId = find.get(sequence)!.id;
        return { eventId, type, label, startEpochMs, count };
      })
      .sort((a, b) => a.startEpochMs - b.startEpochMs);
  }
}

function strongerOf(a: Group, b: Group): Group {
  const order = KIND_ORDER[markKind(b.type, b.label)] - KIND_ORDER[markKind(a.type, a.label)];
  return order > 0 || (order === 0 && b.startEpochMs < a.startEpochMs) ? b : a;
}
