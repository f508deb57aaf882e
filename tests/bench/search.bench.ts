/**
 * Search on a full archive: EVENTS (1,000,000) events over 16 cameras and 90 days, then first pages over HTTP with random combinations of
 * labels, cameras and dates, common and rare, together and never together. Prints p50, p95 and the slowest. The aim is p95 below 30 ms.
 */
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadSecretBox } from '../../src/main/settings/secrets.ts';
import { CameraStore } from '../../src/main/store/cameras.ts';
import { closeDatabase, openDatabase, type Sql } from '../../src/main/store/database.ts';
import { interestOf } from '../../src/main/store/event-interest.ts';
import type { NewEvent } from '../../src/main/store/events.ts';
import { SiteStore } from '../../src/main/store/sites.ts';
import { RecordingSchema } from '../../src/shared/domain-camera.ts';
import type { EventType, NvrEvent } from '../../src/shared/domain-events.ts';
import { labelKey } from '../../src/shared/label-key.ts';
import { startEngine } from '../fixtures/engine.ts';
import { seededRandom } from './random.ts';

const EVENTS = Number(process.env.EVENTS ?? 1_000_000);
const REQUESTS = 500;
const CAMERAS = 16;
const DAYS = 90;
const DAY_MS = 86_400_000;
const OBJECTS = ['human', 'human', 'human', 'vehicle', 'vehicle', 'pet', 'bicycle'];
const COLOURS = ['black', 'white', 'gray', 'red', 'blue', 'green', 'yellow', 'brown'];
const PLACES = ['door', 'gate', 'mailbox', 'yard', 'Enter', 'Exit'];
const MOVES = ['approaching', 'departing', 'forward', 'backward'];
const RARE = ['loitering', 'tailgating', 'crowd', 'forced open'];

const random = seededRandom(20_260_411);
const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;

const folder = mkdtempSync(join(tmpdir(), 'search-bench-'));
try {
  const data = join(folder, 'data');
  mkdirSync(data);
  const now = Date.now();
  fill(data, now);
  await measure(data, now);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Rows as the store of events makes them, in one transaction; what indices can wait is made at the end. */
function fill(data: string, now: number): void {
  const startedMs = performance.now();
  const sql = openDatabase(join(data, 'threshold.db'));
  for (const pragma of [
    'synchronous = OFF',
    'journal_mode = OFF',
    'foreign_keys = OFF',
    'cache_size = -400000',
  ])
    sql.pragma(pragma);
  const siteId = new SiteStore(sql).ensureDefault().id;
  const cameras = new CameraStore(sql, loadSecretBox(data));
  const ids = Array.from({ length: CAMERAS }, (_, i) => {
    const recording = RecordingSchema.parse({ mode: 'off', days: 365, audio: false });
    const analysis = { enabled: false, fps: 5, minConfidence: 0.4, overheadView: false };
    const camera = { id: randomUUID(), name: `camera ${i}`, siteId, recording, analysis };
    return cameras.add({ ...camera, zones: [], lines: [], readers: [] }, now).id;
  });
  const indices = sql
    .prepare<[], { name: string; sql: string }>(
      "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND tbl_name IN ('events', 'event_labels') AND sql IS NOT NULL",
    )
    .all();
  for (const { name } of indices) sql.exec(`DROP INDEX ${name}`);
  const insert = insertInto(sql);
  const step = (DAYS * DAY_MS) / EVENTS;
  sql.exec('BEGIN');
  for (let i = 0; i < EVENTS; i++)
    insert(i + 1, makeEvent(pick(ids), Math.round(now - DAYS * DAY_MS + i * step)));
  sql.exec('COMMIT');
  for (const index of indices) sql.exec(index.sql);
  closeDatabase(sql);
  console.log(`${EVENTS} events stored in ${((performance.now() - startedMs) / 1000).toFixed(0)} s`);
}

function insertInto(sql: Sql): (sequence: number, event: NewEvent) => void {
  const insertEvent = sql.prepare(
    `INSERT INTO events (sequence, id, camera_id, type, start_epoch_ms, end_epoch_ms, labels, detail, has_snapshot, has_crop, interest)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1, 0, ?)`,
  );
  const insertLabel = sql.prepare(
    'INSERT OR IGNORE INTO event_labels (label_key, start_epoch_ms, sequence, camera_id, type) VALUES (?, ?, ?, ?, ?)',
  );
  return (sequence, { id, cameraId, type, startEpochMs, endEpochMs, labels, detail }) => {
    const texts = [JSON.stringify(labels), JSON.stringify(detail)];
    const interest = interestOf(type, detail);
    insertEvent.run(sequence, id, cameraId, type, startEpochMs, endEpochMs, ...texts, interest);
    for (const label of labels) insertLabel.run(labelKey(label), startEpochMs, sequence, cameraId, type);
  };
}

function makeEvent(cameraId: string, startEpochMs: number): NewEvent {
  const isMotion = random() < 0.2;
  const colour = pick(COLOURS);
  const labels = isMotion
    ? [pick(PLACES)]
    : [
        pick(OBJECTS),
        pick(PLACES),
        pick(MOVES),
        colour,
        `_color_${colour}`,
        ...(random() < 0.0005 ? [pick(RARE)] : []),
      ];
  const type: EventType = isMotion ? 'motion' : 'zone-enter';
  return {
    id: randomUUID(),
    cameraId,
    type,
    startEpochMs,
    endEpochMs: startEpochMs + 2000,
    labels,
    detail: {
      zone: labels[1] ?? labels[0]!,
      box: { x: 0.1, y: 0.1, width: 0.2, height: 0.4 },
    } satisfies NvrEvent['detail'],
    hasSnapshot: true,
    hasCrop: false,
  };
}

async function measure(data: string, now: number): Promise<void> {
  const engine = await startEngine(data, {
    credentials: { oauthTokens: [{ token: 'bench', scopes: ['user'] }] },
  });
  try {
    const ask = async (query: URLSearchParams) => {
      const began = performance.now();
      const response = await fetch(`${engine.url}/api/search?${query}`, {
        headers: { authorization: 'token bench' },
      });
      const { result } = (await response.json()) as { result: { count: number } };
      return { ms: performance.now() - began, count: result.count };
    };
    const first = await ask(new URLSearchParams());
    console.log(`first search after start, with the index read: ${first.ms.toFixed(0)} ms`);
    const times: Array<{ ms: number; query: string; count: number }> = [];
    for (let i = 0; i < REQUESTS; i++) {
      const query = randomQuery(now);
      times.push({ ...(await ask(query)), query: query.toString() });
    }
    times.sort((a, b) => a.ms - b.ms);
    const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))]!;
    const empty = times.filter((entry) => entry.count === 0).length;
    console.log(`${REQUESTS} first pages of 10 over HTTP, ${empty} of them empty:`);
    console.log(
      `p50 ${at(0.5).ms.toFixed(1)} ms, p95 ${at(0.95).ms.toFixed(1)} ms, slowest ${at(1).ms.toFixed(1)} ms (${at(1).query})`,
    );
    if (at(0.95).ms > 30) process.exitCode = 1;
  } finally {
    await engine.stop();
  }
}

function randomQuery(now: number): URLSearchParams {
  const query = new URLSearchParams();
  const all = [...OBJECTS, ...COLOURS, ...PLACES, ...MOVES, ...RARE, 'people', 'nothing'];
  const labels = Array.from({ length: Math.floor(random() * 5) }, () => pick(all));
  if (labels.length > 0) query.set('labels', labels.join(','));
  if (random() < 0.6)
    query.set(
      'sources',
      Array.from(
        { length: 1 + Math.floor(random() * 4) },
        () => `camera ${Math.floor(random() * CAMERAS)}`,
      ).join(','),
    );
  if (random() < 0.6) query.set('date', new Date(now - random() * DAYS * DAY_MS).toISOString());
  if (random() < 0.3) query.set('sort', 'asc');
  query.set('motion_type', pick(['all', 'smo', 'imo', 'lmo']));
  return query;
}
