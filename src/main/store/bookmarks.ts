/** Bookmarks in SQLite. */
import type { Bookmark } from '../../shared/bookmarks.ts';
import type { Sql } from './database.ts';

export interface BookmarkFilter {
  /** Words that must all be in the title, the note or the name of who made it. */
  text?: string;
  cameraIds?: readonly string[];
  /** Those that overlap [fromEpochMs, toEpochMs). */
  fromEpochMs?: number;
  toEpochMs?: number;
  limit: number;
}

interface BookmarkRow {
  id: string;
  camera_ids: string;
  start_epoch_ms: number;
  end_epoch_ms: number;
  title: string;
  note: string;
  colour: Bookmark['colour'];
  created_by: string;
  created_epoch_ms: number;
}

export class BookmarkStore {
  private readonly sql: Sql;

  constructor(sql: Sql) {
    this.sql = sql;
  }

  /** Newest footage first. */
  list({ text = '', cameraIds, fromEpochMs, toEpochMs, limit }: BookmarkFilter): Bookmark[] {
    const words = text.split(/\s+/).filter(Boolean);
    const conditions = [
      'start_epoch_ms < @to AND end_epoch_ms >= @from',
      ...words.map(
        (_, i) => `(title || char(10) || note || char(10) || created_by) LIKE @word${i} ESCAPE '\\'`,
      ),
      ...(cameraIds
        ? [
            'EXISTS (SELECT 1 FROM json_each(camera_ids) c WHERE c.value IN (SELECT value FROM json_each(@cameraIds)))',
          ]
        : []),
    ];
    return this.sql
      .prepare<[Record<string, unknown>], BookmarkRow>(
        `SELECT * FROM bookmarks WHERE ${conditions.join(' AND ')} ORDER BY start_epoch_ms DESC, id LIMIT @limit`,
      )
      .all({
        ...{ from: fromEpochMs ?? 0, to: toEpochMs ?? Number.MAX_SAFE_INTEGER, limit },
        ...Object.fromEntries(
          words.map((word, i) => [`word${i}`, `%${word.replaceAll(/[\\%_]/g, '\\$&')}%`]),
        ),
        ...(cameraIds ? { cameraIds: JSON.stringify(cameraIds) } : {}),
      })
      .map(parseRow);
  }

  get(id: string): Bookmark | null {
    const row = this.sql.prepare<[string], BookmarkRow>('SELECT * FROM bookmarks WHERE id = ?').get(id);
    return row ? parseRow(row) : null;
  }

  /** Adds a bookmark or replaces the one of that id. */
  put(bookmark: Bookmark): void {
    this.sql
      .prepare(
        `INSERT OR REPLACE INTO bookmarks (id, camera_ids, start_epoch_ms, end_epoch_ms, title, note, colour, created_by, created_epoch_ms)
         VALUES (@id, @cameraIds, @startEpochMs, @endEpochMs, @title, @note, @colour, @createdBy, @createdEpochMs)`,
      )
      .run({ ...bookmark, cameraIds: JSON.stringify(bookmark.cameraIds) });
  }

  remove(id: string): boolean {
    return this.sql.prepare('DELETE FROM bookmarks WHERE id = ?').run(id).changes > 0;
  }
}

function parseRow(row: BookmarkRow): Bookmark {
  return {
    id: row.id,
    cameraIds: JSON.parse(row.camera_ids) as string[],
    startEpochMs: row.start_epoch_ms,
    endEpochMs: row.end_epoch_ms,
    title: row.title,
    note: row.note,
    colour: row.colour,
    createdBy: row.created_by,
    createdEpochMs: row.created_epoch_ms,
  };
}
