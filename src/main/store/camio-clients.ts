/** What the Camio API remembers of its clients: codes of OAuth sign-ins, ids that uploads gave to cameras, calls of cameras. */
import { randomBytes } from 'node:crypto';
import type { SecretBox } from '../settings/secrets.ts';
import type { Sql } from './database.ts';

export interface OAuthGrant {
  clientId: string;
  redirectUri: string;
  scopes: string[];
  accountId: number;
  createdEpochMs: number;
}

export interface CameraCall {
  macAddress: string;
  maker: string;
  model: string;
  ipAddressLocal: string | null;
  ipAddress: string;
  userAgent: string;
  firstEpochMs: number;
  lastEpochMs: number;
}

/** Codes are good for this long, once. */
export const CODE_MS = 10 * 60_000;
/** Anybody can call: beyond these the longest silent ones are forgotten. */
const MAX_CALLS = 10_000;

export class CamioClientStore {
  private readonly sql: Sql;
  private readonly box: SecretBox;

  constructor(sql: Sql, box: SecretBox) {
    this.sql = sql;
    this.box = box;
  }

  /** Stores what a user has allowed and returns the code for it. */
  addCode(grant: OAuthGrant): string {
    const code = randomBytes(24).toString('base64url');
    this.sql
      .prepare('DELETE FROM oauth_codes WHERE created_epoch_ms < ?')
      .run(grant.createdEpochMs - 10 * CODE_MS);
    this.sql
      .prepare(
        `INSERT INTO oauth_codes (code_hash, client_id, redirect_uri, scopes, account_id, created_epoch_ms)
         VALUES (?, ?, ?, ?, ?, ?)`,
      )
      .run(
        this.box.digest(`code ${code}`),
        grant.clientId,
        grant.redirectUri,
        JSON.stringify(grant.scopes),
        grant.accountId,
        grant.createdEpochMs,
      );
    return code;
  }

  /** Uses a code up if it fits client and redirect and is not too old; null otherwise. */
  takeCode(
    given: { code: string; clientId: string; redirectUri: string },
    nowEpochMs: number,
  ): OAuthGrant | null {
    const row = this.sql
      .prepare<
        [string, string, string, number],
        { scopes: string; account_id: number; created_epoch_ms: number }
      >(
        `UPDATE oauth_codes SET used = 1 WHERE code_hash = ? AND client_id = ? AND redirect_uri = ? AND used = 0
           AND created_epoch_ms >= ? RETURNING scopes, account_id, created_epoch_ms`,
      )
      .get(this.box.digest(`code ${given.code}`), given.clientId, given.redirectUri, nowEpochMs - CODE_MS);
    if (!row) return null;
    return {
      clientId: given.clientId,
      redirectUri: given.redirectUri,
      scopes: JSON.parse(row.scopes) as string[],
      accountId: row.account_id,
      createdEpochMs: row.created_epoch_ms,
    };
  }

  /** The camera that an upload gave this id to. */
  cameraByGivenId(givenId: string): string | null {
    const row = this.sql
      .prepare<[string], { camera_id: string }>('SELECT camera_id FROM camio_cameras WHERE given_id = ?')
      .get(givenId);
    return row?.camera_id ?? null;
  }

  givenIds(): Map<string, string> {
    const rows = this.sql
      .prepare<[], { camera_id: string; given_id: string }>('SELECT camera_id, given_id FROM camio_cameras')
      .all();
    return new Map(rows.map((row) => [row.camera_id, row.given_id]));
  }

  putGivenId(cameraId: string, givenId: string): void {
    this.sql.prepare('INSERT INTO camio_cameras (camera_id, given_id) VALUES (?, ?)').run(cameraId, givenId);
  }

  call(macAddress: string): CameraCall | null {
    const row = this.sql
      .prepare<[string], CameraCall>(
        `SELECT mac_address AS macAddress, maker, model, ip_address_local AS ipAddressLocal, ip_address AS ipAddress,
           user_agent AS userAgent, first_epoch_ms AS firstEpochMs, last_epoch_ms AS lastEpochMs
         FROM camera_calls WHERE mac_address = ?`,
      )
      .get(macAddress);
    return row ?? null;
  }

  putCall(call: CameraCall): void {
    this.sql
      .prepare(
        `INSERT OR REPLACE INTO camera_calls (mac_address, maker, model, ip_address_local, ip_address, user_agent, first_epoch_ms, last_epoch_ms)
         VALUES (@macAddress, @maker, @model, @ipAddressLocal, @ipAddress, @userAgent, @firstEpochMs, @lastEpochMs)`,
      )
      .run(call);
    this.sql
      .prepare(
        `DELETE FROM camera_calls WHERE last_epoch_ms <
           (SELECT last_epoch_ms FROM camera_calls ORDER BY last_epoch_ms DESC LIMIT 1 OFFSET ?)`,
      )
      .run(MAX_CALLS);
  }
}
