/**
 * `node scripts/packaging/start-app.ts PROGRAM`: starts a packaged app hidden, waits until its engine answers, and ends it. Says what
 * failed; exit 1 then. Playwright cannot start it: the fuse for the inspector is off.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const LIMIT_MS = 90_000;
const LOOK_EVERY_MS = 500;
const [program = ''] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'threshold-app-'));
const shellState = join(folder, 'user/shell.json');
const noSandbox = process.platform === 'linux' ? ['--no-sandbox'] : [];
const app = spawn(resolve(program), ['--hidden', `--user-data-dir=${join(folder, 'user')}`, ...noSandbox], {
  stdio: 'inherit',
  env: { ...process.env, THRESHOLD_DATA: join(folder, 'data') },
});
let exited: string | null = null;
app.once('exit', (code, signal) => {
  exited = `the app ended with ${code ?? signal}`;
});
app.once('error', (error) => {
  exited = error.message;
});

const problem = await waitForEngine();
app.kill();
console.log(problem ?? 'The packaged app starts, and its engine answers.');
if (problem !== null) {
  const log = join(folder, 'user/logs/engine.log');
  if (existsSync(log)) console.error(readFileSync(log, 'utf8'));
  process.exitCode = 1;
}
if (process.exitCode !== 1) rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 500 });

async function waitForEngine(): Promise<string | null> {
  const end = performance.now() + LIMIT_MS;
  while (performance.now() < end) {
    if (exited !== null) return exited;
    if (existsSync(shellState)) {
      const { port } = JSON.parse(readFileSync(shellState, 'utf8')) as { port: number };
      const answer = await fetch(`http://127.0.0.1:${port}/healthz`).catch(() => null);
      if (answer) return null;
    }
    await new Promise((done) => setTimeout(done, LOOK_EVERY_MS));
  }
  return `no answer within ${LIMIT_MS / 1000} s`;
}
