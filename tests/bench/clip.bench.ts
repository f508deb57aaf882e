/**
 * A clip of 60 s out of recordings, as the Faceter API delivers it, against `ffmpeg -c copy` on the same files: median of several
 * runs of each, in turn. In the environment: RUNS (9).
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Archive } from '../../src/main/archive/archive.ts';
import { ManualClock } from '../../src/main/platform/clock.ts';
import { silentLogger } from '../../src/main/platform/log.ts';
import { RecordingService } from '../../src/main/recorder/recording-service.ts';
import { Volumes } from '../../src/main/recorder/volumes.ts';
import { closeDatabase, openDatabase } from '../../src/main/store/database.ts';
import { ExportStore } from '../../src/main/store/exports.ts';
import { GapStore } from '../../src/main/store/gaps.ts';
import { SegmentStore } from '../../src/main/store/recordings.ts';
import { ContentStore } from '../../src/main/store/uploads.ts';
import { archiveExtras } from '../integration/archive-fixture.ts';
import { deliver, makeFootage } from '../integration/recording-fixture.ts';

const RUNS = Number(process.env.RUNS ?? 9);
const CAMERA = '3fa85f64-5717-4562-b3fc-2c963f66afa6';
const START = Date.UTC(2026, 3, 10, 8);
const FOOTAGE_SECONDS = 100;
const FROM_SECONDS = 20;
const CLIP_SECONDS = 60;

const dataDir = mkdtempSync(join(tmpdir(), 'clip-bench-'));
const sql = openDatabase(join(dataDir, 'threshold.db'));
const clock = new ManualClock(START + 3_600_000);
const segments = new SegmentStore(sql);
const gaps = new GapStore(sql);
const volumes = new Volumes({ root: join(dataDir, 'recordings'), clock, log: silentLogger });
const service = new RecordingService({
  ...{ volumes, index: segments, ledger: gaps, clock, log: silentLogger },
  limits: () => ({ maxBytes: null, minFreeBytes: 0 }),
});
await service.start();
const camera = await service.addCamera({
  id: CAMERA,
  name: 'x',
  recording: { mode: 'continuous', days: 30 },
});
const footage = makeFootage(FOOTAGE_SECONDS, {
  size: '1280x720',
  extra: ['-b:v', '4M', '-maxrate', '4M', '-bufsize', '4M'],
});
deliver(footage, camera.main, START);
await service.stop();
const archive = new Archive({
  ...{
    dataDir,
    segments,
    gaps,
    volumes,
    uploads: { contents: new ContentStore(sql), path: ({ id }) => join(dataDir, id) },
    exports: new ExportStore(sql),
    clock,
    log: silentLogger,
    ffmpegPath: 'ffmpeg',
  },
  ...archiveExtras(sql, dataDir, { clock, cameraName: () => null }),
  openSegments: () => [],
  cameraName: () => null,
  onExport: () => {},
});

const from = START + FROM_SECONDS * 1000;
const range = { fromEpochMs: from, toEpochMs: from + CLIP_SECONDS * 1000 };
const files = segments.listSegments({ cameraId: CAMERA, stream: 'main', ...range });
const list = join(dataDir, 'list.txt');
writeFileSync(list, files.map(({ path }) => `file '${join(dataDir, 'recordings', path)}'\n`).join(''));
const skipSeconds = (from - files[0]!.startEpochMs) / 1000;
const [ours, theirs] = [join(dataDir, 'ours.mp4'), join(dataDir, 'theirs.mp4')];
const times: Record<'ours' | 'ffmpeg', number[]> = { ours: [], ffmpeg: [] };
for (let run = 0; run < RUNS; run++) {
  times.ours.push(
    await measure(async () => {
      await archive.clip({ cameraId: CAMERA, ...range, audio: true }, ours);
      // delivered, the file is read once more
      await readFile(ours);
    }),
  );
  times.ffmpeg.push(await measure(() => copyWithFfmpeg()));
}
const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
const [clipMs, copyMs] = [median(times.ours), median(times.ffmpeg)];
console.log(
  `${CLIP_SECONDS} s of ${files.length} files, ${(statSync(ours).size / 1e6).toFixed(1)} MB (ffmpeg ${(statSync(theirs).size / 1e6).toFixed(1)} MB)`,
);
console.log(
  `clip ${clipMs.toFixed(0)} ms, ffmpeg -c copy ${copyMs.toFixed(0)} ms, ratio ${(clipMs / copyMs).toFixed(2)} (goal ≤ 1)`,
);
if (clipMs > copyMs) process.exitCode = 1;
closeDatabase(sql);
rmSync(dataDir, { recursive: true, force: true });

function copyWithFfmpeg(): void {
  execFileSync('ffmpeg', [
    ...['-v', 'error', '-y', '-ss', String(skipSeconds), '-f', 'concat', '-safe', '0', '-i', list],
    ...['-t', String(CLIP_SECONDS), '-c', 'copy', theirs],
  ]);
}

async function measure(action: () => unknown): Promise<number> {
  const start = performance.now();
  await action();
  return performance.now() - start;
}
