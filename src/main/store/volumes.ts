/** Recording folders, and the files in them that are still to be deleted. */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { inTransaction, type Sql } from './database.ts';
import type { SettingsStore } from './settings.ts';

/** Folder 0 is DATA/recordings: it has no path of its own. */
export interface StoredVolume {
  id: number;
  uuid: string;
  path: string | null;
  role: 'record' | 'archive' | 'leaving';
  afterDays: number | null;
  minFreeBytes: number | null;
  maxBytes: number | null;
}

const COLUMNS =
  'id, uuid, path, role, after_days AS afterDays, min_free_bytes AS minFreeBytes, max_bytes AS maxBytes';
const InstallationSchema = z.object({ id: z.guid().nullable().default(null) });

export class VolumeStore {
  private readonly sql: Sql;
  private readonly settings: Pick<SettingsStore, 'get' | 'set'>;

  constructor(sql: Sql, settings: Pick<SettingsStore, 'get' | 'set'>) {
    this.sql = sql;
    this.settings = settings;
  }

  /** By which marks made by this installation are known; `known` where the database was lost and a mark still says it. */
  installation(known?: string): string {
    const stored = this.settings.get('installation', InstallationSchema).id;
    if (stored) return stored;
    const id = known ?? randomUUID();
    this.settings.set('installation', { id });
    return id;
  }

  listVolumes(): StoredVolume[] {
    return this.sql.prepare<[], StoredVolume>(`SELECT ${COLUMNS} FROM volumes ORDER BY id`).all();
  }

  /** Adds a folder under the next free number and returns it. */
  addVolume(volume: Omit<StoredVolume, 'id'>): StoredVolume {
    return inTransaction(this.sql, () => {
      const highest = this.sql
        .prepare<[], { id: number }>(
          // A number is never used again while a row of a file still names it.
          `SELECT max(coalesce((SELECT max(id) FROM volumes), 0), coalesce((SELECT max(volume_id) FROM segments), 0),
            coalesce((SELECT max(volume_id) FROM leftover_files), 0)) AS id`,
        )
        .get();
      const added = { ...volume, id: (highest?.id ?? 0) + 1 };
      this.putVolume(added);
      return added;
    });
  }

  /** Adds a folder or replaces what was known of it. */
  putVolume(volume: StoredVolume): void {
    this.sql
      .prepare(
        `INSERT OR REPLACE INTO volumes (id, uuid, path, role, after_days, min_free_bytes, max_bytes)
         VALUES (@id, @uuid, @path, @role, @afterDays, @minFreeBytes, @maxBytes)`,
      )
      .run(volume);
  }

  /** Forgets a folder and what was still to be deleted in it. */
  removeVolume(id: number): void {
    inTransaction(this.sql, () => {
      this.sql.prepare('DELETE FROM leftover_files WHERE volume_id = ?').run(id);
      this.sql.prepare('DELETE FROM volumes WHERE id = ?').run(id);
    });
  }

  /** A file that no segment names is to be deleted. */
  noteLeftover(path: string, volumeId: number): void {
    this.sql
      .prepare('INSERT OR REPLACE INTO leftover_files (path, volume_id) VALUES (?, ?)')
      .run(path, volumeId);
  }

  /** Files in a folder that are to be deleted. */
  listLeftovers(volumeId: number): string[] {
    return this.sql
      .prepare<[number], { path: string }>(
        'SELECT path FROM leftover_files WHERE volume_id = ? ORDER BY path',
      )
      .all(volumeId)
      .map((row) => row.path);
  }

  /** The file is deleted. */
  forgetLeftover(path: string, volumeId: number): void {
    this.sql.prepare('DELETE FROM leftover_files WHERE path = ? AND volume_id = ?').run(path, volumeId);
  }
}
