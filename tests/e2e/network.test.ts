/** Settings, Network in a real browser: another port and HTTPS are tried out, the page goes there, and they are kept there. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CHROMIUM, launchChromium } from '../fixtures/browser.ts';
import { ACCOUNT, type EngineProcess, launchEngine, startEngine } from '../fixtures/engine.ts';
import { chooseNetwork, findFreePort, ON_THIS_COMPUTER } from '../fixtures/network.ts';

describe.skipIf(!CHROMIUM)(`network settings${CHROMIUM ? '' : ' (skipped: no Chromium)'}`, () => {
  let folder: string;
  let engine: EngineProcess;
  let browser: Browser;
  let page: Page;
  const problems: string[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'threshold-network-ui-'));
    const data = join(folder, 'data');
    await (await startEngine(data)).stop();
    chooseNetwork(data, { ...ON_THIS_COMPUTER, port: await findFreePort() });
    engine = await launchEngine(['--data', data]);
    browser = await launchChromium();
    // As somebody who goes on past the browser's warning.
    const context = await browser.newContext({
      viewport: { width: 1440, height: 900 },
      ignoreHTTPSErrors: true,
    });
    page = await context.newPage();
    page.setDefaultTimeout(45_000);
    page.on('pageerror', (error) => problems.push(error.message));
    await page.goto(`${engine.url}/#/settings?tab=network`);
    await page.getByLabel('E-mail').fill(ACCOUNT.email);
    await page.getByLabel('Password').fill(ACCOUNT.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
  });
  afterAll(async () => {
    await browser?.close();
    await engine?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const tryOut = () => page.getByRole('button', { name: 'Try out' }).click();
  const keep = () => page.getByRole('button', { name: 'Keep these settings' }).click();

  test('another port: the page is led there, signed in, and keeps it', async () => {
    await page.getByRole('link', { name: engine.url, exact: true }).waitFor();
    const port = await findFreePort();
    await page.getByLabel('Port').fill(String(port));
    await tryOut();
    await page.waitForURL(`http://127.0.0.1:${port}/**`);
    await page.getByText(/You have reached the recorder with its new settings/).waitFor();
    expect(page.url()).not.toContain('ticket');
    await keep();
    await page.getByText('The network settings are kept').first().waitFor();
    await page.getByRole('link', { name: `http://127.0.0.1:${port}`, exact: true }).waitFor();
    expect(await page.getByText(/You have reached the recorder/).count()).toBe(0);
  });

  test('what is wrong with a certificate stands below its fields', async () => {
    await page.getByLabel('Encryption').selectOption('own');
    await page.getByLabel('Certificate', { exact: true }).fill('no certificate');
    await page.getByLabel('Private key', { exact: true }).fill('no key');
    await tryOut();
    await page
      .getByText('There is no certificate in PEM form in it (-----BEGIN CERTIFICATE-----).')
      .waitFor();
    await page.getByRole('button', { name: 'Discard' }).click();
  });

  test('HTTPS: the fingerprint is said before, the page goes on over it, and live views too', async () => {
    await page.getByLabel('Encryption').selectOption('generated');
    await tryOut();
    const dialog = page.getByRole('dialog', { name: 'Go on at the new address' });
    const fingerprint = await dialog.getByText(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/).innerText();
    await dialog.getByRole('button', { name: 'Open the new address' }).click();
    await page.waitForURL(/^https:/);
    await keep();
    await page.getByText('The network settings are kept').first().waitFor();
    await page.getByRole('region', { name: 'Certificate' }).getByText(fingerprint).waitFor();
    const cookies = await page.context().cookies();
    expect(cookies).toContainEqual(
      expect.objectContaining({ name: '__Host-threshold_session', secure: true, httpOnly: true }),
    );
    const socket = page.waitForEvent('websocket');
    await page.reload();
    expect((await socket).url()).toMatch(/^wss:/);
  });

  test('back to HTTP: what is undone there is as before', async () => {
    await page.getByLabel('Encryption').selectOption('none');
    await tryOut();
    await page.waitForURL(/^http:/);
    await page.getByText(/You have reached the recorder with its new settings/).waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    // HTTP leads on to HTTPS again, where the page is signed in still.
    await page.reload();
    await page.waitForURL(/^https:/);
    await page.getByLabel('Encryption').waitFor();
    expect(await page.getByLabel('Encryption').inputValue()).toBe('generated');
    expect(problems).toEqual([]);
  });
});
