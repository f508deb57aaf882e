/**
 * What an outage costs: how soon a silent stall is noticed, how much longer than the outage its gap is, and how much a killed engine
 * loses, told by the capture instants inside the recorded frames. Needs the shared RTSP server. RUNS (3) in the environment.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CameraView } from '../../src/shared/contract.ts';
import {
  type ClockCameras,
  captureInstants,
  HAS_CLOCK_CAMERAS,
  startClockCameras,
} from '../fixtures/clock-cameras.ts';
import { type RunningEngine, startEngine, until } from '../fixtures/engine.ts';

const RUNS = Number(process.env.RUNS ?? 3);
const OUTAGE_MS = 7000;
/** Of the cameras' loop. */
const GROUP_MS = 2000;
const FRAME_MS = 40;

if (HAS_CLOCK_CAMERAS) await main();
else console.log('skipped: the shared RTSP server is not here');

async function main() {
  const cameras = await startClockCameras();
  const folder = mkdtempSync(join(tmpdir(), 'threshold-outage-'));
  try {
    const noticed: number[] = [];
    const beyond: number[] = [];
    const lost: number[] = [];
    for (let run = 0; run < RUNS; run++) {
      const data = join(folder, `data${run}`);
      const engine = await startEngine(data, {
        cameras: [{ name: 'clock', source: { main: cameras.url(0) }, analysis: { enabled: false } }],
      });
      await recording(engine);
      const outage = await stall(engine, cameras);
      noticed.push(outage.noticedMs);
      await recording(engine);
      await sleep(2 * GROUP_MS);
      const killedEpochMs = Date.now();
      await engine.kill();
      const instants = readInstants(join(data, 'recordings'));
      lost.push(killedEpochMs - instants.at(-1)! - FRAME_MS);
      const gap = Math.max(...instants.slice(1).map((instant, index) => instant - instants[index]!));
      beyond.push(gap - outage.lastedMs);
    }
    const list = (values: number[]) => values.map((value) => Math.round(value)).join(', ');
    console.log(`silent stall noticed after    ${list(noticed)} ms (goal ≤ 5000)`);
    console.log(`gap beyond the outage         ${list(beyond)} ms (goal ≤ ${GROUP_MS + 750}: one GOP + 750)`);
    console.log(`lost by SIGKILL of the engine ${list(lost)} ms (goal ≤ 250)`);
  } finally {
    await cameras.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The camera sends nothing while its connection stays, for longer than it takes to notice. */
async function stall(engine: RunningEngine, cameras: ClockCameras) {
  const startMs = performance.now();
  await cameras.control('/stall?m=/cam0');
  await until('the stall is noticed', async () => (await stateOf(engine)) !== 'online');
  const noticedMs = performance.now() - startMs;
  await sleep(Math.max(0, OUTAGE_MS - noticedMs));
  await cameras.control('/resume?m=/cam0');
  return { noticedMs, lastedMs: performance.now() - startMs };
}

async function recording(engine: RunningEngine): Promise<void> {
  await until('the camera is recorded', async () => {
    const [camera] = await engine.get<CameraView[]>('/cameras');
    return camera?.status.state === 'online' && camera.status.recording;
  });
}

async function stateOf(engine: RunningEngine): Promise<string | undefined> {
  const [camera] = await engine.get<CameraView[]>('/cameras');
  return camera?.status.state;
}

/** Capture instants of everything recorded, ascending. */
function readInstants(root: string): number[] {
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.mp4'),
  );
  return files.flatMap((name) => captureInstants(readFileSync(join(root, name)))).sort((a, b) => a - b);
}

function sleep(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}
