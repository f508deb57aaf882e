/** Entry of a worker thread that tries one model out, answers, and ends: loading and measuring block for seconds. */
import { parentPort, workerData } from 'node:worker_threads';
import { AppError, type ErrorKind, messageOf } from '../../shared/errors.ts';
import { type TrialRequest, type TrialResult, tryModel } from './detector/trial.ts';

/** What the worker says, once. */
export type TrialAnswer = { result: TrialResult } | { problem: { kind: ErrorKind; message: string } };

const answer: TrialAnswer = await tryModel(workerData as TrialRequest).then(
  (result) => ({ result }),
  (error: unknown) => ({
    problem: { kind: error instanceof AppError ? error.kind : 'internal', message: messageOf(error) },
  }),
);
parentPort!.postMessage(answer);
