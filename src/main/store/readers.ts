/** Access-control readers as the access system lists them. Which cameras see a reader is stored with the cameras. */
import type { Reader } from '../../shared/domain-camera.ts';
import { inTransaction, type Sql } from './database.ts';

export class ReaderStore {
  private readonly sql: Sql;

  constructor(sql: Sql) {
    this.sql = sql;
  }

  /** In the order in which they were given. */
  list(): Reader[] {
    return this.sql
      .prepare<[], Reader>(
        'SELECT device_id AS deviceId, device_name AS deviceName FROM readers ORDER BY position, device_id',
      )
      .all();
  }

  get(deviceId: string): Reader | null {
    const statement = this.sql.prepare<[string], Reader>(
      'SELECT device_id AS deviceId, device_name AS deviceName FROM readers WHERE device_id = ?',
    );
    return statement.get(deviceId) ?? null;
  }

  /** Replaces the list; of two entries with one deviceId the later wins. Assignments to cameras stay. */
  replaceAll(readers: readonly Reader[]): void {
    inTransaction(this.sql, () => {
      this.sql.prepare('DELETE FROM readers').run();
      this.put(readers);
    });
  }

  /** Adds readers at the end, or renames them where they are. */
  put(readers: readonly Reader[]): void {
    const put = this.sql.prepare(
      `INSERT INTO readers (device_id, device_name, position)
       VALUES (?, ?, (SELECT ifnull(max(position), -1) + 1 FROM readers))
       ON CONFLICT (device_id) DO UPDATE SET device_name = excluded.device_name`,
    );
    inTransaction(this.sql, () => {
      for (const reader of readers) put.run(reader.deviceId, reader.deviceName);
    });
  }
}
