/**
 * Handing footage over, in a real browser on a running engine: an evidence package of two cameras, a clip with a part hidden, what the
 * audit log then says. The package that was downloaded is checked by the verifier. Skipped without Chromium or footage.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AuditPage, EvidenceKeyView } from '../../src/shared/contract-exports.ts';
import { loadAnew, openAppPage } from '../fixtures/app-page.ts';
import { CHROMIUM, launchChromium } from '../fixtures/browser.ts';
import { ACCOUNT, HAS_SHARED, ROOT, type RunningEngine } from '../fixtures/engine.ts';
import { startRecordedEngine } from '../fixtures/recorded-engine.ts';

const missing = !CHROMIUM ? 'no Chromium' : !HAS_SHARED ? 'no shared footage' : null;

describe.skipIf(missing !== null)(`handing footage over${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let folder: string;
  let engine: RunningEngine;
  let browser: Browser;
  let page: Page;
  const problems: string[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'threshold-evidence-'));
    engine = await startRecordedEngine(folder);
    browser = await launchChromium();
    page = await openAppPage(browser, engine, problems);
  });
  afterAll(async () => {
    await browser?.close();
    await engine?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function openDialog(): Promise<ReturnType<Page['getByRole']>> {
    await loadAnew(page, engine, '/archive');
    await page.getByRole('slider', { name: 'Timeline' }).waitFor();
    await page.getByRole('button', { name: 'Select a range' }).click();
    await page.keyboard.press('e');
    return page.getByRole('dialog', { name: 'Export footage' });
  }

  async function download(name: RegExp, file: string): Promise<string> {
    await page.goto(`${engine.url}/#/exports`);
    const link = page.getByRole('link', { name }).first();
    await link.waitFor();
    const [saved] = await Promise.all([page.waitForEvent('download'), link.click()]);
    await saved.saveAs(join(folder, file));
    return join(folder, file);
  }

  test('evidence of two cameras needs a reason, is downloaded as a ZIP, and is genuine', async () => {
    const dialog = await openDialog();
    await dialog.getByRole('button', { name: 'Evidence package' }).click();
    for (const name of ['Front door', 'Yard']) await dialog.getByRole('checkbox', { name }).check();
    const submit = dialog.getByRole('button', { name: 'Export evidence' });
    expect(await submit.isDisabled()).toBe(true);
    await dialog.getByLabel('Reason').fill('For the police, case 2026-114');
    await submit.click();
    await page.getByText('The evidence package is being made.').first().waitFor();
    const zip = await download(/^Download Evidence .* 2 cameras$/, 'evidence.zip');
    execFileSync('python3', ['-m', 'zipfile', '-e', zip, join(folder, 'unpacked')]);
    const [name = ''] = readdirSync(join(folder, 'unpacked'));
    const { fingerprint } = await engine.get<EvidenceKeyView>('/evidence-key');
    const args = [join(ROOT, 'out/main/verify.js'), join(folder, 'unpacked', name), '--key', fingerprint];
    const verified = spawnSync(process.execPath, args, { encoding: 'utf8' });
    expect(verified.stdout).toContain('GENUINE');
    expect(verified.stdout).toContain('Front door, Yard');
    expect(verified.status).toBe(0);
  });

  test('a part of the picture is drawn over and is black in the clip', async () => {
    const dialog = await openDialog();
    await dialog.getByText('Options').click();
    await dialog.getByRole('button', { name: 'Hide parts of the picture' }).click();
    const picture = dialog.getByRole('img', { name: /start of the range/ });
    await picture.waitFor();
    await picture.scrollIntoViewIfNeeded();
    const box = (await picture.boundingBox())!;
    await page.mouse.move(box.x + box.width * 0.1, box.y + box.height * 0.1);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.5, box.y + box.height * 0.5, { steps: 4 });
    await page.mouse.up();
    await dialog.getByLabel('Part 1', { exact: true }).selectOption('black');
    await dialog.getByRole('button', { name: 'Export clip' }).click();
    await page.getByText('The footage is being exported.').first().waitFor();
    const clip = await download(/^Download (Front door|Yard) .*\.mp4$/, 'hidden.mp4');
    const filter = 'crop=iw*0.3:ih*0.3:iw*0.15:ih*0.15,scale=8:8,format=gray';
    const luma = execFileSync('ffmpeg', [
      '-v',
      'error',
      '-i',
      clip,
      '-vf',
      filter,
      '-frames:v',
      '1',
      '-f',
      'rawvideo',
      '-',
    ]);
    expect(Math.max(...luma)).toBeLessThan(20);
  });

  test('the audit log says who did all this and is whole', async () => {
    await page.goto(`${engine.url}/#/settings?tab=evidence`);
    await page.getByText(/^All \d+ lines are there, as they were written\.$/).waitFor();
    await page.getByText('Downloaded an export: Front door, Yard').first().waitFor();
    const { lines } = await engine.get<AuditPage>('/audit');
    const asked = lines.find(({ action, reason }) => action === 'export-asked' && reason !== '');
    expect(asked).toMatchObject({ actor: ACCOUNT.email, reason: 'For the police, case 2026-114' });
    expect(lines.some(({ action }) => action === 'playback' || action === 'pictures')).toBe(true);
    const csv = await fetch(`${engine.url}/app/v1/audit.csv`, { headers: { cookie: engine.cookie } });
    const rows = (await csv.text()).trim().split('\r\n');
    expect(rows[0]).toBe('line,time,action,who,address,cameras,from,to,reason,detail,previous_hash,hash');
    expect(rows.length).toBeGreaterThan(lines.length);
    for (const path of ['audit', 'audit.csv', 'evidence-key', 'drives', 'exports'])
      expect((await fetch(`${engine.url}/app/v1/${path}`)).status).toBe(401);
  });

  test('met no error of the page', () => {
    expect(problems).toEqual([]);
  });
});
