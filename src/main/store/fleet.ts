/**
 * The life of cameras beyond their configuration: running, paused, decommissioned (kept when the camera itself is gone), the
 * names of its directions, and ids promised to serial numbers. Triggers of migration 4 keep it true whoever makes or removes cameras.
 */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { AppError } from '../../shared/errors.ts';
import type { Sql } from './database.ts';

export type FleetState = 'running' | 'paused' | 'decommissioned';

export interface FleetFacts {
  cameraId: string;
  state: FleetState;
  direction1Alias: string | null;
  direction2Alias: string | null;
  /** As noted when it was paused or removed. */
  lastSeenEpochMs: number | null;
  lastVideoEpochMs: number | null;
}

/** What is left of a camera that was removed. */
export interface DecommissionedCamera extends FleetFacts {
  name: string;
  serialNumber: string;
  siteUuid: string | null;
  claimedEpochMs: number;
}

const FACTS = `camera_id AS cameraId, state, direction1_alias AS direction1Alias, direction2_alias AS direction2Alias,
  last_seen_epoch_ms AS lastSeenEpochMs, last_video_epoch_ms AS lastVideoEpochMs`;
const REMOVED = `${FACTS}, coalesce(name, '') AS name, coalesce(serial_number, camera_id) AS serialNumber, site_uuid AS siteUuid,
  coalesce(claimed_epoch_ms, 0) AS claimedEpochMs`;

const OrganisationSchema = z.object({ id: z.guid() });

export class FleetStore {
  private readonly sql: Sql;
  private readonly listeners = new Set<(cameraId: string) => void>();

  constructor(sql: Sql) {
    this.sql = sql;
  }

  /** Of a camera that is there; null for others. */
  facts(cameraId: string): FleetFacts | null {
    const row = this.sql
      .prepare<[string], FleetFacts>(
        `SELECT ${FACTS} FROM fleet_cameras WHERE camera_id = ? AND state <> 'decommissioned'`,
      )
      .get(cameraId.toLowerCase());
    return row ?? null;
  }

  /** Neither recorded nor analysed, and nobody is told of its events. */
  isPaused(cameraId: string): boolean {
    return this.facts(cameraId)?.state === 'paused';
  }

  /** Throws AppError `not-found` for a camera that is not there. */
  setState(cameraId: string, state: 'running' | 'paused'): void {
    const { changes } = this.sql
      .prepare("UPDATE fleet_cameras SET state = ? WHERE camera_id = ? AND state <> 'decommissioned'")
      .run(state, cameraId.toLowerCase());
    if (changes === 0) throw new AppError('not-found', 'There is no such camera.');
    queueMicrotask(() => {
      for (const listener of this.listeners) listener(cameraId.toLowerCase());
    });
  }

  /** Changes what is given. */
  setAliases(
    cameraId: string,
    aliases: { direction1Alias?: string | undefined; direction2Alias?: string | undefined },
  ): void {
    this.sql
      .prepare(
        `UPDATE fleet_cameras SET direction1_alias = coalesce(?, direction1_alias), direction2_alias = coalesce(?, direction2_alias)
         WHERE camera_id = ?`,
      )
      .run(aliases.direction1Alias ?? null, aliases.direction2Alias ?? null, cameraId.toLowerCase());
  }

  /** Remembers when a camera was last heard of, for the time when nobody listens to it. */
  noteSeen(
    cameraId: string,
    seen: { lastSeenEpochMs: number | null; lastVideoEpochMs: number | null },
  ): void {
    const round = (epochMs: number | null) => (epochMs === null ? null : Math.round(epochMs));
    this.sql
      .prepare('UPDATE fleet_cameras SET last_seen_epoch_ms = ?, last_video_epoch_ms = ? WHERE camera_id = ?')
      .run(round(seen.lastSeenEpochMs), round(seen.lastVideoEpochMs), cameraId.toLowerCase());
  }

  decommissioned(cameraId: string): DecommissionedCamera | null {
    const row = this.sql
      .prepare<[string], DecommissionedCamera>(
        `SELECT ${REMOVED} FROM fleet_cameras WHERE camera_id = ? AND state = 'decommissioned'`,
      )
      .get(cameraId.toLowerCase());
    return row ?? null;
  }

  listDecommissioned(): DecommissionedCamera[] {
    return this.sql
      .prepare<[], DecommissionedCamera>(
        `SELECT ${REMOVED} FROM fleet_cameras WHERE state = 'decommissioned' ORDER BY claimed_epoch_ms, camera_id`,
      )
      .all();
  }

  /** Promises an id to a serial number; false when either is promised already. */
  register(cameraId: string, serialNumber: string, nowEpochMs: number): boolean {
    const statement = this.sql.prepare(
      'INSERT OR IGNORE INTO fleet_registrations (camera_id, serial_number, created_epoch_ms) VALUES (?, ?, ?)',
    );
    return statement.run(cameraId.toLowerCase(), serialNumber, nowEpochMs).changes > 0;
  }

  isRegistered(cameraId: string): boolean {
    return (
      this.sql
        .prepare('SELECT 1 FROM fleet_registrations WHERE camera_id = ?')
        .get(cameraId.toLowerCase()) !== undefined
    );
  }

  /** Uses up the id that is promised to a serial number; null when none is. */
  takeRegistration(serialNumber: string): string | null {
    const row = this.sql
      .prepare<[string], { id: string }>(
        'DELETE FROM fleet_registrations WHERE serial_number = ? RETURNING camera_id AS id',
      )
      .get(serialNumber);
    return row?.id ?? null;
  }

  /** Size and duration of the newest whole segment of a camera's main stream. */
  newestSegment(cameraId: string): { sizeBytes: number; durationMs: number } | null {
    const row = this.sql
      .prepare<[string], { sizeBytes: number; durationMs: number }>(
        `SELECT size_bytes AS sizeBytes, duration_ms AS durationMs FROM segments
         WHERE camera_id = ? AND stream = 'main' AND closed = 1 ORDER BY start_epoch_ms DESC LIMIT 1`,
      )
      .get(cameraId);
    return row ?? null;
  }

  /** The one organisation that all cameras belong to; made on first use. */
  organisationId(): string {
    const row = this.sql
      .prepare<[], { value: string }>("SELECT value FROM settings WHERE key = 'organisation'")
      .get();
    const known = row ? OrganisationSchema.safeParse(JSON.parse(row.value)) : null;
    if (known?.success) return known.data.id;
    const id = randomUUID();
    this.sql
      .prepare("INSERT OR REPLACE INTO settings (key, value) VALUES ('organisation', ?)")
      .run(JSON.stringify({ id }));
    return id;
  }

  /** Calls `listener` after a camera was paused or resumed; returns the undo. */
  subscribe(listener: (cameraId: string) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}
