/** The engine under the desktop shell's supervision, in a plain child process in place of Electron's: key, restart, order of the end. */
import { type ChildProcess, fork } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { EngineHost } from '../../src/main/desktop/engine-host.ts';
import type { EngineMessage, Work } from '../../src/shared/desktop.ts';
import type { Gap } from '../../src/shared/domain-storage.ts';
import { ACCOUNT, ROOT } from '../fixtures/engine.ts';

const KEY = '0f'.repeat(32);
const CAMERA = { name: 'Corridor', source: { main: 'demo:corridor' }, analysis: { enabled: false } };

let folder: string;
let data: string;
let child: ChildProcess;
let host: EngineHost;
const urls: string[] = [];
const works: Work[] = [];
let heard = () => {};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'engine-host-'));
  data = join(folder, 'data');
  const provision = join(folder, 'provision.json');
  writeFileSync(provision, JSON.stringify({ account: ACCOUNT, cameras: [CAMERA] }));
  host = new EngineHost({
    spawn(port) {
      child = fork(
        join(ROOT, 'out/main/serve.js'),
        // Once: from the second start on the camera comes from the database, opened with the key that was handed over.
        [
          '--data',
          data,
          '--window-port',
          String(port),
          ...(urls.length === 0 ? ['--provision', provision] : []),
        ],
        {
          execArgv: ['--import', join(ROOT, 'tests/fixtures/parent-port.mjs')],
          serialization: 'advanced',
          stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
        },
      );
      const running = child;
      return {
        postMessage: (message) => running.send(message),
        onMessage: (listener) => running.on('message', (message) => listener(message as EngineMessage)),
        onExit: (listener) => running.on('exit', (code) => listener(code ?? 1)),
        kill: () => running.kill('SIGKILL'),
      };
    },
    lastPort: 0,
    takeKey: async () => KEY,
    after(delayMs, action) {
      const timer = setTimeout(action, delayMs);
      return () => clearTimeout(timer);
    },
    onReady: (url) => {
      urls.push(url);
      heard();
    },
    onNotice: () => {},
    onWork: (work) => {
      works.push(work);
      heard();
    },
    onDied: () => works.splice(0),
  });
  host.start();
});

afterAll(async () => {
  child?.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

/** Resolves when the engine has said something that makes `condition` true. */
function until(condition: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    heard = () => condition() && resolve();
    heard();
  });
}
/** Of the engine, as its windows do. */
async function ask(path: string): Promise<unknown> {
  const cookie = await host.localSession();
  const headers = { cookie: `${cookie!.name}=${cookie!.value}` };
  const answer = await fetch(`${urls.at(-1)}/app/v1${path}`, { headers });
  expect(answer.status).toBe(200);
  return answer.json();
}
const isRecording = () => works.at(-1)?.cameras[0]?.recording === true;

test('records with a key that no file holds, and says that the computer must not sleep', async () => {
  await until(isRecording);
  expect(works.at(-1)).toMatchObject({ keepsAwake: true, exportProgress: null });
  expect(works.at(-1)!.cameras).toMatchObject([{ name: 'Corridor', recording: true }]);
  expect(readdirSync(join(data, 'secrets'))).not.toContain('key');
});

test('is started again after it was killed, records again, and is where its windows look for it', async () => {
  const killedEpochMs = Date.now();
  child.kill('SIGKILL');
  await until(() => urls.length === 2 && isRecording());
  expect(urls[1]).toBe(urls[0]);
  const range = `fromEpochMs=${killedEpochMs - 10_000}&toEpochMs=${Date.now()}`;
  const { gaps } = (await ask(`/gaps?${range}&limit=50`)) as { gaps: Gap[] };
  const lostMs = Math.max(
    0,
    ...gaps.flatMap(({ startEpochMs, endEpochMs }) => (endEpochMs ?? Date.now()) - startEpochMs),
  );
  console.log(`${(lostMs / 1000).toFixed(1)} s without footage, by the ledger, after the engine was killed`);
});

test('gives its windows a session, and ends in order when asked', async () => {
  expect(await ask('/cameras')).toHaveLength(1);
  await host.stop();
  expect(child.exitCode).toBe(0);
  expect(existsSync(join(data, 'engine.sock'))).toBe(false);
});
