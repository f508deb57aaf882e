/**
 * What somebody does after an incident, in a real browser on real recordings of two cameras, one of them analysed: find the moment on the
 * timeline, by event, by words, by likeness and by a part of the picture; watch both cameras in step, with sound; hand a clip over. The clip
 * is checked with ffprobe. Skipped without Chromium or footage.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Locator, Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { EventPage } from '../../src/shared/contract-archive.ts';
import type { CameraView } from '../../src/shared/contract-cameras.ts';
import type { NvrEvent } from '../../src/shared/domain-events.ts';
import type { Box } from '../../src/shared/geometry.ts';
import { loadAnew, openAppPage } from '../fixtures/app-page.ts';
import { CHROMIUM, launchChromium } from '../fixtures/browser.ts';
import { HAS_SHARED, type RunningEngine, SHARED, startEngine, until } from '../fixtures/engine.ts';
import { lanesOf } from '../fixtures/recorded-engine.ts';
import { makeClip } from '../fixtures/rtsp-cameras.ts';
import { Fingers } from '../fixtures/touch.ts';

const missing = !CHROMIUM ? 'no Chromium' : !HAS_SHARED ? 'no shared footage' : null;
const ENOUGH_MS = 24_000;
const FRAME_MS = 40;
/** Of the front door. */
const DOOR_FRAME_MS = 84;
const SELECTED_MS = 6000;

describe.skipIf(missing !== null)(`an investigation${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let folder: string;
  let engine: RunningEngine;
  let browser: Browser;
  let page: Page;
  let door: CameraView;
  let yard: CameraView;
  let startEpochMs: number;
  let events: NvrEvent[];
  const problems: string[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'threshold-investigation-'));
    const walk = join(folder, 'walk.mp4');
    const codec = ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '20', '-g', '12', '-bf', '0', '-an'];
    execFileSync('ffmpeg', [
      ...['-nostdin', '-v', 'error', '-i', join(SHARED, 'footage/tail_real_pair_left.mp4'), ...codec, walk],
    ]);
    const card = await makeClip(folder, 'card', { seconds: 20, size: '640x360' });
    const line = {
      name: 'Enter',
      points: [
        { x: 0.2, y: 0.02 },
        { x: 0.2, y: 0.98 },
      ],
    };
    engine = await startEngine(
      join(folder, 'data'),
      {
        cameras: [
          {
            ...{ name: 'Front door', source: { main: pathToFileURL(walk).href }, lines: [line] },
            analysis: { enabled: true, fps: 5 },
          },
          {
            ...{ name: 'Yard', source: { main: pathToFileURL(card).href }, analysis: { enabled: false } },
            recording: { audio: true },
          },
        ],
      },
      { THRESHOLD_MODELS: join(SHARED, 'models') },
    );
    [door, yard] = (await engine.get<CameraView[]>('/cameras')) as [CameraView, CameraView];
    events = await until('three people on the line', async () => {
      const { items } = await engine.get<EventPage>('/events?types=line-crossing&limit=100');
      return items.length >= 3 ? items.reverse() : null;
    });
    startEpochMs = await until('footage', async () => {
      const spans = (await lanesOf(engine)).map((lane) => lane.spans[0]);
      const start = Math.max(...spans.map((span) => span?.[0] ?? Number.NaN));
      return spans.every((span) => span && span[1] - start > ENOUGH_MS) ? start : null;
    });
    browser = await launchChromium();
    page = await openAppPage(browser, engine, problems);
  });
  afterAll(async () => {
    await browser?.close();
    await engine?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const playhead = async () => Number(await page.getByTestId('playhead-time').getAttribute('data-epoch-ms'));
  const picture = ({ id }: CameraView) => page.locator(`video[data-camera-id="${id}"]`);
  const timeOf = (video: Locator) => video.evaluate((element: HTMLVideoElement) => element.currentTime);
  const canvas = () => page.getByRole('region', { name: 'Recordings over time' }).locator('canvas');

  /** `to`: the end of a selection that begins there. */
  async function openAt(offsetMs: number, cameras = [door], to?: number): Promise<void> {
    const at = startEpochMs + offsetMs;
    const selected = to === undefined ? '' : `&to=${at + to}`;
    await loadAnew(page, engine, `/archive?camera=${cameras.map(({ id }) => id)}&at=${at}${selected}`);
    for (const { id } of cameras)
      await page.waitForFunction((cameraId) => {
        const video = document.querySelector<HTMLVideoElement>(`video[data-camera-id="${cameraId}"]`);
        return video !== null && video.readyState >= 2;
      }, id);
  }

  /** Of the selection's handles: where the timeline puts two known times. */
  async function handles(): Promise<{ start: number; end: number }> {
    const middle = async (name: string) => {
      const box = (await page.getByRole('slider', { name }).boundingBox())!;
      return box.x + box.width / 2;
    };
    return { start: await middle('Selection start'), end: await middle('Selection end') };
  }

  const spread = async () => {
    const { start, end } = await handles();
    return end - start;
  };

  /** Waits until the selection is drawn `factor` times as wide. */
  const zoomed = (what: string, before: number, factor: number) =>
    until(what, async () => Math.abs((await spread()) / before - factor) < 0.06 * factor);

  async function middleOfLane(): Promise<{ x: number; y: number }> {
    const box = (await canvas().boundingBox())!;
    return { x: box.x + box.width / 2, y: box.y + 48 };
  }

  describe('the timeline', () => {
    test('is zoomed by wheel and keys, about the pointer and the playhead', async () => {
      await openAt(4000, [door], SELECTED_MS);
      const { x, y } = await middleOfLane();
      const before = await spread();
      await page.mouse.move(x, y);
      await page.mouse.wheel(0, -200);
      await zoomed('wheel', before, 2);
      await page.mouse.wheel(0, 200);
      await zoomed('wheel back', before, 1);
      await page.keyboard.press('+');
      await page.keyboard.press('+');
      await zoomed('keys', before, 4);
      await page.keyboard.press('-');
      await zoomed('key back', before, 2);
    });

    test('is moved by dragging, and the playhead stays where it is', async () => {
      await openAt(4000, [door], SELECTED_MS);
      const { x, y } = await middleOfLane();
      const [before, at] = [await handles(), await playhead()];
      await page.mouse.move(x + 200, y);
      await page.mouse.down();
      await page.mouse.move(x + 20, y + 5, { steps: 6 });
      await page.mouse.up();
      await until(
        'the selection moved along',
        async () => Math.abs((await handles()).start - before.start + 180) < 3,
      );
      expect(await playhead()).toBe(at);
    });

    test('is zoomed by two fingers, and out again', async () => {
      await openAt(4000, [door], SELECTED_MS);
      const fingers = await Fingers.on(page);
      const { x, y } = await middleOfLane();
      // Beside the handles, which fingers would hold.
      const middle = { x: x + 120, y };
      const before = await spread();
      await fingers.pinch(middle, 60, 240);
      await zoomed('fingers apart', before, 4);
      await fingers.pinch(middle, 240, 120);
      await zoomed('fingers together', before, 2);
    });

    test('shows a picture of the moment below the pointer, with its time and zone', async () => {
      await openAt(4000, [door], SELECTED_MS);
      for (let press = 0; press < 4; press++) await page.keyboard.press('+');
      const { y } = await middleOfLane();
      const { start, end } = await handles();
      const card = page.locator('[role="presentation"]').filter({ has: page.locator('img') });
      const sources: string[] = [];
      for (const x of [start + 30, end - 30]) {
        await page.mouse.move(x, y);
        await card.waitFor();
        await page.mouse.move(x + 1, y);
        sources.push(
          await until('its picture', async () => {
            const shown = await card
              .locator('img')
              .evaluate((image: HTMLImageElement) => (image.naturalWidth > 0 ? image.src : ''));
            return shown !== '' && !sources.includes(shown) ? shown : null;
          }),
        );
      }
      const times = sources.map((source) => Number(new URL(source).searchParams.get('atEpochMs')));
      const apartMs = (SELECTED_MS * (end - start - 60)) / (end - start);
      // Pictures are half a second apart.
      expect(Math.abs(times[1]! - times[0]! - apartMs)).toBeLessThan(700);
      expect(await card.innerText()).toMatch(/\d:\d\d:\d\d[\s\S]*(UTC|GMT|[A-Z]{3,4})/);
    });
  });

  describe('playback', () => {
    test('two cameras play in step, within a tenth of a second', async () => {
      await openAt(2000, [door, yard]);
      await page.keyboard.press('Space');
      await until('playback', async () => (await playhead()) > startEpochMs + 5000);
      const drifts: number[] = [];
      for (let sample = 0; sample < 12; sample++) {
        // Both opened at the same moment: the same media time is the same time of day.
        const [a = 0, b = 0] = await page.evaluate(
          (ids) =>
            ids.map(
              (id) => document.querySelector<HTMLVideoElement>(`video[data-camera-id="${id}"]`)?.currentTime,
            ),
          [door.id, yard.id],
        );
        drifts.push(Math.abs(a - b) * 1000);
        await new Promise((done) => setTimeout(done, 250));
      }
      await page.keyboard.press('Space');
      drifts.sort((a, b) => a - b);
      expect(drifts[Math.floor(drifts.length / 2)]).toBeLessThan(100);
    });

    test('two cameras go frame by frame together', async () => {
      await openAt(6000, [door, yard]);
      const before = await Promise.all([door, yard].map((camera) => timeOf(picture(camera))));
      for (let step = 0; step < 5; step++) {
        await page.keyboard.press('.');
        await new Promise((done) => setTimeout(done, 150));
      }
      for (const [index, camera] of [door, yard].entries())
        await until('five frames on', async () => {
          const passedMs = ((await timeOf(picture(camera))) - before[index]!) * 1000;
          return passedMs > 2 * FRAME_MS && passedMs < 12 * FRAME_MS;
        });
    });

    test('the sound of a camera is heard', async () => {
      await openAt(3000, [yard]);
      await page.keyboard.press('m');
      await page.keyboard.press('Space');
      await page.getByRole('button', { name: 'Sound off' }).waitFor();
      await until('decoded sound', async () =>
        picture(yard).evaluate(
          (video: HTMLVideoElement & { webkitAudioDecodedByteCount?: number }) =>
            !video.muted && (video.webkitAudioDecodedByteCount ?? 0) > 0,
        ),
      );
      await page.keyboard.press('Space');
    });

    test('goes from event to event, both ways', async () => {
      // The playhead is put two seconds before an event: there has to be footage.
      const starts = async () => {
        const { items } = await engine.get<EventPage>(`/events?cameraIds=${door.id}&limit=500`);
        return items.map((event) => event.startEpochMs);
      };
      // The playhead stands at the time that was sought, and then at that of the picture which shows it.
      const isSame = (soughtMs: number, epochMs: number) =>
        soughtMs - epochMs > -2 && soughtMs - epochMs < DOOR_FRAME_MS + 2;
      const isBeforeAnEvent = async (epochMs: number) =>
        (await starts()).some((start) => isSame(start - 2000, epochMs));
      await until('two events to go to', async () => {
        const later = (await starts()).filter((start) => start > startEpochMs + 5000);
        return new Set(later).size >= 2;
      });
      await openAt(5000);
      const visited: number[] = [];
      for (const key of ['n', 'n', 'p']) {
        const before = await playhead();
        await page.keyboard.press(key);
        visited.push(
          await until('another event', async () => {
            const now = await playhead();
            return Math.abs(now - before) > DOOR_FRAME_MS && (await isBeforeAnEvent(now)) ? now : null;
          }),
        );
      }
      const [first = 0, second = 0, back = 0] = visited;
      expect(second).toBeGreaterThan(first);
      expect(Math.abs(back - first)).toBeLessThan(DOOR_FRAME_MS + 2);
    });
  });

  describe('search', () => {
    const cards = (place: Page | Locator) => place.getByRole('link', { name: /crossed Enter/i });

    test('words find the events of people at a camera, and a picture plays while it is pointed at', async () => {
      await loadAnew(page, engine, '/events');
      await page.getByLabel('Search events').fill('people front door today');
      await page.keyboard.press('Enter');
      const card = cards(page).first();
      await card.waitFor();
      expect(await page.getByRole('link', { name: /Yard$/ }).count()).toBe(0);
      await card.hover();
      const clip = card.locator('video[data-ready]');
      await clip.waitFor();
      const before = await timeOf(clip);
      await until('the clip plays', async () => (await timeOf(clip)) !== before);
    });

    test('an event leads to others that look like it', async () => {
      await loadAnew(page, engine, `/events/${events[0]!.id}`);
      await page.getByRole('button', { name: 'More like this' }).click();
      const alike = page.getByRole('region', { name: 'More like this' });
      await cards(alike).first().waitFor();
      const hrefs = await alike
        .getByRole('link')
        .evaluateAll((links) => links.map((link) => link.getAttribute('href')));
      expect(hrefs.length).toBeGreaterThan(0);
      expect(hrefs.some((href) => href?.includes(events[0]!.id))).toBe(false);
    });

    test('a box drawn on the picture finds when something moved there', async () => {
      await openAt(4000);
      await page.keyboard.press('r');
      const layer = page.getByRole('group', { name: /^Where to search for motion/ });
      const box = (await layer.boundingBox())!;
      await page.mouse.move(box.x + box.width * 0.05, box.y + box.height * 0.1);
      await page.mouse.down();
      await page.mouse.move(box.x + box.width * 0.6, box.y + box.height * 0.95, { steps: 5 });
      await page.mouse.up();
      const panel = page.getByRole('region', { name: 'Motion found' });
      const hit = panel.getByRole('listitem').first().getByRole('button');
      await hit.waitFor();
      await hit.hover();
      await hit.locator('video[data-ready]').waitFor();
      const before = await playhead();
      await hit.click();
      await until('the playhead at that time', async () => (await playhead()) !== before);
    });

    test('a box can be drawn on the zoomed picture, and is searched where it lies in the whole one', async () => {
      await openAt(4000);
      await page.keyboard.press('z');
      const whole = page.getByRole('button', { name: 'Show the whole picture' });
      await whole.waitFor();
      await page.keyboard.press('r');
      const layer = page.getByRole('group', { name: /^Where to search for motion/ });
      await layer.waitFor();
      // What is seen: the middle half of the picture, twice as large.
      const seen = (await page.getByRole('figure', { name: 'Recording of Front door' }).boundingBox())!;
      const point = (x: number, y: number) => [seen.x + seen.width * x, seen.y + seen.height * y] as const;
      await page.mouse.move(...point(0.1, 0.2));
      await page.mouse.down();
      await page.mouse.move(...point(0.9, 0.8), { steps: 5 });
      const [request] = await Promise.all([
        page.waitForRequest((one) => one.method() === 'POST' && one.url().endsWith('/motion-searches')),
        page.mouse.up(),
      ]);
      const { box } = request.postDataJSON() as { box: Box };
      const expected = { x: 0.3, y: 0.35, width: 0.4, height: 0.3 };
      for (const side of ['x', 'y', 'width', 'height'] as const)
        expect(Math.abs(box[side] - expected[side]), side).toBeLessThan(0.01);
      await page
        .getByRole('region', { name: 'Motion found' })
        .getByRole('listitem')
        .first()
        .getByRole('button')
        .waitFor();
      await page.keyboard.press('r');
      await layer.waitFor();
      await page.mouse.move(...point(0.4, 0.4));
      await page.mouse.move(...point(0.6, 0.6));
      expect(await layer.locator('span').count()).toBe(0);
      await page.keyboard.press('r');
      await whole.click();
    });
  });

  describe('a clip', () => {
    test('between two handles, with the time in it and a part blurred, is as long as they say', async () => {
      await openAt(4000, [door], SELECTED_MS);
      const { y } = await middleOfLane();
      for (let press = 0; press < 4; press++) await page.keyboard.press('+');
      const { end } = await handles();
      const handle = page.getByRole('slider', { name: 'Selection end' });
      const grip = (await handle.boundingBox())!;
      await page.mouse.move(end, Math.max(grip.y + 4, Math.min(y, grip.y + grip.height - 4)));
      await page.mouse.down();
      await page.mouse.move(end - 60, y, { steps: 5 });
      await page.mouse.up();
      await handle.focus();
      const at = async (name: string) =>
        Number(await page.getByRole('slider', { name }).getAttribute('aria-valuenow'));
      const dragged = await at('Selection end');
      await page.keyboard.press('ArrowLeft');
      expect(await at('Selection end')).toBe(dragged - 1);
      await page.keyboard.press('e');
      const dialog = page.getByRole('dialog', { name: 'Export footage' });
      await dialog.getByText('Options').click();
      await dialog.getByLabel('Camera name and time in the picture').check();
      await dialog.getByRole('button', { name: 'Hide parts of the picture' }).click();
      const still = dialog.getByRole('img', { name: /start of the range/ });
      await still.scrollIntoViewIfNeeded();
      const box = (await still.boundingBox())!;
      await page.mouse.move(box.x + box.width * 0.3, box.y + box.height * 0.1);
      await page.mouse.down();
      await page.mouse.move(box.x + box.width * 0.9, box.y + box.height * 0.7, { steps: 4 });
      await page.mouse.up();
      const [request] = await Promise.all([
        page.waitForRequest((one) => one.method() === 'POST' && one.url().endsWith('/exports')),
        dialog.getByRole('button', { name: 'Export clip' }).click(),
      ]);
      const asked = request.postDataJSON() as { fromEpochMs: number; toEpochMs: number };
      const lengthMs = asked.toEpochMs - asked.fromEpochMs;
      expect(lengthMs).toBeLessThan(SELECTED_MS - 1000);
      await page.goto(`${engine.url}/#/exports`);
      const link = page.getByRole('link', { name: /^Download Front door/ }).first();
      await link.waitFor({ timeout: 90_000 });
      const [saved] = await Promise.all([page.waitForEvent('download'), link.click()]);
      const clip = join(folder, 'clip.mp4');
      await saved.saveAs(clip);
      const entries = 'format=duration:stream=codec_name,width,height';
      const probed = JSON.parse(
        execFileSync('ffprobe', ['-v', 'error', '-show_entries', entries, '-of', 'json', clip]).toString(),
      );
      expect(probed.streams[0].codec_name).toBe('h264');
      expect(Math.abs(Number(probed.format.duration) * 1000 - lengthMs)).toBeLessThan(2 * DOOR_FRAME_MS);
      const original = join(folder, 'original.jpg');
      const at0 = `/app/v1/archive/${door.id}/frame.jpg?atEpochMs=${asked.fromEpochMs + 1000}&width=${probed.streams[0].width}`;
      const answer = await fetch(`${engine.url}${at0}`, { headers: { cookie: engine.cookie } });
      writeFileSync(original, Buffer.from(await answer.arrayBuffer()));
      const hidden = 'crop=iw*0.5:ih*0.5:iw*0.35:ih*0.15';
      const caption = 'crop=iw*0.4:ih*0.08:0:ih*0.91';
      // What was sharp is smooth; where the time is written there is more to see than before.
      expect(detail(clip, hidden, 1)).toBeLessThan(0.6 * detail(original, hidden, 0));
      expect(detail(clip, caption, 1)).toBeGreaterThan(1.5 * detail(original, caption, 0));
    });
  });

  test('met no error of the page', () => {
    expect(problems).toEqual([]);
  });
});

/** Mean difference of neighbouring pixels in a part of the picture at a time. */
function detail(path: string, crop: string, atSeconds: number): number {
  const grey = execFileSync('ffmpeg', [
    ...['-v', 'error', ...(atSeconds > 0 ? ['-ss', `${atSeconds}`] : []), '-i', path, '-frames:v', '1'],
    ...['-vf', `${crop},format=gray`, '-f', 'rawvideo', '-'],
  ]);
  let sum = 0;
  for (let i = 1; i < grey.length; i++) sum += Math.abs(grey[i]! - grey[i - 1]!);
  return sum / grey.length;
}
