/**
 * Playback in a real browser where things go wrong on the way: a connection at a tenth of what the main stream needs, one that is gone for
 * a while, a session that has ended, and footage that cannot be decoded. Skipped without Chromium or footage.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ArchiveSegment } from '../../src/shared/contract-archive.ts';
import type { CameraView } from '../../src/shared/contract-cameras.ts';
import { loadAnew, openAppPage } from '../fixtures/app-page.ts';
import { CHROMIUM, launchChromium } from '../fixtures/browser.ts';
import { HAS_SHARED, type RunningEngine, SHARED, startEngine, until } from '../fixtures/engine.ts';
import { makeClip } from '../fixtures/rtsp-cameras.ts';

const missing = !CHROMIUM ? 'no Chromium' : !HAS_SHARED ? 'no shared footage' : null;
const MEDIA = /\/archive\/[^/]+\/media\?/;

/** A request for pictures as the page made it. */
interface Asked {
  stream: 'main' | 'sub';
  atMs: number;
}
type PacedWindow = Window & { asked: Asked[] };

describe.skipIf(missing !== null)(`a poor connection${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let folder: string;
  let engine: RunningEngine;
  let browser: Browser;
  let page: Page;
  let camera: CameraView;
  let startEpochMs: number;
  let mainBytesPerMs: number;
  const problems: string[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'threshold-poor-'));
    const main = pathToFileURL(join(SHARED, 'footage', 'tail_real_pair_left.mp4')).href;
    const sub = pathToFileURL(await makeClip(folder, 'sub', { seconds: 20, sound: false })).href;
    engine = await startEngine(join(folder, 'data'), {
      cameras: [
        {
          ...{ name: 'Front door', source: { main, sub }, analysis: { enabled: false } },
          recording: { subStream: true },
        },
      ],
    });
    [camera] = (await engine.get<CameraView[]>('/cameras')) as [CameraView];
    const list = (stream: string) =>
      engine.get<ArchiveSegment[]>(
        `/archive/${camera.id}/segments?fromEpochMs=0&toEpochMs=${Date.now() + 1e6}&stream=${stream}`,
      );
    startEpochMs = await until(
      'footage of both streams',
      async () => {
        const lists = [await list('main'), await list('sub')];
        const start = Math.max(...lists.map((one) => one[0]?.startEpochMs ?? Number.NaN));
        const end = Math.min(...lists.map((one) => one.at(-1)?.endEpochMs ?? Number.NaN));
        return end - start > 16_000 ? start : null;
      },
      90_000,
    );
    const range = `fromEpochMs=${startEpochMs}&toEpochMs=${startEpochMs + 10_000}&baseEpochMs=${startEpochMs}`;
    const answer = await fetch(`${engine.url}/app/v1/archive/${camera.id}/media?track=video&${range}`, {
      headers: { cookie: engine.cookie },
    });
    mainBytesPerMs = (await answer.arrayBuffer()).byteLength / 10_000;
    browser = await launchChromium();
    page = await openAppPage(browser, engine, problems);
  });
  afterAll(async () => {
    await browser?.close();
    await engine?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const place = (offsetMs: number) => `/archive?camera=${camera.id}&at=${startEpochMs + offsetMs}`;
  const shown = (of: Page) =>
    of.locator('figure video').evaluate((video: HTMLVideoElement) => video.currentTime);

  test('a tenth of what the main stream needs: the sub stream within seconds, and it stays with that', async () => {
    const slow = await openAppPage(browser, engine, problems);
    await slow.addInitScript(paceMainStream, mainBytesPerMs / 10);
    await loadAnew(slow, engine, place(1000));
    await slow.getByText('Smaller picture: the connection is slow').waitFor();
    const before = await slow.evaluate(() => (window as unknown as PacedWindow).asked);
    const [first] = before;
    expect(first?.stream).toBe('main');
    expect(before.filter(({ stream }) => stream === 'main')).toHaveLength(1);
    const tookMs = before.at(-1)!.atMs - first!.atMs;
    expect(before.at(-1)!.stream).toBe('sub');
    expect(tookMs).toBeLessThan(4000);
    await slow.waitForFunction(() => document.querySelector('video')!.readyState >= 2);
    await slow.keyboard.press('Space');
    const from = await shown(slow);
    await until('playback', async () => (await shown(slow)) > from + 6);
    const after = await slow.evaluate(() => (window as unknown as PacedWindow).asked);
    // A hole that only the sub stream's recording has may be asked of the main stream once.
    expect(after.filter(({ stream }) => stream === 'main').length).toBeLessThanOrEqual(2);
    expect(after.at(-1)!.stream).toBe('sub');
    await slow.close();
  });

  test('a recorder that cannot be reached is asked until it can be, and playback goes on by itself', async () => {
    await page.route(MEDIA, (route) => route.abort('connectionrefused'));
    await loadAnew(page, engine, place(1000));
    const words = page.getByText('The recorder cannot be reached.');
    await words.waitFor();
    await page.keyboard.press('Space');
    // Longer than an answer with a problem would be asked for again.
    await new Promise((done) => setTimeout(done, 8000));
    expect(await words.isVisible()).toBe(true);
    expect(await page.getByText(/Failed to fetch/).count()).toBe(0);
    expect(await page.getByRole('button', { name: 'Try again' }).count()).toBe(0);
    await page.unroute(MEDIA);
    await until('playback', async () => (await shown(page)) > 0);
    const from = await shown(page);
    await until('more of it', async () => (await shown(page)) > from + 2);
    expect(await words.count()).toBe(0);
  });

  test('a loss while it plays is told once the pictures run out, and forgotten when they come', async () => {
    await loadAnew(page, engine, `/archive?camera=${camera.id}`);
    await page.waitForFunction(() => (document.querySelector('video')?.readyState ?? 0) >= 2);
    await page.route(MEDIA, (route) => route.abort('connectionreset'));
    await page.keyboard.press('Space');
    const words = page.getByText('The recorder cannot be reached.');
    await words.waitFor();
    const stood = await shown(page);
    await page.unroute(MEDIA);
    await until('playback', async () => (await shown(page)) > stood + 2);
    expect(await words.count()).toBe(0);
  });

  test('where the session has ended, the page asks to sign in', async () => {
    const body = JSON.stringify({ kind: 'unauthorized', message: 'Sign in first.' });
    await page.route(MEDIA, (route) => route.fulfill({ status: 401, contentType: 'application/json', body }));
    await loadAnew(page, engine, place(2000));
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    await page.unroute(MEDIA);
  });

  test('footage that cannot be decoded is named, instead of being opened again for ever', async () => {
    const openings = new Set<string | null>();
    await page.route(MEDIA, async (route) => {
      openings.add(new URL(route.request().url()).searchParams.get('baseEpochMs'));
      const response = await route.fetch();
      await route.fulfill({ response, body: damaged(await response.body()) });
    });
    await loadAnew(page, engine, place(1000));
    await page.getByText('The footage here cannot be decoded').waitFor();
    // At once, and three times a little further on.
    expect(openings.size).toBeLessThanOrEqual(4);
    await page.unroute(MEDIA);
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.waitForFunction(() => (document.querySelector('video')?.readyState ?? 0) >= 2);
  });

  test('met no error of the page', () => {
    expect(problems).toEqual([]);
  });
});

/** Runs in the page: pictures of the main stream come no faster than this. */
function paceMainStream(bytesPerMs: number): void {
  const asked: Asked[] = [];
  (window as unknown as PacedWindow).asked = asked;
  const fetchNow = window.fetch.bind(window);
  window.fetch = async (input, init) => {
    const url = String(input);
    if (!/\/media\?.*track=video/.test(url)) return fetchNow(input, init);
    const stream = url.includes('stream=sub') ? 'sub' : 'main';
    asked.push({ stream, atMs: performance.now() });
    const answer = await fetchNow(input, init);
    if (stream === 'sub' || !answer.body) return answer;
    const reader = answer.body.getReader();
    let left = new Uint8Array(0);
    const body = new ReadableStream<Uint8Array>(
      {
        async pull(controller) {
          if (left.length === 0) {
            const { done, value } = await reader.read();
            if (done) return controller.close();
            left = value;
          }
          await new Promise((done) => setTimeout(done, 100));
          init?.signal?.throwIfAborted();
          const size = Math.ceil(bytesPerMs * 100);
          controller.enqueue(left.slice(0, size));
          left = left.subarray(size);
        },
        cancel: (reason) => reader.cancel(reason),
      },
      { highWaterMark: 0 },
    );
    return new Response(body, { status: answer.status, headers: answer.headers });
  };
}

/** The same boxes and NAL units (ISO/IEC 14496-15) with nonsense for pictures: it is buffered, and no decoder makes anything of it. */
function damaged(media: Buffer): Buffer {
  for (let at = 0; at + 8 <= media.length; at += Math.max(8, media.readUInt32BE(at))) {
    if (media.toString('latin1', at + 4, at + 8) !== 'mdat') continue;
    const end = at + media.readUInt32BE(at);
    for (let unit = at + 8; unit + 5 < end; unit += 4 + media.readUInt32BE(unit))
      media.fill(0xff, unit + 5, unit + 4 + media.readUInt32BE(unit));
  }
  return media;
}
