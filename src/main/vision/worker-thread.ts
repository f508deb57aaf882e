/** The service's end of one vision worker: starts it, starts it again when it ends by itself, and matches answers to questions. */
import { Worker } from 'node:worker_threads';
import { messageOf } from '../../shared/errors.ts';
import { workerUrl } from '../platform/entry.ts';
import type { LoadableModel } from './detector/detector.ts';
import type { InspectRequest, InspectResult } from './inspect.ts';
import type { Snapshot } from './snapshot.ts';
import { workerEnded } from './worker-end.ts';
import type { FromWorker, ToWorker, WorkerSetup } from './worker-messages.ts';

const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 30_000;
const STOP_MS = 5000;
const SNAPSHOT_MS = 5000;
/** A long video on a busy machine. */
const INSPECT_MS = 180_000;

export interface WorkerThreadEvents {
  onMessage(message: Exclude<FromWorker, { type: 'snapshot' | 'inspected' }>): void;
  /** The worker ended by itself; `onStart` follows when it runs again. */
  onCrash(reason: string): void;
  /** It runs (again) and knows no camera yet. */
  onStart(): void;
}

export class WorkerThread {
  private readonly setup: WorkerSetup;
  private readonly events: WorkerThreadEvents;
  /** undefined while it has not been decided. */
  private model: LoadableModel | null | undefined;
  private worker: Worker | null = null;
  private exited: Promise<void> = Promise.resolve();
  private stopped = false;
  private retry: NodeJS.Timeout | null = null;
  private retryMs = FIRST_RETRY_MS;
  private startedMs = 0;
  private nextRequest = 1;
  private readonly inspecting = new Map<number, (result: InspectResult | null) => void>();
  private readonly waiting = new Map<number, (snapshot: Snapshot | null) => void>();

  constructor(setup: WorkerSetup, events: WorkerThreadEvents) {
    this.setup = setup;
    this.events = events;
  }

  start(): void {
    const worker = new Worker(workerUrl('vision-worker'), { workerData: this.setup, name: 'vision' });
    let reason = 'it ended';
    this.worker = worker;
    this.startedMs = performance.now();
    worker.on('message', (message: FromWorker) => this.receive(message));
    worker.on('error', (error) => {
      reason = messageOf(error);
    });
    this.exited = new Promise((resolve) => {
      worker.once('exit', () => {
        resolve();
        this.worker = null;
        this.giveUpWaiting();
        if (!this.stopped) this.restartLater(reason);
      });
    });
    if (this.model !== undefined) this.send({ type: 'model', model: this.model });
    this.events.onStart();
  }

  /** The detector for all of this worker's cameras from now on, also after it was started again. */
  setModel(model: LoadableModel | null): void {
    this.model = model;
    this.send({ type: 'model', model });
  }

  /** Dropped while the worker does not run. */
  send(message: ToWorker, transfer: readonly ArrayBuffer[] = []): void {
    this.worker?.postMessage(message, transfer);
  }

  /** Asks for a snapshot; null when the worker has none, fails, or does not answer within 5 s. */
  async snapshot(
    question: Omit<Extract<ToWorker, { type: 'snapshot' }>, 'type' | 'requestId'>,
  ): Promise<Snapshot | null> {
    if (!this.worker) return null;
    const requestId = this.nextRequest++;
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.answer(requestId, null), SNAPSHOT_MS);
      this.waiting.set(requestId, (snapshot) => {
        clearTimeout(timer);
        resolve(snapshot);
      });
      this.send({ type: 'snapshot', requestId, ...question });
    });
  }

  /** Has a file looked at; null when the worker fails, or does not answer within three minutes. */
  async inspect(request: InspectRequest): Promise<InspectResult | null> {
    if (!this.worker) return null;
    const requestId = this.nextRequest++;
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.answerInspection(requestId, null), INSPECT_MS);
      timer.unref();
      this.inspecting.set(requestId, (result) => {
        clearTimeout(timer);
        resolve(result);
      });
      this.send({ type: 'inspect', requestId, request });
    });
  }

  /** Ends the worker and its decoders; by force after 5 s. */
  async stop(): Promise<void> {
    this.stopped = true;
    if (this.retry) clearTimeout(this.retry);
    const { worker } = this;
    if (!worker) return;
    worker.postMessage({ type: 'stop' } satisfies ToWorker);
    await workerEnded(worker, this.exited, STOP_MS);
  }

  private receive(message: FromWorker): void {
    // Buffers arrive as plain byte arrays.
    const asBuffer = (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (message.type === 'inspected') {
      const { result } = message;
      const pictures = result && {
        picture: result.picture && asBuffer(result.picture),
        crop: result.crop && asBuffer(result.crop),
      };
      this.answerInspection(message.requestId, result && { ...result, ...pictures });
      return;
    }
    if (message.type !== 'snapshot') {
      this.events.onMessage(message);
      return;
    }
    const { snapshot } = message;
    this.answer(
      message.requestId,
      snapshot && {
        ...snapshot,
        picture: asBuffer(snapshot.picture),
        crop: snapshot.crop && asBuffer(snapshot.crop),
      },
    );
  }

  private answer(requestId: number, snapshot: Snapshot | null): void {
    this.waiting.get(requestId)?.(snapshot);
    this.waiting.delete(requestId);
  }

  private answerInspection(requestId: number, result: InspectResult | null): void {
    this.inspecting.get(requestId)?.(result);
    this.inspecting.delete(requestId);
  }

  private giveUpWaiting(): void {
    for (const requestId of [...this.inspecting.keys()]) this.answerInspection(requestId, null);
    for (const requestId of [...this.waiting.keys()]) this.answer(requestId, null);
  }

  private restartLater(reason: string): void {
    if (performance.now() - this.startedMs > 2 * LONGEST_RETRY_MS) this.retryMs = FIRST_RETRY_MS;
    this.events.onCrash(reason);
    this.retry = setTimeout(() => this.start(), this.retryMs);
    this.retryMs = Math.min(LONGEST_RETRY_MS, this.retryMs * 2);
  }
}
