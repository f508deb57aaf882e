/** Events and the index of their labels. Pages are read along an index: cost grows with the page, not with the archive. */
import type { EventDetail, EventType, NvrEvent } from '../../shared/domain-events.ts';
import { labelKey } from '../../shared/label-key.ts';
import { inTransaction, type Sql } from './database.ts';
import type { EventIndex } from './event-index.ts';
import { interestOf } from './event-interest.ts';
import { COLUMNS, type EventFilter, planEventQueries } from './event-pages.ts';
import { type FullEventRow, parseEventRow, picturesOf, type StoredPictures } from './event-row.ts';

export interface NewEvent {
  id: string;
  cameraId: string;
  type: EventType;
  startEpochMs: number;
  endEpochMs: number;
  labels: string[];
  detail: EventDetail;
  hasSnapshot: boolean;
  hasCrop: boolean;
}

/** Labels of more events than this count as equally common. */
const RARE_COUNT = 20_000;
/** Overlaps are looked for this far back. */
const LONGEST_EVENT_MS = 12 * 3_600_000;

export class EventStore {
  private readonly sql: Sql;
  private readonly index: EventIndex | null;
  private readonly observers: ReadonlyArray<{ changed(sequence: number): void }>;
  private readonly listeners = new Set<(event: NvrEvent) => void>();

  /** `index` and `observers` are kept up to date with what is stored here. */
  constructor(
    sql: Sql,
    index: EventIndex | null = null,
    observers: ReadonlyArray<{ changed(sequence: number): void }> = [],
  ) {
    this.sql = sql;
    this.index = index;
    this.observers = observers;
  }

  /** Stores events in one transaction together with whatever `alongside` stores (outbox rows); returns them as readers see them. */
  insert(events: readonly NewEvent[], alongside: (event: NvrEvent) => void = () => {}): NvrEvent[] {
    const insert = this.sql.prepare(
      `INSERT INTO events (id, camera_id, type, start_epoch_ms, end_epoch_ms, object_label, labels, detail, has_snapshot, has_crop, interest)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    return inTransaction(this.sql, () =>
      events.map((event) => {
        const start = Math.round(event.startEpochMs);
        const { lastInsertRowid } = insert.run(
          event.id,
          event.cameraId,
          event.type,
          start,
          Math.round(event.endEpochMs),
          event.detail.label ?? null,
          JSON.stringify(event.labels),
          JSON.stringify(event.detail),
          Number(event.hasSnapshot),
          Number(event.hasCrop),
          interestOf(event.type, event.detail),
        );
        this.indexLabels(Number(lastInsertRowid), start, event);
        const stored = this.get(event.id)!;
        this.indexWhenStored(stored.sequence);
        alongside(stored);
        return stored;
      }),
    );
  }

  /** Calls `listener` after an event has been stored or changed, whoever did it; returns the undo. */
  subscribe(listener: (event: NvrEvent) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Notes the pictures of an event that came after it was stored, and what they showed. */
  attach(id: string, pictures: { hasSnapshot: boolean; hasCrop: boolean }): NvrEvent | null {
    this.sql
      .prepare('UPDATE events SET has_snapshot = ?, has_crop = ? WHERE id = ?')
      .run(Number(pictures.hasSnapshot), Number(pictures.hasCrop), id);
    return this.get(id);
  }

  /** Changes an event: what is given replaces what was. Returns it as readers see it; null when there is none. */
  change(
    id: string,
    changes: Partial<Pick<NewEvent, 'type' | 'startEpochMs' | 'endEpochMs' | 'labels' | 'detail'>>,
    alongside: (event: NvrEvent) => void = () => {},
  ): NvrEvent | null {
    return inTransaction(this.sql, () => {
      const before = this.get(id);
      if (!before) return null;
      const event = { ...before, ...changes };
      const start = Math.round(event.startEpochMs);
      this.sql
        .prepare(
          `UPDATE events SET type = ?, start_epoch_ms = ?, end_epoch_ms = ?, object_label = ?, labels = ?, detail = ?, interest = ?
           WHERE sequence = ?`,
        )
        .run(
          event.type,
          start,
          Math.round(event.endEpochMs),
          event.detail.label ?? null,
          JSON.stringify(event.labels),
          JSON.stringify(event.detail),
          interestOf(event.type, event.detail),
          before.sequence,
        );
      this.sql.prepare('DELETE FROM event_labels WHERE sequence = ?').run(before.sequence);
      this.indexLabels(before.sequence, start, event);
      this.indexWhenStored(before.sequence, before.startEpochMs);
      const stored = this.get(id)!;
      alongside(stored);
      return stored;
    });
  }

  /** Events in the order of their sequence numbers given; those that are gone are left out. */
  bySequences(sequences: readonly number[]): NvrEvent[] {
    const find = this.sql.prepare<[number], FullEventRow>(
      `SELECT ${COLUMNS} FROM events e JOIN cameras c ON c.id = e.camera_id WHERE e.sequence = ?`,
    );
    return sequences.flatMap((sequence) => {
      const row = find.get(sequence);
      return row ? [parseEventRow(row)] : [];
    });
  }

  /** The camera of an event; null when it is gone. */
  cameraOf(sequence: number): string | null {
    const row = this.sql
      .prepare<[number], { camera_id: string }>('SELECT camera_id FROM events WHERE sequence = ?')
      .get(sequence);
    return row?.camera_id ?? null;
  }

  /** Events of a camera that overlap [from, to] and began at most 12 hours before it, in order of their start. */
  overlapping(cameraId: string, fromEpochMs: number, toEpochMs: number): NvrEvent[] {
    return this.sql
      .prepare<[string, number, number, number], FullEventRow>(
        `SELECT ${COLUMNS} FROM events e JOIN cameras c ON c.id = e.camera_id
         WHERE e.camera_id = ? AND e.start_epoch_ms BETWEEN ? AND ? AND e.end_epoch_ms >= ?
         ORDER BY e.start_epoch_ms, e.sequence LIMIT 10000`,
      )
      .all(cameraId, fromEpochMs - LONGEST_EVENT_MS, toEpochMs, fromEpochMs)
      .map(parseEventRow);
  }

  /** Forgets one event; returns its pictures. */
  remove(id: string): StoredPictures | null {
    const row = this.row(id);
    if (!row) return null;
    this.sql.prepare('DELETE FROM events WHERE sequence = ?').run(row.sequence);
    this.indexWhenStored(row.sequence, row.start_epoch_ms);
    return picturesOf(row);
  }

  /** Keeps what an event looks like, for search by likeness. */
  putVector(sequence: number, vector: Uint8Array): void {
    this.sql
      .prepare(
        'INSERT OR REPLACE INTO event_vectors (sequence, vector) SELECT sequence, ? FROM events WHERE sequence = ?',
      )
      .run(vector, sequence);
  }

  vectors(sequences: readonly number[]): Map<number, Uint8Array> {
    const find = this.sql.prepare<[number], { vector: Buffer }>(
      'SELECT vector FROM event_vectors WHERE sequence = ?',
    );
    const found = new Map<number, Uint8Array>();
    for (const sequence of sequences) {
      const row = find.get(sequence);
      if (row) found.set(sequence, row.vector);
    }
    return found;
  }

  get(id: string): NvrEvent | null {
    const row = this.row(id);
    return row ? parseEventRow(row) : null;
  }

  pictures(id: string): StoredPictures | null {
    const row = this.row(id);
    return row ? picturesOf(row) : null;
  }

  /** One page of events. */
  list(filter: EventFilter): NvrEvent[] {
    if (filter.cameraIds?.length === 0 || filter.types?.length === 0) return [];
    const labels = this.rarestFirst(filter.labels ?? []);
    const pages = planEventQueries({ ...filter, labels }).map(({ text, values }) =>
      this.sql.prepare<unknown[], FullEventRow>(text).all(...values),
    );
    const rows = pages.length === 1 ? pages[0]! : pages.flat().sort(newestFirst).slice(0, filter.limit);
    return rows.map(parseEventRow);
  }

  /** Forgets a camera's events that ended before a time and whose footage is not locked, at most `limit` at once; returns their pictures. */
  removeBefore(cameraId: string, endEpochMs: number, limit: number): StoredPictures[] {
    return inTransaction(this.sql, () => {
      const rows = this.sql
        .prepare<[string, number, number, number], FullEventRow>(
          `SELECT e.*, '' AS camera_name FROM events e
           WHERE camera_id = ? AND start_epoch_ms < ? AND end_epoch_ms < ? AND NOT EXISTS (SELECT 1 FROM locks l
             WHERE l.camera_id = e.camera_id AND l.start_epoch_ms <= e.end_epoch_ms AND l.end_epoch_ms > e.start_epoch_ms)
           ORDER BY start_epoch_ms LIMIT ?`,
        )
        .all(cameraId, endEpochMs, endEpochMs, limit);
      const remove = this.sql.prepare('DELETE FROM events WHERE sequence = ?');
      for (const row of rows) {
        remove.run(row.sequence);
        this.indexWhenStored(row.sequence, row.start_epoch_ms);
      }
      return rows.map(picturesOf);
    });
  }

  /** Brings the index to what is stored of an event, once the transaction that is open, if any, has ended well or not. */
  private indexWhenStored(sequence: number, indexedStartEpochMs?: number): void {
    const { index, observers, listeners } = this;
    if (!index && observers.length + listeners.size === 0) return;
    queueMicrotask(() => {
      if (this.sql.open) for (const observer of observers) observer.changed(sequence);
      const [event] = this.sql.open && listeners.size > 0 ? this.bySequences([sequence]) : [];
      if (event) for (const listener of listeners) listener(event);
      if (!index) return;
      if (indexedStartEpochMs !== undefined) index.remove(sequence, indexedStartEpochMs);
      if (!this.sql.open) return;
      const row = this.sql
        .prepare<[number], FullEventRow & { interest: number }>('SELECT * FROM events WHERE sequence = ?')
        .get(sequence);
      if (!row) return;
      index.add({
        sequence,
        cameraId: row.camera_id,
        startEpochMs: row.start_epoch_ms,
        interest: row.interest,
        labels: JSON.parse(row.labels) as string[],
      });
    });
  }

  private row(id: string): FullEventRow | undefined {
    return this.sql
      .prepare<[string], FullEventRow>(
        `SELECT ${COLUMNS} FROM events e JOIN cameras c ON c.id = e.camera_id WHERE e.id = ?`,
      )
      .get(id);
  }

  /** The search walks along the first label: the one with the fewest events, as far as a short count can tell. */
  private rarestFirst(labels: readonly string[]): readonly string[] {
    if (labels.length < 2) return labels;
    const count = this.sql.prepare<[string, number], { n: number }>(
      'SELECT count(*) AS n FROM (SELECT 1 FROM event_labels WHERE label_key = ? LIMIT ?)',
    );
    const counted = labels.map((label) => ({ label, n: count.get(labelKey(label), RARE_COUNT)!.n }));
    return counted.sort((a, b) => a.n - b.n).map(({ label }) => label);
  }

  private indexLabels(
    sequence: number,
    startEpochMs: number,
    { labels, cameraId, type }: Pick<NewEvent, 'labels' | 'cameraId' | 'type'>,
  ): void {
    const insert = this.sql.prepare(
      'INSERT OR IGNORE INTO event_labels (label_key, start_epoch_ms, sequence, camera_id, type) VALUES (?, ?, ?, ?, ?)',
    );
    for (const label of labels) insert.run(labelKey(label), startEpochMs, sequence, cameraId, type);
  }
}

function newestFirst(a: FullEventRow, b: FullEventRow): number {
  return b.start_epoch_ms - a.start_epoch_ms || b.sequence - a.sequence;
}
