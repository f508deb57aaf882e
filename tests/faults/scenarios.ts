/** The faults, as data: what is done to which camera or to the engine, and what may come of it. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CameraView } from '../../src/shared/contract-cameras.ts';
import type { GapCause } from '../../src/shared/domain-storage.ts';
import { until } from '../fixtures/engine.ts';
import { type CameraKind, type FaultyCamera, GOP_SECONDS } from './camera.ts';
import { exportFootage, holdUpReaders } from './readers.ts';
import type { Stage } from './stage.ts';

export interface Scenario {
  /** In the table. */
  name: string;
  /** `camera`: those of one form share an engine, each with a camera of its own; `engine`: an engine of its own with two cameras. */
  scope: 'camera' | 'engine';
  /** Also in the short form. */
  short: boolean;
  kind?: CameraKind;
  needs?: 'system-faults' | 'own-disk';
  inject(stage: Stage, camera: FaultyCamera): Promise<void>;
  /** The right causes in the ledger; none: the ledger must have no gap. */
  causes: readonly GapCause[];
  /** What the ledger must say although no frame is lost. */
  noted?: GapCause;
  /** Differs from the promise, and why. */
  backWithinSeconds?: number;
  /** The camera itself leaves frames out, so that a decoder complains of what it lacks. */
  camerasOwnLoss?: boolean;
  /** At least this share of the window must have sound. */
  soundShare?: number;
}

/** The promises of a recording that a fault interrupts. */
export const PROMISES = {
  noticedWithinSeconds: 10,
  backWithinSeconds: 3,
  beyondOutageSeconds: GOP_SECONDS + 0.75,
  clockErrorMs: 250,
} as const;

const FILE_PLAYER = /-stream_loop/;
const SOUND_ENCODER = /-f mulaw/;
const PICTURE_DECODER = /-f rawvideo/;
/** A file system of its own for the full disk. */
export const DISK_BYTES = { full: 200_000_000, short: 32_000_000 } as const;

const away = (stage: Stage, full: number, short: number) => stage.lasts(stage.options.short ? short : full);

export const SCENARIOS: readonly Scenario[] = [
  {
    name: 'camera killed, and started again',
    scope: 'camera',
    short: true,
    causes: ['stream-ended', 'camera-unreachable'],
    async inject(stage, camera) {
      await camera.outage(async () => {
        await camera.kill();
        await away(stage, 25_000, 6000);
        await camera.serve();
      });
    },
  },
  {
    name: 'camera hangs (SIGSTOP)',
    scope: 'camera',
    short: true,
    // Once awake it may be busy with what it was asked meanwhile.
    causes: ['stream-stalled', 'camera-unreachable', 'camera-refused'],
    async inject(stage, camera) {
      await camera.outage(async () => {
        camera.signal('SIGSTOP');
        await away(stage, 20_000, 7000);
        camera.signal('SIGCONT');
      });
    },
  },
  {
    name: 'no pictures on an open connection',
    scope: 'camera',
    short: true,
    causes: ['stream-stalled', 'camera-unreachable'],
    async inject(stage, camera) {
      await camera.outage(async () => {
        await camera.control('/stall?hold=1');
        await away(stage, 20_000, 7000);
        await camera.control('/resume');
      });
    },
  },
  {
    name: 'connections cut',
    scope: 'camera',
    short: true,
    causes: ['stream-ended', 'camera-unreachable'],
    async inject(stage, camera) {
      for (let cut = 0; cut < (stage.options.short ? 2 : 5); cut++) {
        await camera.outage(() => camera.control('/kick'));
        await stage.lasts(4000 + stage.options.random() * 1500);
      }
    },
  },
  {
    name: 'camera leaves out 10 % of its frames',
    scope: 'camera',
    short: true,
    causes: [],
    camerasOwnLoss: true,
    async inject(stage, camera) {
      await camera.outage(async () => {
        await camera.control('/loss?pct=10');
        await away(stage, 20_000, 6000);
        await camera.control('/loss?pct=0');
      });
    },
  },
  {
    name: "camera's timestamps jump by 5 s, on and back",
    scope: 'camera',
    short: true,
    causes: [],
    async inject(stage, camera) {
      await camera.control('/jump?ms=5000');
      await away(stage, 8000, 4000);
      await camera.control('/jump?ms=-5000');
      await away(stage, 8000, 4000);
    },
  },
  {
    name: 'camera wants another password for a while',
    scope: 'camera',
    short: false,
    kind: { password: 'right and proper' },
    causes: ['wrong-credentials', 'stream-ended', 'camera-unreachable'],
    // A camera locks out who comes with a wrong password too often: it is tried every 10 s.
    backWithinSeconds: 13,
    async inject(stage, camera) {
      await camera.outage(async () => {
        await camera.kill();
        await camera.serve('something else');
        await stage.lasts(15_000);
        await camera.kill();
        await camera.serve();
      });
    },
  },
  {
    name: 'file player killed (kill -9 of ffmpeg)',
    scope: 'camera',
    short: true,
    kind: { source: 'file' },
    causes: ['stream-ended'],
    async inject(stage, camera) {
      await camera.outage(async () => {
        signalAll(stage, FILE_PLAYER, 'SIGKILL');
      });
      await stage.lasts(4000);
    },
  },
  {
    name: 'file player hangs (SIGSTOP of ffmpeg)',
    scope: 'engine',
    short: false,
    kind: { source: 'file' },
    causes: ['stream-stalled'],
    async inject(stage, camera) {
      await camera.outage(async () => {
        signalAll(stage, FILE_PLAYER, 'SIGSTOP');
        await stage.lasts(4500);
      });
      await stage.lasts(4000);
    },
  },
  {
    name: 'sound encoder killed, then hanging',
    scope: 'camera',
    short: true,
    kind: { g711: true },
    causes: [],
    soundShare: 0.5,
    async inject(stage) {
      signalAll(stage, SOUND_ENCODER, 'SIGKILL');
      await until('a new sound encoder', () => stage.children(SOUND_ENCODER).length > 0, 10_000);
      const [hanging] = signalAll(stage, SOUND_ENCODER, 'SIGSTOP');
      await until(
        'another sound encoder',
        () => stage.children(SOUND_ENCODER).some((pid) => pid !== hanging),
        15_000,
      );
    },
  },
  {
    name: 'decoder for analysis killed, then hanging',
    scope: 'camera',
    short: true,
    kind: { analysed: true },
    causes: [],
    async inject(stage, camera) {
      const analysing = () => until('analysed pictures', () => isAnalysed(stage, camera), 20_000);
      await analysing();
      const decoderBeside = async (old: number[], limitMs: number) => {
        const others = () => stage.children(PICTURE_DECODER).filter((pid) => !old.includes(pid));
        await until('a new decoder', () => others().length > 0, limitMs);
      };
      const killed = signalAll(stage, PICTURE_DECODER, 'SIGKILL');
      await decoderBeside(killed, 10_000);
      const hanging = signalAll(stage, PICTURE_DECODER, 'SIGSTOP');
      await decoderBeside(hanging, 20_000);
      await analysing();
    },
  },
  {
    name: 'live viewer and archive client that never read',
    scope: 'camera',
    short: true,
    causes: [],
    async inject(stage, camera) {
      const release = await holdUpReaders(stage.engine, camera.id);
      await away(stage, 25_000, 8000);
      release();
    },
  },
  {
    name: 'exports while recording',
    scope: 'camera',
    short: false,
    causes: [],
    async inject(stage, camera) {
      for (let round = 0; round < 5; round++) await exportFootage(stage.engine, camera.id, Date.now() - 6000);
    },
  },
  {
    name: 'engine killed (kill -9) at random moments',
    scope: 'engine',
    short: true,
    causes: ['engine-stopped'],
    async inject(stage) {
      for (let round = 0; round < (stage.options.short ? 2 : 5); round++) {
        await stage.lasts(3000 + stage.options.random() * 3000);
        await restart(stage, () => stage.killEngine());
        await stage.allRecorded();
      }
    },
  },
  {
    name: '30 restarts in a row, every other one by kill -9',
    scope: 'engine',
    short: false,
    causes: ['engine-stopped'],
    async inject(stage) {
      for (let round = 0; round < 15; round++) {
        await stage.allRecorded();
        await stage.lasts(stage.options.random() * 3000);
        // Twice: the second time before it records, or hardly.
        await restart(stage, async () => {
          await (round % 2 === 0 ? stage.killEngine() : stage.stopEngine());
          await stage.startEngine();
          await stage.lasts(stage.options.random() * 500);
          await (round % 2 === 0 ? stage.stopEngine() : stage.killEngine());
        });
      }
    },
  },
  {
    name: 'disk filled by a rival, then room again',
    scope: 'engine',
    short: true,
    needs: 'own-disk',
    causes: ['disk-full'],
    async inject(stage) {
      const rival = join(stage.dataDir, 'rival');
      await allOut(stage, async () => {
        fill(rival, stage.options.diskBytes!);
        await away(stage, 15_000, 5000);
        rmSync(rival);
      });
    },
  },
  {
    name: 'disk read-only for a while (EROFS)',
    scope: 'engine',
    short: false,
    needs: 'system-faults',
    causes: ['disk-failed'],
    async inject(stage) {
      await allOut(stage, async () => {
        stage.system!.refuseWrites('EROFS');
        await stage.lasts(10_000);
        stage.system!.refuseWrites(null);
      });
    },
  },
  {
    name: 'slow disk (every write takes 0.7 s more)',
    scope: 'engine',
    short: false,
    needs: 'system-faults',
    causes: [],
    async inject(stage) {
      stage.system!.delayWrites(700);
      await stage.lasts(15_000);
      stage.system!.delayWrites(0);
    },
  },
  {
    name: "computer's clock set on and back by 20 s",
    scope: 'engine',
    short: true,
    needs: 'system-faults',
    causes: ['clock-step'],
    noted: 'clock-step',
    async inject(stage) {
      stage.system!.stepClock(20_000);
      await away(stage, 10_000, 4000);
      stage.system!.stepClock(-20_000);
      await away(stage, 10_000, 4000);
    },
  },
  {
    name: 'disk hangs for 8 s',
    scope: 'engine',
    short: true,
    needs: 'system-faults',
    causes: [],
    async inject(stage) {
      stage.system!.delayWrites(60_000);
      await away(stage, 8000, 5000);
      stage.system!.delayWrites(0);
    },
  },
];

/** Ids of the processes that got the signal; throws where there is none. */
function signalAll(stage: Stage, commandLine: RegExp, signal: NodeJS.Signals): number[] {
  const found = stage.children(commandLine);
  if (found.length === 0) throw new Error(`no process for ${commandLine}`);
  for (const pid of found) process.kill(pid, signal);
  return found;
}

/** An outage of all cameras. */
async function allOut(stage: Stage, fault: () => Promise<void>): Promise<void> {
  const startEpochMs = Date.now();
  await fault();
  const endEpochMs = Date.now();
  for (const camera of stage.cameras) camera.outages.push({ startEpochMs, endEpochMs });
}

async function restart(stage: Stage, end: () => Promise<void>): Promise<void> {
  for (const camera of stage.cameras) camera.kills.push(Date.now());
  await allOut(stage, async () => {
    await end();
    await stage.startEngine();
  });
}

async function isAnalysed(stage: Stage, camera: FaultyCamera): Promise<boolean> {
  const views = await stage.engine.get<CameraView[]>('/cameras');
  return (views.find(({ id }) => id === camera.id)?.status.analysedFps ?? 0) > 0;
}

/** Writes until the file system is full. */
function fill(path: string, bytes: number): void {
  const chunk = Buffer.alloc(64 * 1024);
  try {
    for (let written = 0; written < bytes; written += chunk.length) writeFileSync(path, chunk, { flag: 'a' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  }
}
