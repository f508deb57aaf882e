/** The desktop app, end to end, in a real Electron window. Skipped where no Electron binary is at hand (no download possible). */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { _electron, type ElectronApplication } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');
const binary = findElectron();
const needed = process.env.THRESHOLD_NEED_ELECTRON === '1';

test.runIf(needed)('an Electron binary is at hand', () => expect(binary).not.toBeNull());

describe.skipIf(!binary)(`the desktop app${binary ? '' : ' (skipped: no Electron binary here)'}`, () => {
  let app: ElectronApplication;
  let data: string;

  beforeAll(async () => {
    data = mkdtempSync(join(tmpdir(), 'threshold-electron-'));
    app = await _electron.launch({
      executablePath: binary!,
      args: [
        ROOT,
        `--user-data-dir=${join(data, 'user')}`,
        ...(process.platform === 'linux' ? ['--no-sandbox'] : []),
      ],
      env: { ...process.env, THRESHOLD_DATA: join(data, 'engine') } as Record<string, string>,
    });
  });

  afterAll(async () => {
    await app?.close();
    rmSync(data, { recursive: true, force: true });
  });

  test('shows the first run from the engine’s own origin', async () => {
    const page = await app.firstWindow();
    await page.waitForURL(/^http:\/\/127\.0\.0\.1:/);
    await page.getByRole('heading').first().waitFor();
    expect(page.url()).toMatch(/^http:\/\/127\.0\.0\.1:\d+\//);
  });

  test('gives the page no Node and only the bridge', async () => {
    const page = await app.firstWindow();
    const seen = await page.evaluate(() => ({
      require: typeof (globalThis as { require?: unknown }).require,
      process: typeof (globalThis as { process?: unknown }).process,
      desktop: Object.keys((globalThis as unknown as { desktop: object }).desktop).sort(),
    }));
    expect(seen).toEqual({
      require: 'undefined',
      process: 'undefined',
      desktop: ['chooseFolder', 'platform', 'setStartsAtLogin', 'startsAtLogin'],
    });
  });

  test('goes on with the window closed', async () => {
    const page = await app.firstWindow();
    const url = page.url();
    await page.close();
    expect((await fetch(new URL('/healthz', url))).status).toBeLessThan(600);
  });
});

function findElectron(): string | null {
  const folder = process.env.ELECTRON_OVERRIDE_DIST_PATH ?? join(ROOT, 'node_modules/electron/dist');
  const named = join(ROOT, 'node_modules/electron/path.txt');
  const name = existsSync(named)
    ? readFileSync(named, 'utf8')
    : process.platform === 'win32'
      ? 'electron.exe'
      : 'electron';
  const path = join(folder, name);
  return existsSync(path) ? path : null;
}
