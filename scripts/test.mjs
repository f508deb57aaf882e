/**
 * `npm test`: types, lint, import directions, texts, lock file, then unit, integration and browser tests. Arguments go to vitest
 * (`npm test -- src/main/rules` runs those alone, without the checks). Ends with one line that counts the tests.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const modules = (path) => join(ROOT, 'node_modules', path);
const filters = process.argv.slice(2);

const CHECKS = [
  ['types', [modules('typescript/bin/tsc'), '-p', ROOT]],
  ['lint', [modules('@biomejs/biome/bin/biome'), 'ci', '--error-on-warnings', ROOT]],
  ['import directions', [join(ROOT, 'scripts/check-imports.mjs')]],
  ['texts', [join(ROOT, 'scripts/check-texts.mjs')]],
  ['catalogues', [modules('@lingui/cli/dist/lingui.js'), 'check', 'sync', '--locale', 'en', '--clean']],
  ['lock file', [join(ROOT, 'scripts/check-lock.mjs')]],
];

let failed = 0;
if (filters.length === 0) {
  // Types take as long as all the others together.
  const [types, ...others] = CHECKS;
  await Promise.all([check([types]), check(others)]);
}
const folder = mkdtempSync(join(tmpdir(), 'threshold-test-'));
const report = join(folder, 'report.json');
const code = await run([
  modules('vitest/vitest.mjs'),
  'run',
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${report}`,
  ...filters,
]);
let counted = { numPassedTests: 0, numFailedTests: code === 0 ? 0 : 1, numPendingTests: 0 };
try {
  counted = JSON.parse(readFileSync(report, 'utf8'));
} catch {
  failed++;
}
rmSync(folder, { recursive: true, force: true });
const { numPassedTests, numFailedTests, numPendingTests } = counted;
console.log(`${numPassedTests} passed, ${numFailedTests + failed} failed, ${numPendingTests} skipped`);
process.exit(code !== 0 || failed > 0 ? 1 : 0);

async function check(checks) {
  for (const [name, args] of checks) {
    const code = await run(args);
    console.log(`${code === 0 ? 'ok' : 'FAILED'}: ${name}`);
    if (code !== 0) failed++;
  }
}

function run(args) {
  return new Promise((done) => {
    spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'] }).once(
      'exit',
      (exit) => done(exit ?? 1),
    );
  });
}
