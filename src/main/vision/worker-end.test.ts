import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { expect, test, vi } from 'vitest';
import { workerEnded } from './worker-end.ts';

test('a worker that ends by itself is never ended by force', async () => {
  const worker = new Worker("require('node:worker_threads').parentPort.once('message', () => {})", {
    eval: true,
  });
  const terminate = vi.spyOn(worker, 'terminate');
  const exited = once(worker, 'exit');
  worker.postMessage('stop');
  await workerEnded(worker, exited, 60_000);
  expect(terminate).not.toHaveBeenCalled();
  expect(await exited).toEqual([0]);
});

test('one that does not is, after its time', async () => {
  const worker = new Worker('setInterval(() => {}, 1000)', { eval: true });
  const exited = once(worker, 'exit');
  await once(worker, 'online');
  await workerEnded(worker, exited, 10);
  expect(await exited).toEqual([1]);
});
