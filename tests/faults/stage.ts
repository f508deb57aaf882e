/** One run of the engine with its cameras, and everything that a fault can be done to. Watches what the engine says meanwhile. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { CameraView } from '../../src/shared/contract-cameras.ts';
import { processTree } from '../bench/process-cost.ts';
import { type RunningEngine, startEngine, until } from '../fixtures/engine.ts';
import { type CameraKind, type Clips, FaultyCamera } from './camera.ts';
import { SystemFaults } from './system-faults.ts';

export interface StageOptions {
  folder: string;
  clips: Clips;
  cameras: ReadonlyArray<{ name: string; kind: CameraKind }>;
  /** Disk and system clock of the engine under our hands. */
  systemFaults: boolean;
  /** The data folder on a file system of its own of this size; null: on the machine's. */
  diskBytes: number | null;
  /** The short form: everything takes less time. */
  short: boolean;
  /** In [0, 1), the same for the same seed. */
  random(): number;
}

/** Footage before the first fault, and after the last. */
const SETTLED_MS = 2500;
const WATCH_MS = 200;

export class Stage {
  readonly cameras: FaultyCamera[] = [];
  readonly dataDir: string;
  readonly system: SystemFaults | null;
  readonly options: StageOptions;
  private running: RunningEngine | null = null;
  private mounted = false;
  private readonly troubles: Array<{ cameraId: string; atEpochMs: number }> = [];
  private watching: NodeJS.Timeout | null = null;
  private asking = false;

  private constructor(options: StageOptions) {
    this.options = options;
    this.dataDir = join(options.folder, 'data');
    mkdirSync(this.dataDir, { recursive: true });
    this.system = options.systemFaults ? SystemFaults.build(options.folder, this.dataDir) : null;
  }

  /** Resolves when every camera is recorded. */
  static async open(options: StageOptions): Promise<Stage> {
    const stage = new Stage(options);
    try {
      if (options.diskBytes !== null) stage.mount(options.diskBytes);
      for (const [index, camera] of options.cameras.entries())
        stage.cameras.push(await FaultyCamera.start(options.folder, index, camera, options.clips));
      await stage.startEngine();
      stage.watching = setInterval(() => void stage.look(), WATCH_MS);
      await stage.allRecorded();
      await stage.lasts(SETTLED_MS);
      return stage;
    } catch (error) {
      await stage.close();
      throw error;
    }
  }

  get engine(): RunningEngine {
    if (!this.running) throw new Error('the engine does not run');
    return this.running;
  }

  async startEngine(): Promise<void> {
    const provision = {
      cameras: this.cameras.map((camera) => camera.provision),
      storage: { maxBytes: null, minFreeBytes: 0 },
    };
    this.running = await startEngine(this.dataDir, provision, this.system?.env ?? {});
  }

  /** SIGKILL; nothing can be recorded until the next start. */
  async killEngine(): Promise<void> {
    const killed = this.running;
    this.running = null;
    await killed?.kill();
  }

  /** SIGTERM; throws when the engine does not end well. */
  async stopEngine(): Promise<void> {
    const stopped = this.running;
    this.running = null;
    const code = await stopped?.stop();
    if (code !== 0) throw new Error(`the engine ended with ${code}:\n${stopped?.log().slice(-4000)}`);
  }

  /** Ids of the engine's child processes whose command line fits. */
  children(commandLine: RegExp): number[] {
    return processTree(this.engine.process.pid!).filter((pid) => {
      try {
        return commandLine.test(readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' '));
      } catch {
        return false; // it has ended meanwhile
      }
    });
  }

  /** Waits until every camera is online and reaches the disk. */
  async allRecorded(limitMs = 30_000): Promise<void> {
    await until(
      'every camera to be recorded',
      async () => {
        const views = await this.engine.get<CameraView[]>('/cameras');
        return views.length === this.cameras.length && views.every(isRecorded);
      },
      limitMs,
    );
  }

  /** Waits until all is well again, and for some footage after it. */
  async settle(): Promise<void> {
    await this.allRecorded();
    await this.lasts(SETTLED_MS);
  }

  /** When the engine first said, at or after a time, that a camera is not recorded; null: it never did. */
  noticedAfter(cameraId: string, fromEpochMs: number): number | null {
    const first = this.troubles.find((one) => one.cameraId === cameraId && one.atEpochMs >= fromEpochMs);
    return first ? first.atEpochMs - fromEpochMs : null;
  }

  /** For how long a fault goes on. */
  lasts(ms: number): Promise<void> {
    return new Promise((done) => setTimeout(done, ms));
  }

  async close(): Promise<void> {
    if (this.watching) clearInterval(this.watching);
    await this.running?.kill();
    for (const camera of this.cameras) await camera.kill();
    if (this.mounted) spawnSync('umount', ['-l', this.dataDir]);
    rmSync(this.options.folder, { recursive: true, force: true });
  }

  private mount(bytes: number): void {
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', this.dataDir]);
    if (mounted.status !== 0) throw new Error('mounting a file system is not permitted here');
    this.mounted = true;
  }

  private async look(): Promise<void> {
    if (this.asking || !this.running) return;
    this.asking = true;
    try {
      const views = await this.running.get<CameraView[]>('/cameras');
      for (const view of views)
        if (!isRecorded(view)) this.troubles.push({ cameraId: view.id, atEpochMs: Date.now() });
    } catch {
      // The engine is being killed.
    } finally {
      this.asking = false;
    }
  }
}

function isRecorded({ status }: CameraView): boolean {
  return status.state === 'online' && status.recording;
}
