/**
 * `node scripts/packaging/smoke.ts RESOURCES`: starts the engine of an unpacked app with this Node, from the files that were packed and
 * no others, asks for its page and its health, and ends it. Says what failed; exit 1 then.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';

const LIMIT_MS = 60_000;
const [resources = ''] = process.argv.slice(2);
const data = mkdtempSync(join(tmpdir(), 'threshold-smoke-'));
const entry = join(resolve(resources), 'app.asar.unpacked/out/main/serve.js');
const engine = spawn(process.execPath, [entry, '--data', data, '--listen', '127.0.0.1:0'], {
  cwd: data,
  stdio: ['ignore', 'pipe', 'inherit'],
});
const ended = new Promise<number | null>((done) => engine.once('exit', (code) => done(code)));
const limit = setTimeout(() => engine.kill('SIGKILL'), LIMIT_MS);

const problems: string[] = [];
try {
  const url = await readyUrl();
  const page = await (await fetch(url)).text();
  if (!page.includes('<div id="root">')) problems.push('the page is not the app’s');
  const { status } = await fetch(`${url}/healthz`);
  if (status >= 500 && status !== 503) problems.push(`/healthz answered ${status}`);
} catch (error) {
  problems.push((error as Error).message);
}
engine.kill('SIGTERM');
const code = await ended;
// On Windows a signal is the end at once.
if (code !== 0 && process.platform !== 'win32') problems.push(`the engine ended with ${code}`);
clearTimeout(limit);
rmSync(data, { recursive: true, force: true });
for (const problem of problems) console.error(problem);
console.log(
  problems.length === 0 ? 'The packed engine starts, answers and ends.' : 'The packed engine does not work.',
);
process.exitCode = problems.length === 0 ? 0 : 1;

async function readyUrl(): Promise<string> {
  for await (const line of createInterface({ input: engine.stdout })) {
    const said = JSON.parse(line);
    if (said.event === 'ready') return said.url;
  }
  throw new Error('the engine ended before it was ready');
}
