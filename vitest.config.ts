import { lingui } from '@lingui/vite-plugin';
import { defineConfig } from 'vitest/config';

/** Those that judge how soon something is noticed, or who gets how much of the processor: nothing runs beside them. */
const ALONE = [
  'tests/faults/faults.test.ts',
  'tests/integration/capture.test.ts',
  'tests/integration/vision.test.ts',
];

/** Only for what hangs: a busy machine must fail nothing. */
const HANGS = { testTimeout: 120_000, hookTimeout: 120_000 };

/**
 * Three projects, one after the other: `unit` stands beside its source and needs nothing; `integration` needs ffmpeg, real RTSP and a
 * built app, and mostly waits, so three files run at once; `alone` is the part of it that runs by itself.
 */
export default defineConfig({
  test: {
    projects: [
      {
        plugins: [lingui({ macroTransform: true })],
        test: {
          name: 'unit',
          include: ['src/**/*.test.ts', 'scripts/**/*.test.ts', 'tests/faults/verdict.test.ts'],
          environment: 'node',
          setupFiles: ['tests/fixtures/english.ts'],
          // They share no state but what modules compute from constants: a process for each file would cost half a minute.
          isolate: false,
          testTimeout: 30_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: 'integration',
          include: [
            'tests/integration/**/*.test.ts',
            'tests/e2e/**/*.test.ts',
            'tests/electron/**/*.test.ts',
          ],
          exclude: ALONE,
          environment: 'node',
          ...HANGS,
          maxWorkers: 3,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'alone',
          include: ALONE,
          environment: 'node',
          ...HANGS,
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
