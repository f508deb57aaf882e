/** Users in a real browser: an administrator adds, changes and deletes them; an operator and a viewer see what is theirs. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CHROMIUM, launchChromium } from '../fixtures/browser.ts';
import { ACCOUNT, type RunningEngine, startEngine, until } from '../fixtures/engine.ts';

const PASSWORD = 'a password of theirs';
const GUARD = 'guard@example.test';
const WATCHER = 'watcher@example.test';

describe.skipIf(!CHROMIUM)(`users${CHROMIUM ? '' : ' (skipped: no Chromium)'}`, () => {
  let folder: string;
  let engine: RunningEngine;
  let browser: Browser;
  let owner: Page;
  let guard: Page;
  const problems: string[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'threshold-users-'));
    const cameras = ['front', 'side'].map((name) => ({ name, analysis: { enabled: false } }));
    engine = await startEngine(join(folder, 'data'), { cameras });
    browser = await launchChromium();
    owner = await signIn(ACCOUNT.email, ACCOUNT.password);
  });
  afterAll(async () => {
    await browser?.close();
    await engine?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test('are added by an administrator, for some cameras', async () => {
    await owner.goto(`${engine.url}/#/settings?tab=users`);
    await owner.getByText(`${ACCOUNT.email} (you)`).waitFor();
    await addUser(GUARD, 'Operator', 'front');
    await addUser(WATCHER, 'Viewer');
    await row(GUARD).getByText('Operator, 1 of 2 cameras, never signed in').waitFor();
    await row(WATCHER).getByText('Viewer, all cameras, never signed in').waitFor();
  });

  test('an operator sees the archive of its camera, and no settings', async () => {
    guard = await signIn(GUARD, PASSWORD);
    await guard.getByRole('group', { name: /^front/ }).waitFor();
    expect(await guard.getByRole('group', { name: /^side/ }).count()).toBe(0);
    expect(await destinations(guard)).toEqual([
      ...['Live', 'Archive', 'Events', 'Access', 'Cases', 'Exports', 'Health'],
    ]);
    expect(await guard.getByRole('button', { name: 'Add camera' }).count()).toBe(0);
    for (const path of ['events', 'health', 'exports', 'archive']) {
      await guard.goto(`${engine.url}/#/${path}`);
      await guard.getByRole('main').waitFor();
    }
    await guard.goto(`${engine.url}/#/settings`);
    await guard.getByText('Your account may not open this page').waitFor();
    await guard.getByText(/guard@example.test is an operator; this page is for administrators/).waitFor();
  });

  test('a viewer sees Live alone', async () => {
    const watcher = await signIn(WATCHER, PASSWORD);
    await watcher.getByRole('group', { name: /^side/ }).waitFor();
    expect(await destinations(watcher)).toEqual(['Live']);
    for (const name of ['Recent events', /^Alerts/])
      expect(await watcher.getByRole('button', { name }).count()).toBe(0);
    await watcher.goto(`${engine.url}/#/archive`);
    await watcher.getByText(/watcher@example.test is a viewer; this page is for operators/).waitFor();
    await watcher.context().close();
  });

  test('changes their own password', async () => {
    await guard.getByRole('button', { name: `Account: ${GUARD}, an operator` }).click();
    await guard.getByRole('menuitem', { name: /Change password/ }).click();
    await guard.getByLabel('Current password').fill('wrong');
    await guard.getByLabel('New password').fill('another password');
    await guard.getByRole('button', { name: 'Change password' }).click();
    await guard.getByText('This is not your password.').waitFor();
    await guard.getByLabel('Current password').fill(PASSWORD);
    await guard.getByRole('button', { name: 'Change password' }).click();
    await guard.getByText('Your password is changed').first().waitFor();
  });

  test('a change is seen at once on a page that is open', async () => {
    await row(GUARD)
      .getByRole('button', { name: `Edit ${GUARD}` })
      .click();
    await owner.getByLabel('Role').selectOption('Viewer');
    await owner.getByRole('button', { name: 'Save' }).click();
    await row(GUARD)
      .getByText(/^Viewer, 1 of 2 cameras/)
      .waitFor();
    await until('the viewer’s rail', async () => (await destinations(guard)).join() === 'Live', 20_000);
  });

  test('are deleted after a question, and signed out', async () => {
    await row(GUARD)
      .getByRole('button', { name: `Delete ${GUARD}` })
      .click();
    await owner.getByRole('button', { name: 'Delete user' }).click();
    await row(GUARD).waitFor({ state: 'detached' });
    await guard.goto(`${engine.url}/#/live`);
    await guard.reload();
    await guard.getByRole('heading', { name: 'Sign in' }).waitFor();
    await row(ACCOUNT.email)
      .getByRole('button', { name: `Delete ${ACCOUNT.email}` })
      .click();
    await owner.getByRole('button', { name: 'Delete user' }).click();
    await owner
      .getByText(/This is the only administrator/)
      .first()
      .waitFor();
    expect(problems).toEqual([]);
  });

  function row(email: string) {
    return owner.locator('main li').filter({ hasText: email });
  }

  async function addUser(email: string, role: string, camera?: string): Promise<void> {
    await owner.getByRole('button', { name: 'Add user' }).click();
    const dialog = owner.getByRole('dialog', { name: 'Add user' });
    await dialog.getByLabel('E-mail').fill(email);
    await dialog.getByLabel('Password').fill(PASSWORD);
    await dialog.getByLabel('Role').selectOption(role);
    if (camera !== undefined) {
      await dialog.getByRole('switch', { name: 'All cameras' }).click();
      await dialog.getByRole('checkbox', { name: camera }).click();
    }
    await dialog.getByRole('button', { name: 'Add user' }).click();
    await dialog.waitFor({ state: 'detached' });
  }

  async function signIn(email: string, password: string): Promise<Page> {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    const page = await context.newPage();
    page.setDefaultTimeout(45_000);
    page.on('pageerror', (error) => problems.push(error.message));
    await page.goto(engine.url);
    await page.getByLabel('E-mail').fill(email);
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Live' }).waitFor();
    return page;
  }

  async function destinations(page: Page): Promise<string[]> {
    return page.getByRole('navigation', { name: 'Main', exact: true }).getByRole('listitem').allInnerTexts();
  }
});
