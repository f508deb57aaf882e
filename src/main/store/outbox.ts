/** What is to be told to other systems, kept until it is told or given up. Delivery is in `outputs/`. */
import { inTransaction, type Sql } from './database.ts';

export type DeliveryState = 'waiting' | 'delivered' | 'failed';

export interface Delivery {
  id: number;
  kind: string;
  target: string;
  url: string;
  body: string;
  state: DeliveryState;
  attempts: number;
  nextAttemptEpochMs: number;
  createdEpochMs: number;
  finishedEpochMs: number | null;
  /** HTTP status of the last attempt; null when there was no answer. */
  answerStatus: number | null;
  /** The beginning of the last answer, or why there was none. */
  answer: string | null;
}

export interface NewDelivery {
  kind: string;
  target: string;
  url: string;
  body: string;
  dedupeKey: string | null;
}

const COLUMNS = `id, kind, target, url, body, state, attempts, next_attempt_epoch_ms AS nextAttemptEpochMs,
  created_epoch_ms AS createdEpochMs, finished_epoch_ms AS finishedEpochMs, answer_status AS answerStatus, answer`;

export class OutboxStore {
  private readonly sql: Sql;

  constructor(sql: Sql) {
    this.sql = sql;
  }

  /** Adds a delivery that is due at once; null when the same thing (by `dedupeKey`) was added before. */
  add(delivery: NewDelivery, nowEpochMs: number): number | null {
    const { changes, lastInsertRowid } = this.sql
      .prepare(
        `INSERT INTO outbox (kind, target, url, body, dedupe_key, state, next_attempt_epoch_ms, created_epoch_ms)
         VALUES (@kind, @target, @url, @body, @dedupeKey, 'waiting', @now, @now)
         ON CONFLICT (dedupe_key) DO NOTHING`,
      )
      .run({ ...delivery, now: nowEpochMs });
    return changes > 0 ? Number(lastInsertRowid) : null;
  }

  get(id: number): Delivery | null {
    return this.sql.prepare<[number], Delivery>(`SELECT ${COLUMNS} FROM outbox WHERE id = ?`).get(id) ?? null;
  }

  /** A page of what waits and is due by `untilEpochMs`, in the order in which it fell due. */
  due(untilEpochMs: number, page: { limit: number; offset: number }): Delivery[] {
    return this.sql
      .prepare<[number, number, number], Delivery>(
        `SELECT ${COLUMNS} FROM outbox WHERE state = 'waiting' AND next_attempt_epoch_ms <= ?
         ORDER BY next_attempt_epoch_ms, id LIMIT ? OFFSET ?`,
      )
      .all(untilEpochMs, page.limit, page.offset);
  }

  /** When the first delivery is due that is due after a time; null when there is none. */
  nextDueEpochMs(afterEpochMs: number): number | null {
    return this.sql
      .prepare<[number], { at: number | null }>(
        "SELECT min(next_attempt_epoch_ms) AS at FROM outbox WHERE state = 'waiting' AND next_attempt_epoch_ms > ?",
      )
      .get(afterEpochMs)!.at;
  }

  countWaiting(): number {
    return this.sql
      .prepare<[], { n: number }>("SELECT count(*) AS n FROM outbox WHERE state = 'waiting'")
      .get()!.n;
  }

  /** Notes an attempt and what comes next: `nextAttemptEpochMs` null ends it in `state`. */
  settle(
    id: number,
    attempt: {
      state: DeliveryState;
      nextAttemptEpochMs: number | null;
      answerStatus: number | null;
      answer: string | null;
    },
    nowEpochMs: number,
  ): void {
    const { state, nextAttemptEpochMs, answerStatus, answer } = attempt;
    this.sql
      .prepare(
        `UPDATE outbox SET state = ?, attempts = attempts + 1, next_attempt_epoch_ms = coalesce(?, next_attempt_epoch_ms),
           finished_epoch_ms = ?, answer_status = ?, answer = ? WHERE id = ?`,
      )
      .run(
        state,
        nextAttemptEpochMs,
        nextAttemptEpochMs === null ? nowEpochMs : null,
        answerStatus,
        answer,
        id,
      );
  }

  /** Newest first: of a kind, and of a target within it; in a state. */
  list(filter: { kind?: string; target?: string; state?: DeliveryState; limit: number }): Delivery[] {
    const conditions = ['1'];
    const values: unknown[] = [];
    if (filter.kind !== undefined) {
      conditions.push('kind = ?');
      values.push(filter.kind);
      if (filter.target !== undefined) {
        conditions.push('target = ?');
        values.push(filter.target);
      }
    }
    if (filter.state !== undefined) {
      conditions.push('state = ?');
      values.push(filter.state);
    }
    return this.sql
      .prepare<unknown[], Delivery>(
        `SELECT ${COLUMNS} FROM outbox WHERE ${conditions.join(' AND ')} ORDER BY id DESC LIMIT ?`,
      )
      .all(...values, filter.limit);
  }

  /** Forgets what waits for a target that is no more. */
  removeTarget(kind: string, target: string): void {
    this.sql.prepare('DELETE FROM outbox WHERE kind = ? AND target = ?').run(kind, target);
  }

  /** Forgets what was done with before a time, and of the rest the oldest beyond `keep`. */
  prune(beforeEpochMs: number, keep: number): void {
    inTransaction(this.sql, () => {
      this.sql.prepare('DELETE FROM outbox WHERE finished_epoch_ms < ?').run(beforeEpochMs);
      this.sql
        .prepare(
          `DELETE FROM outbox WHERE finished_epoch_ms IS NOT NULL AND finished_epoch_ms <
             (SELECT finished_epoch_ms FROM outbox WHERE finished_epoch_ms IS NOT NULL
              ORDER BY finished_epoch_ms DESC LIMIT 1 OFFSET ?)`,
        )
        .run(keep);
    });
  }
}
