/** Accounts and their signed-in sessions. Passwords come here as hashes, session tokens leave as cookies and stay as hashes. */
import { createHash, randomBytes } from 'node:crypto';
import { DAY_MS } from '../../shared/units.ts';
import type { Sql } from './database.ts';

export interface Account {
  id: number;
  email: string;
  passwordHash: string;
}

/** How long a session lasts after it was last used. */
export const SESSION_MS = 30 * DAY_MS;
/** A session's end is moved forward at most this often. */
const TOUCH_MS = DAY_MS / 2;

interface AccountRow {
  id: number;
  email: string;
  password_hash: string;
}

export class AccountStore {
  private readonly sql: Sql;

  constructor(sql: Sql) {
    this.sql = sql;
  }

  /** The account made first: the owner. */
  first(): Account | null {
    return account(this.sql.prepare<[], AccountRow>('SELECT * FROM accounts ORDER BY id LIMIT 1').get());
  }

  byId(id: number): Account | null {
    return account(this.sql.prepare<[number], AccountRow>('SELECT * FROM accounts WHERE id = ?').get(id));
  }

  /** Upper and lower case are the same. */
  byEmail(email: string): Account | null {
    const statement = this.sql.prepare<[string], AccountRow>('SELECT * FROM accounts WHERE email_key = ?');
    return account(statement.get(email.trim().toLowerCase()));
  }

  add(email: string, passwordHash: string, nowEpochMs: number): Account {
    const { lastInsertRowid } = this.sql
      .prepare('INSERT INTO accounts (email, email_key, password_hash, created_epoch_ms) VALUES (?, ?, ?, ?)')
      .run(email.trim(), email.trim().toLowerCase(), passwordHash, nowEpochMs);
    return { id: Number(lastInsertRowid), email: email.trim(), passwordHash };
  }

  /** Sets another password and ends all sessions of the account. */
  setPasswordHash(id: number, passwordHash: string): void {
    this.sql.prepare('UPDATE accounts SET password_hash = ? WHERE id = ?').run(passwordHash, id);
    this.sql.prepare('DELETE FROM sessions WHERE account_id = ?').run(id);
  }

  /** Starts a session and returns its token, which is stored nowhere. */
  openSession(accountId: number, nowEpochMs: number): string {
    const token = randomBytes(32).toString('base64url');
    this.sql.prepare('DELETE FROM sessions WHERE expires_epoch_ms < ?').run(nowEpochMs);
    this.sql
      .prepare(
        'INSERT INTO sessions (token_hash, account_id, created_epoch_ms, expires_epoch_ms) VALUES (?, ?, ?, ?)',
      )
      .run(sessionHash(token), accountId, nowEpochMs, nowEpochMs + SESSION_MS);
    return token;
  }

  /** The account a session belongs to, or null when it is unknown or over. Keeps a used session alive. */
  bySession(token: string, nowEpochMs: number): Account | null {
    const hash = sessionHash(token);
    const row = this.sql
      .prepare<[string, number], AccountRow & { expires_epoch_ms: number }>(
        `SELECT accounts.*, sessions.expires_epoch_ms FROM sessions JOIN accounts ON accounts.id = sessions.account_id
         WHERE token_hash = ? AND expires_epoch_ms >= ?`,
      )
      .get(hash, nowEpochMs);
    if (row && row.expires_epoch_ms < nowEpochMs + SESSION_MS - TOUCH_MS) {
      this.sql
        .prepare('UPDATE sessions SET expires_epoch_ms = ? WHERE token_hash = ?')
        .run(nowEpochMs + SESSION_MS, hash);
    }
    return account(row);
  }

  closeSession(token: string): void {
    this.sql.prepare('DELETE FROM sessions WHERE token_hash = ?').run(sessionHash(token));
  }
}

function account(row: AccountRow | undefined): Account | null {
  return row ? { id: row.id, email: row.email, passwordHash: row.password_hash } : null;
}

/** Session tokens are 256 random bits: a plain hash cannot be searched. */
function sessionHash(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
