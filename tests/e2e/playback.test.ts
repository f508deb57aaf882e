/**
 * Playback of the archive in a real browser, on real recordings of two cameras, one of them with a sub stream, the other with a hole:
 * frame by frame, typed times, zoom, full screen, several cameras in step, over the hole, and the sub stream over a slow connection.
 * Skipped without Chromium or footage.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ArchiveSegment } from '../../src/shared/contract-archive.ts';
import type { CameraView } from '../../src/shared/contract-cameras.ts';
import { loadAnew, openAppPage } from '../fixtures/app-page.ts';
import { CHROMIUM, launchChromium } from '../fixtures/browser.ts';
import { HAS_SHARED, type RunningEngine, SHARED, startEngine, until } from '../fixtures/engine.ts';

const missing = !CHROMIUM ? 'no Chromium' : !HAS_SHARED ? 'no shared footage' : null;
const FRAME_MS = 40;

describe.skipIf(missing !== null)(`playback${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let folder: string;
  let engine: RunningEngine;
  let browser: Browser;
  let page: Page;
  let cameras: CameraView[];
  let startEpochMs: number;
  /** Where nothing of the yard is recorded. */
  let hole: { startEpochMs: number; endEpochMs: number };
  const problems: string[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'threshold-playback-'));
    const file = (name: string) => pathToFileURL(join(SHARED, 'footage', name)).href;
    const main = file('tail_real_pair_left.mp4');
    engine = await startEngine(join(folder, 'data'), {
      cameras: [
        {
          ...{ name: 'Front door', source: { main, sub: main }, analysis: { enabled: false } },
          recording: { subStream: true },
        },
        { name: 'Yard', source: { main }, analysis: { enabled: false } },
      ],
    });
    cameras = await engine.get<CameraView[]>('/cameras');
    startEpochMs = await until(
      'footage of both streams',
      async () => {
        const query = `fromEpochMs=0&toEpochMs=${Date.now() + 1e6}`;
        const [door = '', yard = ''] = cameras.map(({ id }) => id);
        const lists = await Promise.all(
          [
            `${door}/segments?${query}`,
            `${door}/segments?${query}&stream=sub`,
            `${yard}/segments?${query}`,
          ].map((path) => engine.get<ArchiveSegment[]>(`/archive/${path}`)),
        );
        const starts = lists.map((list) => list[0]?.startEpochMs ?? Number.NaN);
        const ends = lists.map((list) => list.at(-1)?.endEpochMs ?? Number.NaN);
        const start = Math.max(...starts);
        return Math.min(...ends) - start > 16_000 ? start : null;
      },
      90_000,
    );
    hole = await makeHole(cameras[1]!.id);
    browser = await launchChromium();
    page = await openAppPage(browser, engine, problems);
  });
  afterAll(async () => {
    await browser?.close();
    await engine?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function makeHole(cameraId: string) {
    const record = (mode: string) => engine.send('PATCH', `/cameras/${cameraId}`, { recording: { mode } });
    await record('off');
    await setTimeout(4000);
    await record('continuous');
    return until(
      'footage on both sides of a hole',
      async () => {
        const query = `fromEpochMs=0&toEpochMs=${Date.now() + 1e6}`;
        const list = await engine.get<ArchiveSegment[]>(`/archive/${cameraId}/segments?${query}`);
        const after = list.findIndex(
          (one, at) => at > 0 && one.startEpochMs - list[at - 1]!.endEpochMs > 2000,
        );
        if (after < 0 || list.at(-1)!.endEpochMs - list[after]!.startEpochMs < 7000) return null;
        return { startEpochMs: list[after - 1]!.endEpochMs, endEpochMs: list[after]!.startEpochMs };
      },
      60_000,
    );
  }

  const playhead = async () => Number(await page.getByTestId('playhead-time').getAttribute('data-epoch-ms'));
  const picture = (index = 0) => page.locator(`video[data-camera-id="${cameras[index]!.id}"]`);
  const shown = () => picture().evaluate((video: HTMLVideoElement) => video.currentTime);

  async function openAt(offsetMs: number, cameraIds = [cameras[0]!.id]): Promise<void> {
    await loadAnew(page, engine, `/archive?camera=${cameraIds.join(',')}&at=${startEpochMs + offsetMs}`);
    for (const id of cameraIds)
      await page.waitForFunction((cameraId) => {
        const video = document.querySelector<HTMLVideoElement>(`video[data-camera-id="${cameraId}"]`);
        return video !== null && video.readyState >= 2;
      }, id);
  }

  test('goes frame by frame, both ways', async () => {
    await openAt(5000);
    const before = await shown();
    await page.keyboard.press('.');
    await until('the next frame', async () => (await shown()) > before);
    const after = await shown();
    expect((after - before) * 1000).toBeLessThan(2.5 * FRAME_MS);
    await page.keyboard.press(',');
    await until('the frame before', async () => (await shown()) < after);
    expect(Math.abs((await shown()) - before) * 1000).toBeLessThan(2 * FRAME_MS);
  });

  test('plays from an eighth of the speed to sixteen times, and backwards', async () => {
    await openAt(4000);
    await page.keyboard.press('l');
    for (const rate of [2, 4, 8, 16]) {
      await page.keyboard.press('l');
      await until(`${rate} times`, async () =>
        picture().evaluate((video: HTMLVideoElement, wanted) => video.playbackRate >= wanted * 0.8, rate),
      );
    }
    await openAt(8000);
    const from = await playhead();
    await page.keyboard.press('j');
    await until('an earlier picture', async () => (await playhead()) < from - 500);
    await page.keyboard.press('k');
  });

  test('goes to a typed time', async () => {
    await openAt(4000);
    await page.getByRole('button', { name: /^Go to time/ }).click();
    await page.getByLabel('Time', { exact: true }).fill('-2 s');
    const typed = await page.getByLabel('Time', { exact: true }).inputValue();
    expect(typed).toBe('-2 s');
    // Whole seconds are typed, and the playhead stands at the picture that is shown then.
    const wanted = Math.floor((startEpochMs + 7000) / 1000) * 1000;
    const clock = new Date(wanted).toTimeString().slice(0, 8);
    await page.getByLabel('Time', { exact: true }).fill(clock);
    await page.getByRole('button', { name: 'Go', exact: true }).click();
    await until('that time', async () => Math.abs((await playhead()) - wanted) < 200);
  });

  test('zooms into the picture by key and wheel, moves it, and shows all of it again', async () => {
    await openAt(5000);
    const widthOf = async () => (await picture().boundingBox())!.width;
    const whole = await widthOf();
    await page.keyboard.press('z');
    await until('twice the size', async () => Math.abs((await widthOf()) - 2 * whole) < 2);
    const box = (await page.locator('figure').first().boundingBox())!;
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.mouse.wheel(0, -240);
    await until('four times the size', async () => Math.abs((await widthOf()) - 4 * whole) < 4);
    const left = (await picture().boundingBox())!.x;
    await page.mouse.down();
    await page.mouse.move(box.x + box.width / 2 + 100, box.y + box.height / 2, { steps: 3 });
    await page.mouse.up();
    expect((await picture().boundingBox())!.x).toBeGreaterThan(left + 80);
    await page.getByRole('button', { name: 'Show the whole picture' }).click();
    await until('all of it', async () => Math.abs((await widthOf()) - whole) < 2);
  });

  test('plays several cameras on one clock', async () => {
    await openAt(4000, [cameras[0]!.id, cameras[1]!.id]);
    await page.keyboard.press('Space');
    const before = await playhead();
    await until('playback', async () => (await playhead()) > before + 1500);
    for (const index of [0, 1])
      expect(await picture(index).evaluate((video: HTMLVideoElement) => video.currentTime)).toBeGreaterThan(
        0,
      );
    await page.keyboard.press('Space');
  });

  test('a click on the timeline leads there, with several cameras to the very same moment', async () => {
    const videos = (look: (list: HTMLVideoElement[]) => number) =>
      page.locator('video').evaluateAll(look as (list: Element[]) => number);
    for (const ids of [[cameras[0]!.id], [cameras[0]!.id, cameras[1]!.id]]) {
      await openAt(2000, ids);
      const lanes = page.getByRole('region', { name: 'Recordings over time' }).locator('canvas');
      const { x, y, width } = (await lanes.boundingBox())!;
      // Ten minutes are shown where there is little footage yet, about the playhead.
      const pixelMs = 600_000 / width;
      const right = Math.round(9000 / pixelMs);
      const clicked = (await playhead()) + right * pixelMs;
      await page.mouse.click(x + width / 2 + right, y + 48);
      await until('that moment', async () => Math.abs((await playhead()) - clicked) < 5 * pixelMs);
      await until('all of them', async () => {
        const sought = await videos((list) => list.filter((video) => video.seeking).length);
        const apart = await videos((list) => {
          const times = list.map((video) => video.currentTime);
          return Math.max(...times) - Math.min(...times);
        });
        return sought === 0 && apart < 0.001;
      });
      const offMs = clicked - (await playhead());
      expect(offMs).toBeGreaterThan(-pixelMs - FRAME_MS);
      expect(offMs).toBeLessThan(ids.length === 1 ? 5 * pixelMs : pixelMs + FRAME_MS);
    }
  });

  test('a camera sought into its hole joins the others at its end, and one goes from its hole frame by frame with them', async () => {
    const ids = cameras.slice(0, 2).map(({ id }) => id);
    const sought = hole.endEpochMs - 2000;
    await loadAnew(page, engine, `/archive?camera=${ids.toReversed()}&at=${sought}`);
    await until('the camera with footage', async () =>
      picture(0).evaluate((video: HTMLVideoElement) => video.readyState >= 2),
    );
    const stateOf = (index: number) =>
      page.locator('figure[data-state]', { has: picture(index) }).getAttribute('data-state');
    await until('the hole', async () => (await stateOf(1)) === 'gap');
    const before = await playhead();
    await page.keyboard.press(',');
    await until('the frame before', async () => (await playhead()) < before - FRAME_MS / 2);
    expect(before - (await playhead())).toBeLessThan(3 * FRAME_MS);
    await page.keyboard.press('Space');
    await until('the end of the hole', async () => (await playhead()) > hole.endEpochMs + 500, 20_000);
    await until('both', async () => (await stateOf(1)) === 'ready', 5000);
    await page.keyboard.press('Space');
  });

  test('backwards it goes over a hole, and says so', async () => {
    await loadAnew(page, engine, `/archive?camera=${cameras[1]!.id}&at=${hole.endEpochMs + 800}`);
    await until('a picture', async () =>
      picture(1).evaluate((video: HTMLVideoElement) => video.readyState >= 2),
    );
    await page.keyboard.press('j');
    await until('what lies before', async () => (await playhead()) < hole.startEpochMs - 300, 20_000);
    await page.getByText(/^Skipped/).waitFor();
    await page.keyboard.press('k');
  });

  test('over a slow connection it plays the sub stream, and says so', async () => {
    const asked: string[] = [];
    await page.route(/\/archive\/[^/]+\/media\?.*track=video/, async (route) => {
      const url = new URL(route.request().url());
      const stream = url.searchParams.get('stream') ?? 'main';
      asked.push(stream);
      const length = Number(url.searchParams.get('toEpochMs')) - Number(url.searchParams.get('fromEpochMs'));
      const response = await route.fetch();
      if (stream === 'main') await setTimeout(length);
      await route.fulfill({ response });
    });
    await loadAnew(page, engine, `/archive?camera=${cameras[0]!.id}&at=${startEpochMs + 1000}`);
    await page.getByText('Smaller picture: the connection is slow').waitFor();
    expect(asked.slice(0, 2)).toEqual(['main', 'main']);
    expect(asked).toContain('sub');
    await page.unrouteAll({ behavior: 'ignoreErrors' });
  });

  test('met no error of the page', () => {
    expect(problems).toEqual([]);
  });
});
