/**
 * Whether the engine stays as it is: CAMERAS (4) cameras recorded, watched live and analysed with the model that comes along, with readers' reports, exports,
 * viewers that come and go, questions to the archive and a retention that deletes, for MINUTES (10). Resident memory of the engine's
 * process (its worker threads included) in the last tenth against its tenth around a tenth of the time, medians of both; file descriptors;
 * event-loop delay. The aim is memory within 5 %, and a p99 below 20 ms. Needs the shared RTSP server.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CameraView } from '../../src/shared/contract-cameras.ts';
import type { HealthView } from '../../src/shared/contract-health.ts';
import { MINUTE_MS } from '../../src/shared/units.ts';
import { exportFootage } from '../faults/readers.ts';
import { HAS_CLOCK_CAMERAS, startClockCameras } from '../fixtures/clock-cameras.ts';
import { type RunningEngine, reportUnlock, startEngine } from '../fixtures/engine.ts';
import { megabytes, quantile, sleep, watchLive } from './engine-load.ts';
import { memoryBytes, openFiles, residentBytes } from './process-cost.ts';

const MINUTES = Number(process.env.MINUTES ?? 10);
const CAMERAS = Number(process.env.CAMERAS ?? 4);
const BITS_PER_SECOND = 1_000_000;
const SAMPLE_MS = 5000;
const EXPORT_EVERY = 6;
const VIEWERS_CHANGE_EVERY = 12;
const GOAL_SHARE = 0.05;
const GOAL_DELAY_MS = 20;
const TOKEN = 'soak-token';

interface Sample {
  /** Of the whole time, 0 to 1. */
  at: number;
  resident: number;
  files: number;
  delayMs: number;
}

if (HAS_CLOCK_CAMERAS) await main();
else console.log('skipped: the shared RTSP server is not here');

async function main() {
  const cameras = await startClockCameras({
    count: CAMERAS,
    bitsPerSecond: BITS_PER_SECOND,
    subStreams: true,
  });
  const folder = mkdtempSync(join(tmpdir(), 'threshold-soak-'));
  // Some segments of a minute each, so that what is being exported is not deleted meanwhile.
  const keptMinutes = Math.max(3, MINUTES * 0.1);
  const maxBytes = Math.round(((CAMERAS * BITS_PER_SECOND) / 8) * 60 * keptMinutes);
  const engine = await startEngine(
    join(folder, 'data'),
    {
      cameras: Array.from({ length: CAMERAS }, (_, index) => ({
        ...{ name: `cam${index}`, source: { main: cameras.url(index), sub: cameras.subUrl(index) } },
        ...{ analysis: { enabled: true, fps: 5 }, readers: [`reader${index}`] },
      })),
      readers: Array.from({ length: CAMERAS }, (_, index) => ({
        ...{ deviceId: `reader${index}`, deviceName: `Reader ${index}` },
      })),
      credentials: { oauthTokens: [{ token: TOKEN, scopes: ['annotations:write'] }] },
      storage: { maxBytes, minFreeBytes: 0 },
    },
    { THRESHOLD_MODELS: '' },
  );
  try {
    report(await keepBusy(engine), memoryBytes(engine.process.pid!));
  } finally {
    await engine.stop();
    await cameras.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function keepBusy(engine: RunningEngine): Promise<Sample[]> {
  const pid = engine.process.pid!;
  const samples: Sample[] = [];
  let received = 0;
  const count = (bytes: Buffer) => {
    received += bytes.length;
  };
  let viewers = await watchLive(engine, 1, count);
  const ids = (await engine.get<CameraView[]>('/cameras')).map(({ id }) => id);
  const startMs = performance.now();
  for (let turn = 1; ; turn++) {
    await sleep(startMs + turn * SAMPLE_MS - performance.now());
    const at = (performance.now() - startMs) / (MINUTES * MINUTE_MS);
    if (at > 1) break;
    const { eventLoopDelayP99Ms } = await engine.get<HealthView>('/health');
    samples.push({ at, resident: residentBytes(pid), files: openFiles(pid), delayMs: eventLoopDelayP99Ms });
    await reportUnlock(engine, TOKEN, `reader${turn % CAMERAS}`);
    await askArchive(engine, ids);
    if (turn % EXPORT_EVERY === 0) {
      const job = await exportFootage(engine, ids[(turn / EXPORT_EVERY) % CAMERAS]!, Date.now() - 20_000);
      await engine.send('DELETE', `/exports/${job}`);
    }
    if (turn % VIEWERS_CHANGE_EVERY === 0) {
      for (const viewer of viewers) viewer.close();
      viewers = await watchLive(engine, 1, count);
    }
  }
  for (const viewer of viewers) viewer.close();
  console.log(
    `${CAMERAS} cameras, ${MINUTES} minutes, ${samples.length} samples, ${megabytes(received)} MB to viewers`,
  );
  return samples;
}

async function askArchive(engine: RunningEngine, ids: readonly string[]): Promise<void> {
  const to = Date.now();
  const query = `fromEpochMs=${to - 10 * MINUTE_MS}&toEpochMs=${to}`;
  await engine.get(`/archive/timeline?cameraIds=${ids.join(',')}&${query}&resolutionMs=1000`);
  await engine.get('/events?limit=50');
  await fetch(`${engine.url}/metrics`).then((response) => response.text());
}

function report(samples: readonly Sample[], wholeBytes: number): void {
  const median = (from: number, to: number, of: (sample: Sample) => number) =>
    quantile(
      samples.filter(({ at }) => at >= from && at <= to).map((sample) => of(sample)),
      0.5,
    );
  const resident = (from: number, to: number) => median(from, to, (sample) => sample.resident);
  const [early, late] = [resident(0.05, 0.15), resident(0.9, 1)];
  const tenths = Array.from({ length: 10 }, (_, tenth) => megabytes(resident(tenth / 10, (tenth + 1) / 10)));
  const files = (from: number, to: number) => median(from, to, (sample) => sample.files);
  const delays = samples.map(({ delayMs }) => delayMs);
  const [delay, most] = [quantile(delays, 0.5), quantile(delays, 1)].map((ms) => ms.toFixed(1));
  console.log(`memory of the engine   ${megabytes(early)} MB at a tenth, ${megabytes(late)} MB at the end`);
  console.log(`ratio                  ${(late / early).toFixed(3)} (goal 1 ± ${GOAL_SHARE})`);
  console.log(`by tenths              ${tenths.join(', ')} MB`);
  console.log(`all processes, end     ${megabytes(wholeBytes)} MB`);
  console.log(`file descriptors       ${files(0.05, 0.15)} at a tenth, ${files(0.9, 1)} at the end`);
  console.log(
    `event-loop delay p99   of 5 s each: median ${delay} ms, p95 ${quantile(delays, 0.95).toFixed(1)} ms, worst ${most} ms (goal < ${GOAL_DELAY_MS})`,
  );
  if (Math.abs(late / early - 1) > GOAL_SHARE || quantile(delays, 0.5) > GOAL_DELAY_MS) process.exitCode = 1;
}
