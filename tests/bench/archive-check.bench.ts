/**
 * Bringing files and index together at the start: SEGMENTS (100,000) real files of 4 cameras in day folders. Measured: the repair before
 * recording begins, and the comparison of the whole archive that runs beside it, both with nothing to repair. The baseline, in the same run,
 * is a bare walk of the folders that asks each file for its size, the second of two. The aim is at most twice the walk for both together.
 */
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { buildSegmentPath, type SegmentRecord } from '../../src/main/media/segment.ts';
import { checkArchive } from '../../src/main/recorder/archive-check.ts';
import { recoverSegments } from '../../src/main/recorder/recovery.ts';
import { inTransaction, openDatabase } from '../../src/main/store/database.ts';
import { GapStore } from '../../src/main/store/gaps.ts';
import { SegmentStore } from '../../src/main/store/recordings.ts';
import { DAY_MS, MINUTE_MS } from '../../src/shared/units.ts';

const SEGMENTS = Number(process.env.SEGMENTS ?? 100_000);
const CAMERAS = 4;
const AIM_RATIO = 2;
const START = Date.UTC(2026, 6, 1);

const folder = mkdtempSync(join(tmpdir(), 'archive-check-bench-'));
try {
  const root = join(folder, 'recordings');
  const volume = { id: 0, path: root };
  const sql = openDatabase(join(folder, 'threshold.db'));
  const segments = new SegmentStore(sql);
  inTransaction(sql, () => fill(root, segments));
  await walk(root);
  const walked = await timed(() => walk(root));
  const repaired = await timed(() => recoverSegments(volume, { index: segments, ledger: new GapStore(sql) }));
  const isThere = async () => true;
  const deps = { volume, isThere, index: segments, ledger: new GapStore(sql), away: new Set<string>() };
  const nowEpochMs = () => Date.now() + DAY_MS;
  const checked = await timed(() => checkArchive({ ...deps, nowEpochMs }, new AbortController().signal));
  sql.close();
  console.log(`${walked.value} files, bare walk with sizes: ${walked.seconds.toFixed(2)} s`);
  console.log(`repair before recording: ${repaired.seconds.toFixed(2)} s ${JSON.stringify(repaired.value)}`);
  const ratio = (repaired.seconds + checked.seconds) / walked.seconds;
  console.log(
    `comparison of the whole archive: ${checked.seconds.toFixed(2)} s ${JSON.stringify(checked.value)}; both are ${ratio.toFixed(2)} x the walk`,
  );
  if (ratio > AIM_RATIO) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function fill(root: string, segments: SegmentStore): void {
  const made = new Set<string>();
  const bytes = Buffer.alloc(64);
  for (let camera = 0; camera < CAMERAS; camera++) {
    const cameraId = randomUUID();
    for (let minute = 0; minute < SEGMENTS / CAMERAS; minute++) {
      const startEpochMs = START + minute * MINUTE_MS;
      const path = buildSegmentPath(cameraId, 'main', startEpochMs);
      const day = dirname(path);
      if (!made.has(day)) mkdirSync(join(root, day), { recursive: true });
      made.add(day);
      writeFileSync(join(root, path), bytes);
      segments.putSegment({
        ...{ cameraId, stream: 'main', startEpochMs, durationMs: MINUTE_MS, sizeBytes: bytes.length, path },
        ...{
          closed: true,
          videoCodecString: 'avc1.640028',
          audioCodecString: null,
          width: 1920,
          height: 1080,
        },
        ...{
          volumeId: 0,
          videoTimescale: 90_000,
          audioTimescale: null,
          initBytes: 32,
          keyframes: [{ offset: 32, time: 0 }],
        },
      } satisfies SegmentRecord);
    }
  }
}

async function walk(path: string): Promise<number> {
  let files = 0;
  for (const entry of await readdir(path, { withFileTypes: true })) {
    const inner = join(path, entry.name);
    if (entry.isDirectory()) files += await walk(inner);
    else if ((await stat(inner)).isFile()) files++;
  }
  return files;
}

async function timed<T>(action: () => Promise<T>): Promise<{ value: T; seconds: number }> {
  const began = performance.now();
  const value = await action();
  return { value, seconds: (performance.now() - began) / 1000 };
}
