/**
 * A camera that sends H.265 over RTSP, in a browser that does not play it: its recording is converted while it is watched, and says so; speed,
 * steps and seeks work as with any other; and nothing of it is missing from the recording. Skipped without Chromium or GStreamer.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CameraView } from '../../src/shared/contract-cameras.ts';
import { loadAnew, openAppPage } from '../fixtures/app-page.ts';
import { CHROMIUM, launchChromium } from '../fixtures/browser.ts';
import { type RunningEngine, startEngine, until } from '../fixtures/engine.ts';
import { lanesOf } from '../fixtures/recorded-engine.ts';
import { makeClip, type RtspCameras, startRtspCameras, whyNoRtspCameras } from '../fixtures/rtsp-cameras.ts';

const missing = !CHROMIUM ? 'no Chromium' : await whyNoRtspCameras();
const ENOUGH_MS = 14_000;

describe.skipIf(missing !== null)(`playback of H.265${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let folder: string;
  let rtsp: RtspCameras;
  let engine: RunningEngine;
  let browser: Browser;
  let page: Page;
  let camera: CameraView;
  let startEpochMs: number;
  const problems: string[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'threshold-h265-'));
    const clip = await makeClip(folder, 'gate', { codec: 'h265', seconds: 20, size: '640x360' });
    rtsp = await startRtspCameras([`gate=${clip}`]);
    engine = await startEngine(join(folder, 'data'), {
      cameras: [{ name: 'Gate', source: { main: rtsp.url('gate') }, analysis: { enabled: false } }],
    });
    [camera] = (await engine.get<CameraView[]>('/cameras')) as [CameraView];
    startEpochMs = await until('footage', async () => {
      const [lane] = await lanesOf(engine);
      const [span] = lane?.spans ?? [];
      return span && span[1] - span[0] > ENOUGH_MS ? span[0] : null;
    });
    browser = await launchChromium();
    page = await openAppPage(browser, engine, problems);
  });
  afterAll(async () => {
    await browser?.close();
    await engine?.stop();
    await rtsp?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const picture = () => page.locator(`video[data-camera-id="${camera.id}"]`);
  const shown = () => picture().evaluate((video: HTMLVideoElement) => video.currentTime);

  async function openAt(offsetMs: number): Promise<void> {
    await loadAnew(page, engine, `/archive?camera=${camera.id}&at=${startEpochMs + offsetMs}`);
    await page.waitForFunction((id) => {
      const video = document.querySelector<HTMLVideoElement>(`video[data-camera-id="${id}"]`);
      return video !== null && video.readyState >= 2 && video.videoWidth > 0;
    }, camera.id);
  }

  test('is converted, and says so', async () => {
    await openAt(3000);
    await page.getByText('Converted for this browser').waitFor();
    expect(await page.getByText(/cannot play/).count()).toBe(0);
    const colours = await picture().evaluate((video: HTMLVideoElement) => {
      const canvas = document.createElement('canvas');
      [canvas.width, canvas.height] = [32, 18];
      const ctx = canvas.getContext('2d')!;
      ctx.drawImage(video, 0, 0, 32, 18);
      const { data } = ctx.getImageData(0, 0, 32, 18);
      return new Set(
        Array.from({ length: 32 * 18 }, (_, i) => `${data[i * 4]! >> 5} ${data[i * 4 + 1]! >> 5}`),
      ).size;
    });
    // A test card has many; a grey or black picture one.
    expect(colours).toBeGreaterThan(8);
  });

  test('plays over the borders of what was converted at once, and twice as fast', async () => {
    await openAt(1000);
    await page.keyboard.press('Space');
    const from = await shown();
    await until('five seconds of it', async () => (await shown()) > from + 5);
    await page.keyboard.press('l');
    const faster = await shown();
    await until('three more', async () => (await shown()) > faster + 3);
    await page.keyboard.press('k');
    expect(await page.getByText('Converted for this browser').isVisible()).toBe(true);
  });

  test('goes frame by frame, also from one converted piece to the next', async () => {
    await openAt(3900);
    let at = await shown();
    for (let step = 0; step < 8; step++) {
      await page.keyboard.press('.');
      const before = at;
      at = await until('the next frame', async () => {
        const now = await shown();
        return now > before ? now : null;
      });
      expect((at - before) * 1000).toBeLessThan(90);
    }
  });

  test('the newest footage is shown too, as its key frames come', async () => {
    await loadAnew(page, engine, `/archive?camera=${camera.id}`);
    await page.getByText('Converted for this browser').waitFor();
    await page.keyboard.press('End');
    await page.keyboard.press('Space');
    await until('pictures at the newest end', async () =>
      picture().evaluate((video: HTMLVideoElement) => video.readyState >= 2 && !video.seeking),
    );
  });

  test('the recording has no gap, and no conversion is left behind', async () => {
    const [lane] = await lanesOf(engine);
    expect(lane?.gaps.filter(({ cause }) => cause !== 'connecting')).toEqual([]);
    expect(lane?.spans).toHaveLength(1);
    await page.goto('about:blank');
    expect(engine.log()).not.toContain('could not be converted');
  });

  test('met no error of the page', () => {
    expect(problems).toEqual([]);
  });
});
