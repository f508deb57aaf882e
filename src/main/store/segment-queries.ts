/** What can be asked of the index of segment files; nothing here changes it. */
import { STREAM_KINDS, type StreamKind } from '../../shared/domain-storage.ts';
import type { EpochRange } from '../../shared/units.ts';
import type { SegmentRecord } from '../media/segment.ts';
import type { Sql } from './database.ts';
import { RecordedSpans, SPAN_BORDER_MS } from './recorded-spans.ts';
import { parseSegment, type SegmentRow } from './segment-row.ts';

export interface SegmentQuery {
  cameraId: string;
  stream: StreamKind;
  fromEpochMs: number;
  toEpochMs: number;
}

/** What retention needs of a segment. */
export type StoredFile = Pick<
  SegmentRecord,
  'cameraId' | 'stream' | 'path' | 'volumeId' | 'startEpochMs' | 'durationMs' | 'sizeBytes'
>;

/** Segments of a camera do not overlap, so only the last one that starts at or before `from` can reach into the range. */
const OVERLAPPING = `camera_id = @cameraId AND stream = @stream AND start_epoch_ms < @toEpochMs
  AND start_epoch_ms >= coalesce((SELECT max(start_epoch_ms) FROM segments
    WHERE camera_id = @cameraId AND stream = @stream AND start_epoch_ms <= @fromEpochMs), @fromEpochMs)`;

/** Also asserted to be answered from an index alone. */
export const SPANS_SQL = `SELECT start_epoch_ms AS startEpochMs, duration_ms AS durationMs, volume_id AS volumeId FROM segments WHERE ${OVERLAPPING} ORDER BY start_epoch_ms`;

export const FILE_COLUMNS = `path, camera_id AS cameraId, stream, volume_id AS volumeId, start_epoch_ms AS startEpochMs, duration_ms AS durationMs, size_bytes AS sizeBytes`;

/** Synchronous; throws what SQLite throws. */
export class SegmentQueries {
  protected readonly sql: Sql;
  protected readonly spans: RecordedSpans;

  constructor(sql: Sql) {
    this.sql = sql;
    this.spans = new RecordedSpans(sql);
  }

  hasSegment(path: string): boolean {
    return this.volumeOf(path) !== null;
  }

  /** The recording folder in which a segment lies; null when it is not known. */
  volumeOf(path: string): number | null {
    const row = this.sql
      .prepare<[string], { id: number }>('SELECT volume_id AS id FROM segments WHERE path = ?')
      .get(path);
    return row?.id ?? null;
  }

  /** Some segments of a folder, also open ones, the oldest first. */
  listIn(volumeId: number, limit: number): StoredFile[] {
    return this.sql
      .prepare<[number, number], StoredFile>(
        `SELECT ${FILE_COLUMNS} FROM segments WHERE volume_id = ? ORDER BY start_epoch_ms LIMIT ?`,
      )
      .all(volumeId, limit);
  }

  /** What lies in a folder of a camera's main stream, by local day (`YYYY-MM-DD`), ascending; read from an index alone. */
  listDaysIn(volumeId: number, cameraId: string): Array<{ day: string; durationMs: number }> {
    return this.sql
      .prepare<[string, number], { day: string; durationMs: number }>(
        `SELECT date(start_epoch_ms / 1000, 'unixepoch', 'localtime') AS day, sum(duration_ms) AS durationMs
         FROM segments INDEXED BY segments_timeline WHERE camera_id = ? AND stream = 'main' AND volume_id = ?
         GROUP BY day ORDER BY day`,
      )
      .all(cameraId, volumeId);
  }

  /** Closed segments of a folder that end before a time, the oldest first. */
  listOldestIn(volumeId: number, endBeforeEpochMs: number, limit: number): StoredFile[] {
    return this.sql
      .prepare<[number, number, number], StoredFile>(
        `SELECT ${FILE_COLUMNS} FROM segments WHERE volume_id = ? AND closed = 1 AND start_epoch_ms + duration_ms < ?
         ORDER BY start_epoch_ms LIMIT ?`,
      )
      .all(volumeId, endBeforeEpochMs, limit);
  }

  /** Whether any segment lies in a recording folder, also one that is being written. */
  holdsSegments(volumeId: number): boolean {
    return (
      this.sql.prepare<[number]>('SELECT 1 FROM segments WHERE volume_id = ? LIMIT 1').get(volumeId) !==
      undefined
    );
  }

  /** Those that overlap [from, to), ascending; open ones as they were when they were begun. */
  listSegments(query: SegmentQuery): SegmentRecord[] {
    return this.sql
      .prepare<[SegmentQuery], SegmentRow>(
        `SELECT * FROM segments WHERE ${OVERLAPPING} ORDER BY start_epoch_ms`,
      )
      .all(query)
      .map(parseSegment)
      .filter((segment) => !segment.closed || segment.startEpochMs + segment.durationMs > query.fromEpochMs);
  }

  allSegments(): SegmentRecord[] {
    return this.sql.prepare<[], SegmentRow>('SELECT * FROM segments ORDER BY path').all().map(parseSegment);
  }

  /**
   * What is recorded in [from, to), ascending. With `joinMs` holes up to it do not matter: neighbours in the list no further apart than
   * that belong together. Without: start and duration of every segment, read from an index alone.
   */
  listSpans(
    query: SegmentQuery,
    joinMs = 0,
  ): Array<{ startEpochMs: number; durationMs: number; volumeId: number | null }> {
    const spans =
      joinMs >= SPAN_BORDER_MS
        ? this.spans.list(query, joinMs).map((span) => ({ ...span, volumeId: null }))
        : this.sql
            .prepare<[SegmentQuery], { startEpochMs: number; durationMs: number; volumeId: number }>(
              SPANS_SQL,
            )
            .all(query);
    return spans.filter((span) => span.startEpochMs + span.durationMs > query.fromEpochMs);
  }

  /** Not closed: being written, or left by a crash. */
  listOpenSegments(): SegmentRecord[] {
    return this.sql
      .prepare<[], SegmentRow>('SELECT * FROM segments WHERE closed = 0 ORDER BY path')
      .all()
      .map(parseSegment);
  }

  /** Paths that begin with `prefix`. */
  listPaths(prefix: string): string[] {
    return this.sql
      .prepare<[string, string], { path: string }>('SELECT path FROM segments WHERE path >= ? AND path < ?')
      .all(prefix, `${prefix}\u{10ffff}`)
      .map((row) => row.path);
  }

  /** What is known of the files whose paths begin with `prefix`, by path. */
  listFiles(prefix: string): Array<StoredFile & { closed: boolean }> {
    return this.sql
      .prepare<[string, string], StoredFile & { closed: number }>(
        `SELECT ${FILE_COLUMNS}, closed FROM segments WHERE path >= ? AND path < ? ORDER BY path`,
      )
      .all(prefix, `${prefix}\u{10ffff}`)
      .map((row) => ({ ...row, closed: row.closed === 1 }));
  }

  /** The first path behind a text; null at the end. */
  nextPath(after: string): string | null {
    const row = this.sql
      .prepare<[string], { path: string }>('SELECT path FROM segments WHERE path > ? ORDER BY path LIMIT 1')
      .get(after);
    return row?.path ?? null;
  }

  /** Cameras that have segments, read by one step of the index each. */
  listCameraIds(): string[] {
    return this.sql
      .prepare<[], { id: string }>(
        `WITH RECURSIVE camera(id) AS (
           SELECT min(camera_id) FROM segments
           UNION ALL
           SELECT (SELECT min(camera_id) FROM segments WHERE camera_id > camera.id) FROM camera WHERE camera.id IS NOT NULL
         ) SELECT id FROM camera WHERE id IS NOT NULL`,
      )
      .all()
      .map((row) => row.id);
  }

  /** End of the newest segment, or of the newest that starts before a time; null when there is none. */
  newestEndEpochMs(
    cameraId: string,
    stream: StreamKind,
    startBeforeEpochMs = Number.MAX_SAFE_INTEGER,
  ): number | null {
    const row = this.sql
      .prepare<[string, string, number], { end: number }>(
        `SELECT start_epoch_ms + duration_ms AS end FROM segments WHERE camera_id = ? AND stream = ? AND start_epoch_ms < ?
         ORDER BY start_epoch_ms DESC LIMIT 1`,
      )
      .get(cameraId, stream, startBeforeEpochMs);
    return row?.end ?? null;
  }

  /** Start of the first segment that begins at or after a time and lies in none of these recording folders; null when there is none. */
  nextStartEpochMs(
    cameraId: string,
    stream: StreamKind,
    afterEpochMs: number,
    exceptVolumeIds: readonly number[] = [],
  ): number | null {
    const row = this.sql
      .prepare<[string, string, number, string], { start: number }>(
        `SELECT start_epoch_ms AS start FROM segments WHERE camera_id = ? AND stream = ? AND start_epoch_ms >= ?
           AND volume_id NOT IN (SELECT value FROM json_each(?)) ORDER BY start_epoch_ms LIMIT 1`,
      )
      .get(cameraId, stream, afterEpochMs, JSON.stringify(exceptVolumeIds));
    return row?.start ?? null;
  }

  /**
   * Closed segments, oldest first; of a camera per stream, the main stream's before the sub stream's. Only those that end before a time
   * and (of a camera) start at or after one, and that lie in these recording folders, where given.
   */
  listOldest(options: {
    cameraId?: string;
    startFromEpochMs?: number;
    endBeforeEpochMs?: number;
    volumeIds?: readonly number[];
    limit: number;
  }): StoredFile[] {
    const { cameraId, startFromEpochMs = 0, endBeforeEpochMs = Number.MAX_SAFE_INTEGER, limit } = options;
    const volumes = options.volumeIds ? JSON.stringify(options.volumeIds) : null;
    const within = '(@volumes IS NULL OR volume_id IN (SELECT value FROM json_each(@volumes)))';
    const range = { startFromEpochMs, endBeforeEpochMs, volumes, limit };
    if (cameraId === undefined) {
      return this.sql
        .prepare<[typeof range], StoredFile>(
          `SELECT ${FILE_COLUMNS} FROM segments
           WHERE closed = 1 AND start_epoch_ms + duration_ms < @endBeforeEpochMs AND ${within} ORDER BY start_epoch_ms LIMIT @limit`,
        )
        .all(range);
    }
    const query = this.sql.prepare<[typeof range & { cameraId: string; stream: StreamKind }], StoredFile>(
      `SELECT ${FILE_COLUMNS} FROM segments
       WHERE camera_id = @cameraId AND stream = @stream AND start_epoch_ms >= @startFromEpochMs AND start_epoch_ms < @endBeforeEpochMs
        AND closed = 1 AND start_epoch_ms + duration_ms < @endBeforeEpochMs AND ${within} ORDER BY start_epoch_ms LIMIT @limit`,
    );
    return STREAM_KINDS.flatMap((stream) => query.all({ ...range, cameraId, stream }));
  }

  /** Bytes of a camera's segments that have a moment in common with the ranges, which are ascending and apart; each segment counts once. */
  bytesWithin(cameraId: string, ranges: readonly EpochRange[]): number {
    const query = this.sql.prepare<
      [SegmentQuery & { afterEpochMs: number }],
      { bytes: number | null; last: number | null }
    >(
      `SELECT sum(size_bytes) AS bytes, max(start_epoch_ms) AS last FROM segments
       WHERE ${OVERLAPPING} AND start_epoch_ms > @afterEpochMs AND start_epoch_ms + duration_ms > @fromEpochMs`,
    );
    let total = 0;
    for (const stream of STREAM_KINDS) {
      let afterEpochMs = -1;
      for (const { startEpochMs: fromEpochMs, endEpochMs: toEpochMs } of ranges) {
        const found = query.get({ cameraId, stream, fromEpochMs, toEpochMs, afterEpochMs });
        total += found?.bytes ?? 0;
        afterEpochMs = found?.last ?? afterEpochMs;
      }
    }
    return total;
  }

  /** Bytes and earliest start of the closed segments that start at or after a time. */
  writtenSince(epochMs: number): { bytes: number; earliestEpochMs: number | null } {
    const row = this.sql
      .prepare<[number], { bytes: number | null; earliest: number | null }>(
        'SELECT sum(size_bytes) AS bytes, min(start_epoch_ms) AS earliest FROM segments WHERE start_epoch_ms >= ?',
      )
      .get(epochMs);
    return { bytes: row?.bytes ?? 0, earliestEpochMs: row?.earliest ?? null };
  }

  /** Earliest start and latest end over all cameras, or of one camera's stream. */
  bounds(of?: { cameraId: string; stream: StreamKind }): {
    earliestEpochMs: number | null;
    latestEpochMs: number | null;
  } {
    const where = of ? 'WHERE camera_id = @cameraId AND stream = @stream' : '';
    const first = this.sql
      .prepare<unknown[], { start: number }>(
        `SELECT start_epoch_ms AS start FROM segments ${where} ORDER BY start_epoch_ms LIMIT 1`,
      )
      .get(of ?? {});
    const last = this.sql
      .prepare<unknown[], { end: number }>(
        `SELECT start_epoch_ms + duration_ms AS end FROM segments ${where} ORDER BY start_epoch_ms DESC LIMIT 1`,
      )
      .get(of ?? {});
    return { earliestEpochMs: first?.start ?? null, latestEpochMs: last?.end ?? null };
  }
}
