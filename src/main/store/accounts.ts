/** Accounts and their signed-in sessions. Passwords come here as hashes, session tokens leave as cookies and stay as hashes. */
import { createHash, randomBytes } from 'node:crypto';
import type { Role } from '../../shared/accounts.ts';
import { AppError } from '../../shared/errors.ts';
import { DAY_MS } from '../../shared/units.ts';
import { inTransaction, type Sql } from './database.ts';

export interface Account {
  id: number;
  email: string;
  passwordHash: string;
  role: Role;
  /** The cameras it sees; null: all, as an administrator always does. */
  cameraIds: readonly string[] | null;
  createdEpochMs: number;
  lastSignInEpochMs: number | null;
}

/** How long a session lasts after it was last used. */
export const SESSION_MS = 30 * DAY_MS;
/** A session's end is moved forward at most this often. */
const TOUCH_MS = DAY_MS / 2;

interface AccountRow {
  id: number;
  email: string;
  password_hash: string;
  role: Role;
  all_cameras: 0 | 1;
  created_epoch_ms: number;
  last_sign_in_epoch_ms: number | null;
}

const LAST_ADMINISTRATOR =
  'This is the only administrator. Make another account an administrator first: somebody has to look after the recorder.';

export class AccountStore {
  private readonly sql: Sql;

  constructor(sql: Sql) {
    this.sql = sql;
  }

  /** The owner: the administrator who was made first; null while there is no account. */
  first(): Account | null {
    return this.read(
      this.sql
        .prepare<[], AccountRow>("SELECT * FROM accounts WHERE role = 'administrator' ORDER BY id LIMIT 1")
        .get(),
    );
  }

  /** The one made first comes first. */
  list(): Account[] {
    return this.sql
      .prepare<[], AccountRow>('SELECT * FROM accounts ORDER BY id')
      .all()
      .flatMap((row) => this.read(row) ?? []);
  }

  byId(id: number): Account | null {
    return this.read(this.sql.prepare<[number], AccountRow>('SELECT * FROM accounts WHERE id = ?').get(id));
  }

  /** Upper and lower case are the same. */
  byEmail(email: string): Account | null {
    const statement = this.sql.prepare<[string], AccountRow>('SELECT * FROM accounts WHERE email_key = ?');
    return this.read(statement.get(email.trim().toLowerCase()));
  }

  /** An administrator unless told otherwise. Throws AppError `conflict` for an address that is taken, `invalid-input` for an unknown camera. */
  add(
    email: string,
    passwordHash: string,
    nowEpochMs: number,
    rights: Pick<Account, 'role' | 'cameraIds'> = { role: 'administrator', cameraIds: null },
  ): Account {
    return inTransaction(this.sql, () => {
      if (this.byEmail(email)) throw new AppError('conflict', `There already is an account ${email.trim()}.`);
      const { lastInsertRowid } = this.sql
        .prepare(
          'INSERT INTO accounts (email, email_key, password_hash, role, created_epoch_ms) VALUES (?, ?, ?, ?, ?)',
        )
        .run(email.trim(), email.trim().toLowerCase(), passwordHash, rights.role, nowEpochMs);
      this.setCameras(Number(lastInsertRowid), rights);
      return this.byId(Number(lastInsertRowid))!;
    });
  }

  /**
   * Gives an account another role and other cameras. Throws AppError `conflict` for the last administrator, `invalid-input` for an
   * unknown camera.
   */
  setRights(id: number, rights: Pick<Account, 'role' | 'cameraIds'>): void {
    inTransaction(this.sql, () => {
      if (rights.role !== 'administrator') this.refuseLastAdministrator(id);
      this.sql.prepare('UPDATE accounts SET role = ? WHERE id = ?').run(rights.role, id);
      this.setCameras(id, rights);
    });
  }

  /** Removes an account with its sessions and tokens. Throws AppError `conflict` for the last administrator. */
  remove(id: number): void {
    inTransaction(this.sql, () => {
      this.refuseLastAdministrator(id);
      this.sql.prepare('DELETE FROM accounts WHERE id = ?').run(id);
    });
  }

  /** Sets another password and ends all sessions of the account but `keptSession`. */
  setPasswordHash(id: number, passwordHash: string, keptSession?: string): void {
    this.sql.prepare('UPDATE accounts SET password_hash = ? WHERE id = ?').run(passwordHash, id);
    this.sql
      .prepare('DELETE FROM sessions WHERE account_id = ? AND token_hash <> ?')
      .run(id, keptSession === undefined ? '' : sessionHash(keptSession));
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
    this.sql.prepare('UPDATE accounts SET last_sign_in_epoch_ms = ? WHERE id = ?').run(nowEpochMs, accountId);
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
    return this.read(row);
  }

  closeSession(token: string): void {
    this.sql.prepare('DELETE FROM sessions WHERE token_hash = ?').run(sessionHash(token));
  }

  private setCameras(id: number, { role, cameraIds }: Pick<Account, 'role' | 'cameraIds'>): void {
    const chosen = role === 'administrator' ? null : cameraIds;
    this.sql.prepare('UPDATE accounts SET all_cameras = ? WHERE id = ?').run(chosen === null ? 1 : 0, id);
    this.sql.prepare('DELETE FROM account_cameras WHERE account_id = ?').run(id);
    for (const cameraId of new Set(chosen ?? [])) {
      const isKnown = this.sql.prepare('SELECT 1 FROM cameras WHERE id = ?').get(cameraId) !== undefined;
      if (!isKnown) throw new AppError('invalid-input', `cameraIds: there is no camera ${cameraId}`);
      this.sql.prepare('INSERT INTO account_cameras (account_id, camera_id) VALUES (?, ?)').run(id, cameraId);
    }
  }

  private refuseLastAdministrator(id: number): void {
    const others = this.sql
      .prepare("SELECT 1 FROM accounts WHERE role = 'administrator' AND id <> ? LIMIT 1")
      .get(id);
    if (others === undefined && this.byId(id)?.role === 'administrator')
      throw new AppError('conflict', LAST_ADMINISTRATOR);
  }

  private read(row: AccountRow | undefined): Account | null {
    if (!row) return null;
    return {
      ...{ id: row.id, email: row.email, passwordHash: row.password_hash, role: row.role },
      cameraIds: row.all_cameras === 1 ? null : this.camerasOf(row.id),
      createdEpochMs: row.created_epoch_ms,
      lastSignInEpochMs: row.last_sign_in_epoch_ms,
    };
  }

  private camerasOf(id: number): string[] {
    return this.sql
      .prepare<[number], { camera_id: string }>('SELECT camera_id FROM account_cameras WHERE account_id = ?')
      .all(id)
      .map((row) => row.camera_id);
  }
}

/** Session tokens are 256 random bits: a plain hash cannot be searched. */
function sessionHash(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
