/** Export jobs in SQLite, which outlive the program. */
import type { ExportJob } from '../../shared/contract-exports.ts';
import type { Sql } from './database.ts';

interface ExportRow {
  id: string;
  cameras: string;
  from_epoch_ms: number;
  to_epoch_ms: number;
  ranges: string | null;
  form: ExportJob['form'];
  reason: string;
  created_by: string;
  options: string;
  drive: string | null;
  audit_line: string | null;
  state: ExportJob['state'];
  progress: number;
  problem: string | null;
  name: string;
  files: string;
  size_bytes: number | null;
  contents: string | null;
  created_epoch_ms: number;
}

export class ExportStore {
  private readonly sql: Sql;

  constructor(sql: Sql) {
    this.sql = sql;
  }

  putExport(job: ExportJob): void {
    this.sql
      .prepare(
        `INSERT OR REPLACE INTO exports (id, cameras, from_epoch_ms, to_epoch_ms, ranges, form, reason, created_by, options, drive, audit_line,
           state, progress, problem, name, files, size_bytes, contents, created_epoch_ms)
         VALUES (@id, @cameras, @fromEpochMs, @toEpochMs, @ranges, @form, @reason, @createdBy, @options, @drive, @auditLine,
           @state, @progress, @problem, @name, @files, @sizeBytes, @contents, @createdEpochMs)`,
      )
      .run({
        ...job,
        cameras: JSON.stringify(job.cameras),
        ranges: job.ranges && JSON.stringify(job.ranges),
        options: JSON.stringify(job.options),
        drive: job.drive && JSON.stringify(job.drive),
        auditLine: job.auditLine && JSON.stringify(job.auditLine),
        files: JSON.stringify(job.files),
        contents: job.contents && JSON.stringify(job.contents),
      });
  }

  removeExport(id: string): void {
    this.sql.prepare('DELETE FROM exports WHERE id = ?').run(id);
  }

  /** In the order in which they were asked for. */
  listExports(): ExportJob[] {
    return this.sql
      .prepare<[], ExportRow>('SELECT * FROM exports ORDER BY created_epoch_ms, id')
      .all()
      .map((row) => ({
        id: row.id,
        cameras: JSON.parse(row.cameras) as ExportJob['cameras'],
        fromEpochMs: row.from_epoch_ms,
        toEpochMs: row.to_epoch_ms,
        ranges: parse<NonNullable<ExportJob['ranges']>>(row.ranges),
        form: row.form,
        reason: row.reason,
        createdBy: row.created_by,
        options: JSON.parse(row.options) as ExportJob['options'],
        drive: parse<NonNullable<ExportJob['drive']>>(row.drive),
        auditLine: parse<NonNullable<ExportJob['auditLine']>>(row.audit_line),
        state: row.state,
        step: 'writing',
        progress: row.progress,
        problem: row.problem,
        name: row.name,
        files: JSON.parse(row.files) as ExportJob['files'],
        sizeBytes: row.size_bytes,
        contents: parse<NonNullable<ExportJob['contents']>>(row.contents),
        createdEpochMs: row.created_epoch_ms,
      }));
  }
}

function parse<T>(text: string | null): T | null {
  return text === null ? null : (JSON.parse(text) as T);
}
