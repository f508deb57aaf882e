/** How worker threads end that may hold an ONNX Runtime session. */
import type { Worker } from 'node:worker_threads';

/**
 * Resolves when a worker that has done its work, or was asked to end, is gone. By force only after `graceMs`: where that comes into the
 * midst of a native call, ONNX Runtime throws where nothing can catch it, and the whole process is aborted.
 */
export async function workerEnded(
  worker: Pick<Worker, 'terminate'>,
  exited: Promise<unknown>,
  graceMs: number,
): Promise<void> {
  const timer = setTimeout(() => void worker.terminate(), graceMs);
  await exited;
  clearTimeout(timer);
}
