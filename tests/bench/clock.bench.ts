/**
 * Truth of recorded time: records one camera whose frames carry their capture instant, then compares every recorded frame's
 * place on the archive's clock with that instant, and counts lost and doubled frames. MINUTES (2) in the environment.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ArchiveSegment, CameraView } from '../../src/shared/contract.ts';
import { captureInstants, HAS_CLOCK_CAMERAS, startClockCameras } from '../fixtures/clock-cameras.ts';
import { startEngine } from '../fixtures/engine.ts';

const MINUTES = Number(process.env.MINUTES ?? 2);
const FRAME_MS = 40;

if (HAS_CLOCK_CAMERAS) await main();
else console.log('skipped: the shared RTSP server is not here');

async function main() {
  const cameras = await startClockCameras();
  const folder = mkdtempSync(join(tmpdir(), 'threshold-clock-'));
  const engine = await startEngine(join(folder, 'data'), {
    cameras: [{ name: 'clock', source: { main: cameras.url(0) }, analysis: { enabled: false } }],
  });
  const from = Date.now();
  await new Promise((done) => setTimeout(done, MINUTES * 60_000));
  const [camera] = await engine.get<CameraView[]>('/cameras');
  const base = `/archive/${camera!.id}`;
  const segments = await engine.get<ArchiveSegment[]>(
    `${base}/segments?fromEpochMs=${from}&toEpochMs=${Date.now()}`,
  );
  const starts: number[] = [];
  const offsets: number[] = [];
  const instants: number[] = [];
  for (const { startEpochMs, endEpochMs } of segments) {
    const query = `fromEpochMs=${startEpochMs}&toEpochMs=${endEpochMs}&baseEpochMs=${startEpochMs}`;
    const response = await fetch(`${engine.url}/app/v1${base}/media?${query}`, {
      headers: { cookie: engine.cookie },
    });
    const found = captureInstants(Buffer.from(await response.arrayBuffer()));
    // Frames are 40 ms apart, so the first one's offset and the last one's bound those between.
    starts.push(Math.abs(found[0]! - startEpochMs));
    offsets.push(found[0]! - startEpochMs, found.at(-1)! + FRAME_MS - endEpochMs);
    instants.push(...found);
  }
  const steps = instants
    .slice(1)
    .map((instant, index) => Math.round((instant - instants[index]!) / FRAME_MS));
  const sorted = offsets.map(Math.abs).sort((a, b) => a - b);
  console.log(`${segments.length} segments, ${instants.length} frames in ${MINUTES} minutes`);
  console.log(`segment start − capture  at most ${Math.max(...starts).toFixed(1)} ms (goal ≤ 15)`);
  console.log(
    `recorded time − capture  at most ${sorted.at(-1)?.toFixed(1)} ms at a segment's ends (goal ≤ 200 after 10 minutes)`,
  );
  console.log(
    `lost frames              ${steps.reduce((sum, step) => sum + Math.max(0, step - 1), 0)}, doubled ${steps.filter((step) => step < 1).length}`,
  );
  await engine.stop();
  await cameras.stop();
  rmSync(folder, { recursive: true, force: true });
}
