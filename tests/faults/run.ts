/**
 * `npm run test:faults [-- WORD…] [--short] [--seed N] [--write]`: does to a running engine what happens to recorders, and checks from the
 * files that every missing frame has its cause and every stored byte plays. WORDs choose the scenarios whose names hold one of them;
 * `--write` puts the table into docs/reliability.md. Exit 1 when a promise is broken.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ROOT } from '../fixtures/engine.ts';
import { whyNoRtspCameras } from '../fixtures/rtsp-cameras.ts';
import { formatMarkdown, formatText, replaceBetweenMarks, tableOf } from './report.ts';
import { SCENARIOS } from './scenarios.ts';
import { runSuite } from './suite.ts';

const { values, positionals } = parseArgs({
  options: {
    short: { type: 'boolean', default: false },
    seed: { type: 'string', default: `${Math.floor(Math.random() * 2 ** 31)}` },
    write: { type: 'boolean', default: false },
  },
  allowPositionals: true,
});

const reason = await whyNoRtspCameras();
if (reason) console.log(`skipped: ${reason}`);
else process.exitCode = await main();

async function main(): Promise<number> {
  const seed = Number(values.seed);
  console.log(`seed ${seed}`);
  const scenarios = SCENARIOS.filter(
    ({ name, short }) =>
      (short || !values.short) &&
      (positionals.length === 0 || positionals.some((word) => name.includes(word))),
  );
  const outcomes = await runSuite({
    scenarios,
    short: values.short,
    seed,
    lanes: values.short ? 2 : 1,
    say: console.log,
  });
  const rows = tableOf(outcomes);
  console.log(`\n${formatText(rows)}\n`);
  for (const { scenario, problems } of outcomes)
    for (const problem of problems) console.log(`FAILED  ${scenario.name}: ${problem}`);
  const failed = outcomes.filter(({ problems }) => problems.length > 0).length;
  console.log(`${outcomes.length - failed} of ${outcomes.length} faults passed`);
  if (values.write && failed === 0) {
    const path = join(ROOT, 'docs/reliability.md');
    writeFileSync(path, replaceBetweenMarks(readFileSync(path, 'utf8'), 'faults', formatMarkdown(rows)));
  }
  return failed > 0 ? 1 : 0;
}
