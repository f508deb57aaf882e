import { describe, expect, it, vi } from 'vitest';
import type { ExportJob } from '../../../shared/contract-exports.ts';
import { exportsApi } from '../../client/exports-api.ts';
import { remainingMs, useExports } from './exports-store.ts';

it('what is told while the list is asked for is newer than the answer', async () => {
  const job = (id: string, state: ExportJob['state']) =>
    ({ id, state, createdEpochMs: 1, progress: 0 }) as ExportJob;
  let answer = (_jobs: ExportJob[]) => {};
  vi.spyOn(exportsApi, 'exports').mockReturnValueOnce(new Promise((done) => (answer = done)));
  const refreshed = useExports.getState().refresh();
  useExports.getState().put(job('a', 'done'));
  answer([job('a', 'running'), job('b', 'queued')]);
  await refreshed;
  const states = useExports.getState().jobs!.map(({ id, state }) => `${id} ${state}`);
  expect(states.sort()).toEqual(['a done', 'b queued']);
});

describe('time left of an export', () => {
  it.each([
    [0.5, { atMs: 0, progress: 0 }, 10_000, 10_000],
    [0.75, { atMs: 0, progress: 0.25 }, 20_000, 10_000],
    [0.51, { atMs: 0, progress: 0.5 }, 10_000, null],
    [0.9, { atMs: 0, progress: 0 }, 1000, null],
  ])('at %d', (progress, first, now, expected) => {
    expect(remainingMs({ progress }, first, now)).toBe(expected);
  });
  it('is unknown for a job just met', () => {
    expect(remainingMs({ progress: 0.4 }, undefined, 5000)).toBeNull();
  });
});
