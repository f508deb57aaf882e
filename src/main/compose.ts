/**
 * The composition root of the engine: opens the data folder, has the parts built, starts and stops them in order. Recording comes first:
 * what it does not need is loaded once the cameras are being connected. Holds no logic of its own.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import packageJson from '../../package.json' with { type: 'json' };
import { AppError } from '../shared/errors.ts';
import { DAY_MS, MINUTE_MS } from '../shared/units.ts';
import { SESSION_COOKIE } from './api/authentication.ts';
import { deferred } from './capture/deferred.ts';
import { restoreWaiting } from './compose-backup.ts';
import type { BuildContext, EngineOptions, FoundFfmpeg, Parts, RecordingParts } from './compose-context.ts';
import { addDemoCameras, DemoDoor } from './compose-demo.ts';
import { reportToDesktop } from './compose-desktop.ts';
import { refuseBadFolders } from './compose-folders.ts';
import { buildRecordingParts, lookForFfmpeg } from './compose-recording-parts.ts';
import { restoreCameras } from './compose-restore.ts';
import { openStores, type Stores } from './compose-stores.ts';
import { inDataFolder } from './data-folder.ts';
import { systemClock } from './platform/clock.ts';
import { keepMemoryLevel } from './platform/heap.ts';
import { SteadyClock } from './platform/steady-clock.ts';
import { RecordingHours } from './recorder/recording-hours.ts';
import { applyProvision } from './settings/apply-provision.ts';
import { loadSecretBox, type SecretBox } from './settings/secrets.ts';
import { CAMIO_SETTINGS_KEY } from './store/camio-settings.ts';

/** Short, so that a program that is often started again forgets too. */
const FORGET_EVERY_MS = 10 * MINUTE_MS;
/** How long cameras that do not answer may hold up the rest, whose loading keeps the processor busy. */
const HEAD_START_MS = 2000;

export class Engine {
  readonly version = packageJson.version;
  private readonly options: EngineOptions;
  private readonly clock: SteadyClock;
  /** What must be undone to stop, last started first. */
  private readonly undo: Array<() => unknown> = [];
  private stores: Stores | null = null;
  private running: Parts | null = null;
  private starting: Promise<string> | null = null;
  private stopping = false;

  constructor(options: EngineOptions) {
    this.options = options;
    this.clock = new SteadyClock(options.clock ?? systemClock);
  }

  /** Resolves with the address once requests are accepted. Throws when the data folder or the port cannot be used, or `stop` came first. */
  start(): Promise<string> {
    this.starting ??= this.begin();
    return this.starting;
  }

  /** Ends everything in order: no more frames, no more requests, what has arrived on disk, the database closed. */
  async stop(): Promise<void> {
    this.stopping = true;
    // A start under way ends at its next step; whoever started it hears why it failed.
    await this.starting?.catch(() => {});
    for (const undo of this.undo.splice(0).reverse()) {
      try {
        await undo();
      } catch (error) {
        this.options.log.error({ err: error }, 'a part did not stop as it should');
      }
    }
  }

  /** A session for the window on this machine; null while there is no account. */
  localSession(): { name: string; value: string } | null {
    const account = this.stores?.accounts.first();
    if (!account || !this.stores) return null;
    this.running?.audit.note('signed-in', { actor: account.email, address: '' }, [], {
      detail: 'In the window on this machine',
    });
    return {
      name: SESSION_COOKIE,
      value: this.stores.accounts.openSession(account.id, this.clock.epochMs()),
    };
  }

  private async begin(): Promise<string> {
    const { dataDir, provision, demo, log, tellDesktop } = this.options;
    const { clock } = this;
    const ffmpeg = lookForFfmpeg(log);
    const { box, stores } = inDataFolder(dataDir, () => openDataFolder(this.options));
    this.stores = stores;
    clock.goOnFrom(stores.segments.bounds().latestEpochMs ?? 0);
    this.undo.push(() => stores.close());
    await restoreCameras(join(dataDir, 'recordings'), stores, clock.epochMs(), log);
    if (provision) {
      const others = stores.volumes.listVolumes().flatMap(({ path }) => path ?? []);
      const known = [join(dataDir, 'recordings'), ...others];
      await refuseBadFolders(provision.storage?.folders ?? [], dataDir, known);
      await applyProvision(provision, stores, clock.epochMs());
    }
    const parts = await this.build(stores, box, ffmpeg);
    await parts.api.prepare();
    const url = await parts.network.start();
    this.refuseWhenStopping();
    parts.outbox.start();
    parts.alerts.service.start();
    this.undo.push(() => parts.alerts.service.stop());
    if (tellDesktop) this.undo.push(reportToDesktop({ parts, stores, tell: tellDesktop, clock, log }));
    if (demo) {
      const door = new DemoDoor({ ...{ demo: parts.demo, stores, clock, log }, post: parts.api.post });
      door.start();
      this.undo.push(() => door.stop());
    }
    this.undo.push(
      this.every(FORGET_EVERY_MS, () => this.forgetOldEvents()),
      keepMemoryLevel(),
    );
    return url;
  }

  /** Recording first: after a fault every second without it is lost for good. */
  private async build(stores: Stores, box: SecretBox, ffmpeg: Promise<FoundFfmpeg>): Promise<Parts> {
    const { clock, undo } = this;
    const built = deferred<Parts>();
    const context: BuildContext = {
      ...{ options: this.options, version: this.version, stores, box, clock, undo },
      refuseWhenStopping: () => this.refuseWhenStopping(),
      running: () => this.running,
      built: built.promise,
    };
    const recording = await buildRecordingParts(context, ffmpeg);
    if (this.options.demo) addDemoCameras(recording.demo, stores, clock.epochMs());
    const undoCameras = this.startCameras(stores, recording);
    try {
      await recording.cameras.connected(HEAD_START_MS);
      const { buildParts } = await import('./compose-parts.ts');
      this.refuseWhenStopping();
      const parts = await buildParts(context, recording);
      this.running = parts;
      built.resolve(parts);
      undo.push(
        () => parts.api.stop(),
        () => parts.network.stop(),
      );
      return parts;
    } finally {
      // Cameras are the first to stop, whatever was started after them.
      undo.push(...undoCameras);
    }
  }

  private startCameras(stores: Stores, recording: RecordingParts): Array<() => unknown> {
    const { cameras, recordings, ffmpeg } = recording;
    const ids = stores.cameras.list().map(({ id }) => id);
    const stillMs = this.options.alertTimings?.stillMs;
    cameras.start({ ...recording, ffmpegPath: ffmpeg.path, stillMs }, ids);
    const hours = new RecordingHours({
      cameras: () => stores.cameras.list().map(({ id, recording: { schedule } }) => ({ id, schedule })),
      onChange: (cameraId) => cameras.follow(cameraId),
      clock: this.clock,
    });
    hours.start();
    return [
      () => cameras.stop(),
      () => hours.stop(),
      stores.cameras.subscribe((cameraId) => cameras.follow(cameraId)),
      stores.fleet.subscribe((cameraId) => cameras.follow(cameraId)),
      stores.settings.subscribe((key) => key === 'storage' && void recordings.applyLimits()),
      stores.settings.subscribe((key) => {
        if (key === CAMIO_SETTINGS_KEY) for (const { id } of stores.cameras.list()) cameras.follow(id);
      }),
    ];
  }

  private refuseWhenStopping(): void {
    if (this.stopping) throw new AppError('unavailable', 'The program is being closed.');
  }

  /** Events go when their footage is over its days. */
  private async forgetOldEvents(): Promise<void> {
    const cameras = this.stores?.cameras.list() ?? [];
    const { clock } = this;
    const longestDays = Math.max(1, ...cameras.map(({ recording }) => recording.days));
    this.stores?.accessEvents.removeBefore(clock.epochMs() - longestDays * DAY_MS);
    this.running?.motion.forgetOld(clock.epochMs());
    for (const { id, recording } of cameras) {
      await this.running?.events.forgetBefore(id, clock.epochMs() - recording.days * DAY_MS);
      await this.running?.camio.uploads.forgetBefore(id, clock.epochMs() - recording.days * DAY_MS);
    }
  }

  private every(periodMs: number, action: () => Promise<void>): () => void {
    const run = () =>
      void action().catch((error: unknown) =>
        this.options.log.error({ err: error }, 'a periodic task failed'),
      );
    const timer = setInterval(run, periodMs);
    return () => clearInterval(timer);
  }
}

function openDataFolder({ dataDir, key = null, log }: EngineOptions): { box: SecretBox; stores: Stores } {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  restoreWaiting(dataDir, log);
  const box = loadSecretBox(dataDir, key);
  return { box, stores: openStores(dataDir, box) };
}
