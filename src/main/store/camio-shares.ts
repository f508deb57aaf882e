/** Camios: parts of the archive that are shared by link, and downloads of them. Their view tokens open what they share. */
import { randomBytes, randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { SecretBox } from '../settings/secrets.ts';
import type { Sql } from './database.ts';

/** What a Camio shares: events of any of the cameras, with all labels, any of the events, within the times. */
export const SharedQuerySchema = z.object({
  cameraIds: z.array(z.string()),
  labels: z.array(z.string()),
  eventIds: z.array(z.string()),
  startEpochMs: z.number().nullable(),
  endEpochMs: z.number().nullable(),
  sort: z.enum(['asc', 'desc']).nullable(),
});
export type SharedQuery = z.infer<typeof SharedQuerySchema>;

export interface Share {
  id: number;
  viewToken: string;
  name: string;
  type: 'public' | 'private';
  query: SharedQuery;
  createdEpochMs: number;
}

export type DownloadState = 'queued' | 'running' | 'done' | 'failed';

export interface ShareDownload {
  id: string;
  shareId: number;
  state: DownloadState;
  problem: string | null;
  fileName: string | null;
  sizeBytes: number | null;
  createdEpochMs: number;
}

interface ShareRow {
  id: number;
  view_token_sealed: Buffer;
  name: string;
  type: 'public' | 'private';
  query: string;
  created_epoch_ms: number;
}

export class ShareStore {
  private readonly sql: Sql;
  private readonly box: SecretBox;

  constructor(sql: Sql, box: SecretBox) {
    this.sql = sql;
    this.box = box;
  }

  /** Oldest first. */
  list(): Share[] {
    return this.sql
      .prepare<[], ShareRow>('SELECT * FROM camios ORDER BY id')
      .all()
      .map((row) => this.parse(row));
  }

  byId(id: number): Share | null {
    const row = this.sql.prepare<[number], ShareRow>('SELECT * FROM camios WHERE id = ?').get(id);
    return row ? this.parse(row) : null;
  }

  byToken(viewToken: string): Share | null {
    const row = this.sql
      .prepare<[string], ShareRow>('SELECT * FROM camios WHERE view_token_hash = ?')
      .get(this.box.digest(`view ${viewToken}`));
    return row ? this.parse(row) : null;
  }

  add(share: Pick<Share, 'name' | 'type' | 'query'>, nowEpochMs: number): Share {
    const viewToken = randomBytes(24).toString('base64url');
    const { lastInsertRowid } = this.sql
      .prepare(
        'INSERT INTO camios (view_token_hash, view_token_sealed, name, type, query, created_epoch_ms) VALUES (?, ?, ?, ?, ?, ?)',
      )
      .run(
        this.box.digest(`view ${viewToken}`),
        this.box.seal(viewToken),
        share.name,
        share.type,
        JSON.stringify(share.query),
        nowEpochMs,
      );
    return { id: Number(lastInsertRowid), viewToken, createdEpochMs: nowEpochMs, ...share };
  }

  remove(id: number): boolean {
    return this.sql.prepare('DELETE FROM camios WHERE id = ?').run(id).changes > 0;
  }

  addDownload(shareId: number, nowEpochMs: number): ShareDownload {
    const id = randomUUID();
    this.sql
      .prepare(
        "INSERT INTO camio_downloads (id, camio_id, state, created_epoch_ms) VALUES (?, ?, 'queued', ?)",
      )
      .run(id, shareId, nowEpochMs);
    return {
      id,
      shareId,
      state: 'queued',
      problem: null,
      fileName: null,
      sizeBytes: null,
      createdEpochMs: nowEpochMs,
    };
  }

  /** Oldest first. */
  downloads(): ShareDownload[] {
    return this.sql
      .prepare<[], ShareDownload>(
        `SELECT id, camio_id AS shareId, state, problem, file_name AS fileName, size_bytes AS sizeBytes,
           created_epoch_ms AS createdEpochMs FROM camio_downloads ORDER BY created_epoch_ms, id`,
      )
      .all();
  }

  settleDownload(
    id: string,
    outcome: Pick<ShareDownload, 'state' | 'problem' | 'fileName' | 'sizeBytes'>,
    nowEpochMs: number,
  ): void {
    this.sql
      .prepare(
        'UPDATE camio_downloads SET state = ?, problem = ?, file_name = ?, size_bytes = ?, finished_epoch_ms = ? WHERE id = ?',
      )
      .run(outcome.state, outcome.problem, outcome.fileName, outcome.sizeBytes, nowEpochMs, id);
  }

  private parse(row: ShareRow): Share {
    return {
      id: row.id,
      viewToken: this.box.open(row.view_token_sealed),
      name: row.name,
      type: row.type,
      query: SharedQuerySchema.parse(JSON.parse(row.query)),
      createdEpochMs: row.created_epoch_ms,
    };
  }
}
