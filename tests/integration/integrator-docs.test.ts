/** The examples of docs/integrators/{faceter,camlytics,fleet}.md do what they say: each is run against an engine as it stands there. */
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ROOT, until } from '../fixtures/engine.ts';
import {
  CAMLYTICS,
  call,
  FRONT,
  type IntegrationEngine,
  KEY,
  startIntegrationEngine,
  TOKEN,
} from '../fixtures/integration-engine.ts';
import { has } from '../fixtures/programs.ts';

let fixture: IntegrationEngine;
/** When six seconds that are recorded begin. */
let recordedFrom = '';

beforeAll(async () => {
  fixture = await startIntegrationEngine({ live: true });
  recordedFrom = await until('six recorded seconds', async () => {
    const { json } = await call(`${fixture.url}/integration-api/v1/cameras/${FRONT}/recordings`, 'GET', {
      headers: { 'x-integration-key': KEY },
    });
    return json[0]?.durationSeconds >= 6 ? (json[0].startDate as string) : null;
  });
});
afterAll(() => fixture?.stop());

const COMMANDS: Record<string, { program: string; file: string; prepare?: string }> = {
  // an error status ends the script
  sh: {
    program: 'bash',
    file: 'example.sh',
    prepare: 'set -eo pipefail\ncurl() { command curl -sS --fail "$@"; }\n',
  },
  ts: { program: process.execPath, file: 'example.ts' },
  python: { program: 'python3', file: 'example.py' },
};
/** Players of live streams have a test of their own. */
const examples = ['faceter', 'camlytics', 'fleet'].flatMap((page) => {
  const text = readFileSync(join(ROOT, `docs/integrators/${page}.md`), 'utf8');
  return [...text.matchAll(/^```(sh|ts|python)\n([\s\S]*?)^```/gm)]
    .filter(([, , code]) => !code!.includes('gst-launch'))
    .map(([, language, code], index) => ({ page, index, language: language!, code: code! }));
});

describe('examples', () => {
  test('there are all three languages on every page', () => {
    for (const page of ['faceter', 'camlytics', 'fleet'])
      expect(new Set(examples.filter((one) => one.page === page).map(({ language }) => language)).size).toBe(
        3,
      );
  });

  for (const { page, index, language, code } of examples) {
    const { program, file, prepare = '' } = COMMANDS[language]!;
    const missing = [program, ...(code.includes('jq ') ? ['jq'] : [])].find((one) => !has(one));
    test.skipIf(missing !== undefined)(`${page}, ${index + 1}: ${language}`, async () => {
      const folder = join(fixture.folder, `${page}-${index}`);
      mkdirSync(folder);
      const adapted = code
        .replaceAll('http://127.0.0.1:8480', fixture.url)
        .replaceAll('http://127.0.0.1:9999', fixture.hookUrl)
        .replaceAll('2026-04-10T08:00:00Z', recordedFrom);
      writeFileSync(join(folder, file), prepare + adapted);
      const { code: status, output } = await run(program, [file], folder);
      expect(status, output).toBe(0);
    });
  }
});

function run(program: string, args: string[], cwd: string): Promise<{ code: number | null; output: string }> {
  const keys = page(cwd) === 'camlytics' ? { KEY: CAMLYTICS.key, SECRET: CAMLYTICS.secret } : { KEY };
  const env = { ...process.env, TOKEN, ID: FRONT, CAMERA: FRONT, ...keys };
  return new Promise((done) => {
    let output = '';
    const child = spawn(program, args, { cwd, env, timeout: 60_000 });
    child.stdout.on('data', (bytes: Buffer) => {
      output += bytes.toString();
    });
    child.stderr.on('data', (bytes: Buffer) => {
      output += bytes.toString();
    });
    child.once('close', (code) => done({ code, output: output.slice(-4000) }));
  });
}

function page(folder: string): string {
  return /([a-z]+)-\d+$/.exec(folder)?.[1] ?? '';
}
