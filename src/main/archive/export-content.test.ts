import { describe, expect, test } from 'vitest';
import { planContent, planNamedRange } from './export-content.ts';

const CAMERA = '3fa85f64-5717-4562-b3fc-2c963f66afa6';
const MIN = 60_000;
const hour = { fromEpochMs: 0, toEpochMs: 60 * MIN, ranges: null };
const span = (startEpochMs: number, endEpochMs: number) => ({ startEpochMs, endEpochMs });

describe('how much of the time asked for is in an export', () => {
  test.each([
    ['all of it', [span(0, 60 * MIN)], 60 * MIN, []],
    ['all but the borders of segments', [span(100, 10 * MIN), span(10 * MIN + 400, 60 * MIN)], 60 * MIN, []],
    [
      'a camera was unreachable',
      [span(0, 10 * MIN), span(50 * MIN, 60 * MIN)],
      20 * MIN,
      [[10 * MIN, 50 * MIN]],
    ],
    [
      'some before and after it, in files that are not in order',
      [span(40 * MIN, 50 * MIN), span(10 * MIN, 20 * MIN)],
      20 * MIN,
      [
        [0, 10 * MIN],
        [20 * MIN, 40 * MIN],
        [50 * MIN, 60 * MIN],
      ],
    ],
    ['nothing', [], 0, [[0, 60 * MIN]]],
    ['an uploaded video', null, 60 * MIN, []],
  ])('%s', (_, spans, recordedMs, gaps) => {
    expect(planContent(hour, CAMERA, spans)).toEqual({
      ...{ cameraId: CAMERA, askedMs: 60 * MIN, recordedMs, gapCount: gaps.length },
      gaps: gaps.map(([fromEpochMs, toEpochMs]) => ({ fromEpochMs, toEpochMs })),
    });
  });

  test('counts in each range of a camera, and not between them', () => {
    const part = (fromEpochMs: number, toEpochMs: number) => ({ cameraId: CAMERA, fromEpochMs, toEpochMs });
    const job = { ...hour, ranges: [part(0, MIN), part(10 * MIN, 12 * MIN)] };
    expect(planContent(job, CAMERA, [span(0, MIN), span(11 * MIN, 12 * MIN)])).toMatchObject({
      ...{ askedMs: 3 * MIN, recordedMs: 2 * MIN, gapCount: 1 },
      gaps: [{ fromEpochMs: 10 * MIN, toEpochMs: 11 * MIN }],
    });
  });

  test('lists the first gaps and counts all', () => {
    const spans = Array.from({ length: 300 }, (_, index) => span(index * 10_000, index * 10_000 + 9000));
    const { gaps, gapCount, recordedMs } = planContent({ ...hour, toEpochMs: 3_000_000 }, CAMERA, spans);
    expect([gaps.length, gapCount, recordedMs]).toEqual([100, 300, 2_700_000]);
  });
});

test.each([
  ['as asked', [40, 59_960], [0, 60_000]],
  ['what is in it, at each end', [1000, 59_960], [1000, 60_000]],
  ['what is in it', [10_000, 50_000], [10_000, 50_000]],
] as const)('a name states the time %s', (_, [fromEpochMs, toEpochMs], [from, to]) => {
  const asked = { fromEpochMs: 0, toEpochMs: 60_000 };
  expect(planNamedRange({ fromEpochMs, toEpochMs }, asked)).toEqual({ fromEpochMs: from, toEpochMs: to });
});
