/** Rooms: parts of a site that cameras are in. A camera need not be in one. */
import type { Sql } from './database.ts';

export interface Room {
  id: number;
  siteId: number;
  name: string;
}

export class RoomStore {
  private readonly sql: Sql;

  constructor(sql: Sql) {
    this.sql = sql;
  }

  list(): Room[] {
    return this.sql
      .prepare<[], Room>('SELECT id, site_id AS siteId, name FROM rooms ORDER BY site_id, name, id')
      .all();
  }

  get(id: number): Room | null {
    return (
      this.sql
        .prepare<[number], Room>('SELECT id, site_id AS siteId, name FROM rooms WHERE id = ?')
        .get(id) ?? null
    );
  }

  /** Cameras that are in a room of their site. */
  cameraIds(roomId: number): string[] {
    return this.sql
      .prepare<[number], { id: string }>(
        `SELECT c.id FROM camera_rooms m JOIN rooms r ON r.id = m.room_id
         JOIN cameras c ON c.id = m.camera_id AND c.site_id = r.site_id WHERE r.id = ? ORDER BY c.name_key`,
      )
      .all(roomId)
      .map((row) => row.id);
  }

  /** The room a camera is in, if that is on its site. */
  ofCamera(cameraId: string): Room | null {
    const row = this.sql
      .prepare<[string], Room>(
        `SELECT r.id, r.site_id AS siteId, r.name FROM camera_rooms m
         JOIN rooms r ON r.id = m.room_id JOIN cameras c ON c.id = m.camera_id AND c.site_id = r.site_id
         WHERE m.camera_id = ?`,
      )
      .get(cameraId);
    return row ?? null;
  }

  add(siteId: number, name: string): Room {
    const { lastInsertRowid } = this.sql
      .prepare('INSERT INTO rooms (site_id, name) VALUES (?, ?)')
      .run(siteId, name);
    return { id: Number(lastInsertRowid), siteId, name };
  }

  rename(id: number, name: string): boolean {
    return this.sql.prepare('UPDATE rooms SET name = ? WHERE id = ?').run(name, id).changes > 0;
  }

  remove(id: number): boolean {
    return this.sql.prepare('DELETE FROM rooms WHERE id = ?').run(id).changes > 0;
  }

  /** Puts a camera into a room, or into none. */
  assign(cameraId: string, roomId: number | null): void {
    this.sql.prepare('DELETE FROM camera_rooms WHERE camera_id = ?').run(cameraId);
    if (roomId !== null)
      this.sql.prepare('INSERT INTO camera_rooms (camera_id, room_id) VALUES (?, ?)').run(cameraId, roomId);
  }
}
