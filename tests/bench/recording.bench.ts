/**
 * Cost of recording and live fan-out: all processes of the engine against as many bare `ffmpeg -c copy -f null` on the same
 * cameras, one after the other in one run; live latency from the capture instants inside the frames; memory per camera.
 * Needs the shared RTSP server. CAMERAS (8) and SECONDS (30) in the environment.
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
    const perMinute = (seconds: number) => ((seconds / SECONDS) * 60) / CAMERAS;
    console.log(`${CAMERAS} cameras 1080p25 at 4 Mb/s, ${SECONDS} s, recorded and watched live`);
    console.log(
      `ffmpeg -c copy -f null   ${perMinute(bare.cpu).toFixed(3)} CPU-s per camera-minute, ${megabytes(bare.memory / CAMERAS)} MB each`,
    );
    console.log(
      `engine, all processes    ${perMinute(engine.cpu).toFixed(3)} CPU-s per camera-minute, ${megabytes((engine.memory - idle.memory) / CAMERAS)} MB each over an idle engine`,
    );
    console.log(`ratio CPU                ${(engine.cpu / bare.cpu).toFixed(2)} (goal ≤ 2.0)`);
    console.log(
      `capture to live bytes    p50 ${quantile(engine.latencies, 0.5)} ms, p95 ${quantile(engine.latencies, 0.95)} ms`,
    );
  } finally {
    await cameras.stop();
  }
}

async function measureBare(urls: string[]): Promise<{ cpu: number; memory: number }> {
  const children = urls.map((url) =>
    spawn(
      'ffmpeg',
      ['-nostdin', '-v', 'quiet', '-rtsp_transport', 'tcp', '-i', url, '-c', 'copy', '-f', 'null', '-'],
      { stdio: 'ignore' },
    ),
  );
  await sleep(5000);
  const before = sum(children, cpuSeconds);
  await sleep(SECONDS * 1000);
  const cost = { cpu: sum(children, cpuSeconds) - before, memory: sum(children, memoryBytes) };
  for (const child of children) child.kill('SIGKILL');
  return cost;
}

async function measureEngine(urls: string[]): Promise<{ cpu: number; memory: number; latencies: number[] }> {
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
  await sleep(5000);
  latencies.length = 0;
  const before = cpuSeconds(engine.process.pid!);
  await sleep(SECONDS * 1000);
  const cost = {
    cpu: cpuSeconds(engine.process.pid!) - before,
    memory: memoryBytes(engine.process.pid!),
    latencies,
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
  return views.map(({ id }) => {
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
