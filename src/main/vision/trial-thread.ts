/** Has a model tried out in a thread of its own, so that neither the engine nor its cameras wait for it. */
import { Worker } from 'node:worker_threads';
import { AppError, messageOf } from '../../shared/errors.ts';
import { workerUrl } from '../platform/entry.ts';
import type { TrialRequest, TrialResult } from './detector/trial.ts';
import type { TrialAnswer } from './model-trial.ts';
import { workerEnded } from './worker-end.ts';

const LONGEST_MS = 120_000;
/** Once it has answered, or has taken too long. */
const END_MS = 5000;

/** Throws AppError in the user's words when the file cannot be used, or is not done within two minutes. */
export async function tryInThread(request: TrialRequest): Promise<TrialResult> {
  const worker = new Worker(workerUrl('model-trial'), { workerData: request, name: 'model-trial' });
  const exited = new Promise<void>((resolve) => {
    worker.once('exit', () => resolve());
  });
  let timer: NodeJS.Timeout | undefined;
  try {
    const answer = await new Promise<TrialAnswer>((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', (error) => reject(failure(request.file, messageOf(error))));
      worker.once('exit', () => reject(failure(request.file, 'it ended without an answer')));
      timer = setTimeout(
        () => reject(failure(request.file, 'it was not ready within two minutes')),
        LONGEST_MS,
      );
    });
    if ('result' in answer) return answer.result;
    throw new AppError(answer.problem.kind, answer.problem.message);
  } finally {
    clearTimeout(timer);
    await workerEnded(worker, exited, END_MS);
  }
}

function failure(file: string, reason: string): AppError {
  return new AppError('invalid-input', `The model ${file} could not be tried out: ${reason}.`);
}
