/** Uploaded pictures and videos: what is known of them. Their bytes are files, kept by `events/`. */
import type { Box } from '../../shared/geometry.ts';
import type { Sql } from './database.ts';

export type ContentType = 'image/jpeg' | 'video/mp4';
/** What caused an upload: motion, sound, or nothing (heartbeat). */
export type ImageType = 'm' | 'a' | 'h';

export interface Content {
  id: string;
  cameraId: string;
  eventId: string | null;
  contentType: ContentType;
  atEpochMs: number;
  /** 0 for pictures. */
  durationMs: number;
  imageType: ImageType;
  /** Degrees clockwise to stand upright. */
  rotation: number;
  /** Pixels; 0: not known. */
  width: number;
  height: number;
  hasAudio: boolean;
  sizeBytes: number;
  labels: string[];
  boxes: Box[];
  receivedEpochMs: number;
}

interface ContentRow extends Omit<Content, 'hasAudio' | 'labels' | 'boxes'> {
  hasAudio: number;
  labels: string;
  boxes: string;
}

const COLUMNS = `id, camera_id AS cameraId, event_id AS eventId, content_type AS contentType, at_epoch_ms AS atEpochMs,
  duration_ms AS durationMs, image_type AS imageType, rotation, width, height, has_audio AS hasAudio,
  size_bytes AS sizeBytes, labels, boxes, received_epoch_ms AS receivedEpochMs`;

/** A longer video is found by its first day alone. */
const LONGEST_VIDEO_MS = 86_400_000;

export class ContentStore {
  private readonly sql: Sql;

  constructor(sql: Sql) {
    this.sql = sql;
  }

  add(content: Content): void {
    this.sql
      .prepare(
        `INSERT INTO contents (id, camera_id, event_id, content_type, at_epoch_ms, duration_ms, image_type, rotation, width, height,
           has_audio, size_bytes, labels, boxes, received_epoch_ms)
         VALUES (@id, @cameraId, @eventId, @contentType, @atEpochMs, @durationMs, @imageType, @rotation, @width, @height,
           @hasAudio, @sizeBytes, @labels, @boxes, @receivedEpochMs)`,
      )
      .run({
        ...content,
        hasAudio: Number(content.hasAudio),
        labels: JSON.stringify(content.labels),
        boxes: JSON.stringify(content.boxes),
      });
  }

  get(id: string): Content | null {
    const row = this.sql
      .prepare<[string], ContentRow>(`SELECT ${COLUMNS} FROM contents WHERE id = ?`)
      .get(id);
    return row ? parse(row) : null;
  }

  /** Of an event, in order of time. */
  ofEvent(eventId: string): Content[] {
    return this.sql
      .prepare<[string], ContentRow>(
        `SELECT ${COLUMNS} FROM contents WHERE event_id = ? ORDER BY at_epoch_ms, id`,
      )
      .all(eventId)
      .map(parse);
  }

  /** The newest of a camera by its own time; null when there is none. */
  newest(cameraId: string, contentType: ContentType): Content | null {
    const row = this.sql
      .prepare<[string, string], ContentRow>(
        `SELECT ${COLUMNS} FROM contents WHERE camera_id = ? AND content_type = ? ORDER BY at_epoch_ms DESC LIMIT 1`,
      )
      .get(cameraId, contentType);
    return row ? parse(row) : null;
  }

  lastReceivedEpochMs(cameraId: string): number | null {
    return this.sql
      .prepare<[string], { at: number | null }>(
        'SELECT max(received_epoch_ms) AS at FROM contents WHERE camera_id = ?',
      )
      .get(cameraId)!.at;
  }

  /** Videos of a camera that belong to no event and overlap [from, to]. */
  unclaimedVideos(cameraId: string, fromEpochMs: number, toEpochMs: number): Content[] {
    return this.sql
      .prepare<[string, number, number], ContentRow>(
        `SELECT ${COLUMNS} FROM contents WHERE camera_id = ? AND content_type = 'video/mp4' AND event_id IS NULL
           AND at_epoch_ms <= ? AND at_epoch_ms + duration_ms >= ?`,
      )
      .all(cameraId, toEpochMs, fromEpochMs)
      .map(parse);
  }

  /** Of a camera, overlapping [from, to), ascending; the newest `limit` of them. */
  inRange(cameraId: string, fromEpochMs: number, toEpochMs: number, limit: number): Content[] {
    const ofType = `SELECT ${COLUMNS} FROM contents WHERE camera_id = @cameraId AND content_type =`;
    return this.sql
      .prepare<[object], ContentRow>(
        `SELECT * FROM (${ofType} 'image/jpeg' AND at_epoch_ms >= @from AND at_epoch_ms < @to ORDER BY at_epoch_ms DESC LIMIT @limit)
         UNION ALL
         SELECT * FROM (${ofType} 'video/mp4' AND at_epoch_ms >= @from - ${LONGEST_VIDEO_MS} AND at_epoch_ms < @to
           AND at_epoch_ms + duration_ms > @from ORDER BY at_epoch_ms DESC LIMIT @limit)
         ORDER BY atEpochMs DESC LIMIT @limit`,
      )
      .all({ cameraId, from: fromEpochMs, to: toEpochMs, limit })
      .map(parse)
      .reverse();
  }

  /** The first of a camera that begins later than a time; null when there is none. */
  firstAfter(cameraId: string, epochMs: number): Content | null {
    const ofType = `SELECT ${COLUMNS} FROM contents WHERE camera_id = @cameraId AND at_epoch_ms > @epochMs AND content_type =`;
    const row = this.sql
      .prepare<[object], ContentRow>(
        `SELECT * FROM (${ofType} 'image/jpeg' ORDER BY at_epoch_ms LIMIT 1)
         UNION ALL SELECT * FROM (${ofType} 'video/mp4' ORDER BY at_epoch_ms LIMIT 1)
         ORDER BY atEpochMs LIMIT 1`,
      )
      .get({ cameraId, epochMs });
    return row ? parse(row) : null;
  }

  /** Of a camera, or of all; nulls when nothing is uploaded. */
  bounds(cameraId?: string): { earliestEpochMs: number | null; latestEpochMs: number | null } {
    return this.sql
      .prepare<unknown[], { earliestEpochMs: number | null; latestEpochMs: number | null }>(
        `SELECT min(at_epoch_ms) AS earliestEpochMs, max(at_epoch_ms + duration_ms) AS latestEpochMs FROM contents
         ${cameraId === undefined ? '' : 'WHERE camera_id = @cameraId'}`,
      )
      .get(cameraId === undefined ? {} : { cameraId })!;
  }

  setEvent(id: string, eventId: string): void {
    this.sql.prepare('UPDATE contents SET event_id = ? WHERE id = ?').run(eventId, id);
  }

  moveToEvent(fromEventId: string, toEventId: string): void {
    this.sql.prepare('UPDATE contents SET event_id = ? WHERE event_id = ?').run(toEventId, fromEventId);
  }

  setFindings(id: string, labels: readonly string[], boxes: readonly Box[]): void {
    this.sql
      .prepare('UPDATE contents SET labels = ?, boxes = ? WHERE id = ?')
      .run(JSON.stringify(labels), JSON.stringify(boxes), id);
  }

  /** Forgets a camera's content from before a time, at most `limit` at once; returns it, for its files. */
  removeBefore(cameraId: string, atEpochMs: number, limit: number): Content[] {
    return this.sql
      .prepare<[string, number, number], ContentRow>(
        `DELETE FROM contents WHERE id IN (SELECT id FROM contents WHERE camera_id = ? AND at_epoch_ms + duration_ms < ? LIMIT ?)
         RETURNING ${COLUMNS}`,
      )
      .all(cameraId, atEpochMs, limit)
      .map(parse);
  }
}

function parse(row: ContentRow): Content {
  return {
    ...row,
    hasAudio: row.hasAudio === 1,
    labels: JSON.parse(row.labels) as string[],
    boxes: JSON.parse(row.boxes) as Box[],
  };
}
