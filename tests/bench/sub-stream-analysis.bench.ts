/**
 * Cost of a whole recorder with analysis: cameras recorded and watched live as in the bench `recording`, and their sub streams (640x360 at
 * 10 fps) received, decoded and looked at for motion at 5 fps: all processes of the engine against as many bare `ffmpeg -c copy -f null`
 * of the main streams, one after the other in one run. The whole picture is masked, so that the detector never looks: what it costs
 * depends on what moves, and is what the bench `vision` tells. Needs the shared RTSP server. In the environment: CAMERAS (16), SECONDS
 * (30), VIEWERS per camera (1).
 */
import { FULL_HD, HAS_CLOCK_CAMERAS, startClockCameras } from '../fixtures/clock-cameras.ts';
import { measureBare, measureEngine, quantile } from './engine-load.ts';

const CAMERAS = Number(process.env.CAMERAS ?? 16);
const SECONDS = Number(process.env.SECONDS ?? 30);
const VIEWERS = Number(process.env.VIEWERS ?? 1);
const GOAL = 4.2;
const FPS = 5;
const WHOLE_PICTURE = {
  points: [
    { x: 0, y: 0 },
    { x: 1, y: 0 },
    { x: 1, y: 1 },
    { x: 0, y: 1 },
  ],
};

if (HAS_CLOCK_CAMERAS) await main();
else console.log('skipped: the shared RTSP server is not here');

async function main() {
  const cameras = await startClockCameras({ count: CAMERAS, ...FULL_HD, subStreams: true });
  const indices = Array.from({ length: CAMERAS }, (_, index) => index);
  const provision = indices.map((index) => ({
    name: `cam${index}`,
    source: { main: cameras.url(index), sub: cameras.subUrl(index) },
    analysis: { enabled: true, fps: FPS, masks: [WHOLE_PICTURE] },
  }));
  const options = { seconds: SECONDS, viewers: VIEWERS };
  try {
    const bare = await measureBare(
      indices.map((index) => cameras.url(index)),
      SECONDS,
    );
    const engine = await measureEngine(provision, options);
    const perMinute = (seconds: number) => (((seconds / SECONDS) * 60) / CAMERAS).toFixed(3);
    const ratio = engine.cpu / bare.cpu;
    console.log(`${CAMERAS} cameras 1080p25, recorded, ${VIEWERS} live viewers each, analysed at ${FPS} fps`);
    console.log(`ffmpeg -c copy -f null   ${perMinute(bare.cpu)} CPU-s per camera-minute`);
    console.log(
      `engine, all processes    ${perMinute(engine.cpu)} CPU-s per camera-minute, ${perMinute(engine.cpu - engine.ownCpu)} of it decoders`,
    );
    console.log(`ratio CPU                ${ratio.toFixed(2)} (goal ≤ ${GOAL})`);
    console.log(
      `analysed                 ${engine.analysedFps.length} cameras at ${quantile(engine.analysedFps, 0).toFixed(1)} to ${quantile(engine.analysedFps, 1).toFixed(1)} fps`,
    );
    console.log(`event-loop delay p99     worst ${quantile(engine.loopDelayP99s, 1).toFixed(1)} ms`);
    if (ratio > GOAL || engine.analysedFps.length < CAMERAS) process.exitCode = 1;
  } finally {
    await cameras.stop();
  }
}
