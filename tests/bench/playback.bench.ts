/**
 * The archive as its user waits for it, in Chromium on CAMERAS (4) cameras with five minutes of 1080p25 at 4 Mb/s each, a key frame every two
 * seconds: from the pointer's rest on the timeline to a preview picture, from a click on it to the picture there, with one camera and with
 * all, and how far the cameras are apart while they play. Baselines of the same run: ffmpeg for the same pictures, and the browser's own seek in
 * a clip of the same footage. ROUNDS (40) in the environment.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright';
import { loadAnew, openAppPage } from '../fixtures/app-page.ts';
import { CHROMIUM, launchChromium } from '../fixtures/browser.ts';
import { type RunningEngine, startEngine } from '../fixtures/engine.ts';
import { openArchive } from '../integration/archive-fixture.ts';
import { deliver, makeFootage, until } from '../integration/recording-fixture.ts';
import { quantile, sleep } from './engine-load.ts';
import { addCameras } from './full-archive.ts';
import { seededRandom } from './random.ts';

const CAMERAS = Number(process.env.CAMERAS ?? 4);
const ROUNDS = Number(process.env.ROUNDS ?? 40);
const PIECE_SECONDS = 20;
const PIECES = 15;
const LENGTH_MS = PIECES * PIECE_SECONDS * 1000;
const START = Date.now() - 3_600_000;
const GOALS_MS = { preview: 100, seek: 300, drift: 100 };
/** Between two measurements, as of a hand. */
const REST_MS = 250;
const PLAYED_MS = 15_000;
/** About the handles of a selection the pointer means them. */
const HANDLE_PX = 20;
const WAIT_MS = 10_000;

const random = seededRandom(20_261_129);
let share = 0;

if (!CHROMIUM) console.log('skipped: no Chromium');
else await main();

async function main() {
  const { dataDir, cameraIds, clip } = await recordFootage();
  const engine = await startEngine(dataDir);
  const browser = await launchChromium();
  try {
    const page = await openAppPage(browser, engine, []);
    await page.addInitScript(watchPage);
    await measurePreviews(page, engine, cameraIds[0]!, dataDir);
    const bare = await measureBareSeeks(browser, clip);
    console.log(`the browser's own seek in a clip   ${words(bare)}`);
    for (const ids of [cameraIds.slice(0, 1), cameraIds]) await measureSeeks(page, engine, ids, bare);
    await measureDrift(page, engine, cameraIds);
  } finally {
    await browser.close();
    await engine.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** The same pictures for every camera. */
async function recordFootage() {
  const { dataDir, sql, archive, service, addCamera } = await openArchive(START + 2 * LENGTH_MS, {
    segmentMs: 60_000,
  });
  const bits = [
    '-preset',
    'veryfast',
    '-b:v',
    '4M',
    '-maxrate',
    '4M',
    '-bufsize',
    '8M',
    '-bf',
    '0',
    '-g',
    '50',
  ];
  const footage = makeFootage(PIECE_SECONDS, { size: '1920x1080', audio: false, extra: bits });
  const cameraIds = addCameras(sql, dataDir, { cameras: CAMERAS, endEpochMs: START });
  const range = { fromEpochMs: START, toEpochMs: START + LENGTH_MS };
  for (const cameraId of cameraIds) {
    const { main } = await addCamera(cameraId, cameraId);
    for (let piece = 1; piece <= PIECES; piece++) {
      const endEpochMs = START + piece * PIECE_SECONDS * 1000;
      deliver(footage, main, endEpochMs - PIECE_SECONDS * 1000, { describe: piece === 1 });
      await until('a piece is on disk', () =>
        archive
          .segments({ cameraId, stream: 'main', ...range })
          .some((segment) => segment.endEpochMs >= endEpochMs - 100),
      );
    }
  }
  await service.stop();
  const clip = join(dataDir, 'clip.mp4');
  await archive.clip({ cameraId: cameraIds[0]!, ...range, audio: false }, clip);
  await archive.stop();
  sql.close();
  console.log(`${CAMERAS} cameras, ${LENGTH_MS / 60_000} min each; Chromium without a GPU`);
  return { dataDir, cameraIds, clip };
}

/** In the page: when the pointer last did something, and when a preview picture was last there. */
function watchPage(): void {
  const seen = { pointer: 0, preview: 0, x: 0 };
  Object.assign(window, { seen });
  window.addEventListener('pointerup', () => Object.assign(seen, { pointer: performance.now() }), true);
  window.addEventListener(
    'pointermove',
    ({ clientX: x }) => {
      // The browser repeats a move where the page has changed below the pointer.
      if (x !== seen.x) Object.assign(seen, { pointer: performance.now(), x });
    },
    true,
  );
  // Loads of pictures do not reach the window.
  document.addEventListener(
    'load',
    ({ target }) => {
      if (target instanceof HTMLImageElement && target.closest('[role="presentation"]'))
        seen.preview = performance.now();
    },
    true,
  );
}

interface Watched {
  seen: { pointer: number; preview: number };
}

async function open(page: Page, engine: RunningEngine, ids: readonly string[]): Promise<void> {
  await loadAnew(page, engine, `/archive?camera=${ids}&at=${START + 1000}&to=${START + LENGTH_MS - 1000}`);
  await page.waitForFunction(
    (count) => [...document.querySelectorAll('video')].filter((one) => one.readyState >= 2).length === count,
    ids.length,
  );
  for (let press = 0; press < 2; press++) await page.keyboard.press('+');
  await sleep(1500);
}

/** On the first lane, where there is footage: the timeline follows the playhead. */
async function pickPlace(page: Page): Promise<{ x: number; y: number }> {
  const middle = async (name: string) => {
    const box = (await page.getByRole('slider', { name }).boundingBox())!;
    return box.x + box.width / 2;
  };
  const lanes = (await page
    .getByRole('region', { name: 'Recordings over time' })
    .locator('canvas')
    .boundingBox())!;
  const from = Math.max(lanes.x + 8, await middle('Selection start'));
  const to = Math.min(lanes.x + lanes.width - 8, await middle('Selection end'));
  return { x: Math.round(from + HANDLE_PX + nextShare() * (to - from - 2 * HANDLE_PX)), y: lanes.y + 48 };
}

/** In [0, 1), never near the one before: there would be no other picture. */
function nextShare(): number {
  share = (share + 0.1 + 0.8 * random()) % 1;
  return share;
}

async function measurePreviews(page: Page, engine: RunningEngine, cameraId: string, dataDir: string) {
  await open(page, engine, [cameraId]);
  const delays: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    await sleep(REST_MS);
    const place = await pickPlace(page);
    await page.mouse.move(place.x, place.y);
    const isThere = () => {
      const { seen } = window as unknown as Watched;
      return seen.preview > seen.pointer;
    };
    await page.waitForFunction(isThere, null, { polling: 20, timeout: WAIT_MS });
    delays.push(
      await page.evaluate(() => {
        const { seen } = window as unknown as Watched;
        return seen.preview - seen.pointer;
      }),
    );
  }
  const bare = Array.from({ length: ROUNDS }, () => bareFrame(dataDir));
  console.log(`ffmpeg, one picture of a file       ${words(bare)}`);
  report('pointer to preview picture', delays, bare, GOALS_MS.preview);
}

/** A picture of a segment, to the frame, as somebody would get it by hand. */
function bareFrame(dataDir: string): number {
  const root = join(dataDir, 'recordings');
  const [file = ''] = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.mp4'),
  );
  const began = performance.now();
  const at = (random() * (PIECE_SECONDS - 2)).toFixed(2);
  const picture = spawnSync('ffmpeg', [
    ...['-v', 'error', '-threads', '1', '-ss', at, '-i', join(root, file), '-frames:v', '1'],
    ...['-vf', 'scale=320:-2', '-q:v', '4', '-f', 'mjpeg', '-'],
  ]);
  if (picture.stdout.length === 0) throw new Error(picture.stderr.toString());
  return performance.now() - began;
}

async function measureBareSeeks(browser: Browser, clip: string): Promise<number[]> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(pathToFileURL(clip).href);
  await page.evaluate(() => document.querySelector('video')!.pause());
  const delays: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    await sleep(REST_MS);
    delays.push(
      await page.evaluate((share) => {
        const video = document.querySelector('video')!;
        const began = performance.now();
        return new Promise<number>((done) => {
          video.requestVideoFrameCallback(() => done(performance.now() - began));
          video.currentTime = share * video.duration;
        });
      }, random()),
    );
  }
  await page.close();
  return delays;
}

async function measureSeeks(page: Page, engine: RunningEngine, ids: readonly string[], bare: number[]) {
  await open(page, engine, ids);
  const delays: number[] = [];
  const settled: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    await sleep(REST_MS);
    const place = await pickPlace(page);
    await page.mouse.move(place.x, place.y);
    await sleep(REST_MS);
    const shown = page.evaluate(async () => {
      const { seen } = window as unknown as Watched;
      const videos = [...document.querySelectorAll('video')];
      const nextFrame = (video: HTMLVideoElement) =>
        new Promise<number>((done) => video.requestVideoFrameCallback((now) => done(now)));
      const first = Math.max(...(await Promise.all(videos.map(nextFrame)))) - seen.pointer;
      let settledMs = first;
      for (let looked = performance.now(); performance.now() - looked < 300; ) {
        const [at] = videos.map(({ currentTime }) => currentTime);
        const isCalm = videos.every((video) => !video.seeking && video.currentTime === at);
        if (!isCalm) {
          looked = performance.now();
          settledMs = looked - seen.pointer;
        }
        await new Promise((done) => setTimeout(done, 10));
      }
      return { first, settledMs };
    });
    await page.mouse.down();
    await page.mouse.up();
    const { first, settledMs } = await shown;
    delays.push(first);
    settled.push(settledMs);
  }
  report(`click to picture, ${ids.length} of them`, delays, bare, GOALS_MS.seek);
  console.log(`… and all at the same moment        ${words(settled)}`);
}

/** All were opened at the same moment: the same media time is the same time of day. */
async function measureDrift(page: Page, engine: RunningEngine, ids: readonly string[]) {
  await open(page, engine, ids);
  await page.keyboard.press('Space');
  await sleep(2000);
  const { drifts, playedMs } = await page.evaluate(async (lengthMs) => {
    const drifts: number[] = [];
    const times = () => [...document.querySelectorAll('video')].map((video) => video.currentTime * 1000);
    const [before = 0] = times();
    for (const end = performance.now() + lengthMs; performance.now() < end; ) {
      drifts.push(Math.max(...times()) - Math.min(...times()));
      await new Promise((done) => setTimeout(done, 50));
    }
    return { drifts, playedMs: times()[0]! - before };
  }, PLAYED_MS);
  if (playedMs < PLAYED_MS / 2) throw new Error(`only ${playedMs} ms of ${PLAYED_MS} were played`);
  await page.keyboard.press('Space');
  console.log(`${ids.length} cameras apart while they play    ${words(drifts)} (goal ≤ ${GOALS_MS.drift})`);
  if (quantile(drifts, 0.95) > GOALS_MS.drift) process.exitCode = 1;
}

function report(what: string, delays: number[], bare: number[], goalMs: number): void {
  const ratio = (quantile(delays, 0.5) / quantile(bare, 0.5)).toFixed(2);
  console.log(`${what.padEnd(35)} ${words(delays)} (goal p95 ≤ ${goalMs}), ${ratio} x the baseline's median`);
  if (quantile(delays, 0.95) > goalMs) process.exitCode = 1;
}

function words(values: readonly number[]): string {
  const [p50, p95, most] = [0.5, 0.95, 1].map((q) => quantile(values, q).toFixed(0));
  return `p50 ${p50}, p95 ${p95}, most ${most} ms`;
}
