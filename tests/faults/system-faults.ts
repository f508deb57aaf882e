/**
 * Faults of the machine under an engine that is otherwise the one that is shipped: a slow disk, a disk that refuses writes, a stepped
 * system clock. By a small library that is preloaded into its process (Linux with a C compiler; absent elsewhere).
 */
import { spawnSync } from 'node:child_process';
import { closeSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';

const LAYOUT = { clockOffsetMs: 0, writeErrno: 8, writeDelayMs: 12, bytes: 16 } as const;

export class SystemFaults {
  /** For the engine's process. */
  readonly env: NodeJS.ProcessEnv;
  private readonly control: string;
  private readonly bytes = Buffer.alloc(LAYOUT.bytes);
  private readonly steps: Array<{ atEpochMs: number; offsetMs: number }> = [];

  /** `folder`: whose disk it is. Null where no library can be built. */
  static build(workFolder: string, folder: string): SystemFaults | null {
    if (process.platform !== 'linux') return null;
    const library = join(workFolder, 'system-faults.so');
    const source = join(import.meta.dirname, 'system-faults.c');
    const built = spawnSync('cc', ['-shared', '-fPIC', '-O2', '-o', library, source, '-ldl'], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    return built.status === 0 ? new SystemFaults(library, join(workFolder, 'system-faults'), folder) : null;
  }

  private constructor(library: string, control: string, folder: string) {
    this.control = control;
    writeFileSync(control, this.bytes);
    this.env = { LD_PRELOAD: library, FAULTS_CONTROL: control, FAULTS_FOLDER: `${folder}/` };
  }

  get hasStepped(): boolean {
    return this.steps.length > 0;
  }

  /** By how much the engine's time is ahead of the true time: it follows steps forwards, and goes on over those back. */
  readonly leadAt = (trueEpochMs: number): number =>
    this.steps.reduce(
      (lead, step) => (step.atEpochMs <= trueEpochMs ? Math.max(lead, step.offsetMs) : lead),
      0,
    );

  /** Sets the system clock on, or back where negative. */
  stepClock(byMs: number): void {
    const offsetMs = (this.steps.at(-1)?.offsetMs ?? 0) + byMs;
    this.steps.push({ atEpochMs: Date.now(), offsetMs });
    this.bytes.writeBigInt64LE(BigInt(offsetMs), LAYOUT.clockOffsetMs);
    this.apply();
  }

  /** Every write fails with this error, as on a read-only or broken disk; null: none does. */
  refuseWrites(code: 'EROFS' | 'EIO' | null): void {
    this.bytes.writeInt32LE(code === null ? 0 : constants.errno[code], LAYOUT.writeErrno);
    this.apply();
  }

  /** Every write takes this much longer; 0: none does, those under way included. */
  delayWrites(ms: number): void {
    this.bytes.writeInt32LE(ms, LAYOUT.writeDelayMs);
    this.apply();
  }

  private apply(): void {
    const file = openSync(this.control, 'r+');
    writeSync(file, this.bytes, 0, LAYOUT.bytes, 0);
    closeSync(file);
  }
}
