/** What the benches of recording share: an engine with cameras and viewers, bare ffmpegs as the baseline, and what either costs. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import WebSocket from 'ws';
import type { CameraView } from '../../src/shared/contract-cameras.ts';
import type { HealthView } from '../../src/shared/contract-health.ts';
import { captureInstants } from '../fixtures/clock-cameras.ts';
import { type RunningEngine, startEngine, until } from '../fixtures/engine.ts';
import { cpuSeconds, memoryBytes, ownCpuSeconds } from './process-cost.ts';

/** Connecting, signing in and the first seconds of a just-started program are not what is measured. */
const WARM_UP_MS = 8000;
/** V8 goes on compiling what turns out to be used much for this long. */
const ENGINE_WARM_UP_MS = 20_000;
const HEALTH_EVERY_MS = 10_000;

export interface Cost {
  /** CPU seconds of all processes. */
  cpu: number;
  /** Bytes (PSS) of all processes. */
  memory: number;
}

export interface EngineCost extends Cost {
  /** CPU seconds of the engine's own process; the rest are ffmpegs. */
  ownCpu: number;
  /** Milliseconds from the capture of a frame to its arrival at a viewer. */
  latencies: number[];
  /** As /app/v1/health tells them, sampled during the run. */
  loopDelayP99s: number[];
  /** Pictures per second that each analysed camera reached, at the end. */
  analysedFps: number[];
}

/** One `ffmpeg -c copy -f null` per stream. */
export async function measureBare(urls: readonly string[], seconds: number): Promise<Cost> {
  const children = urls.map((url) =>
    spawn(
      'ffmpeg',
      ['-nostdin', '-v', 'quiet', '-rtsp_transport', 'tcp', '-i', url, '-c', 'copy', '-f', 'null', '-'],
      { stdio: 'ignore' },
    ),
  );
  await sleep(WARM_UP_MS);
  const before = sum(children, cpuSeconds);
  await sleep(seconds * 1000);
  const cost = { cpu: sum(children, cpuSeconds) - before, memory: sum(children, memoryBytes) };
  for (const child of children) child.kill('SIGKILL');
  return cost;
}

/** An engine of its own with these cameras (as in a provision file), `viewers` live viewers each. */
export async function measureEngine(
  cameras: readonly object[],
  options: { seconds: number; viewers: number; env?: NodeJS.ProcessEnv },
): Promise<EngineCost> {
  const folder = mkdtempSync(join(tmpdir(), 'threshold-bench-'));
  const engine = await startEngine(join(folder, 'data'), { cameras }, options.env);
  try {
    const latencies: number[] = [];
    const viewers = await watchLive(engine, options.viewers, (bytes) => {
      for (const instant of captureInstants(bytes)) latencies.push(Date.now() - instant);
    });
    await sleep(ENGINE_WARM_UP_MS);
    latencies.length = 0;
    const loopDelayP99s: number[] = [];
    const { pid = 0 } = engine.process;
    const before = { all: cpuSeconds(pid), own: ownCpuSeconds(pid) };
    for (const endMs = performance.now() + options.seconds * 1000; performance.now() < endMs; ) {
      await sleep(Math.min(HEALTH_EVERY_MS, endMs - performance.now()));
      loopDelayP99s.push((await engine.get<HealthView>('/health')).eventLoopDelayP99Ms);
    }
    const cpu = cpuSeconds(pid) - before.all;
    const ownCpu = ownCpuSeconds(pid) - before.own;
    const memory = memoryBytes(pid);
    const views = await engine.get<CameraView[]>('/cameras');
    for (const viewer of viewers) viewer.close();
    const analysedFps = views.flatMap(({ status }) => status.analysedFps ?? []);
    return { cpu, ownCpu, memory, latencies, loopDelayP99s, analysedFps };
  } finally {
    await engine.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Live viewers of every camera's main stream, once all cameras are online. */
export async function watchLive(
  engine: RunningEngine,
  perCamera: number,
  onBytes: (bytes: Buffer) => void,
): Promise<WebSocket[]> {
  const views = await until('all cameras online', async () => {
    const now = await engine.get<CameraView[]>('/cameras');
    return now.every((camera) => camera.status.state === 'online') ? now : null;
  });
  const wanted = views.flatMap((view) => Array.from({ length: perCamera }, () => view));
  return wanted.map(({ id }) => {
    const socket = new WebSocket(
      `${engine.url.replace('http', 'ws')}/app/v1/cameras/${id}/live?stream=main&format=mp4`,
      { headers: { cookie: engine.cookie, origin: engine.url } },
    );
    socket.on('message', (data: Buffer, binary) => {
      if (binary) onBytes(data);
    });
    return socket;
  });
}

export function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) * q)] ?? Number.NaN;
}

export function megabytes(bytes: number): string {
  return (bytes / 1_048_576).toFixed(1);
}

export function sleep(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, Math.max(0, ms)));
}

function sum(children: readonly ChildProcess[], cost: (pid: number) => number): number {
  return children.reduce((total, child) => total + cost(child.pid!), 0);
}
