import { expect, test } from 'vitest';
import { planGaps } from './evidence-package.ts';

const clip = (fromEpochMs: number, toEpochMs: number) => ({ fromEpochMs, toEpochMs });
const gap = (startEpochMs: number, endEpochMs: number | null) => ({
  ...{ startEpochMs, endEpochMs, cause: 'camera-unreachable' as const, detail: 'away' },
});
const plan = (clips: Parameters<typeof planGaps>[1], ledger: Parameters<typeof planGaps>[2]) =>
  planGaps({ fromEpochMs: 10_000, toEpochMs: 60_000 }, clips, ledger).map((one) => [
    ...[one.fromEpochMs, one.toEpochMs, one.cause],
  ]);

test.each([
  ['all is recorded', [clip(10_000, 60_000)], [], []],
  ['segments do not meet quite', [clip(10_000, 30_000), clip(30_400, 60_000)], [], []],
  [
    'the ledger knows why',
    [clip(10_000, 20_000), clip(30_000, 60_000)],
    [gap(20_000, 30_000)],
    [[20_000, 30_000, 'camera-unreachable']],
  ],
  [
    'a gap reaches over both ends, or lasts',
    [clip(20_000, 50_000)],
    [gap(0, 20_000), gap(50_000, null)],
    [
      [10_000, 20_000, 'camera-unreachable'],
      [50_000, 60_000, 'camera-unreachable'],
    ],
  ],
  [
    'the ledger does not know',
    [clip(20_000, 30_000)],
    [gap(30_000, 40_000)],
    [
      [10_000, 20_000, 'unknown'],
      [30_000, 40_000, 'camera-unreachable'],
      [40_000, 60_000, 'unknown'],
    ],
  ],
  ['there is nothing at all', [], [], [[10_000, 60_000, 'unknown']]],
] as const)('gaps when %s', (_, clips, ledger, expected) => {
  expect(plan(clips, ledger)).toEqual(expected);
});
