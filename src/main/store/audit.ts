/**
 * The audit log: who saw and took which footage. Every line holds the digest of the one before it, so that a line that was changed, put
 * in between or deleted breaks the chain; the last ones are missed because SQLite keeps the number of the last line that it gave.
 */
import { hash } from 'node:crypto';
import type { AuditLine, AuditPage } from '../../shared/contract-exports.ts';
import { inTransaction, type Sql } from './database.ts';

export type AuditEntry = Omit<AuditLine, 'sequence' | 'prevHash' | 'hash'>;

interface AuditRow {
  sequence: number;
  at_epoch_ms: number;
  action: AuditLine['action'];
  actor: string;
  address: string;
  cameras: string;
  from_epoch_ms: number | null;
  to_epoch_ms: number | null;
  reason: string;
  detail: string;
  prev_hash: string;
  hash: string;
}

const FIRST_HASH = '0'.repeat(64);
/** Lines that are read and checked without a pause for others. */
const AT_ONCE = 2000;

export class AuditStore {
  private readonly sql: Sql;

  constructor(sql: Sql) {
    this.sql = sql;
  }

  /** Adds a line. */
  add(entry: AuditEntry): AuditLine {
    return inTransaction(this.sql, () => {
      const last = this.sql
        .prepare<[], { sequence: number; hash: string }>(
          'SELECT sequence, hash FROM audit ORDER BY sequence DESC LIMIT 1',
        )
        .get();
      const sequence = Math.max(last?.sequence ?? 0, this.lastGiven()) + 1;
      const unhashed = {
        ...{ sequence, ...entry },
        fromEpochMs: entry.fromEpochMs === null ? null : Math.round(entry.fromEpochMs),
        toEpochMs: entry.toEpochMs === null ? null : Math.round(entry.toEpochMs),
        prevHash: last?.hash ?? FIRST_HASH,
      };
      const line: AuditLine = { ...unhashed, hash: hashOf(unhashed) };
      this.sql
        .prepare(
          `INSERT INTO audit (sequence, at_epoch_ms, action, actor, address, cameras, from_epoch_ms, to_epoch_ms, reason, detail, prev_hash, hash)
           VALUES (@sequence, @atEpochMs, @action, @actor, @address, @cameras, @fromEpochMs, @toEpochMs, @reason, @detail, @prevHash, @hash)`,
        )
        .run({ ...line, cameras: JSON.stringify(line.cameras) });
      return line;
    });
  }

  /** Newest first; those before a line when it is given. */
  list(limit: number, before: number = Number.MAX_SAFE_INTEGER): AuditLine[] {
    return this.sql
      .prepare<[number, number], AuditRow>(
        'SELECT * FROM audit WHERE sequence < ? ORDER BY sequence DESC LIMIT ?',
      )
      .all(before, limit)
      .map(parseRow);
  }

  /** All of them, oldest first, read as they are taken. */
  *all(): Generator<AuditLine[]> {
    let after = 0;
    for (;;) {
      const lines = this.sql
        .prepare<[number, number], AuditRow>(
          'SELECT * FROM audit WHERE sequence > ? ORDER BY sequence LIMIT ?',
        )
        .all(after, AT_ONCE)
        .map(parseRow);
      if (lines.length === 0) return;
      yield lines;
      after = lines.at(-1)?.sequence ?? after;
    }
  }

  /** Follows the chain from the first line to the last. */
  async verify(): Promise<AuditPage['verification']> {
    let before = { sequence: 0, hash: FIRST_HASH };
    let lineCount = 0;
    const broken = (problem: string) => ({ whole: false, lineCount, problem });
    for (const lines of this.all()) {
      for (const { hash: own, ...line } of lines) {
        if (line.sequence !== before.sequence + 1)
          return broken(missing(before.sequence + 1, line.sequence - 1));
        if (line.prevHash !== before.hash || hashOf(line) !== own)
          return broken(`Line ${line.sequence} is not as it was written.`);
        before = { sequence: line.sequence, hash: own };
        lineCount++;
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
    const last = this.lastGiven();
    if (last > before.sequence) return broken(missing(before.sequence + 1, last));
    return { whole: true, lineCount, problem: null };
  }

  private lastGiven(): number {
    return (
      this.sql.prepare<[], { seq: number }>("SELECT seq FROM sqlite_sequence WHERE name = 'audit'").get()
        ?.seq ?? 0
    );
  }
}

/** SHA-256 of a line's fields as a JSON array, in this order. */
export function hashOf(line: Omit<AuditLine, 'hash'>): string {
  const { sequence, atEpochMs, action, actor, address, cameras, fromEpochMs, toEpochMs, reason } = line;
  const names = cameras.map(({ id, name }) => [id, name]);
  const fields = [
    ...[sequence, atEpochMs, action, actor, address, names, fromEpochMs, toEpochMs, reason],
    ...[line.detail, line.prevHash],
  ];
  return hash('sha256', JSON.stringify(fields), 'hex');
}

function missing(first: number, last: number): string {
  return first === last ? `Line ${first} is missing.` : `Lines ${first} to ${last} are missing.`;
}

function parseRow(row: AuditRow): AuditLine {
  return {
    sequence: row.sequence,
    atEpochMs: row.at_epoch_ms,
    action: row.action,
    actor: row.actor,
    address: row.address,
    cameras: JSON.parse(row.cameras) as AuditLine['cameras'],
    fromEpochMs: row.from_epoch_ms,
    toEpochMs: row.to_epoch_ms,
    reason: row.reason,
    detail: row.detail,
    prevHash: row.prev_hash,
    hash: row.hash,
  };
}
