/**
 * Bookmarks, in a real browser on a running engine with real recordings: made by key, seen on the timeline, found by words, gone to,
 * changed, deleted and taken back; collected in a case with footage, which is handed over as one package. Skipped without Chromium or footage.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Bookmark } from '../../src/shared/bookmarks.ts';
import type { CaseView } from '../../src/shared/cases.ts';
import type { LockView } from '../../src/shared/contract-archive.ts';
import type { CameraView } from '../../src/shared/contract-cameras.ts';
import type { AuditPage, ExportJob } from '../../src/shared/contract-exports.ts';
import { loadAnew, openAppPage } from '../fixtures/app-page.ts';
import { CHROMIUM, launchChromium } from '../fixtures/browser.ts';
import { ACCOUNT, HAS_SHARED, ROOT, type RunningEngine, until } from '../fixtures/engine.ts';
import { lanesOf, startRecordedEngine } from '../fixtures/recorded-engine.ts';

const missing = !CHROMIUM ? 'no Chromium' : !HAS_SHARED ? 'no shared footage' : null;

describe.skipIf(missing !== null)(`bookmarks and cases${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let folder: string;
  let engine: RunningEngine;
  let browser: Browser;
  let page: Page;
  const problems: string[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'threshold-bookmarks-'));
    engine = await startRecordedEngine(folder);
    browser = await launchChromium();
    page = await openAppPage(browser, engine, problems);
    await openArchive();
  });
  afterAll(async () => {
    await browser?.close();
    await engine?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function openArchive(): Promise<void> {
    await loadAnew(page, engine, '/archive');
    await page.getByRole('slider', { name: 'Timeline' }).waitFor();
  }

  const bookmarks = () => engine.get<Bookmark[]>('/bookmarks');

  test('B marks the moment that is shown, and the range that is selected', async () => {
    await page.keyboard.press('b');
    const dialog = page.getByRole('dialog', { name: 'New bookmark' });
    const submit = dialog.getByRole('button', { name: 'Make bookmark' });
    expect(await submit.isDisabled()).toBe(true);
    await dialog.getByLabel('Title').fill('Parcel is taken');
    await dialog.getByLabel('Note (optional)').fill('By the one with the blue bag');
    await dialog.getByText('Pink').check({ force: true });
    await submit.click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Select a range' }).click();
    await page.getByRole('region', { name: 'Selection' }).getByRole('button', { name: 'Bookmark' }).click();
    await dialog.getByLabel('Title').fill('White van waits');
    await submit.click();
    await dialog.waitFor({ state: 'detached' });
    const made = await bookmarks();
    const moment = made.find(({ title }) => title === 'Parcel is taken')!;
    const range = made.find(({ title }) => title === 'White van waits')!;
    expect(moment).toMatchObject({ colour: 'pink', note: 'By the one with the blue bag' });
    expect(moment.endEpochMs).toBe(moment.startEpochMs);
    expect(range.endEpochMs - range.startEpochMs).toBeGreaterThan(1000);
    expect(range.createdBy).toBe(ACCOUNT.email);
    const lane = (await lanesOf(engine)).find(({ cameraId }) => cameraId === range.cameraIds[0])!;
    expect(lane.bookmarks.map(({ id }) => id).sort()).toEqual(made.map(({ id }) => id).sort());
  });

  test('the timeline names a bookmark below the pointer', async () => {
    await page.getByRole('button', { name: 'Clear selection' }).click();
    const range = (await bookmarks()).find(({ title }) => title === 'White van waits')!;
    await page.goto(
      `${engine.url}/#/archive?camera=${range.cameraIds[0]}&at=${Math.round((range.startEpochMs + range.endEpochMs) / 2)}`,
    );
    const canvas = (await page.locator('canvas').first().boundingBox())!;
    const cameras = await engine.get<CameraView[]>('/cameras');
    const index = cameras.findIndex(({ id }) => id === range.cameraIds[0]);
    await until('the card', async () => {
      await page.mouse.move(canvas.x + canvas.width / 2 + Math.random(), canvas.y + 28 + 40 * index + 2);
      return page.getByText('White van waits').isVisible();
    });
  });

  test('the list finds by words, goes there, changes, deletes and takes back', async () => {
    await page.getByRole('button', { name: 'All bookmarks' }).click();
    const list = page.getByRole('dialog', { name: 'Bookmarks' });
    await list.getByRole('link', { name: 'Parcel is taken' }).waitFor();
    await list.getByLabel('Search bookmarks').fill('van white');
    await list.getByRole('link', { name: 'Parcel is taken' }).waitFor({ state: 'detached' });
    await list.getByRole('link', { name: 'White van waits' }).click();
    await page.getByRole('region', { name: 'Selection' }).waitFor();
    const range = (await bookmarks()).find(({ title }) => title === 'White van waits')!;
    await until('the playhead', async () => {
      const at = Number(await page.getByTestId('playhead-time').getAttribute('data-epoch-ms'));
      return Math.abs(at - range.startEpochMs) < 200;
    });
    await page.getByRole('button', { name: 'All bookmarks' }).click();
    await list.getByRole('button', { name: 'Change Parcel is taken' }).click();
    const change = page.getByRole('dialog', { name: 'Change bookmark' });
    await change.getByLabel('Title').fill('Parcel is brought');
    await change.getByRole('button', { name: 'Save' }).click();
    await list.getByRole('link', { name: 'Parcel is brought' }).waitFor();
    await list.getByRole('button', { name: 'Delete Parcel is brought' }).click();
    await list.getByRole('link', { name: 'Parcel is brought' }).waitFor({ state: 'detached' });
    await page.getByText('Undo', { exact: true }).last().click();
    await until('the bookmark', async () =>
      (await bookmarks()).some(({ title, colour }) => title === 'Parcel is brought' && colour === 'pink'),
    );
  });

  test('footage, a bookmark and its lock go into a case, and come out as one genuine package', async () => {
    await openArchive();
    await page.getByRole('button', { name: 'Select a range' }).click();
    await page.getByRole('button', { name: 'Add to case' }).click();
    const dialog = page.getByRole('dialog', { name: 'Add to case' });
    await dialog.getByLabel('Title').fill('Stolen parcel');
    await dialog.getByLabel('Reference number (optional)').fill('2026-114');
    await dialog.getByRole('button', { name: 'Add to case' }).click();
    await page.getByText('Added to “Stolen parcel”').first().waitFor();
    await until('the lock', async () =>
      (await engine.get<LockView[]>('/locks')).some(
        ({ reason }) => reason === 'Case: 2026-114 Stolen parcel',
      ),
    );
    await page.goto(`${engine.url}/#/cases?tab=bookmarks`);
    await page.getByRole('button', { name: 'Add Parcel is brought to case' }).click();
    await dialog.getByRole('checkbox', { name: 'Lock this footage' }).uncheck();
    await dialog.getByRole('button', { name: 'Add to case' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('tab', { name: 'Cases' }).click();
    await page.getByRole('link', { name: 'Stolen parcel' }).click();
    await page.getByRole('heading', { name: 'Stolen parcel' }).waitFor();
    await page.getByRole('link', { name: 'Parcel is brought' }).waitFor();
    await page.getByRole('button', { name: 'Export case' }).click();
    const exporting = page.getByRole('dialog', { name: 'Export case' });
    expect(await exporting.getByLabel('Reason').inputValue()).toBe('2026-114 Stolen parcel');
    await exporting.getByRole('button', { name: 'Export case' }).click();
    const job = await until('the package', async () => {
      const [newest] = await engine.get<ExportJob[]>('/exports');
      return newest?.state === 'done' ? newest : null;
    });
    expect(job.reason).toBe('2026-114 Stolen parcel');
    const verified = spawnSync(
      process.execPath,
      [join(ROOT, 'out/main/verify.js'), join(folder, 'data/exports', job.name)],
      { encoding: 'utf8' },
    );
    expect([verified.status, verified.stdout]).toEqual([0, expect.stringContaining('GENUINE')]);
    await page.getByText('Export, ').first().waitFor();
  });

  test('a case is found by its reference, closed, opened again and deleted', async () => {
    await page.getByRole('button', { name: 'Close case' }).click();
    await page.getByText('Case closed').first().waitFor();
    await page.goto(`${engine.url}/#/cases`);
    await page.getByText('No open cases').waitFor();
    await page.getByRole('button', { name: 'Closed' }).click();
    await page.getByLabel('Search cases').fill('2026-1');
    await page.getByRole('link', { name: 'Stolen parcel' }).click();
    await page.getByRole('button', { name: 'Open again' }).click();
    await page.getByRole('button', { name: 'Delete', exact: true }).click();
    await page.getByRole('button', { name: 'Delete case' }).click();
    await page.getByText('No open cases').waitFor();
    expect(await engine.get<CaseView[]>('/cases')).toEqual([]);
    expect(await engine.get<LockView[]>('/locks')).toHaveLength(1);
  });

  test('a link made from the selection opens without an account, until it is removed', async () => {
    await openArchive();
    await page.getByRole('button', { name: 'Select a range' }).click();
    await page.getByRole('button', { name: 'Share', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: /^Share events/ });
    await dialog.getByLabel('Name').fill('For the neighbour');
    await dialog.getByRole('button', { name: 'Make link' }).click();
    const address = await dialog.getByRole('textbox', { name: 'The link, shown this once' }).inputValue();
    const opened = await fetch(address);
    expect([opened.status, await opened.text()]).toEqual([200, expect.stringContaining('For the neighbour')]);
    await page.goto(`${engine.url}/#/cases?tab=links`);
    await page.getByRole('button', { name: 'Remove link For the neighbour' }).click();
    await page.getByRole('button', { name: 'Remove link', exact: true }).click();
    await page.getByText('Nothing is shared by link').waitFor();
    expect((await fetch(address)).status).toBeGreaterThanOrEqual(400);
    expect((await fetch(`${engine.url}/app/v1/share-links`)).status).toBe(401);
  });

  test('a box on the picture is searched for motion; what is found is on a wall and leads to its time', async () => {
    const [camera] = await engine.get<CameraView[]>('/cameras');
    const [lane] = await lanesOf(engine);
    const [start] = lane!.spans[0]!;
    await page.goto(`${engine.url}/#/archive?camera=${camera!.id}&at=${start + 3000}&to=${start + 11_000}`);
    await page.getByRole('region', { name: 'Selection' }).waitFor();
    await page.keyboard.press('r');
    const layer = page.getByRole('group', { name: /^Where to search for motion/ });
    const box = (await layer.boundingBox())!;
    await page.mouse.move(box.x + 4, box.y + 4);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width - 4, box.y + box.height - 4, { steps: 3 });
    await page.mouse.up();
    const panel = page.getByRole('region', { name: 'Motion found' });
    await panel.getByText(/^(Once|\d+ times)$/).waitFor();
    await panel.getByRole('listitem').first().getByRole('button').click();
    await until('the playhead', async () => {
      const at = Number(await page.getByTestId('playhead-time').getAttribute('data-epoch-ms'));
      return at >= start && at < start + 11_000;
    });
    await panel.getByRole('button', { name: 'End the search' }).click();
    await panel.waitFor({ state: 'detached' });
    // With the keyboard: a still corner of the scene.
    await page.keyboard.press('r');
    await layer.waitFor();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await panel.getByRole('status').waitFor();
    await panel.getByRole('button', { name: 'End the search' }).click();
  });

  test('what cannot be locked is said with the camera, and locks and removals are in the audit log', async () => {
    const [camera] = await engine.get<CameraView[]>('/cameras');
    const [lane] = await lanesOf(engine);
    const cellar = await engine.send<CameraView>('POST', '/cameras', {
      ...{ name: 'Cellar', source: { main: 'rtsp://127.0.0.1:9/none' } },
      analysis: { enabled: false },
    });
    const from = lane!.spans[0]![0] + 2000;
    const open = async (ids: string[]) => {
      await loadAnew(page, engine, `/archive?camera=${ids}&at=${from}&to=${from + 5000}`);
      await page.getByRole('region', { name: 'Selection' }).waitFor();
    };
    await open([camera!.id, cellar.id]);
    await page.getByRole('region', { name: 'Selection' }).getByRole('button', { name: 'Lock' }).click();
    const locking = page.getByRole('dialog', { name: 'Lock footage of 2 cameras' });
    await locking.getByLabel('Reason').fill('Burglary');
    await locking.getByRole('button', { name: 'Lock', exact: true }).click();
    await page.getByText('Locked on 1 camera. Cellar recorded nothing then.').first().waitFor();
    const [lock] = await engine.get<LockView[]>('/locks');
    expect(lock).toMatchObject({ cameraId: camera!.id, reason: 'Burglary' });
    await open([cellar.id]);
    await page.getByRole('button', { name: 'Add to case' }).click();
    const dialog = page.getByRole('dialog', { name: 'Add to case' });
    await dialog.getByLabel('Title').fill('Burglary');
    await dialog.getByRole('button', { name: 'Add to case' }).click();
    const words =
      'Added to “Burglary”, but its footage is not locked. Nothing was locked: Cellar recorded nothing in that time.';
    await page.getByText(words).first().waitFor();
    await dialog.waitFor({ state: 'detached' });
    await engine.send('DELETE', `/locks/${lock!.id}`);
    const { lines, verification } = await engine.get<AuditPage>('/audit?limit=500');
    expect(verification).toMatchObject({ whole: true });
    const noted = lines.map(({ action, reason, detail }) => [action, reason || detail]);
    for (const line of [
      ['lock-made', 'Burglary'],
      ['lock-removed', 'Burglary'],
      ['share-removed', 'For the neighbour'],
      ['case-removed', '2026-114 Stolen parcel'],
    ])
      expect(noted).toContainEqual(line);
    await page.goto(`${engine.url}/#/settings?tab=evidence`);
    await page.getByText('Released locked footage: ').first().waitFor();
  });

  test('a bookmark is refused without a credential, of an unknown camera, and with its end first', async () => {
    expect((await fetch(`${engine.url}/app/v1/bookmarks`)).status).toBe(401);
    const [range] = await bookmarks();
    const { cameraIds, startEpochMs } = range!;
    const add = (body: Partial<Bookmark>) =>
      engine.send('POST', '/bookmarks', { cameraIds, startEpochMs, endEpochMs: startEpochMs, ...body });
    await expect(add({ title: 'x', endEpochMs: startEpochMs - 1 })).rejects.toThrow('400');
    await expect(add({ title: '  ' })).rejects.toThrow('400');
    await expect(add({ title: 'x', cameraIds: ['00000000-0000-4000-8000-000000000000'] })).rejects.toThrow(
      '404',
    );
  });

  test('met no error of the page', () => {
    expect(problems).toEqual([]);
  });
});
