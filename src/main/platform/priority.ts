/** Who gives way to whom where the processor is short: recording comes first, then live analysis, then what runs over recordings. */
import { setPriority } from 'node:os';

/** As of `nice`: 0 is that of the program itself. */
export const NICENESS = { liveAnalysis: 3, footage: 10 } as const;

/** Lets a process of ours stand back. */
export function standBack(pid: number | undefined, niceness: number): void {
  try {
    if (pid !== undefined) setPriority(pid, niceness);
  } catch {
    // It has ended already, or the system does not let us: it then runs like any other.
  }
}

/** Lets the calling worker thread, and the threads that it starts, stand back. Linux only: elsewhere it would be the whole process. */
export function standBackThread(niceness: number): void {
  if (process.platform === 'linux') standBack(0, niceness);
}
