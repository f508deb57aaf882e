/** The desktop app, end to end, in a real Electron. Skipped where no Electron binary is at hand (no download possible). */
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ACCOUNT } from '../fixtures/engine.ts';
import { findElectron } from './find-electron.ts';

const program = findElectron();
const needed = process.env.THRESHOLD_NEED_ELECTRON === '1';

test.runIf(needed)('an Electron binary is at hand', () => expect(program).not.toBeNull());

describe.skipIf(!program)(`the desktop app${program ? '' : ' (skipped: no Electron binary here)'}`, () => {
  let app: ElectronApplication;
  let page: Page;
  let folder: string;
  const data = () => join(folder, 'engine');
  const origin = () => new URL(page.url()).origin;

  const launch = async (...args: string[]) => {
    app = await _electron.launch({
      executablePath: program!.path,
      args: [
        ...program!.args,
        `--user-data-dir=${join(folder, 'user')}`,
        ...(process.platform === 'linux' ? ['--no-sandbox'] : []),
        ...args,
      ],
      env: { ...process.env, THRESHOLD_DATA: data() } as Record<string, string>,
    });
  };
  const firstPage = async () => {
    page = await app.firstWindow();
    await page.waitForURL(/^http:\/\/127\.0\.0\.1:/);
    await page.getByRole('heading').first().waitFor();
  };
  /** From the page, with its session. */
  const call = <T>(path: string, method = 'GET', body?: unknown): Promise<T> =>
    page.evaluate(
      async ([url, verb, json]) => {
        const headers = json === null ? undefined : { 'content-type': 'application/json' };
        const answer = await fetch(url!, { method: verb!, body: json, ...(headers && { headers }) });
        return answer.json();
      },
      [`/app/v1${path}`, method, body === undefined ? null : JSON.stringify(body)] as const,
    ) as Promise<T>;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'threshold-electron-'));
    await launch();
    await firstPage();
  });

  afterAll(async () => {
    await app?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test('shows the first run from the engine’s own origin', () => {
    expect(page.url()).toMatch(/^http:\/\/127\.0\.0\.1:\d+\//);
  });

  test('gives the page no Node and only the bridge', async () => {
    const seen = await page.evaluate(() => ({
      require: typeof (globalThis as { require?: unknown }).require,
      process: typeof (globalThis as { process?: unknown }).process,
      desktop: Object.keys((globalThis as unknown as { desktop: object }).desktop).sort(),
    }));
    expect(seen).toEqual({
      require: 'undefined',
      process: 'undefined',
      desktop: ['chooseFolder', 'openWindow', 'platform'],
    });
  });

  test('runs the page in a sandbox, and refuses what it has no need of', async () => {
    const preferences = await app.evaluate(({ BrowserWindow }) => {
      const contents = BrowserWindow.getAllWindows()[0]!.webContents as unknown as {
        getLastWebPreferences(): Record<string, unknown>;
      };
      const { sandbox, contextIsolation, nodeIntegration, webviewTag } = contents.getLastWebPreferences();
      return { sandbox, contextIsolation, nodeIntegration, webviewTag };
    });
    expect(preferences).toEqual({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
    });
    const refused = await page.evaluate(async () => ({
      camera: await navigator.mediaDevices?.getUserMedia({ video: true }).then(
        () => 'given',
        () => 'refused',
      ),
      elsewhere: await fetch('https://example.com/', { mode: 'no-cors' }).then(
        () => 'reached',
        () => 'refused',
      ),
    }));
    expect(refused.camera ?? 'refused').toBe('refused');
    expect(refused.elsewhere).toBe('refused');
    const before = page.url();
    await page.evaluate(() => {
      location.href = 'https://example.com/';
    });
    expect(page.url()).toBe(before);
  });

  test('records a camera, its password encrypted with a key that is not for all to read', async () => {
    await call('/setup', 'POST', ACCOUNT);
    await call('/cameras', 'POST', { name: 'Corridor', source: { main: 'demo:corridor' } });
    await expect
      .poll(
        async () => (await call<Array<{ status: { recording: boolean } }>>('/cameras'))[0]?.status.recording,
        {
          timeout: 60_000,
        },
      )
      .toBe(true);
    const keys = readdirSync(join(data(), 'secrets'));
    // A machine without a key ring, as most that run tests, keeps the file.
    expect(keys.includes('key') !== keys.includes('key.protected')).toBe(true);
  });

  test('a killed engine is back, on the same page', async () => {
    const before = page.url();
    const pid = await app.evaluate(
      ({ app: electron }) =>
        electron.getAppMetrics().find(({ name }) => name === 'Threshold NVR engine')?.pid,
    );
    process.kill(pid!, 'SIGKILL');
    const began = performance.now();
    await expect
      .poll(
        () =>
          fetch(`${origin()}/healthz`).then(
            () => true,
            () => false,
          ),
        { timeout: 30_000, interval: 100 },
      )
      .toBe(true);
    console.log(`the engine answered ${Math.round(performance.now() - began)} ms after it was killed`);
    expect(page.url()).toBe(before);
  });

  test('a link of the second start is followed in the window that is open', async () => {
    await app.evaluate(({ app: electron }) =>
      electron.emit('second-instance', {}, ['threshold-nvr', 'threshold-nvr://health'], '', {}),
    );
    await page.waitForURL(/#\/health$/);
    await app.evaluate(({ app: electron }) =>
      electron.emit('second-instance', {}, ['threshold-nvr', 'threshold-nvr://../../etc/passwd'], '', {}),
    );
    expect(page.url()).toMatch(/#\/health$/);
  });

  test('opens a page in a window of its own', async () => {
    const opened = app.waitForEvent('window');
    await page.evaluate(() =>
      (globalThis as unknown as { desktop: { openWindow(place: string): Promise<void> } }).desktop.openWindow(
        '/archive',
      ),
    );
    const second = await opened;
    await second.waitForURL(/#\/archive/);
    await second.close();
  });

  test('goes on with the window closed', async () => {
    const url = origin();
    await page.close();
    expect((await fetch(`${url}/healthz`)).status).toBeLessThan(600);
  });

  test('starts hidden when the user signs in, and records', async () => {
    await app.close();
    await launch('--hidden');
    await expect
      .poll(() => existsSync(join(data(), 'engine.sock')) || process.platform === 'win32')
      .toBe(true);
    expect(app.windows()).toHaveLength(0);
  });
});
