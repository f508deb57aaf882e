/**
 * Cost of recording and live fan-out: all processes of the engine against as many bare `ffmpeg -c copy -f null` on the same
 * cameras, one after the other in one run; live latency from the capture instants inside the frames; event-loop delay; memory per
 * camera; and an engine without cameras. Needs the shared RTSP server. In the environment: CAMERAS (8), SECONDS (30), VIEWERS per
 * camera (1).
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import WebSocket from 'ws';
import { captureInstants, HAS_CLOCK_CAMERAS, startClockCameras } from '../fixtures/clock-cameras.ts';
import { type RunningEngine, startEngine, until } from '../fixtures/engine.ts';
import { cpuSeconds, memoryBytes } from './process-cost.ts';

const CAMERAS = Number(process.env.CAMERAS ?? 8);
const SECONDS = Number(process.env.SECONDS ?? 30);
const VIEWERS = Number(process.env.VIEWERS ?? 1);
/** Connecting, signing in and the first seconds of a just-started program are not what is measured. */
const WARM_UP_MS = 8000;

interface Cost {
  cpu: number;
  memory: number;
}

interface EngineCost extends Cost {
  latencies: number[];
  /** As /app/v1/health tells them, sampled during the run. */
  loopDelayP99s: number[];
}

if (HAS_CLOCK_CAMERAS) await main();
else console.log('skipped: the shared RTSP server is not here');

async function main() {
  const cameras = await startClockCameras({
    count: CAMERAS,
    width: 1920,
    height: 1080,
    bitsPerSecond: 4_000_000,
  });
  const urls = Array.from({ length: CAMERAS }, (_, index) => cameras.url(index));
  try {
    const bare = await measureBare(urls);
    const idle = await measureEngine([]);
    const engine = await measureEngine(urls);
    report(bare, idle, engine);
  } finally {
    await cameras.stop();
  }
}

function report(bare: Cost, idle: EngineCost, engine: EngineCost): void {
  const perMinute = (seconds: number) => ((seconds / SECONDS) * 60) / CAMERAS;
  const lines = {
    'ffmpeg -c copy -f null': `${perMinute(bare.cpu).toFixed(3)} CPU-s per camera-minute, ${megabytes(bare.memory / CAMERAS)} MB each`,
    'engine, all processes': `${perMinute(engine.cpu).toFixed(3)} CPU-s per camera-minute, ${megabytes((engine.memory - idle.memory) / CAMERAS)} MB each over an idle engine`,
    'engine without cameras': `${((idle.cpu / SECONDS) * 60).toFixed(3)} CPU-s per minute, ${megabytes(idle.memory)} MB`,
    'ratio CPU': `${(engine.cpu / bare.cpu).toFixed(2)} (goal ≤ 2.0), beyond the idle engine ${((engine.cpu - idle.cpu) / bare.cpu).toFixed(2)}`,
    'capture to live bytes': `p50 ${quantile(engine.latencies, 0.5)} ms, p95 ${quantile(engine.latencies, 0.95)} ms`,
    'event-loop delay p99': `median ${quantile(engine.loopDelayP99s, 0.5)} ms, worst ${quantile(engine.loopDelayP99s, 1)} ms; idle ${quantile(idle.loopDelayP99s, 0.5)} ms`,
  };
  console.log(`${CAMERAS} cameras 1080p25 at 4 Mb/s, ${SECONDS} s, recorded, ${VIEWERS} live viewers each`);
  for (const [name, value] of Object.entries(lines)) console.log(`${name.padEnd(25)}${value}`);
}

async function measureBare(urls: string[]): Promise<Cost> {
  const children = urls.map((url) =>
    spawn(
      'ffmpeg',
      ['-nostdin', '-v', 'quiet', '-rtsp_transport', 'tcp', '-i', url, '-c', 'copy', '-f', 'null', '-'],
      { stdio: 'ignore' },
    ),
  );
  await sleep(WARM_UP_MS);
  const before = sum(children, cpuSeconds);
  await sleep(SECONDS * 1000);
  const cost = { cpu: sum(children, cpuSeconds) - before, memory: sum(children, memoryBytes) };
  for (const child of children) child.kill('SIGKILL');
  return cost;
}

async function measureEngine(urls: string[]): Promise<EngineCost> {
  const folder = mkdtempSync(join(tmpdir(), 'threshold-bench-'));
  const engine = await startEngine(join(folder, 'data'), {
    cameras: urls.map((main, index) => ({
      name: `cam${index}`,
      source: { main },
      analysis: { enabled: false },
    })),
  });
  const latencies: number[] = [];
  const viewers = await watch(engine, latencies);
  await sleep(WARM_UP_MS);
  latencies.length = 0;
  const loopDelayP99s: number[] = [];
  const before = cpuSeconds(engine.process.pid!);
  for (const endMs = performance.now() + SECONDS * 1000; performance.now() < endMs; ) {
    await sleep(Math.min(10_000, endMs - performance.now()));
    loopDelayP99s.push((await engine.get<{ eventLoopDelayP99Ms: number }>('/health')).eventLoopDelayP99Ms);
  }
  const cost = {
    cpu: cpuSeconds(engine.process.pid!) - before,
    memory: memoryBytes(engine.process.pid!),
    latencies,
    loopDelayP99s,
  };
  for (const viewer of viewers) viewer.close();
  await engine.stop();
  rmSync(folder, { recursive: true, force: true });
  return cost;
}

/** One live viewer per camera, noting how old each frame is when its bytes arrive. */
async function watch(engine: RunningEngine, latencies: number[]): Promise<WebSocket[]> {
  const views = await engine.get<Array<{ id: string }>>('/cameras');
  await until('all cameras online', async () => {
    const now = await engine.get<Array<{ status: { state: string } }>>('/cameras');
    return now.every((camera) => camera.status.state === 'online');
  });
  const wanted = views.flatMap((view) => Array.from({ length: VIEWERS }, () => view));
  return wanted.map(({ id }) => {
    const socket = new WebSocket(
      `${engine.url.replace('http', 'ws')}/app/v1/cameras/${id}/live?stream=main&format=mp4`,
      {
        headers: { cookie: engine.cookie, origin: engine.url },
      },
    );
    socket.on('message', (data: Buffer, binary) => {
      if (binary) for (const instant of captureInstants(data)) latencies.push(Date.now() - instant);
    });
    return socket;
  });
}

function sum(children: ChildProcess[], cost: (pid: number) => number): number {
  return children.reduce((total, child) => total + cost(child.pid!), 0);
}

function quantile(values: number[], q: number): string {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted.length ? sorted[Math.floor((sorted.length - 1) * q)]!.toFixed(1) : 'n/a';
}

function megabytes(bytes: number): string {
  return (bytes / 1_048_576).toFixed(1);
}

function sleep(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}
