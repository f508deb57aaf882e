/**
 * Cameras and their configuration. Source URLs carry credentials and are encrypted at rest.
 * Tells its subscribers about every change, whoever made it, so that capture, analysis and the UI follow.
 */
import {
  type Analysis,
  AnalysisSchema,
  type Camera,
  type Line,
  LineSchema,
  RecordingSchema,
  type Source,
  SourceSchema,
  type Zone,
  ZoneSchema,
} from '../../shared/domain-camera.ts';
import { AppError } from '../../shared/errors.ts';
import type { SecretBox } from '../settings/secrets.ts';
import { inTransaction, type Sql } from './database.ts';

export interface StoredCamera extends Camera {
  createdEpochMs: number;
  /** It has a source, which is encrypted with a key that is not at hand. The stored bytes stay until a new source is given. */
  sourceUnreadable?: true;
}

/** Everything of a camera but its identity. */
export type CameraChanges = Partial<Omit<Camera, 'id'>>;

interface CameraRow {
  id: string;
  name: string;
  site_id: number;
  serial_number: string | null;
  mac_address: string | null;
  source_sealed: Buffer | null;
  recording: string;
  analysis: string;
  zones: string;
  lines: string;
  created_epoch_ms: number;
}

export class CameraStore {
  private readonly sql: Sql;
  private readonly box: SecretBox;
  private readonly listeners = new Set<(cameraId: string) => void>();

  constructor(sql: Sql, box: SecretBox) {
    this.sql = sql;
    this.box = box;
  }

  /** All cameras by name. */
  list(): StoredCamera[] {
    return this.sql
      .prepare<[], CameraRow>('SELECT * FROM cameras ORDER BY name_key')
      .all()
      .map((row) => this.parse(row));
  }

  get(id: string): StoredCamera | null {
    const row = this.sql
      .prepare<[string], CameraRow>('SELECT * FROM cameras WHERE id = ?')
      .get(id.toLowerCase());
    return row ? this.parse(row) : null;
  }

  /** Upper and lower case are the same. */
  byName(name: string): StoredCamera | null {
    const row = this.sql
      .prepare<[string], CameraRow>('SELECT * FROM cameras WHERE name_key = ?')
      .get(nameKey(name));
    return row ? this.parse(row) : null;
  }

  /** Cameras that have a reader in view. */
  idsOfReader(deviceId: string): string[] {
    return this.sql
      .prepare<[string], { camera_id: string }>(
        'SELECT camera_id FROM camera_readers WHERE device_id = ? ORDER BY camera_id',
      )
      .all(deviceId)
      .map((row) => row.camera_id);
  }

  /** Stores a new camera. Throws AppError `conflict` when its name is taken. */
  add(camera: Camera, nowEpochMs: number): StoredCamera {
    const stored = { ...camera, id: camera.id.toLowerCase(), createdEpochMs: nowEpochMs };
    this.refuseTakenName(stored.id, stored.name);
    inTransaction(this.sql, () => {
      this.sql
        .prepare(
          `INSERT INTO cameras (id, name, name_key, site_id, serial_number, mac_address, source_sealed,
                                recording, analysis, zones, lines, created_epoch_ms)
           VALUES (@id, @name, @nameKey, @siteId, @serialNumber, @macAddress, @source,
                   @recording, @analysis, @zones, @lines, @createdEpochMs)`,
        )
        .run({ ...this.columns(stored), createdEpochMs: nowEpochMs });
      this.storeReaders(stored);
    });
    this.tell(stored.id);
    return stored;
  }

  /** Changes what is named. Throws AppError `not-found`, or `conflict` when the new name is taken. */
  update(id: string, changes: CameraChanges): StoredCamera {
    const before = this.get(id);
    if (!before) throw new AppError('not-found', 'There is no such camera.');
    const camera: StoredCamera = { ...before, ...changes, id: before.id };
    if (camera.source) delete camera.sourceUnreadable;
    this.refuseTakenName(camera.id, camera.name);
    inTransaction(this.sql, () => {
      this.sql
        .prepare(
          `UPDATE cameras SET name = @name, name_key = @nameKey, site_id = @siteId, serial_number = @serialNumber,
             mac_address = @macAddress, source_sealed = CASE WHEN @keepsSource THEN source_sealed ELSE @source END,
             recording = @recording, analysis = @analysis, zones = @zones, lines = @lines WHERE id = @id`,
        )
        .run({ ...this.columns(camera), keepsSource: camera.sourceUnreadable ? 1 : 0 });
      this.storeReaders(camera);
    });
    this.tell(camera.id);
    return camera;
  }

  /** Removes a camera with its events; false when there was none. Files are not touched. */
  remove(id: string): boolean {
    const removed = this.sql.prepare('DELETE FROM cameras WHERE id = ?').run(id.toLowerCase()).changes > 0;
    if (removed) this.tell(id.toLowerCase());
    return removed;
  }

  /** Calls `listener` after a camera was added, changed or removed (then `get` gives null); returns the undo. */
  subscribe(listener: (cameraId: string) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** In a microtask: by then a surrounding (synchronous) transaction has ended, well or not. */
  private tell(cameraId: string): void {
    queueMicrotask(() => {
      for (const listener of this.listeners) listener(cameraId);
    });
  }

  private refuseTakenName(id: string, name: string): void {
    const row = this.sql
      .prepare<[string, string], { name: string }>('SELECT name FROM cameras WHERE name_key = ? AND id <> ?')
      .get(nameKey(name), id);
    if (row) throw new AppError('conflict', `There already is a camera named "${row.name}".`);
  }

  private storeReaders(camera: Camera): void {
    this.sql.prepare('DELETE FROM camera_readers WHERE camera_id = ?').run(camera.id);
    const insert = this.sql.prepare(
      'INSERT INTO camera_readers (camera_id, device_id, position) VALUES (?, ?, ?)',
    );
    [...new Set(camera.readers)].forEach((deviceId, position) => {
      insert.run(camera.id, deviceId, position);
    });
  }

  private openSource(sealed: Buffer): Source | 'unreadable' {
    const text = this.box.tryOpen(sealed);
    return text === null ? 'unreadable' : SourceSchema.parse(JSON.parse(text));
  }

  private columns(camera: Camera) {
    return {
      id: camera.id,
      name: camera.name,
      nameKey: nameKey(camera.name),
      siteId: camera.siteId,
      serialNumber: camera.serialNumber ?? null,
      macAddress: camera.macAddress ?? null,
      source: camera.source ? this.box.seal(JSON.stringify(camera.source)) : null,
      recording: JSON.stringify(camera.recording),
      analysis: JSON.stringify(camera.analysis),
      zones: JSON.stringify(camera.zones),
      lines: JSON.stringify(camera.lines),
    };
  }

  private parse(row: CameraRow): StoredCamera {
    const readers = this.sql
      .prepare<[string], { device_id: string }>(
        'SELECT device_id FROM camera_readers WHERE camera_id = ? ORDER BY position',
      )
      .all(row.id);
    const source = row.source_sealed && this.openSource(row.source_sealed);
    return {
      id: row.id,
      name: row.name,
      siteId: row.site_id,
      ...(row.serial_number !== null && { serialNumber: row.serial_number }),
      ...(row.mac_address !== null && { macAddress: row.mac_address }),
      ...(source === 'unreadable' ? { sourceUnreadable: true } : source && { source }),
      recording: RecordingSchema.parse(JSON.parse(row.recording)),
      analysis: AnalysisSchema.parse(JSON.parse(row.analysis)) satisfies Analysis,
      zones: ZoneSchema.array().parse(JSON.parse(row.zones)) satisfies Zone[],
      lines: LineSchema.array().parse(JSON.parse(row.lines)) satisfies Line[],
      readers: readers.map((reader) => reader.device_id),
      createdEpochMs: row.created_epoch_ms,
    };
  }
}

function nameKey(name: string): string {
  return name.trim().toLowerCase();
}
