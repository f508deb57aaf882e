/**
 * Stretches of time in which a stream is recorded without a hole, kept up as segments come and go: a year of minutes is a few rows.
 * Called by the store of segments inside its own transactions.
 */
import type { StreamKind } from '../../shared/domain-storage.ts';
import type { EpochRange } from '../../shared/units.ts';
import type { Sql } from './database.ts';

/** Segments no further apart than this are one span: the jitter of a border. The migration that fills the table says the same. */
export const SPAN_BORDER_MS = 1500;

const OF_STREAM = 'camera_id = @cameraId AND stream = @stream';

/**
 * From the first span of the range on in steps through the table: to the last one that begins within `joinMs` of the end reached, or, where there is
 * none, over the hole to the next. However many spans there are, a year at the width of a pixel is at most some thousand steps.
 */
export const STEPS_SQL = `WITH RECURSIVE step(start, until) AS (
    SELECT start_epoch_ms, end_epoch_ms FROM recorded_spans WHERE ${OF_STREAM} AND start_epoch_ms = coalesce(
      (SELECT start_epoch_ms FROM (SELECT * FROM recorded_spans WHERE ${OF_STREAM} AND start_epoch_ms <= @fromEpochMs
        ORDER BY start_epoch_ms DESC LIMIT 1) WHERE end_epoch_ms > @fromEpochMs),
      (SELECT min(start_epoch_ms) FROM recorded_spans WHERE ${OF_STREAM} AND start_epoch_ms > @fromEpochMs AND start_epoch_ms < @toEpochMs))
    UNION ALL
    SELECT start_epoch_ms, end_epoch_ms FROM step CROSS JOIN recorded_spans WHERE ${OF_STREAM} AND start_epoch_ms < @toEpochMs
      AND start_epoch_ms = coalesce(
        (SELECT max(start_epoch_ms) FROM recorded_spans WHERE ${OF_STREAM} AND start_epoch_ms > step.start
          AND start_epoch_ms <= min(step.until + @joinMs, @toEpochMs - 1)),
        (SELECT min(start_epoch_ms) FROM recorded_spans WHERE ${OF_STREAM} AND start_epoch_ms > step.until + @joinMs))
  ) SELECT start AS startEpochMs, until - start AS durationMs FROM step`;

export interface SpanOwner {
  cameraId: string;
  stream: StreamKind;
}

type SpanRow = { start: number; end: number };

export class RecordedSpans {
  private readonly sql: Sql;

  constructor(sql: Sql) {
    this.sql = sql;
  }

  /** Spans that overlap [from, to), ascending; between neighbours no further apart than `joinMs` there may be more. */
  list(
    query: SpanOwner & { fromEpochMs: number; toEpochMs: number },
    joinMs: number,
  ): Array<{ startEpochMs: number; durationMs: number }> {
    return this.sql
      .prepare<[typeof query & { joinMs: number }], { startEpochMs: number; durationMs: number }>(STEPS_SQL)
      .all({ ...query, joinMs });
  }

  /** A closed segment has come. */
  add(owner: SpanOwner, { startEpochMs, endEpochMs }: EpochRange): void {
    let start = startEpochMs;
    let end = endEpochMs;
    const before = this.at(owner, startEpochMs);
    if (before && before.end + SPAN_BORDER_MS >= startEpochMs) {
      if (before.end >= endEpochMs) return;
      start = before.start;
    }
    for (;;) {
      const next = this.next(owner, start);
      if (!next || next.start > end + SPAN_BORDER_MS) break;
      end = Math.max(end, next.end);
      this.drop(owner, next.start);
    }
    this.put(owner, start, end);
  }

  /** A segment has gone; `before` and `after`: end and start of its neighbours that are left, null where there is none. */
  remove(
    owner: SpanOwner,
    { startEpochMs, endEpochMs }: EpochRange,
    before: number | null,
    after: number | null,
  ): void {
    const span = this.at(owner, startEpochMs);
    if (!span || span.end < endEpochMs) return;
    const left = before !== null && before > span.start ? before : null;
    const right = after !== null && after <= span.end ? after : null;
    if (left !== null && right !== null && right - left <= SPAN_BORDER_MS) return;
    this.drop(owner, span.start);
    if (left !== null) this.put(owner, span.start, left);
    if (right !== null) this.put(owner, right, span.end);
  }

  removeCamera(cameraId: string): void {
    this.sql.prepare('DELETE FROM recorded_spans WHERE camera_id = ?').run(cameraId);
  }

  /** The last span that begins at or before a time. */
  private at(owner: SpanOwner, epochMs: number): SpanRow | undefined {
    return this.sql
      .prepare<[SpanOwner & { epochMs: number }], SpanRow>(
        `SELECT start_epoch_ms AS start, end_epoch_ms AS end FROM recorded_spans WHERE ${OF_STREAM} AND start_epoch_ms <= @epochMs
         ORDER BY start_epoch_ms DESC LIMIT 1`,
      )
      .get({ ...owner, epochMs });
  }

  /** The first span that begins behind a time. */
  private next(owner: SpanOwner, epochMs: number): SpanRow | undefined {
    return this.sql
      .prepare<[SpanOwner & { epochMs: number }], SpanRow>(
        `SELECT start_epoch_ms AS start, end_epoch_ms AS end FROM recorded_spans WHERE ${OF_STREAM} AND start_epoch_ms > @epochMs
         ORDER BY start_epoch_ms LIMIT 1`,
      )
      .get({ ...owner, epochMs });
  }

  private put(owner: SpanOwner, start: number, end: number): void {
    this.sql
      .prepare(
        'INSERT OR REPLACE INTO recorded_spans (camera_id, stream, start_epoch_ms, end_epoch_ms) VALUES (@cameraId, @stream, @start, @end)',
      )
      .run({ ...owner, start, end });
  }

  private drop(owner: SpanOwner, start: number): void {
    this.sql
      .prepare(`DELETE FROM recorded_spans WHERE ${OF_STREAM} AND start_epoch_ms = @start`)
      .run({ ...owner, start });
  }
}
