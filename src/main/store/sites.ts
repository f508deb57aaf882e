/** Sites: the places cameras belong to. There is always at least one once a camera exists. */
import { randomUUID } from 'node:crypto';
import type { Site } from '../../shared/domain-camera.ts';
import type { Sql } from './database.ts';

export class SiteStore {
  private readonly sql: Sql;

  constructor(sql: Sql) {
    this.sql = sql;
  }

  list(): Site[] {
    return this.sql.prepare<[], Site>('SELECT id, uuid, name FROM sites ORDER BY id').all();
  }

  byId(id: number): Site | null {
    return this.sql.prepare<[number], Site>('SELECT id, uuid, name FROM sites WHERE id = ?').get(id) ?? null;
  }

  byUuid(uuid: string): Site | null {
    const statement = this.sql.prepare<[string], Site>('SELECT id, uuid, name FROM sites WHERE uuid = ?');
    return statement.get(uuid.toLowerCase()) ?? null;
  }

  /** Makes a site; id and uuid are chosen where absent. */
  add(site: { id?: number; uuid?: string; name: string }): Site {
    const uuid = (site.uuid ?? randomUUID()).toLowerCase();
    const { lastInsertRowid } = this.sql
      .prepare('INSERT INTO sites (id, uuid, name) VALUES (?, ?, ?)')
      .run(site.id ?? null, uuid, site.name);
    return { id: Number(lastInsertRowid), uuid, name: site.name };
  }

  update(site: Site): void {
    this.sql
      .prepare('UPDATE sites SET uuid = ?, name = ? WHERE id = ?')
      .run(site.uuid.toLowerCase(), site.name, site.id);
  }

  /** False when there is none. The caller makes sure that no camera is left in it. */
  remove(id: number): boolean {
    return this.sql.prepare('DELETE FROM sites WHERE id = ?').run(id).changes > 0;
  }

  /** The site cameras belong to unless said otherwise: the first one, made when there is none. */
  ensureDefault(): Site {
    return this.list()[0] ?? this.add({ id: 1, name: 'Home' });
  }
}
