/**
 * Entry of a footage worker thread: analyses recorded files apart from the live cameras, one batch of pictures for each one asked for,
 * and makes snapshots of the pictures it has just seen.
 */
import path from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { messageOf } from '../../../shared/errors.ts';
import { NICENESS, standBackThread } from '../../platform/priority.ts';
import { Detector } from '../detector/detector.ts';
import { KeptPictures } from '../pictures/kept.ts';
import { snapshotAt } from '../snapshot.ts';
import { analyzeFootage, type FootageStep } from './analyze-footage.ts';
import type { FootageBatch, FootageSetup, FromFootageWorker, ToFootageWorker } from './footage-messages.ts';

/** A batch ends after this much work or so many pictures, so that progress shows and a pause is prompt. */
const BATCH_MS = 400;
const BATCH_PICTURES = 20;
/** Rules report up to a few seconds late: pictures are kept for their snapshots, those of the batch under way in any case. */
const KEPT = { keepMs: 9000, mostBytes: 64_000_000 };

const port = parentPort!;
const { ffmpegPath, model, request } = workerData as FootageSetup;
const kept = new KeptPictures(KEPT);
let steps: AsyncGenerator<FootageStep> | null = null;
let detector = null as Detector | null;
let underWay: Promise<void> = Promise.resolve();
let stopped = false;

standBackThread(NICENESS.footage);
port.on('message', (message: ToFootageWorker) => {
  if (message.type === 'stop') void stop();
  else if (message.type === 'next')
    underWay = nextBatch().then(
      (batch) => send({ type: 'batch', batch }),
      (error: unknown) => send({ type: 'failed', problem: messageOf(error) }),
    );
  else
    snapshotAt(kept, message.atMs, message.box).then(
      (snapshot) => send({ type: 'snapshot', requestId: message.requestId, snapshot }),
      () => send({ type: 'snapshot', requestId: message.requestId, snapshot: null }),
    );
});

async function nextBatch(): Promise<FootageBatch> {
  // What the last batch made known has been shown by now; of this one all is kept until the next is asked for.
  kept.forget();
  if (model) detector ??= await Detector.load(model);
  steps ??= analyzeFootage(request, detector, ffmpegPath);
  const batch: FootageBatch = { observations: [], reachedMs: request.fromMs, problems: [], isLast: false };
  const startedMs = performance.now();
  while (!stopped && batch.observations.length < BATCH_PICTURES && performance.now() - startedMs < BATCH_MS) {
    const { done, value } = await steps.next();
    if (done) {
      batch.isLast = true;
      batch.reachedMs = request.toMs;
      break;
    }
    take(value, batch);
  }
  return batch;
}

function take(step: FootageStep, batch: FootageBatch): void {
  if (step.kind === 'unreadable') {
    batch.problems.push(`${path.basename(step.file.path)}: ${step.problem}`);
    batch.reachedMs = step.file.endMs;
    return;
  }
  if (step.picture) kept.add({ ...step.picture, data: step.picture.data.slice() });
  batch.observations.push(step.observation);
  batch.reachedMs = step.observation.atMs;
}

/** Ends ffmpeg, and lets the model go, after the picture under way. */
async function stop(): Promise<void> {
  stopped = true;
  await underWay;
  await steps?.return(undefined);
  await detector?.close();
  port.close();
}

function send(message: FromFootageWorker): void {
  port.postMessage(message);
}
