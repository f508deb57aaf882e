/**
 * The timeline over a year of minutes: CAMERAS (16) cameras with DAYS (365) days of segments of a minute each, rows as the recorder makes
 * them but with two key frames instead of sixty. Then timeline queries at the resolutions the UI asks for. The baseline, in the same run, is
 * one scan of the index over the same rows that only counts them. The aim is p95 below 50 ms.
 */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listTimeline } from '../../src/main/archive/timeline.ts';
import { buildSegmentPath } from '../../src/main/media/segment.ts';
import { openDatabase, type Sql } from '../../src/main/store/database.ts';
import { GapStore } from '../../src/main/store/gaps.ts';
import { RecordedSpans } from '../../src/main/store/recorded-spans.ts';
import { SegmentStore } from '../../src/main/store/recordings.ts';
import { ContentStore } from '../../src/main/store/uploads.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/shared/units.ts';

const CAMERAS = Number(process.env.CAMERAS ?? 16);
const DAYS = Number(process.env.DAYS ?? 365);
const ROUNDS = 200;
const AIM_MS = 50;
const PER_DAY = DAY_MS / MINUTE_MS;
/** Every so many minutes the cameras are away for a while. */
const AWAY_EVERY_MINUTES = 5003;
const AWAY_MINUTES = 10;
const END = Date.UTC(2026, 10, 20);
const START = END - DAYS * DAY_MS;

const folder = mkdtempSync(join(tmpdir(), 'timeline-bench-'));
try {
  const path = join(folder, 'threshold.db');
  const cameraIds = Array.from({ length: CAMERAS }, () => randomUUID()).sort();
  const filling = openDatabase(path);
  fill(filling, cameraIds, path);
  filling.close();
  const sql = openDatabase(path);
  measure(sql, cameraIds);
  sql.close();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** The first camera by rows, the others copied from it inside SQLite; of the indices only the timeline's, made at the end. */
function fill(sql: Sql, cameraIds: readonly string[], path: string): void {
  const startedMs = performance.now();
  sql.pragma('synchronous = OFF');
  sql.pragma('journal_mode = OFF');
  sql.pragma('cache_size = -400000');
  const index = sql
    .prepare<[], { sql: string }>("SELECT sql FROM sqlite_schema WHERE name = 'segments_timeline'")
    .get();
  sql.exec(
    'DROP INDEX segments_timeline; DROP INDEX segments_oldest; DROP INDEX segments_open; DROP INDEX segments_volume',
  );
  const [first = '', ...others] = cameraIds;
  const insert = sql.prepare(
    `INSERT INTO segments (path, camera_id, stream, start_epoch_ms, duration_ms, size_bytes, closed, video_codec, width, height,
      video_timescale, init_bytes, keyframes) VALUES (?, ?, 'main', ?, 60000, 15000000, 1, 'avc1.640028', 1920, 1080, 90000, 800, ?)`,
  );
  const keyframes = Buffer.alloc(32);
  const gaps = new GapStore(sql);
  sql.exec('BEGIN');
  for (let minute = 0; minute < DAYS * PER_DAY; minute++) {
    const startEpochMs = START + minute * MINUTE_MS;
    const away = minute >= AWAY_EVERY_MINUTES ? minute % AWAY_EVERY_MINUTES : AWAY_MINUTES;
    if (away === 0) {
      const gap = { startEpochMs, endEpochMs: startEpochMs + AWAY_MINUTES * MINUTE_MS };
      for (const id of cameraIds) gaps.putGap(id, { ...gap, cause: 'camera-unreachable', detail: 'away' });
    }
    if (away >= AWAY_MINUTES)
      insert.run(buildSegmentPath(first, 'main', startEpochMs), first, startEpochMs, keyframes);
  }
  const copy = sql.prepare(
    `INSERT INTO segments SELECT ? || substr(path, 37), ?, stream, start_epoch_ms, duration_ms, size_bytes, closed, video_codec,
      audio_codec, width, height, video_timescale, audio_timescale, init_bytes, keyframes, volume_id FROM segments WHERE camera_id = ? ORDER BY path`,
  );
  for (const id of others) copy.run(id, id, first);
  const spans = new RecordedSpans(sql);
  for (let minute = 0; minute < DAYS * PER_DAY; minute += AWAY_EVERY_MINUTES) {
    const startEpochMs = START + (minute === 0 ? 0 : minute + AWAY_MINUTES) * MINUTE_MS;
    const endEpochMs = START + Math.min(minute + AWAY_EVERY_MINUTES, DAYS * PER_DAY) * MINUTE_MS;
    for (const cameraId of cameraIds) spans.add({ cameraId, stream: 'main' }, { startEpochMs, endEpochMs });
  }
  sql.exec('COMMIT');
  sql.exec(index?.sql ?? '');
  const rows = sql.prepare<[], { count: number }>('SELECT count(*) AS count FROM segments').get()?.count;
  const megabytes = Math.round(statSync(path).size / 1e6);
  console.log(
    `${rows} segments of ${CAMERAS} cameras and ${DAYS} days (2 key frames each) in ${((performance.now() - startedMs) / 1000).toFixed(0)} s, ${megabytes} MB`,
  );
}

function measure(sql: Sql, cameraIds: readonly string[]): void {
  const segments = new SegmentStore(sql);
  const gaps = new GapStore(sql);
  const source = {
    footage: {
      open: () => Promise.reject(new Error('nothing is read')),
      absent: () => [],
      listSegments: segments.listSegments.bind(segments),
      listSpans: segments.listSpans.bind(segments),
      nextStartEpochMs: segments.nextStartEpochMs.bind(segments),
      bounds: () => segments.bounds(),
      openSegments: () => [],
    },
    uploads: { contents: new ContentStore(sql), path: () => '' },
    listGaps: gaps.listGaps.bind(gaps),
    listLocks: () => [],
    listBookmarks: () => [],
    listMarks: () => [],
    listPictureAlerts: () => [],
  };
  const count = sql.prepare<[string], { spans: number; total: number }>(
    "SELECT count(*) AS spans, sum(duration_ms) AS total FROM segments WHERE camera_id = ? AND stream = 'main'",
  );
  const scan = timed(1, () => cameraIds.map((id) => count.get(id)));
  console.log(`baseline, one scan of the index over all rows: ${scan.p50.toFixed(0)} ms`);
  for (const { name, days } of [
    { name: 'a year', days: DAYS },
    { name: 'a month', days: 30 },
    { name: 'a week', days: 7 },
    { name: 'a day', days: 1 },
  ]) {
    const range = { fromEpochMs: END - days * DAY_MS, toEpochMs: END };
    const resolutionMs = 2 ** Math.floor(Math.log2((days * DAY_MS) / 1000));
    let spans = 0;
    const { p50, p95, first } = timed(ROUNDS, () => {
      const lanes = listTimeline(source, { cameraIds, ...range, resolutionMs });
      spans = lanes.reduce((sum, lane) => sum + lane.spans.length, 0);
    });
    console.log(
      `${name} of ${CAMERAS} cameras at ${(resolutionMs / HOUR_MS).toFixed(2)} h a pixel: first ${first.toFixed(1)} ms, ` +
        `p50 ${p50.toFixed(1)} ms, p95 ${p95.toFixed(1)} ms, ${(scan.p50 / p50).toFixed(1)} x as fast as the scan, ${spans} spans`,
    );
    if (p95 > AIM_MS) process.exitCode = 1;
  }
}

function timed(rounds: number, action: () => unknown): { p50: number; p95: number; first: number } {
  const times = Array.from({ length: rounds }, () => {
    const began = performance.now();
    action();
    return performance.now() - began;
  });
  const first = times[0] ?? 0;
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
  return { p50: at(0.5), p95: at(0.95), first };
}
