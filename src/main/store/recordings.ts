/** Segments in SQLite. Rows of segments are an index of the files; nothing here touches a file. */
import { STREAM_KINDS, type StreamKind } from '../../shared/domain.ts';
import type { EpochRange } from '../../shared/units.ts';
import type { SegmentRecord } from '../media/segment.ts';
import { inTransaction, type Sql } from './database.ts';
import { RecordedSpans, SPAN_BORDER_MS } from './recorded-spans.ts';
import { packKeyframes, parseSegment, type SegmentRow } from './segment-row.ts';

export interface SegmentQuery {
  cameraId: string;
  stream: StreamKind;
  fromEpochMs: number;
  toEpochMs: number;
}

/** What retention needs of a segment. */
export type StoredFile = Pick<
  SegmentRecord,
  'cameraId' | 'stream' | 'path' | 'startEpochMs' | 'durationMs' | 'sizeBytes'
>;

/** Segments of a camera do not overlap, so only the last one that starts at or before `from` can reach into the range. */
const OVERLAPPING = `camera_id = @cameraId AND stream = @stream AND start_epoch_ms < @toEpochMs
  AND start_epoch_ms >= coalesce((SELECT max(start_epoch_ms) FROM segments
    WHERE camera_id = @cameraId AND stream = @stream AND start_epoch_ms <= @fromEpochMs), @fromEpochMs)`;

/** Also asserted to be answered from an index alone. */
export const SPANS_SQL = `SELECT start_epoch_ms AS startEpochMs, duration_ms AS durationMs FROM segments WHERE ${OVERLAPPING} ORDER BY start_epoch_ms`;

const FILE_COLUMNS = `path, camera_id AS cameraId, stream, start_epoch_ms AS startEpochMs, duration_ms AS durationMs, size_bytes AS sizeBytes`;

/** The index of segment files. Synchronous; throws what SQLite throws. */
export class SegmentStore {
  private readonly sql: Sql;
  private readonly spans: RecordedSpans;
  /** Bytes by camera. */
  private used: Map<string, number> | null = null;

  constructor(sql: Sql) {
    this.sql = sql;
    this.spans = new RecordedSpans(sql);
  }

  /** Adds a segment or replaces what was known of its path. */
  putSegment(segment: SegmentRecord): void {
    inTransaction(this.sql, () => {
      this.removeSegment(segment.path);
      this.sql
        .prepare(
          `INSERT INTO segments (path, camera_id, stream, start_epoch_ms, duration_ms, size_bytes, closed, video_codec, audio_codec,
            width, height, video_timescale, audio_timescale, init_bytes, keyframes)
           VALUES (@path, @cameraId, @stream, @startEpochMs, @durationMs, @sizeBytes, @closed, @videoCodecString, @audioCodecString,
            @width, @height, @videoTimescale, @audioTimescale, @initBytes, @keyframes)`,
        )
        .run({ ...segment, closed: segment.closed ? 1 : 0, keyframes: packKeyframes(segment.keyframes) });
      const { cameraId, stream, startEpochMs, durationMs } = segment;
      if (durationMs > 0)
        this.spans.add({ cameraId, stream }, { startEpochMs, endEpochMs: startEpochMs + durationMs });
    });
    this.count(segment.cameraId, segment.sizeBytes);
  }

  removeSegment(path: string): void {
    const removed = inTransaction(this.sql, () => {
      const row = this.sql
        .prepare<[string], StoredFile>(`DELETE FROM segments WHERE path = ? RETURNING ${FILE_COLUMNS}`)
        .get(path);
      if (row && row.durationMs > 0) {
        const { cameraId, stream, startEpochMs, durationMs } = row;
        const before = this.newestEndEpochMs(cameraId, stream, startEpochMs);
        const after = this.nextStartEpochMs(cameraId, stream, startEpochMs);
        const endEpochMs = startEpochMs + durationMs;
        this.spans.remove({ cameraId, stream }, { startEpochMs, endEpochMs }, before, after);
      }
      return row;
    });
    if (removed) this.count(removed.cameraId, -removed.sizeBytes);
  }

  removeCameraSegments(cameraId: string): void {
    inTransaction(this.sql, () => {
      this.sql.prepare('DELETE FROM segments WHERE camera_id = ?').run(cameraId);
      this.spans.removeCamera(cameraId);
    });
    this.used?.delete(cameraId);
  }

  /** Replaces all rows of a folder in one transaction. */
  replaceFolder(folder: string, segments: readonly SegmentRecord[]): void {
    inTransaction(this.sql, () => {
      for (const path of this.listPaths(`${folder}/`)) this.removeSegment(path);
      for (const segment of segments) this.putSegment(segment);
    });
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
  listSpans(query: SegmentQuery, joinMs = 0): Array<{ startEpochMs: number; durationMs: number }> {
    const spans =
      joinMs >= SPAN_BORDER_MS
        ? this.spans.list(query, joinMs)
        : this.sql
            .prepare<[SegmentQuery], { startEpochMs: number; durationMs: number }>(SPANS_SQL)
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

  /** Start of the first segment that begins at or after a time; null when there is none. */
  nextStartEpochMs(cameraId: string, stream: StreamKind, afterEpochMs: number): number | null {
    const row = this.sql
      .prepare<[string, string, number], { start: number | null }>(
        'SELECT min(start_epoch_ms) AS start FROM segments WHERE camera_id = ? AND stream = ? AND start_epoch_ms >= ?',
      )
      .get(cameraId, stream, afterEpochMs);
    return row?.start ?? null;
  }

  /**
   * Closed segments, oldest first; of a camera per stream, the main stream's before the sub stream's. Only those that end before a time
   * and (of a camera) start at or after one, where given.
   */
  listOldest(options: {
    cameraId?: string;
    startFromEpochMs?: number;
    endBeforeEpochMs?: number;
    limit: number;
  }): StoredFile[] {
    const { cameraId, startFromEpochMs = 0, endBeforeEpochMs = Number.MAX_SAFE_INTEGER, limit } = options;
    if (cameraId === undefined) {
      return this.sql
        .prepare<[number, number], StoredFile>(
          `SELECT ${FILE_COLUMNS} FROM segments
           WHERE closed = 1 AND start_epoch_ms + duration_ms < ? ORDER BY start_epoch_ms LIMIT ?`,
        )
        .all(endBeforeEpochMs, limit);
    }
    const query = this.sql.prepare<[string, string, number, number, number, number], StoredFile>(
      `SELECT ${FILE_COLUMNS} FROM segments
       WHERE camera_id = ? AND stream = ? AND start_epoch_ms >= ? AND start_epoch_ms < ?
        AND closed = 1 AND start_epoch_ms + duration_ms < ? ORDER BY start_epoch_ms LIMIT ?`,
    );
    return STREAM_KINDS.flatMap((stream) =>
      query.all(cameraId, stream, startFromEpochMs, endBeforeEpochMs, endBeforeEpochMs, limit),
    );
  }

  /** Bytes of all segments or of a camera's. Summed once, then kept up. */
  usedBytes(cameraId?: string): number {
    this.used ??= new Map(
      this.sql
        .prepare<[], { id: string; total: number }>(
          'SELECT camera_id AS id, sum(size_bytes) AS total FROM segments GROUP BY camera_id',
        )
        .all()
        .map(({ id, total }) => [id, total]),
    );
    if (cameraId !== undefined) return this.used.get(cameraId) ?? 0;
    return [...this.used.values()].reduce((sum, bytes) => sum + bytes, 0);
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

  private count(cameraId: string, bytes: number): void {
    this.used?.set(cameraId, (this.used.get(cameraId) ?? 0) + bytes);
  }
}
