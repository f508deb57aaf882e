import { defineConfig } from 'vitest/config';

/** Two projects: `unit` stands beside its source and needs nothing; `integration` needs ffmpeg, real RTSP and a built app. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['src/**/*.test.ts', 'scripts/**/*.test.ts', 'tests/faults/verdict.test.ts'],
          environment: 'node',
          // Only for what hangs: a busy machine must fail nothing.
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'integration',
          include: [
            'tests/integration/**/*.test.ts',
            'tests/e2e/**/*.test.ts',
            'tests/electron/**/*.test.ts',
            'tests/faults/faults.test.ts',
          ],
          environment: 'node',
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
