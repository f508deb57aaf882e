/** Child processes that never outlive the engine and always say how they ended. */
import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';

const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

export interface ChildExit {
  code: number | null;
  signal: NodeJS.Signals | null;
  /** Set when the program could not be started at all. */
  error: Error | null;
}

/** Starts a program from an argument array (never a shell); `exit` resolves once, always, after its pipes are closed. */
export function startChild(
  file: string,
  args: readonly string[],
  options: SpawnOptions = {},
): { child: ChildProcess; exit: Promise<ChildExit> } {
  const child = spawn(file, args, { windowsHide: true, ...options, shell: false });
  running.add(child);
  const exit = new Promise<ChildExit>((resolve) => {
    let error: Error | null = null;
    child.once('error', (cause) => {
      error = cause;
      if (child.pid === undefined) finish(null, null);
    });
    child.once('close', finish);
    function finish(code: number | null, signal: NodeJS.Signals | null) {
      running.delete(child);
      resolve({ code, signal, error });
    }
  });
  return { child, exit };
}

/** Asks a child to end, and ends it by force after `graceMs`. Resolves when it is gone. */
export async function stopChild(
  handle: { child: ChildProcess; exit: Promise<ChildExit> },
  graceMs = 2000,
): Promise<ChildExit> {
  if (handle.child.exitCode === null && handle.child.signalCode === null) handle.child.kill('SIGTERM');
  const timer = setTimeout(() => handle.child.kill('SIGKILL'), graceMs);
  try {
    return await handle.exit;
  } finally {
    clearTimeout(timer);
  }
}
