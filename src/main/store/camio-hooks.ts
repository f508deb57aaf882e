/** Camio's hooks, and which events they have fired for. */
import type { Sql } from './database.ts';

export interface Hook {
  id: number;
  type: 'label_hit';
  callbackUrl: string;
  query: string;
  cameraName: string | null;
}

const COLUMNS = 'id, type, callback_url AS callbackUrl, query, camera_name AS cameraName';

export class HookStore {
  private readonly sql: Sql;
  /** Read with every event: kept, and forgotten on change. */
  private hooks: Hook[] | null = null;

  constructor(sql: Sql) {
    this.sql = sql;
  }

  /** Oldest first. */
  list(): Hook[] {
    this.hooks ??= this.sql.prepare<[], Hook>(`SELECT ${COLUMNS} FROM hooks ORDER BY id`).all();
    return this.hooks;
  }

  get(id: number): Hook | null {
    return this.list().find((hook) => hook.id === id) ?? null;
  }

  add(hook: Omit<Hook, 'id'>, nowEpochMs: number): Hook {
    const { lastInsertRowid } = this.sql
      .prepare(
        'INSERT INTO hooks (type, callback_url, query, camera_name, created_epoch_ms) VALUES (?, ?, ?, ?, ?)',
      )
      .run(hook.type, hook.callbackUrl, hook.query, hook.cameraName, nowEpochMs);
    this.hooks = null;
    return { id: Number(lastInsertRowid), ...hook };
  }

  remove(id: number): boolean {
    this.hooks = null;
    return this.sql.prepare('DELETE FROM hooks WHERE id = ?').run(id).changes > 0;
  }

  /** Notes that a hook fires for an event; false when it has before. */
  fire(hookId: number, eventSequence: number): boolean {
    const statement = this.sql.prepare(
      'INSERT OR IGNORE INTO hook_firings (hook_id, event_sequence) VALUES (?, ?)',
    );
    return statement.run(hookId, eventSequence).changes > 0;
  }
}
