import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { acquireDataLock } from './data-lock.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'lock-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

test('a second holder is refused and told who holds it; released, it can be taken', async () => {
  const first = await acquireDataLock(dir);
  expect(await acquireDataLock(dir, 0)).toEqual({ held: false, holderPid: process.pid });
  if (first.held) await first.release();
  const again = await acquireDataLock(dir, 0);
  expect(again.held).toBe(true);
  if (again.held) await again.release();
});

test('a holder that is stopping is waited for', async () => {
  const first = await acquireDataLock(dir);
  if (!first.held) throw new Error('not held');
  first.noteStopping();
  const second = acquireDataLock(dir, 0);
  setTimeout(() => void first.release(), 200);
  const lock = await second;
  expect(lock.held).toBe(true);
  if (lock.held) await lock.release();
});

test.skipIf(process.platform !== 'linux')(
  'a folder that cannot be made is an error, not a hang',
  async () => {
    await expect(acquireDataLock('/proc/nowhere/data')).rejects.toThrow('/proc/nowhere');
  },
);

test('a lock dies with a killed process', async () => {
  const source = `import { acquireDataLock } from ${JSON.stringify(new URL('./data-lock.ts', import.meta.url).href)};
    console.log((await acquireDataLock(process.argv[1])).held); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', source, dir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [said] = (await once(child.stdout, 'data')) as [Buffer];
  expect(said.toString().trim()).toBe('true');
  expect((await acquireDataLock(dir, 0)).held).toBe(false);
  child.kill('SIGKILL');
  await once(child, 'exit');
  const lock = await acquireDataLock(dir);
  expect(lock.held).toBe(true);
  if (lock.held) await lock.release();
});
