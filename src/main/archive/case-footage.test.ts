import { expect, it } from 'vitest';
import type { CaseItem } from '../../shared/cases.ts';
import { planCaseFootage } from './case-footage.ts';

const item = (kind: CaseItem['kind'], cameraIds: string[], startEpochMs: number, endEpochMs: number) => ({
  ...{ kind, cameraIds, startEpochMs, endEpochMs },
});

it('joins what overlaps of each camera, and gives a moment its surroundings', () => {
  const ranges = planCaseFootage([
    item('footage', ['door', 'yard'], 100_000, 200_000),
    item('event', ['door'], 150_000, 260_000),
    item('bookmark', ['door'], 500_000, 500_000),
    item('lock', ['yard'], 300_000, 400_000),
  ]);
  expect(ranges).toEqual([
    { cameraId: 'door', fromEpochMs: 100_000, toEpochMs: 260_000 },
    { cameraId: 'door', fromEpochMs: 490_000, toEpochMs: 510_000 },
    { cameraId: 'yard', fromEpochMs: 100_000, toEpochMs: 200_000 },
    { cameraId: 'yard', fromEpochMs: 300_000, toEpochMs: 400_000 },
  ]);
});

it('has nothing of exports alone', () => {
  expect(planCaseFootage([item('export', ['door'], 100, 200)])).toEqual([]);
});
