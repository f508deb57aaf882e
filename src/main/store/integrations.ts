/** What other systems are registered with: OAuth clients, Camlytics keys and webhooks. */
import { timingSafeEqual } from 'node:crypto';
import type { SecretBox } from '../settings/secrets.ts';
import type { Sql } from './database.ts';

export interface OAuthClient {
  clientId: string;
  redirectUris: string[];
}

export interface CamlyticsWebhook {
  id: number;
  url: string;
  /** Exactly one of the two is set. */
  siteId: number | null;
  cameraId: string | null;
}

export class IntegrationStore {
  private readonly sql: Sql;
  private readonly box: SecretBox;

  constructor(sql: Sql, box: SecretBox) {
    this.sql = sql;
    this.box = box;
  }

  putOAuthClient(client: OAuthClient & { clientSecret: string }): void {
    this.sql
      .prepare(
        `INSERT INTO oauth_clients (client_id, secret_hash, redirect_uris) VALUES (?, ?, ?)
         ON CONFLICT (client_id) DO UPDATE SET secret_hash = excluded.secret_hash, redirect_uris = excluded.redirect_uris`,
      )
      .run(client.clientId, this.box.digest(client.clientSecret), JSON.stringify(client.redirectUris));
  }

  oauthClient(clientId: string): OAuthClient | null {
    const row = this.sql
      .prepare<[string], { redirect_uris: string }>(
        'SELECT redirect_uris FROM oauth_clients WHERE client_id = ?',
      )
      .get(clientId);
    return row ? { clientId, redirectUris: JSON.parse(row.redirect_uris) as string[] } : null;
  }

  oauthClients(): OAuthClient[] {
    return this.sql
      .prepare<[], { client_id: string; redirect_uris: string }>(
        'SELECT client_id, redirect_uris FROM oauth_clients ORDER BY client_id',
      )
      .all()
      .map((row) => ({ clientId: row.client_id, redirectUris: JSON.parse(row.redirect_uris) as string[] }));
  }

  /** Forgets a client, and the codes that wait for it; false when there is none. */
  removeOAuthClient(clientId: string): boolean {
    this.sql.prepare('DELETE FROM oauth_codes WHERE client_id = ?').run(clientId);
    return this.sql.prepare('DELETE FROM oauth_clients WHERE client_id = ?').run(clientId).changes > 0;
  }

  isOAuthSecret(clientId: string, clientSecret: string): boolean {
    const row = this.sql
      .prepare<[string], { secret_hash: string }>('SELECT secret_hash FROM oauth_clients WHERE client_id = ?')
      .get(clientId);
    return (
      row !== undefined &&
      timingSafeEqual(Buffer.from(row.secret_hash), Buffer.from(this.box.digest(clientSecret)))
    );
  }

  /** Stores a key with its secret; the last nonce of a known key stays. */
  putCamlyticsKey(key: string, secret: string): void {
    this.sql
      .prepare(
        `INSERT INTO camlytics_keys (key, secret_sealed) VALUES (?, ?)
         ON CONFLICT (key) DO UPDATE SET secret_sealed = excluded.secret_sealed`,
      )
      .run(key, this.box.seal(secret));
  }

  camlyticsKey(key: string): { secret: string; lastNonce: number } | null {
    const row = this.sql
      .prepare<[string], { secret_sealed: Buffer; last_nonce: number }>(
        'SELECT * FROM camlytics_keys WHERE key = ?',
      )
      .get(key);
    return row ? { secret: this.box.open(row.secret_sealed), lastNonce: row.last_nonce } : null;
  }

  camlyticsKeys(): string[] {
    return this.sql
      .prepare<[], { key: string }>('SELECT key FROM camlytics_keys ORDER BY key')
      .all()
      .map((row) => row.key);
  }

  removeCamlyticsKey(key: string): boolean {
    return this.sql.prepare('DELETE FROM camlytics_keys WHERE key = ?').run(key).changes > 0;
  }

  /** Moves a key's nonce forward; false when it is not above the last one. */
  advanceCamlyticsNonce(key: string, nonce: number): boolean {
    const statement = this.sql.prepare(
      'UPDATE camlytics_keys SET last_nonce = ? WHERE key = ? AND last_nonce < ?',
    );
    return statement.run(nonce, key, nonce).changes > 0;
  }

  camlyticsWebhooks(): CamlyticsWebhook[] {
    return this.sql
      .prepare<[], CamlyticsWebhook>(
        'SELECT id, url, site_id AS siteId, camera_id AS cameraId FROM camlytics_webhooks ORDER BY id',
      )
      .all();
  }

  /** Adds a webhook unless the same one is there. */
  putCamlyticsWebhook(webhook: Omit<CamlyticsWebhook, 'id'>): void {
    this.sql
      .prepare('INSERT OR IGNORE INTO camlytics_webhooks (url, site_id, camera_id) VALUES (?, ?, ?)')
      .run(webhook.url, webhook.siteId, webhook.cameraId);
  }

  removeCamlyticsWebhook(id: number): boolean {
    return this.sql.prepare('DELETE FROM camlytics_webhooks WHERE id = ?').run(id).changes > 0;
  }
}
