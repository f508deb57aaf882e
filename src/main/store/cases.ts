/** Cases and what is in them, in SQLite. */
import type { Case, CaseItem, CaseView } from '../../shared/cases.ts';
import { inTransaction, type Sql } from './database.ts';

interface CaseRow {
  id: string;
  title: string;
  reference: string;
  notes: string;
  state: Case['state'];
  created_by: string;
  created_epoch_ms: number;
  changed_epoch_ms: number;
}

interface ItemRow {
  id: string;
  kind: CaseItem['kind'];
  source_id: string | null;
  camera_ids: string;
  start_epoch_ms: number;
  end_epoch_ms: number;
  label: string;
  added_by: string;
  added_epoch_ms: number;
}

export class CaseStore {
  private readonly sql: Sql;

  constructor(sql: Sql) {
    this.sql = sql;
  }

  /** Those changed last first; `text`: words that must all be in the title, the reference or the notes. */
  list({ text = '', state }: { text?: string; state?: Case['state'] } = {}): CaseView[] {
    const words = text.split(/\s+/).filter(Boolean);
    const conditions = [
      ...words.map(
        (_, i) => `(title || char(10) || reference || char(10) || notes) LIKE @word${i} ESCAPE '\\'`,
      ),
      ...(state ? ['state = @state'] : []),
    ];
    return this.sql
      .prepare<[Record<string, unknown>], CaseRow & { item_count: number }>(
        `SELECT *, (SELECT count(*) FROM case_items WHERE case_id = cases.id) AS item_count FROM cases
         ${conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : ''} ORDER BY changed_epoch_ms DESC, id`,
      )
      .all({
        ...Object.fromEntries(
          words.map((word, i) => [`word${i}`, `%${word.replaceAll(/[\\%_]/g, '\\$&')}%`]),
        ),
        ...(state && { state }),
      })
      .map((row) => ({ ...parseCase(row), itemCount: row.item_count }));
  }

  get(id: string): Case | null {
    const row = this.sql.prepare<[string], CaseRow>('SELECT * FROM cases WHERE id = ?').get(id);
    return row ? parseCase(row) : null;
  }

  /** Oldest footage first. */
  items(caseId: string): CaseItem[] {
    return this.sql
      .prepare<[string], ItemRow>('SELECT * FROM case_items WHERE case_id = ? ORDER BY start_epoch_ms, id')
      .all(caseId)
      .map(parseItem);
  }

  /** Adds a case or changes the one of that id. */
  put(one: Case): void {
    this.sql
      .prepare(
        `INSERT INTO cases (id, title, reference, notes, state, created_by, created_epoch_ms, changed_epoch_ms)
         VALUES (@id, @title, @reference, @notes, @state, @createdBy, @createdEpochMs, @changedEpochMs)
         ON CONFLICT (id) DO UPDATE SET title = @title, reference = @reference, notes = @notes, state = @state,
           changed_epoch_ms = @changedEpochMs`,
      )
      .run(one);
  }

  /** With all that is in it. */
  remove(id: string): boolean {
    return this.sql.prepare('DELETE FROM cases WHERE id = ?').run(id).changes > 0;
  }

  addItem(caseId: string, item: CaseItem): void {
    inTransaction(this.sql, () => {
      this.sql
        .prepare(
          `INSERT INTO case_items (id, case_id, kind, source_id, camera_ids, start_epoch_ms, end_epoch_ms, label, added_by, added_epoch_ms)
           VALUES (@id, @caseId, @kind, @sourceId, @cameraIds, @startEpochMs, @endEpochMs, @label, @addedBy, @addedEpochMs)`,
        )
        .run({ ...item, caseId, cameraIds: JSON.stringify(item.cameraIds) });
      this.touch(caseId, item.addedEpochMs);
    });
  }

  removeItem(caseId: string, itemId: string, nowEpochMs: number): boolean {
    return inTransaction(this.sql, () => {
      const { changes } = this.sql
        .prepare('DELETE FROM case_items WHERE case_id = ? AND id = ?')
        .run(caseId, itemId);
      if (changes > 0) this.touch(caseId, nowEpochMs);
      return changes > 0;
    });
  }

  private touch(caseId: string, nowEpochMs: number): void {
    this.sql.prepare('UPDATE cases SET changed_epoch_ms = ? WHERE id = ?').run(nowEpochMs, caseId);
  }
}

function parseCase(row: CaseRow): Case {
  return {
    id: row.id,
    title: row.title,
    reference: row.reference,
    notes: row.notes,
    state: row.state,
    createdBy: row.created_by,
    createdEpochMs: row.created_epoch_ms,
    changedEpochMs: row.changed_epoch_ms,
  };
}

function parseItem(row: ItemRow): CaseItem {
  return {
    id: row.id,
    kind: row.kind,
    sourceId: row.source_id,
    cameraIds: JSON.parse(row.camera_ids) as string[],
    startEpochMs: row.start_epoch_ms,
    endEpochMs: row.end_epoch_ms,
    label: row.label,
    addedBy: row.added_by,
    addedEpochMs: row.added_epoch_ms,
  };
}
