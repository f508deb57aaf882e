/**
 * Cost of recording and live fan-out: all processes of the engine against as many bare `ffmpeg -c copy -f null` on the same
 * cameras, half of that before and half after it in one run; live latency from the capture instants inside the frames; event-loop delay; memory per
 * camera; and an engine without cameras. Needs the shared RTSP server. In the environment: CAMERAS (16), SECONDS (30), VIEWERS per
 * camera (1).
 */
import { FULL_HD, HAS_CLOCK_CAMERAS, startClockCameras } from '../fixtures/clock-cameras.ts';
import {
  type Cost,
  type EngineCost,
  measureBare,
  measureEngine,
  megabytes,
  quantile,
} from './engine-load.ts';

const CAMERAS = Number(process.env.CAMERAS ?? 16);
const SECONDS = Number(process.env.SECONDS ?? 30);
const VIEWERS = Number(process.env.VIEWERS ?? 1);

if (HAS_CLOCK_CAMERAS) await main();
else console.log('skipped: the shared RTSP server is not here');

async function main() {
  const cameras = await startClockCameras({ count: CAMERAS, ...FULL_HD });
  const urls = Array.from({ length: CAMERAS }, (_, index) => cameras.url(index));
  const provision = urls.map((main, index) => ({
    ...{ name: `cam${index}`, source: { main }, analysis: { enabled: false } },
  }));
  const options = { seconds: SECONDS, viewers: VIEWERS };
  try {
    const idle = await measureEngine([], options);
    const before = await measureBare(urls, SECONDS / 2);
    const engine = await measureEngine(provision, options);
    const after = await measureBare(urls, SECONDS / 2);
    report({ cpu: before.cpu + after.cpu, memory: (before.memory + after.memory) / 2 }, idle, engine);
  } finally {
    await cameras.stop();
  }
}

function report(bare: Cost, idle: EngineCost, engine: EngineCost): void {
  const perMinute = (seconds: number) => ((seconds / SECONDS) * 60) / CAMERAS;
  const ms = (values: number[], q: number) => `${quantile(values, q).toFixed(1)} ms`;
  const lines = {
    'ffmpeg -c copy -f null': `${perMinute(bare.cpu).toFixed(3)} CPU-s per camera-minute, ${megabytes(bare.memory / CAMERAS)} MB each`,
    'engine, all processes': `${perMinute(engine.cpu).toFixed(3)} CPU-s per camera-minute, ${megabytes((engine.memory - idle.memory) / CAMERAS)} MB each over an idle engine (goal ≤ 6)`,
    'engine without cameras': `${((idle.cpu / SECONDS) * 60).toFixed(3)} CPU-s per minute, ${megabytes(idle.memory)} MB`,
    'ratio CPU': `${(engine.cpu / bare.cpu).toFixed(2)} (goal ≤ 0.7), beyond the idle engine ${((engine.cpu - idle.cpu) / bare.cpu).toFixed(2)}`,
    'capture to live bytes': `p50 ${ms(engine.latencies, 0.5)}, p95 ${ms(engine.latencies, 0.95)}`,
    'event-loop delay p99': `median ${ms(engine.loopDelayP99s, 0.5)}, worst ${ms(engine.loopDelayP99s, 1)}; idle ${ms(idle.loopDelayP99s, 0.5)}`,
  };
  console.log(`${CAMERAS} cameras 1080p25 at 4 Mb/s, ${SECONDS} s, recorded, ${VIEWERS} live viewers each`);
  for (const [name, value] of Object.entries(lines)) console.log(`${name.padEnd(25)}${value}`);
}
