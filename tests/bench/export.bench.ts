/**
 * A clip of ten minutes against reading the bytes of its recordings, none of which are in memory before; and an export of it from the
 * queue, which ends when it is flushed to the disk, against writing and flushing as many bytes. The fastest of several runs of each, in turn:
 * what disturbs one only makes it slower.
 * In the environment: RUNS (5).
 */
import { spawnSync } from 'node:child_process';
import { open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ExportInputSchema } from '../../src/shared/contract-exports.ts';
import { ASKER, openArchive } from '../integration/archive-fixture.ts';
import { deliver, makeFootage, until } from '../integration/recording-fixture.ts';

const RUNS = Number(process.env.RUNS ?? 5);
const CAMERA = '3fa85f64-5717-4562-b3fc-2c963f66afa6';
const START = Date.UTC(2026, 3, 10, 8);
const PIECE_SECONDS = 60;
const CLIP_SECONDS = 600;
const GOAL = 2.5;

const { dataDir, archive, service, addCamera, ended, stop } = await openArchive(START + 3_600_000, {
  segmentMs: 60_000,
});
const camera = await addCamera(CAMERA, 'x');
const bits = ['-b:v', '4M', '-maxrate', '4M', '-bufsize', '4M'];
const footage = makeFootage(PIECE_SECONDS, { size: '1280x720', extra: bits });
for (let piece = 0; piece < CLIP_SECONDS / PIECE_SECONDS; piece++) {
  const start = START + piece * PIECE_SECONDS * 1000;
  deliver(footage, camera.main, start, { describe: piece === 0 });
  await until('a piece is on disk', () =>
    archive
      .segments({ cameraId: CAMERA, stream: 'main', fromEpochMs: 0, toEpochMs: Number.MAX_SAFE_INTEGER })
      .some(({ endEpochMs }) => endEpochMs >= start + PIECE_SECONDS * 1000 - 100),
  );
}
await service.stop();

const root = join(dataDir, 'recordings');
const files = (await readdir(root, { recursive: true })).filter((name) => name.endsWith('.mp4'));
const times = { read: [] as number[], clip: [] as number[], export: [] as number[], flush: [] as number[] };
const range = { fromEpochMs: START, toEpochMs: START + CLIP_SECONDS * 1000 };
let bytes = 0;
for (let run = 0; run < RUNS; run++) {
  times.read.push(await measure(readAll));
  times.clip.push(
    await measure(() => archive.clip({ cameraId: CAMERA, ...range, audio: true }, join(dataDir, 'clip.mp4'))),
  );
  times.export.push(await measure(exportAll));
  times.flush.push(await measure(flushAsMany));
}
const fastest = (values: number[]) => Math.min(...values);
const [readMs, clipMs] = [fastest(times.read), fastest(times.clip)];
const ratio = clipMs / readMs;
console.log(`${CLIP_SECONDS} s of ${files.length} files, ${(bytes / 1e6).toFixed(0)} MB`);
console.log(
  `clip ${clipMs.toFixed(0)} ms, reading its bytes ${readMs.toFixed(0)} ms, ratio ${ratio.toFixed(2)} (goal ≤ ${GOAL})`,
);
console.log(
  `export, flushed ${fastest(times.export).toFixed(0)} ms, writing and flushing as many bytes ${fastest(times.flush).toFixed(0)} ms`,
);
if (ratio > GOAL) process.exitCode = 1;
await stop();

async function readAll(): Promise<void> {
  const buffer = Buffer.allocUnsafeSlow(2 * 1024 * 1024);
  for (const name of files) {
    const file = await open(join(root, name), 'r');
    while ((await file.read(buffer, 0, buffer.length)).bytesRead > 0);
    await file.close();
  }
}

async function exportAll(): Promise<void> {
  const input = ExportInputSchema.parse({ cameraIds: [CAMERA], ...range });
  const { id } = await archive.exports.create(input, ASKER);
  const job = await ended(id);
  if (job.state !== 'done') throw new Error(job.problem ?? job.state);
  bytes = job.sizeBytes ?? 0;
}

async function flushAsMany(): Promise<void> {
  const buffer = Buffer.alloc(2 * 1024 * 1024, 1);
  const file = await open(join(dataDir, 'flushed'), 'w');
  for (let left = bytes; left > 0; left -= buffer.length)
    await file.write(buffer, 0, Math.min(left, buffer.length));
  await file.sync();
  await file.close();
}

/** Of the recordings nothing is in memory when it begins, and nothing waits to be written. */
async function measure(action: () => Promise<unknown>): Promise<number> {
  for (const name of ['clip.mp4', 'flushed']) await rm(join(dataDir, name), { force: true });
  spawnSync('sync');
  for (const name of files) spawnSync('dd', [`if=${join(root, name)}`, 'iflag=nocache', 'count=0']);
  const start = performance.now();
  await action();
  return performance.now() - start;
}
