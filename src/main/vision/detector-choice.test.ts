import path from 'node:path';
import { expect, test, vi } from 'vitest';
import { silentLogger } from '../platform/log.ts';
import type { TrialResult } from './detector/trial.ts';
import { DetectorChoice } from './detector-choice.ts';

const MODELS = path.resolve(import.meta.dirname, '../../../models');

test('it ends when the trial under way has ended, and uses no model any more', async () => {
  let answer: (result: TrialResult) => void = () => {};
  const tryModel = vi.fn(
    () =>
      new Promise<TrialResult>((resolve) => {
        answer = resolve;
      }),
  );
  const use = vi.fn();
  const choice = new DetectorChoice({
    folders: { modelsDir: MODELS },
    wanted: () => null,
    ...{ tryModel, use, onProblem: () => {} },
    logger: silentLogger,
  });
  const refreshed = choice.refresh();
  await vi.waitFor(() => expect(tryModel).toHaveBeenCalled());
  const ended = vi.fn();
  const stopping = choice.stop().then(ended);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(ended).not.toHaveBeenCalled();
  const sizes = { inputWidth: 640, inputHeight: 384 };
  answer({ card: null as never, ...sizes, provider: 'cpu', trials: [] });
  await Promise.all([refreshed, stopping]);
  expect(use).not.toHaveBeenCalled();
});
