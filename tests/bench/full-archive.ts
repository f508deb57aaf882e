/**
 * The index of a full archive, written straight into a data folder: cameras with months of spans, gaps, events, locks and bookmarks. Of the
 * footage itself there are only two files per camera, at the ends, empty of pictures.
 */
import { randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { buildSegmentPath } from '../../src/main/media/segment.ts';
import { loadSecretBox } from '../../src/main/settings/secrets.ts';
import { BookmarkStore } from '../../src/main/store/bookmarks.ts';
import { CameraStore } from '../../src/main/store/cameras.ts';
import { closeDatabase, openDatabase, type Sql } from '../../src/main/store/database.ts';
import { interestOf } from '../../src/main/store/event-interest.ts';
import { GapStore } from '../../src/main/store/gaps.ts';
import { LockStore } from '../../src/main/store/locks.ts';
import { RecordedSpans } from '../../src/main/store/recorded-spans.ts';
import { SiteStore } from '../../src/main/store/sites.ts';
import { BOOKMARK_COLOURS } from '../../src/shared/bookmarks.ts';
import { RecordingSchema } from '../../src/shared/domain-camera.ts';
import type { EventDetail, EventType } from '../../src/shared/domain-events.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/shared/units.ts';
import { seededRandom } from './random.ts';

export interface FullArchive {
  cameras: number;
  days: number;
  /** Of each camera. */
  eventsPerDay: number;
  endEpochMs: number;
}

const SEGMENT_BYTES = 1000;
const GAP_CAUSES = ['camera-unreachable', 'stream-stalled', 'paused'] as const;

const random = seededRandom(20_261_129);
const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;

/** Camera ids, by name. `data` must exist and be empty. */
export function fillArchive(data: string, archive: FullArchive): string[] {
  const sql = openDatabase(join(data, 'threshold.db'));
  for (const pragma of ['synchronous = OFF', 'journal_mode = OFF', 'foreign_keys = OFF']) sql.pragma(pragma);
  const ids = addCameras(sql, data, archive);
  const indices = sql
    .prepare<[], { name: string; sql: string }>(
      "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = 'events' AND sql IS NOT NULL",
    )
    .all();
  for (const { name } of indices) sql.exec(`DROP INDEX ${name}`);
  sql.exec('BEGIN');
  for (const id of ids) {
    addFootage(sql, data, id, archive);
    addEvents(sql, id, archive);
    addMarkedRanges(sql, id, archive);
  }
  sql.exec('COMMIT');
  for (const index of indices) sql.exec(index.sql);
  closeDatabase(sql);
  return ids;
}

/** Their ids, by name. They record nothing. */
export function addCameras(
  sql: Sql,
  data: string,
  { cameras, endEpochMs }: Pick<FullArchive, 'cameras' | 'endEpochMs'>,
): string[] {
  const siteId = new SiteStore(sql).ensureDefault().id;
  const store = new CameraStore(sql, loadSecretBox(data));
  return Array.from({ length: cameras }, (_, i) => {
    const recording = RecordingSchema.parse({ mode: 'off', days: 365, audio: false });
    const analysis = { enabled: false, fps: 5, minConfidence: 0.4, overheadView: false };
    const name = `Camera ${String(i + 1).padStart(2, '0')}`;
    const camera = { id: randomUUID(), name, siteId, recording, analysis };
    return store.add({ ...camera, zones: [], lines: [], readers: [] }, endEpochMs).id;
  });
}

/** Spans with a hole every day or two, from seconds to hours, and the ledger's word for each. */
function addFootage(sql: Sql, data: string, cameraId: string, { days, endEpochMs }: FullArchive): void {
  const spans = new RecordedSpans(sql);
  const gaps = new GapStore(sql);
  const owner = { cameraId, stream: 'main' as const };
  const startEpochMs = endEpochMs - days * DAY_MS;
  for (let at = startEpochMs; at < endEpochMs; ) {
    const until = Math.min(endEpochMs, Math.round(at + DAY_MS * (0.2 + 2 * random())));
    spans.add(owner, { startEpochMs: at, endEpochMs: until });
    const next = Math.min(endEpochMs, Math.round(until + 5000 + 4 * HOUR_MS * random() ** 6));
    if (next > until)
      gaps.putGap(cameraId, {
        ...{ startEpochMs: until, endEpochMs: next },
        ...{ cause: pick(GAP_CAUSES), detail: 'No route to host.' },
      });
    at = next;
  }
  const insert = sql.prepare(
    `INSERT INTO segments (path, camera_id, stream, start_epoch_ms, duration_ms, size_bytes, closed, video_codec, width, height,
      video_timescale, init_bytes, keyframes) VALUES (?, ?, 'main', ?, 60000, ?, 1, 'avc1.640028', 1920, 1080, 90000, 800, ?)`,
  );
  for (const start of [startEpochMs, endEpochMs - MINUTE_MS]) {
    const path = buildSegmentPath(cameraId, 'main', start);
    const file = join(data, 'recordings', path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, Buffer.alloc(SEGMENT_BYTES));
    insert.run(path, cameraId, start, SEGMENT_BYTES, Buffer.alloc(32));
  }
}

/** More by day than by night; people, vehicles, animals, motion, now and then an alarm or a reader's report. */
function addEvents(sql: Sql, cameraId: string, { days, eventsPerDay, endEpochMs }: FullArchive): void {
  const insert = sql.prepare(
    `INSERT INTO events (id, camera_id, type, start_epoch_ms, end_epoch_ms, object_label, labels, detail, has_snapshot, has_crop, interest)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, 0, ?)`,
  );
  for (let day = 0; day < days; day++) {
    for (let i = 0; i < eventsPerDay; i++) {
      const hour = random() < 0.85 ? 7 + 12 * random() : 24 * random();
      const start = Math.round(endEpochMs - (days - day) * DAY_MS + hour * HOUR_MS);
      const { type, label } = pickKind();
      const detail: EventDetail = label === null ? {} : { label };
      const texts = [JSON.stringify(label === null ? [] : [label]), JSON.stringify(detail)];
      insert.run(
        ...[randomUUID(), cameraId, type, start, start + 4000, label, ...texts, interestOf(type, detail)],
      );
    }
  }
}

function pickKind(): { type: EventType; label: EventDetail['label'] | null } {
  const dice = random();
  if (dice < 0.25) return { type: 'motion', label: null };
  if (dice < 0.3) return { type: 'access', label: null };
  if (dice < 0.31) return { type: pick(['tailgating', 'sabotage', 'crowd'] as const), label: null };
  const label = pick(['person', 'person', 'person', 'car', 'truck', 'dog', 'bicycle'] as const);
  return { type: pick(['object', 'line-crossing', 'zone-enter'] as const), label };
}

function addMarkedRanges(sql: Sql, cameraId: string, { days, endEpochMs }: FullArchive): void {
  const locks = new LockStore(sql);
  const bookmarks = new BookmarkStore(sql);
  const by = { createdBy: 'owner@example.test', createdEpochMs: endEpochMs };
  for (let day = 1; day < days; day += 3) {
    const startEpochMs = Math.round(endEpochMs - day * DAY_MS + 12 * HOUR_MS * random());
    const range = { startEpochMs, endEpochMs: startEpochMs + 20 * MINUTE_MS };
    if (day % 2 === 0)
      locks.putLock({
        ...{ id: randomUUID(), cameraId, reason: 'Police', expiresEpochMs: null },
        ...range,
        ...by,
      });
    else
      bookmarks.put({
        ...{
          id: randomUUID(),
          cameraIds: [cameraId],
          title: 'Parcel',
          note: '',
          colour: pick(BOOKMARK_COLOURS),
        },
        ...(random() < 0.5 ? range : { startEpochMs, endEpochMs: startEpochMs }),
        ...by,
      });
  }
}
