/**
 * Entry of a vision worker thread: cameras come and go by messages; their newest pictures are analysed in turn, so that a machine that
 * is too slow analyses fewer pictures of every camera, evenly.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { messageOf } from '../../shared/errors.ts';
import { NICENESS, standBackThread } from '../platform/priority.ts';
import { Detector, type LoadableModel } from './detector/detector.ts';
import { type InspectResult, inspectFile } from './inspect.ts';
import { WorkerCamera } from './worker-camera.ts';
import type { FromWorker, ToWorker, WorkerSetup } from './worker-messages.ts';

const REPORT_MS = 1000;

const port = parentPort!;
const setup = workerData as WorkerSetup;
const cameras = new Map<string, WorkerCamera>();
/** Files to be looked at, one picture after each round of the cameras. */
const inspections: Array<{ requestId: number; steps: AsyncGenerator<void, InspectResult> }> = [];
const stopping = new Set<Promise<void>>();
let detector = null as Detector | null;
/** What the detector was loaded from. */
let current = null as LoadableModel | null;
/** The model that was asked for and is not loaded yet; undefined: none. */
let nextModel = undefined as LoadableModel | null | undefined;
/** What came before the first model; null once that is loaded: a camera's first pictures already meet the detector. */
let early: ToWorker[] | null = [];
let stopped = false;
let wake: () => void = () => {};
let reportedMs = performance.now();
/** Bytes of each camera's fragments since they were last told to the service. */
const taken = new Map<string, number>();
const TELL_BYTES = 250_000;
const LONG_STEP_MS = 50;
const PIPE_SHARE = 0.1;

/** What this thread fails of; told by throwing it, once nothing native is held any more: see `worker-end.ts`. */
const faults: unknown[] = [];
const onFault = (error: unknown) => {
  faults.push(error);
  if (!stopped) stop();
};

standBackThread(NICENESS.liveAnalysis);
process.on('uncaughtException', onFault);
port.on('message', (message: ToWorker) => receive(message));
const reports = setInterval(report, REPORT_MS);
await analyseInTurn().catch(onFault);
for (const { steps } of inspections) stopping.add(endInspection(steps));
await Promise.allSettled(stopping);
await detector?.close();
port.close();
process.off('uncaughtException', onFault);
if (faults.length > 0) throw faults[0];

function receive(message: ToWorker): void {
  if (message.type === 'stop') {
    stop();
    return;
  }
  if (message.type === 'model') {
    nextModel = message.model;
    wake();
    return;
  }
  if (early) {
    early.push(message);
    return;
  }
  if (message.type === 'add') {
    const { cameraId, analysis, trackIdOffset } = message;
    const camera = new WorkerCamera({
      cameraId,
      ffmpegPath: setup.ffmpegPath,
      detector,
      analysis,
      trackIdOffset,
      onPicture: () => wake(),
    });
    cameras.set(cameraId, camera);
    return;
  }
  if (message.type === 'inspect') {
    const { requestId, request } = message;
    inspections.push({ requestId, steps: inspectFile(request, detector, setup.ffmpegPath) });
    wake();
    return;
  }
  const camera = cameras.get(message.cameraId);
  switch (message.type) {
    case 'update':
      camera?.update(message.analysis);
      break;
    case 'remove':
      cameras.delete(message.cameraId);
      if (camera) stopCamera(camera);
      break;
    case 'stream':
      camera?.begin(message.stream);
      break;
    case 'fragment':
      camera?.feed(message.fragment);
      countTaken(message.cameraId, message.fragment.data.byteLength);
      break;
    case 'lost':
      camera?.lost();
      break;
    case 'gone':
      camera?.gone();
      break;
    case 'snapshot':
      void snapshot(message.requestId, camera, message.atMs, message.box);
      break;
  }
}

function countTaken(cameraId: string, bytes: number): void {
  taken.set(cameraId, (taken.get(cameraId) ?? 0) + bytes);
  if (taken.get(cameraId)! >= TELL_BYTES) tellTaken();
}

function tellTaken(): void {
  for (const [cameraId, bytes] of taken) send({ type: 'taken', cameraId, bytes });
  taken.clear();
}

/** Between two pictures: the cameras go on with the new detector, and the old one is let go. What runs well already is not loaded again. */
async function changeDetector(model: LoadableModel | null): Promise<void> {
  const before = detector;
  if (before && before.failure === null && isSame(model, current)) return;
  const { loaded, from, problem } = await load(model);
  detector = loaded;
  current = from;
  for (const camera of cameras.values()) camera.setDetector(detector);
  await before?.close();
  send({ type: 'model', problem });
  const waiting = early ?? [];
  early = null;
  for (const message of waiting) receive(message);
}

function isSame(a: LoadableModel | null, b: LoadableModel | null): boolean {
  return a?.path === b?.path && (a?.provider ?? 'cpu') === (b?.provider ?? 'cpu');
}

/** A provider that fails here though it was measured well is replaced by the processor. */
async function load(
  model: LoadableModel | null,
): Promise<{ loaded: Detector | null; from: LoadableModel | null; problem: string | null }> {
  if (!model) return { loaded: null, from: null, problem: null };
  try {
    return { loaded: await Detector.load(model), from: model, problem: null };
  } catch (error) {
    const onProcessor = giveUpProvider(model, messageOf(error));
    return onProcessor ? load(onProcessor) : { loaded: null, from: null, problem: messageOf(error) };
  }
}

/** Tells that the model's provider has failed; returns the model on the processor, null where it ran there already. */
function giveUpProvider(model: LoadableModel, reason: string): LoadableModel | null {
  const { provider = 'cpu' } = model;
  if (provider === 'cpu') return null;
  send({ type: 'provider-failed', provider, reason });
  return { ...model, provider: 'cpu' };
}

/** One picture of each camera that has one, round and round; waits while none has. */
async function analyseInTurn(): Promise<void> {
  while (!stopped) {
    let idle = true;
    // A file that is being looked at keeps the detector it began with.
    if (nextModel !== undefined && inspections.length === 0) {
      const model = nextModel;
      nextModel = undefined;
      await changeDetector(model);
    }
    for (const camera of [...cameras.values()]) {
      if (stopped || !camera.hasPicture) continue;
      idle = false;
      const begunMs = performance.now();
      const observation = await camera.step();
      if (observation && cameras.get(camera.cameraId) === camera) {
        send({ type: 'observation', cameraId: camera.cameraId, observation });
      }
      if (detector?.failure && current && nextModel === undefined)
        nextModel = giveUpProvider(current, detector.failure) ?? undefined;
      await letOthersIn(performance.now() - begunMs);
    }
    if (inspections.length > 0 && !stopped) {
      await inspectNext();
      idle = false;
      await nextTurn();
    }
    if (idle && !stopped && nextModel === undefined) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  }
}

/**
 * Lets pipes and messages in between two inferences. After a long one more has come than one turn takes: what is read too slowly would
 * wait in the pipes, and every camera's analysis fall behind its time, instead of passing over pictures that are no longer the newest.
 */
async function letOthersIn(tookMs: number): Promise<void> {
  const endMs = performance.now() + (tookMs > LONG_STEP_MS ? tookMs * PIPE_SHARE : 0);
  do await nextTurn();
  while (performance.now() < endMs && !stopped);
}

/** One picture of the first file that waits. */
async function inspectNext(): Promise<void> {
  const { requestId, steps } = inspections[0]!;
  try {
    const { done, value } = await steps.next();
    if (!done) return;
    send({ type: 'inspected', requestId, result: value, problem: null });
  } catch (error) {
    send({ type: 'inspected', requestId, result: null, problem: messageOf(error) });
  }
  inspections.shift();
}

/** Ends its ffmpeg too. */
async function endInspection(steps: AsyncGenerator<void, InspectResult>): Promise<void> {
  await steps.return({ objects: [], picture: null, crop: null });
}

async function snapshot(
  requestId: number,
  camera: WorkerCamera | undefined,
  atMs: number,
  box: Parameters<WorkerCamera['snapshot']>[1],
): Promise<void> {
  try {
    send({
      type: 'snapshot',
      requestId,
      snapshot: (await camera?.snapshot(atMs, box)) ?? null,
      problem: null,
    });
  } catch (error) {
    send({ type: 'snapshot', requestId, snapshot: null, problem: messageOf(error) });
  }
}

function report(): void {
  const now = performance.now();
  tellTaken();
  send({
    type: 'report',
    periodMs: now - reportedMs,
    cameras: [...cameras.values()].map((camera) => camera.report()),
  });
  reportedMs = now;
}

function stopCamera(camera: WorkerCamera): void {
  const done = camera.stop().finally(() => stopping.delete(done));
  stopping.add(done);
}

function stop(): void {
  stopped = true;
  clearInterval(reports);
  for (const camera of cameras.values()) stopCamera(camera);
  cameras.clear();
  wake();
}

function send(message: FromWorker): void {
  port.postMessage(message);
}
