/** Export jobs that Faceter clients asked for; the files are kept by `outputs/faceter-exports.ts`. */
import type { Sql } from './database.ts';

export type FaceterExportStatus = 'Queued' | 'Processing' | 'Completed' | 'Failed';

export interface FaceterExport {
  id: string;
  /** Of the integration key that asked. */
  keyId: string;
  cameraId: string;
  kind: 'archive' | 'audio';
  fromEpochMs: number;
  durationSeconds: number;
  audio: boolean;
  callbackUrl: string | null;
  /** Scheme and host that URLs in the callback begin with. */
  baseUrl: string;
  status: FaceterExportStatus;
  errorMessage: string | null;
  hasPreview: boolean;
  createdEpochMs: number;
  completedEpochMs: number | null;
}

type Row = Omit<FaceterExport, 'audio' | 'hasPreview'> & { audio: number; hasPreview: number };

const COLUMNS = `id, key_id AS keyId, camera_id AS cameraId, kind, from_epoch_ms AS fromEpochMs, duration_seconds AS durationSeconds, audio,
  callback_url AS callbackUrl, base_url AS baseUrl, status, error_message AS errorMessage, has_preview AS hasPreview,
  created_epoch_ms AS createdEpochMs, completed_epoch_ms AS completedEpochMs`;

export class FaceterExportStore {
  private readonly sql: Sql;

  constructor(sql: Sql) {
    this.sql = sql;
  }

  put(job: FaceterExport): void {
    this.sql
      .prepare(
        `INSERT OR REPLACE INTO faceter_exports (id, key_id, camera_id, kind, from_epoch_ms, duration_seconds, audio, callback_url, base_url,
           status, error_message, has_preview, created_epoch_ms, completed_epoch_ms)
         VALUES (@id, @keyId, @cameraId, @kind, @fromEpochMs, @durationSeconds, @audio, @callbackUrl, @baseUrl,
           @status, @errorMessage, @hasPreview, @createdEpochMs, @completedEpochMs)`,
      )
      .run({ ...job, audio: Number(job.audio), hasPreview: Number(job.hasPreview) });
  }

  get(id: string): FaceterExport | null {
    const row = this.sql
      .prepare<[string], Row>(`SELECT ${COLUMNS} FROM faceter_exports WHERE id = ?`)
      .get(id.toLowerCase());
    return row ? parse(row) : null;
  }

  /** Not ended, in the order in which they were asked for. */
  unfinished(): FaceterExport[] {
    return this.sql
      .prepare<[], Row>(
        `SELECT ${COLUMNS} FROM faceter_exports WHERE status IN ('Queued', 'Processing') ORDER BY created_epoch_ms, id`,
      )
      .all()
      .map(parse);
  }

  /** Forgets what ended before a time; returns it, for its files. */
  removeBefore(epochMs: number): FaceterExport[] {
    return this.sql
      .prepare<[number], Row>(`DELETE FROM faceter_exports WHERE completed_epoch_ms < ? RETURNING ${COLUMNS}`)
      .all(epochMs)
      .map(parse);
  }
}

function parse(row: Row): FaceterExport {
  return { ...row, audio: row.audio === 1, hasPreview: row.hasPreview === 1 };
}
