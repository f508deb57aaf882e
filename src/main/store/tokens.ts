/** Tokens and keys of API clients. Stored as keyed digests; encrypted as well only where an API has to show them again. */
import { randomBytes, randomUUID } from 'node:crypto';
import { MINUTE_MS } from '../../shared/units.ts';
import type { SecretBox } from '../settings/secrets.ts';
import type { Sql } from './database.ts';

/** `api`: OAuth header tokens; `upload`: content upload alone; `embed`: the embeddable viewer; `integration`: Faceter. */
export type TokenKind = 'api' | 'upload' | 'embed' | 'integration';

export interface StoredToken {
  id: string;
  kind: TokenKind;
  name: string;
  scopes: string[];
  /** null: the owner's. */
  accountId: number | null;
  createdEpochMs: number;
  lastUsedEpochMs: number | null;
}

interface TokenRow {
  id: string;
  kind: TokenKind;
  name: string;
  scopes: string;
  account_id: number | null;
  created_epoch_ms: number;
  last_used_epoch_ms: number | null;
}

/** The time of last use is written at most this often. */
const USED_STEP_MS = MINUTE_MS;

export class TokenStore {
  private readonly sql: Sql;
  private readonly box: SecretBox;

  constructor(sql: Sql, box: SecretBox) {
    this.sql = sql;
    this.box = box;
  }

  /** Tokens of a kind, oldest first. */
  list(kind: TokenKind): StoredToken[] {
    return this.sql
      .prepare<[string], TokenRow>('SELECT * FROM tokens WHERE kind = ? ORDER BY created_epoch_ms, rowid')
      .all(kind)
      .map(parse);
  }

  /** The token of that kind with that value, or null. */
  find(kind: TokenKind, token: string): StoredToken | null {
    const row = this.sql
      .prepare<[string, string], TokenRow>('SELECT * FROM tokens WHERE kind = ? AND token_hash = ?')
      .get(kind, this.box.digest(token));
    return row ? parse(row) : null;
  }

  /** Stores a token, given or random, and returns it: the only time it can be seen. The same value again is updated. */
  put(
    input: {
      kind: TokenKind;
      name: string;
      scopes: readonly string[];
      accountId?: number | null;
      token?: string;
      showAgain?: boolean;
    },
    nowEpochMs: number,
  ): StoredToken & { token: string } {
    const token = input.token ?? randomBytes(32).toString('base64url');
    const before = this.find(input.kind, token);
    if (before) {
      this.sql
        .prepare('UPDATE tokens SET scopes = ?, account_id = ? WHERE id = ?')
        .run(JSON.stringify(input.scopes), input.accountId ?? before.accountId, before.id);
      return { ...before, scopes: [...input.scopes], accountId: input.accountId ?? before.accountId, token };
    }
    const stored: StoredToken = {
      id: randomUUID(),
      kind: input.kind,
      name: input.name,
      scopes: [...input.scopes],
      accountId: input.accountId ?? null,
      createdEpochMs: nowEpochMs,
      lastUsedEpochMs: null,
    };
    this.sql
      .prepare(
        `INSERT INTO tokens (id, kind, token_hash, token_sealed, name, scopes, account_id, created_epoch_ms)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(
        stored.id,
        stored.kind,
        this.box.digest(token),
        input.showAgain ? this.box.seal(token) : null,
        stored.name,
        JSON.stringify(stored.scopes),
        stored.accountId,
        nowEpochMs,
      );
    return { ...stored, token };
  }

  /** The value of a token stored with `showAgain`; null otherwise. */
  reveal(id: string): string | null {
    const row = this.sql
      .prepare<[string], { token_sealed: Buffer | null }>('SELECT token_sealed FROM tokens WHERE id = ?')
      .get(id);
    return row?.token_sealed ? this.box.open(row.token_sealed) : null;
  }

  remove(id: string): boolean {
    return this.sql.prepare('DELETE FROM tokens WHERE id = ?').run(id).changes > 0;
  }

  /** Makes the given value the only upload token. */
  setUploadToken(token: string, nowEpochMs: number): void {
    const before = this.find('upload', token);
    for (const other of this.list('upload')) if (other.id !== before?.id) this.remove(other.id);
    if (!before)
      this.put({ kind: 'upload', name: 'Upload token', scopes: [], token, showAgain: true }, nowEpochMs);
  }

  /** Notes that a token was used. */
  touch(token: StoredToken, nowEpochMs: number): void {
    if (token.lastUsedEpochMs !== null && nowEpochMs - token.lastUsedEpochMs < USED_STEP_MS) return;
    this.sql.prepare('UPDATE tokens SET last_used_epoch_ms = ? WHERE id = ?').run(nowEpochMs, token.id);
  }
}

function parse(row: TokenRow): StoredToken {
  return {
    id: row.id,
    kind: row.kind,
    name: row.name,
    scopes: JSON.parse(row.scopes) as string[],
    accountId: row.account_id,
    createdEpochMs: row.created_epoch_ms,
    lastUsedEpochMs: row.last_used_epoch_ms,
  };
}
