/**
 * One analysis of recorded files, in a worker thread of its own: a rehearsal or a backfill reads its batches, and asks for snapshots of
 * what it has just read. Nothing is analysed ahead of what is asked for.
 */
import { Worker } from 'node:worker_threads';
import { AppError, messageOf } from '../../../shared/errors.ts';
import type { Box } from '../../../shared/geometry.ts';
import { workerUrl } from '../../platform/entry.ts';
import type { Snapshot } from '../snapshot.ts';
import { workerEnded } from '../worker-end.ts';
import type { FootageBatch, FootageSetup, FromFootageWorker, ToFootageWorker } from './footage-messages.ts';

const SNAPSHOT_MS = 10_000;
const STOP_MS = 5000;

export class FootageAnalysis {
  private readonly worker: Worker;
  private readonly exited: Promise<void>;
  private readonly snapshots = new Map<number, (snapshot: Snapshot | null) => void>();
  private waiting: { resolve(batch: FootageBatch): void; reject(error: Error): void } | null = null;
  private ended: AppError | null = null;
  private nextRequest = 1;

  constructor(setup: FootageSetup) {
    this.worker = new Worker(workerUrl('footage-worker'), { workerData: setup, name: 'footage' });
    let reason = 'it ended';
    this.worker.on('message', (message: FromFootageWorker) => this.receive(message));
    this.worker.on('error', (error) => {
      reason = messageOf(error);
    });
    this.exited = new Promise((resolve) => {
      this.worker.once('exit', () => {
        this.fail(new AppError('unavailable', `The analysis ended before its time: ${reason}.`));
        resolve();
      });
    });
  }

  /** The next batch, in order; one at a time. Throws AppError when the model cannot be used or the worker has ended. */
  next(): Promise<FootageBatch> {
    if (this.ended) return Promise.reject(this.ended);
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject };
      this.send({ type: 'next' });
    });
  }

  /** JPEGs of the picture nearest to `atMs` among the last seconds read, and of what is in the box; null when there is none. */
  snapshot(atMs: number, box: Box | null): Promise<Snapshot | null> {
    if (this.ended) return Promise.resolve(null);
    const requestId = this.nextRequest++;
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.answer(requestId, null), SNAPSHOT_MS);
      this.snapshots.set(requestId, (snapshot) => {
        clearTimeout(timer);
        resolve(snapshot);
      });
      this.send({ type: 'snapshot', requestId, atMs, box });
    });
  }

  /** Ends the worker and its ffmpeg; by force after 5 s. */
  async stop(): Promise<void> {
    this.fail(new AppError('unavailable', 'The analysis was ended.'));
    this.send({ type: 'stop' });
    await workerEnded(this.worker, this.exited, STOP_MS);
  }

  private send(message: ToFootageWorker): void {
    this.worker.postMessage(message);
  }

  private receive(message: FromFootageWorker): void {
    if (message.type === 'batch') {
      this.waiting?.resolve(message.batch);
      this.waiting = null;
    } else if (message.type === 'failed') {
      this.waiting?.reject(new AppError('unavailable', message.problem));
      this.waiting = null;
    } else {
      // Buffers arrive as plain byte arrays.
      const { snapshot } = message;
      this.answer(
        message.requestId,
        snapshot && {
          ...snapshot,
          picture: Buffer.from(snapshot.picture),
          crop: snapshot.crop && Buffer.from(snapshot.crop),
        },
      );
    }
  }

  private answer(requestId: number, snapshot: Snapshot | null): void {
    this.snapshots.get(requestId)?.(snapshot);
    this.snapshots.delete(requestId);
  }

  private fail(error: AppError): void {
    this.ended ??= error;
    this.waiting?.reject(error);
    this.waiting = null;
    for (const requestId of [...this.snapshots.keys()]) this.answer(requestId, null);
  }
}
