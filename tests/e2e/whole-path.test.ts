/**
 * What a new user does, in a real browser on a real RTSP camera: create the account, add the camera, draw a line, see the
 * event, play it, export the clip. The file is checked with ffprobe. Skipped without Chromium, GStreamer, footage or model.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CHROMIUM, launchChromium } from '../fixtures/browser.ts';
import { ACCOUNT, HAS_SHARED, ROOT, SHARED } from '../fixtures/engine.ts';
import { type RtspCameras, startRtspCameras, whyNoRtspCameras } from '../fixtures/rtsp-cameras.ts';

const CLIP = join(SHARED, 'footage/tail_real_pair_left.mp4');
const missing = !CHROMIUM ? 'no Chromium' : !HAS_SHARED ? 'no shared footage' : await whyNoRtspCameras();

describe.skipIf(missing !== null)(`a new user${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let folder: string;
  let cameras: RtspCameras;
  let stopEngine: () => Promise<void>;
  let browser: Browser;
  let page: Page;
  let url: string;
  const problems: string[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'threshold-e2e-'));
    const clip = join(folder, 'door.mp4');
    encodeWithKeyframes(CLIP, clip);
    cameras = await startRtspCameras([`door=${clip}`], ['--user', 'admin', '--password', 'secret-word']);
    ({ url, stop: stopEngine } = await startEmptyEngine(join(folder, 'data')));
    browser = await launchChromium();
    page = await browser.newPage({ viewport: { width: 1440, height: 900 }, acceptDownloads: true });
    page.setDefaultTimeout(45_000);
    page.on('pageerror', (error) => problems.push(error.message));
    page.on(
      'console',
      (message) => /Content Security Policy/i.test(message.text()) && problems.push(message.text()),
    );
  });

  afterAll(async () => {
    await browser?.close();
    await stopEngine?.();
    await cameras?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test('creates the account', async () => {
    await page.goto(url);
    await page.getByLabel('E-mail').fill(ACCOUNT.email);
    await page.getByLabel('Password').fill(ACCOUNT.password);
    await page.getByRole('button', { name: 'Create account' }).click();
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('link', { name: 'Type a stream address, or take a demo camera' }).click();
    await page.getByRole('heading', { name: 'Add camera' }).waitFor();
  });

  test('is told of a wrong password, then adds the camera', async () => {
    await page.getByRole('button', { name: 'Full address' }).click();
    const address = page.getByLabel('Address of the main stream');
    await address.fill(cameras.url('door', 'admin:wrong'));
    await page.getByRole('button', { name: 'Check', exact: true }).click();
    await page
      .getByText(/wrong user name or password/i)
      .first()
      .waitFor();
    await address.fill(cameras.url('door', 'admin:secret-word'));
    await page.getByRole('button', { name: 'Check', exact: true }).click();
    await page.getByRole('region', { name: 'Check' }).getByRole('img').waitFor();
    await page.getByLabel('Name').fill('Front door');
    await page.getByRole('button', { name: 'Save camera' }).click();
    await page.getByRole('heading', { name: 'Front door' }).waitFor();
  });

  test('sees the live picture move', async () => {
    await expectMoving(page, 'video');
  });

  test('draws a line on the picture and saves it', async () => {
    const picture = page.getByRole('group', { name: /with its lines and zones/ });
    await page.getByRole('button', { name: 'Draw line' }).click();
    const box = (await picture.boundingBox())!;
    const at = (x: number, y: number) => [box.x + box.width * x, box.y + box.height * y] as const;
    await page.mouse.move(...at(0.2, 0.02));
    await page.mouse.down();
    await page.mouse.move(...at(0.2, 0.5), { steps: 4 });
    await page.mouse.move(...at(0.2, 0.98), { steps: 4 });
    await page.mouse.up();
    await page.getByLabel('Name').first().fill('Enter');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('Saved').first().waitFor();
  });

  test('sees the event, with its picture', async () => {
    await page.goto(`${url}/#/events`);
    const card = page.getByRole('link', { name: /crossed Enter/i }).first();
    await card.waitFor({ timeout: 60_000 });
    await expect
      .poll(
        () =>
          card
            .locator('img')
            .first()
            .evaluate((image: HTMLImageElement) => image.naturalWidth),
        { timeout: 30_000 },
      )
      .toBeGreaterThan(0);
    await card.click();
    await page.getByText(/Enter/).first().waitFor();
    await expectMoving(page, 'video');
  });

  test('plays the recording and exports a range of it', async () => {
    await page.goto(`${url}/#/archive`);
    await page.getByRole('slider', { name: 'Timeline' }).waitFor();
    const play = page.getByRole('button', { name: 'Play', exact: true });
    if (await play.isVisible()) await play.click();
    await expectMoving(page, 'video');
    await page.getByRole('button', { name: 'Pause', exact: true }).click();
    await page.getByRole('button', { name: 'Select a range' }).click();
    await page.getByRole('button', { name: 'Export', exact: true }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Export clip' }).click();
    await page.getByText('The footage is being exported.').first().waitFor();
    await page.goto(`${url}/#/exports`);
    const link = page.getByRole('link', { name: /^Download/ }).first();
    await link.waitFor({ timeout: 60_000 });
    const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
    const file = join(folder, 'clip.mp4');
    await download.saveAs(file);
    const probe = spawnSync(
      'ffprobe',
      ['-v', 'warning', '-show_entries', 'format=duration:stream=codec_name', '-of', 'json', file],
      { encoding: 'utf8' },
    );
    expect(probe.stderr).toBe('');
    const facts = JSON.parse(probe.stdout) as {
      format: { duration: string };
      streams: Array<{ codec_name: string }>;
    };
    expect(facts.streams[0]?.codec_name).toBe('h264');
    expect(Number(facts.format.duration)).toBeGreaterThan(0.5);
  });

  test('met no error of the page and no breach of its security policy', () => {
    expect(problems).toEqual([]);
  });
});

/** The clip with a key frame a second, as a camera would send it; its own are 10 s apart. */
function encodeWithKeyframes(from: string, to: string): void {
  const codec = ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '20', '-g', '12', '-bf', '0', '-an'];
  const ended = spawnSync('ffmpeg', ['-nostdin', '-v', 'error', '-i', from, ...codec, to], {
    encoding: 'utf8',
  });
  if (ended.status !== 0) throw new Error(ended.stderr);
}

/** The engine as `serve` starts it on an empty folder: no account, no camera. */
async function startEmptyEngine(data: string): Promise<{ url: string; stop: () => Promise<void> }> {
  const args = [join(ROOT, 'out/main/serve.js'), '--data', data, '--listen', '127.0.0.1:0'];
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, THRESHOLD_MODELS: join(SHARED, 'models') },
  });
  const [line] = (await once(child.stdout!, 'data')) as [Buffer];
  return {
    url: (JSON.parse(line.toString()) as { url: string }).url,
    stop: async () => {
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

/** Waits until the element's time advances with a picture in it. */
async function expectMoving(page: Page, selector: string): Promise<void> {
  const video = page.locator(selector).first();
  await video.waitFor();
  const state = () =>
    video.evaluate((element: HTMLVideoElement) => ({ time: element.currentTime, width: element.videoWidth }));
  await expect.poll(async () => (await state()).width, { timeout: 30_000 }).toBeGreaterThan(0);
  const { time } = await state();
  await expect.poll(async () => (await state()).time, { timeout: 30_000 }).not.toBe(time);
}
