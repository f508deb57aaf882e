/** The short form of `npm run test:faults`: about a minute of faults in every test run; the full form takes ten. */
import { beforeAll, describe, expect, test } from 'vitest';
import { whyNoRtspCameras } from '../fixtures/rtsp-cameras.ts';
import { SCENARIOS } from './scenarios.ts';
import { type Outcome, runSuite } from './suite.ts';

const SEED = 20_261_128;
const scenarios = SCENARIOS.filter(({ short }) => short);
const reason = process.platform === 'linux' ? await whyNoRtspCameras() : 'faults are injected on Linux only';

describe.skipIf(reason !== null)(
  `recording under faults, seed ${SEED}${reason ? ` (skipped: ${reason})` : ''}`,
  () => {
    const outcomes: Outcome[] = [];
    const said: string[] = [];

    beforeAll(async () => {
      outcomes.push(
        ...(await runSuite({ scenarios, short: true, seed: SEED, lanes: 2, say: (line) => said.push(line) })),
      );
    }, 240_000);

    test.for(scenarios.map(({ name }) => name))('%s', (name, context) => {
      const outcome = outcomes.find(({ scenario }) => scenario.name === name);
      if (!outcome) context.skip(said.find((line) => line.startsWith('skipped') && line.includes(name)));
      else expect(outcome.problems).toEqual([]);
    });
  },
);
