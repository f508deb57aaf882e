/** Segments in SQLite. Rows of segments are an index of the files; nothing here touches a file. */
import { STREAM_KINDS, type StreamKind } from '../../shared/domain.ts';
import type { EpochRange } from '../../shared/units.ts';
import type { SegmentKeyframe, SegmentRecord } from '../media/segment.ts';
import { inTransaction, type Sql } from './database.ts';

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

interface SegmentRow {
  path: string;
  camera_id: string;
  stream: StreamKind;
  start_epoch_ms: number;
  duration_ms: number;
  size_bytes: number;
  closed: number;
  video_codec: string;
  audio_codec: string | null;
  width: number;
  height: number;
  video_timescale: number;
  audio_timescale: number | null;
  init_bytes: number;
  keyframes: Buffer;
}

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
  /** Bytes by camera. */
  private used: Map<string, number> | null = null;

  constructor(sql: Sql) {
    this.sql = sql;
  }

  /** Adds a segment or replaces what was known of its path. */
  putSegment(segment: SegmentRecord): void {
    const known = this.sql
      .prepare<[string], { size: number }>('SELECT size_bytes AS size FROM segments WHERE path = ?')
      .get(segment.path);
    this.sql
      .prepare(
        `INSERT OR REPLACE INTO segments (path, camera_id, stream, start_epoch_ms, duration_ms, size_bytes, closed, video_codec, audio_codec,
          width, height, video_timescale, audio_timescale, init_bytes, keyframes)
         VALUES (@path, @cameraId, @stream, @startEpochMs, @durationMs, @sizeBytes, @closed, @videoCodecString, @audioCodecString,
          @width, @height, @videoTimescale, @audioTimescale, @initBytes, @keyframes)`,
      )
      .run({ ...segment, closed: segment.closed ? 1 : 0, keyframes: packKeyframes(segment.keyframes) });
    this.count(segment.cameraId, segment.sizeBytes - (known?.size ?? 0));
  }

  removeSegment(path: string): void {
    const removed = this.sql
      .prepare<[string], { size: number; cameraId: string }>(
        'DELETE FROM segments WHERE path = ? RETURNING size_bytes AS size, camera_id AS cameraId',
      )
      .get(path);
    if (removed) this.count(removed.cameraId, -removed.size);
  }

  removeCameraSegments(cameraId: string): void {
    this.sql.prepare('DELETE FROM segments WHERE camera_id = ?').run(cameraId);
    this.used?.delete(cameraId);
  }

  /** Replaces the whole index in one transaction. */
  replaceSegments(segments: Iterable<SegmentRecord>): void {
    this.used = null;
    inTransaction(this.sql, () => {
      this.sql.exec('DELETE FROM segments');
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

  /** Start and duration of the segments that overlap [from, to), ascending, read from an index alone. */
  listSpans(query: SegmentQuery): Array<{ startEpochMs: number; durationMs: number }> {
    return this.sql
      .prepare<[SegmentQuery], { startEpochMs: number; durationMs: number }>(SPANS_SQL)
      .all(query)
      .filter((span) => span.startEpochMs + span.durationMs > query.fromEpochMs);
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

function parseSegment(row: SegmentRow): SegmentRecord {
  return {
    cameraId: row.camera_id,
    stream: row.stream,
    startEpochMs: row.start_epoch_ms,
    durationMs: row.duration_ms,
    sizeBytes: row.size_bytes,
    path: row.path,
    closed: row.closed === 1,
    videoCodecString: row.video_codec,
    audioCodecString: row.audio_codec,
    width: row.width,
    height: row.height,
    videoTimescale: row.video_timescale,
    audioTimescale: row.audio_timescale,
    initBytes: row.init_bytes,
    keyframes: unpackKeyframes(row.keyframes),
  };
}

function packKeyframes(keyframes: readonly SegmentKeyframe[]): Buffer {
  const bytes = Buffer.alloc(keyframes.length * 16);
  keyframes.forEach(({ offset, time }, index) => {
    bytes.writeDoubleLE(offset, index * 16);
    bytes.writeDoubleLE(time, index * 16 + 8);
  });
  return bytes;
}

function unpackKeyframes(bytes: Buffer): SegmentKeyframe[] {
  return Array.from({ length: bytes.length >> 4 }, (_, index) => ({
    offset: bytes.readDoubleLE(index * 16),
    time: bytes.readDoubleLE(index * 16 + 8),
  }));
}
