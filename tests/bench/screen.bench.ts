/**
 * From capture to the screen: one camera's live page in Chromium, by MSE. A frame is known by its media time; a viewer beside the page
 * learns from the marks in the same frames when each was captured. The baseline is the arrival of the same frames at that viewer: what
 * lies between is the browser's. SECONDS (20), WIDTH (640: 640x360, 1920: 1080p) in the environment.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { CHROMIUM, launchChromium } from '../fixtures/browser.ts';
import { captureInstants, FULL_HD, HAS_CLOCK_CAMERAS, startClockCameras } from '../fixtures/clock-cameras.ts';
import { type RunningEngine, startEngine } from '../fixtures/engine.ts';
import { quantile, sleep, watchLive } from './engine-load.ts';

const SECONDS = Number(process.env.SECONDS ?? 20);
const IS_FULL_HD = process.env.WIDTH === '1920';
const TIMESCALE = 90_000;
/** The page has found the live edge by then. */
const WARM_UP_MS = 6000;

if (!HAS_CLOCK_CAMERAS) console.log('skipped: the shared RTSP server is not here');
else if (!CHROMIUM) console.log('skipped: no Chromium');
else await main();

async function main() {
  const cameras = await startClockCameras(IS_FULL_HD ? FULL_HD : {});
  const folder = mkdtempSync(join(tmpdir(), 'threshold-screen-'));
  const engine = await startEngine(join(folder, 'data'), {
    cameras: [{ name: 'clock', source: { main: cameras.url(0) }, analysis: { enabled: false } }],
  });
  const browser = await launchChromium();
  try {
    const captured = new Map<number, number>();
    const arrivals: number[] = [];
    await watchLive(engine, 1, (message) => {
      const [instant] = captureInstants(message);
      const at = message.indexOf('tfdt');
      if (instant === undefined || at < 0) return;
      captured.set(frameOf(Number(message.readBigUInt64BE(at + 8)) / TIMESCALE), instant);
      arrivals.push(Date.now() - instant);
    });
    const page = await openLive(await browser.newPage(), engine);
    await sleep(WARM_UP_MS);
    arrivals.length = 0;
    const shown = await watchFrames(page, SECONDS * 1000);
    const delays = shown.flatMap(({ mediaTime, epochMs }) => {
      const instant = captured.get(frameOf(mediaTime));
      return instant === undefined ? [] : [epochMs - instant];
    });
    const words = (values: number[]) =>
      `p50 ${quantile(values, 0.5).toFixed(0)}, p95 ${quantile(values, 0.95).toFixed(0)} ms (${values.length} frames)`;
    console.log(
      `one camera ${IS_FULL_HD ? '1080p25' : '640x360, 25 fps'}, Chromium without a GPU, ${SECONDS} s`,
    );
    console.log(`capture to a viewer's socket  ${words(arrivals)}`);
    console.log(`capture to the screen         ${words(delays)} (goal p95 ≤ 100)`);
  } finally {
    await browser.close();
    await engine.stop();
    await cameras.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Frames are 40 ms apart. */
function frameOf(seconds: number): number {
  return Math.round(seconds * 25);
}

async function openLive(page: Page, { url, cookie }: RunningEngine): Promise<Page> {
  const [name = '', value = ''] = cookie.split('=');
  await page.context().addCookies([{ name, value, url }]);
  await page.goto(`${url}/#/live`);
  await page.waitForFunction(() => (document.querySelector('video')?.currentTime ?? 0) > 0, null, {
    timeout: 20_000,
  });
  return page;
}

/** Every frame that the page shows: its media time, and when it is on the screen. */
function watchFrames(page: Page, ms: number): Promise<Array<{ mediaTime: number; epochMs: number }>> {
  return page.evaluate(
    (lengthMs) =>
      new Promise<Array<{ mediaTime: number; epochMs: number }>>((done) => {
        const video = document.querySelector('video')!;
        const frames: Array<{ mediaTime: number; epochMs: number }> = [];
        const end = performance.now() + lengthMs;
        const next = () =>
          video.requestVideoFrameCallback((now, { mediaTime, expectedDisplayTime }) => {
            frames.push({ mediaTime, epochMs: performance.timeOrigin + expectedDisplayTime });
            if (now < end) next();
            else done(frames);
          });
        next();
      }),
    ms,
  );
}
