/** The composition root of the engine: builds its parts, connects them, starts and stops them in order. Holds no logic of its own. */
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import packageJson from '../../package.json' with { type: 'json' };
import type { Alert, NvrEvent } from '../shared/domain.ts';
import { AppError, messageOf } from '../shared/errors.ts';
import { DAY_MS, HOUR_MS } from '../shared/units.ts';
import { AccessControl } from './access/access-control.ts';
import { ReaderClocks } from './access/reader-clocks.ts';
import { FfmpegKeyframes } from './alerts/decode-keyframe.ts';
import type { AlertTimings } from './alerts/step-alerts.ts';
import { registerAlertMetrics } from './api/alert-metrics.ts';
import { registerAccessRoutes } from './api/app/access-routes.ts';
import { registerArchiveRoutes } from './api/app/archive-routes.ts';
import { registerFolderRoutes } from './api/app/folder-routes.ts';
import { registerLiveRoutes } from './api/app/live-routes.ts';
import { registerLockRoutes } from './api/app/lock-routes.ts';
import { registerUploadRoutes } from './api/app/upload-routes.ts';
import { SESSION_COOKIE } from './api/authentication.ts';
import { registerRecordingMetrics } from './api/recording-metrics.ts';
import { ApiServer } from './api/server.ts';
import { Archive } from './archive/archive.ts';
import { probeSource } from './capture/probe.ts';
import { type AlertParts, composeAlerts, listPictureAlerts } from './compose-alerts.ts';
import { RunningCameras } from './compose-cameras.ts';
import { type CamioParts, composeCamio, isRecordingEnabled } from './compose-camio.ts';
import { addDemoCameras, DemoDoor } from './compose-demo.ts';
import { applyFolders, refuseBadFolders } from './compose-folders.ts';
import { HealthReport } from './compose-health.ts';
import { composeIntegrations } from './compose-integrations.ts';
import { composeModels, foldersOfModels } from './compose-models.ts';
import { planCamera } from './compose-recording.ts';
import { composeRehearsal } from './compose-rehearsal.ts';
import { restoreCameras } from './compose-restore.ts';
import { openStores, type Stores } from './compose-stores.ts';
import { inDataFolder } from './data-folder.ts';
import { EventLog } from './events/event-log.ts';
import { Thumbnails } from './events/thumbnails.ts';
import { uploadPath } from './events/uploads.ts';
import { LiveCameras } from './live/cameras.ts';
import { DemoCameras } from './live/demo-cameras.ts';
import { findFfmpeg } from './media/ffmpeg.ts';
import { Outbox } from './outputs/outbox.ts';
import { type Clock, systemClock } from './platform/clock.ts';
import { rendererFolder, resourcesFolder } from './platform/entry.ts';
import type { Logger } from './platform/log.ts';
import { SteadyClock } from './platform/steady-clock.ts';
import { RecordingFolders } from './recorder/recording-folders.ts';
import { RecordingHours } from './recorder/recording-hours.ts';
import { RecordingService } from './recorder/recording-service.ts';
import { Volumes } from './recorder/volumes.ts';
import { applyProvision } from './settings/apply-provision.ts';
import type { Provision } from './settings/provision.ts';
import { loadSecretBox, type SecretBox } from './settings/secrets.ts';
import { CAMIO_SETTINGS_KEY } from './store/camio-settings.ts';
import { readerClockOffsets } from './store/reader-clocks.ts';
import { VisionService } from './vision/service.ts';

export interface EngineOptions {
  dataDir: string;
  host: string;
  /** 0 picks a free one. */
  port: number;
  provision: Provision | null;
  demo: boolean;
  /** An alert began, or is over. */
  onAlert?: (alert: Alert, change: 'raised' | 'over') => void;
  /** Shorter times in tests. */
  alertTimings?: AlertTimings & { stillMs: number };
  log: Logger;
  /** The computer's; default: the system's. */
  clock?: Clock;
}

export class Engine {
  readonly version = packageJson.version;
  private readonly options: EngineOptions;
  private readonly clock: SteadyClock;
  /** What must be undone to stop, last started first. */
  private readonly undo: Array<() => unknown> = [];
  /** Each puts into the outbox what an event is told to others by, in the event's own transaction. */
  private readonly storeAlongside: Array<(event: NvrEvent) => void> = [];
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
    return {
      name: SESSION_COOKIE,
      value: this.stores.accounts.openSession(account.id, this.clock.epochMs()),
    };
  }

  private async begin(): Promise<string> {
    const { dataDir, provision, demo, log } = this.options;
    const { clock } = this;
    const { box, stores } = inDataFolder(dataDir, () => openDataFolder(dataDir));
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
    const parts = await this.build(stores, box);
    this.running = parts;
    if (demo) addDemoCameras(parts.demo, stores, clock.epochMs());
    this.undo.push(() => parts.api.stop());
    const url = await parts.api.start(this.options);
    this.refuseWhenStopping();
    parts.outbox.start();
    this.startCameras(stores, parts);
    parts.alerts.service.start();
    this.undo.push(() => parts.alerts.service.stop());
    if (demo) {
      const door = new DemoDoor({ demo: parts.demo, stores, url: localUrl(url), clock, log });
      door.start();
      this.undo.push(() => door.stop());
    }
    this.undo.push(this.every(HOUR_MS, () => this.forgetOldEvents()));
    return url;
  }

  private startCameras(stores: Stores, parts: Parts): void {
    const { cameras, recordings } = parts;
    const ids = stores.cameras.list().map(({ id }) => id);
    this.undo.push(() => cameras.stop());
    cameras.start(parts, ids);
    const hours = new RecordingHours({
      cameras: () => stores.cameras.list().map(({ id, recording }) => ({ id, schedule: recording.schedule })),
      onChange: (cameraId) => cameras.follow(cameraId),
      clock: this.clock,
    });
    hours.start();
    this.undo.push(() => hours.stop());
    this.undo.push(
      stores.cameras.subscribe((cameraId) => cameras.follow(cameraId)),
      stores.fleet.subscribe((cameraId) => cameras.follow(cameraId)),
      stores.settings.subscribe((key) => key === 'storage' && void recordings.applyLimits()),
      stores.settings.subscribe((key) => {
        if (key === CAMIO_SETTINGS_KEY) for (const { id } of stores.cameras.list()) cameras.follow(id);
      }),
    );
  }

  private refuseWhenStopping(): void {
    if (this.stopping) throw new AppError('unavailable', 'The program is being closed.');
  }

  private async build(stores: Stores, box: SecretBox): Promise<Parts> {
    const { dataDir, log } = this.options;
    const { clock } = this;
    const ffmpeg = await findFfmpeg().catch((error: unknown) => {
      log.error({ problem: messageOf(error) }, 'no usable ffmpeg');
      return { path: null, version: null, problem: messageOf(error) };
    });
    const ffmpegPath = ffmpeg.path ?? 'ffmpeg';
    const cameras = new RunningCameras({
      wanted: (cameraId) => {
        const camera = stores.cameras.get(cameraId);
        return (
          camera &&
          planCamera(camera, {
            isPaused: stores.fleet.isPaused(cameraId),
            isRecordingEnabled: isRecordingEnabled(stores),
            epochMs: clock.epochMs(),
          })
        );
      },
      report: async (cameraId, findings) => {
        if (!stores.fleet.isPaused(cameraId)) await events.report(cameraId, findings);
      },
      isPaused: (cameraId) => stores.fleet.isPaused(cameraId),
      broadcast: (message) => api.broadcast(message),
      clock,
      log,
    });
    const volumes = new Volumes({
      root: join(dataDir, 'recordings'),
      store: stores.volumes,
      volumeOf: (path) => stores.segments.volumeOf(path),
      clock,
      log,
    });
    const folders = new RecordingFolders({
      ...{ dataDir, volumes, store: stores.volumes, index: stores.segments, log },
    });
    const recordings = new RecordingService({
      volumes,
      afterMoves: () => folders.forgetEmptied(),
      leftovers: stores.volumes,
      index: stores.segments,
      ledger: stores.gaps,
      limits: () => stores.settings.storage(),
      listEvents: (cameraId, fromEpochMs, toEpochMs) =>
        stores.events.overlapping(cameraId, fromEpochMs, toEpochMs),
      locks: stores.locks,
      onLocksChanged: () => this.running?.api.broadcast({ kind: 'locks-changed' }),
      clock,
      log,
    });
    await recordings.start();
    this.undo.push(
      () => recordings.stop(),
      stores.events.subscribe((event) => recordings.noteEvent(event.cameraId, event)),
      clock.onStep((step) => {
        log.warn(step, 'the clock of this computer was set');
        recordings.noteClockStep(step);
      }),
    );
    await applyFolders(this.options.provision?.storage?.folders ?? [], folders);
    this.refuseWhenStopping();
    const live = new LiveCameras({ ffmpegPath, clock, log });
    this.undo.push(() => live.stop());
    const modelFolders = foldersOfModels(dataDir);
    const vision = new VisionService({
      ffmpegPath,
      folders: modelFolders,
      modelName: () => stores.settings.modelName(),
      logger: log,
      onObservation: (cameraId, observation) => {
        cameras.observed(cameraId, observation);
        if (observation.tracks.length > 0 && observation.motion.boxes.length > 0)
          recordings.extendEvent(cameraId, observation.atMs);
      },
      onProblem: (cameraId, problem) => cameras.setAnalysisProblem(cameraId, problem),
    });
    await vision.start();
    this.undo.push(() => vision.stop());
    const models = composeModels({ folders: modelFolders, stores, vision });
    this.undo.push(() => models.stop());
    this.refuseWhenStopping();
    const demo = new DemoCameras({ ffmpegPath, scenesFolder: join(resourcesFolder(), 'demo'), clock, log });
    if (ffmpeg.path) await demo.start();
    this.undo.push(() => demo.stop());
    const outbox = new Outbox({ store: stores.outbox, clock, log });
    this.undo.push(() => outbox.stop());
    const events = new EventLog({
      events: stores.events,
      storeAlongside: (event) => {
        // Nobody is told of what happens at a paused camera.
        if (stores.fleet.isPaused(event.cameraId)) return;
        for (const store of this.storeAlongside) store(event);
      },
      changeAlongside: (event) => this.running?.camio.hooks.storeAlongside(event),
      thumbnails: new Thumbnails(join(dataDir, 'thumbnails')),
      takeSnapshot: (cameraId, atMs, box) => vision.snapshot(cameraId, atMs, box),
      clock,
      log,
    });
    this.undo.push(() => events.stop());
    const readerClocks = new ReaderClocks({
      offsets: readerClockOffsets(stores.settings),
      cameras: () => stores.cameras.list(),
      reports: (...range) => stores.accessEvents.listBetween(...range),
      crossings: (...range) => stores.lineCounts.peopleCrossings(...range),
      clock,
    });
    const access = new AccessControl({
      ...stores,
      reports: stores.accessEvents,
      eventLog: events,
      correctClock: (event) => readerClocks.correct(event),
      clock,
      log,
    });
    this.undo.push(access.subscribe((event, cameraIds) => cameras.reported(event, cameraIds)));
    const archive = new Archive({
      dataDir,
      segments: stores.segments,
      gaps: stores.gaps,
      listLocks: (cameraId) => recordings.locks.list(cameraId),
      listPictureAlerts: (...lane) => listPictureAlerts(stores.alerts, ...lane),
      uploads: {
        contents: stores.contents,
        path: (content) => uploadPath(join(dataDir, 'uploads'), content),
      },
      exports: stores.exports,
      volumes,
      openSegments: (cameraId, stream) => recordings.openSegments(cameraId, stream),
      cameraName: (cameraId) => stores.cameras.get(cameraId)?.name ?? null,
      ffmpegPath,
      onExport: (job) => this.running?.api.broadcast({ kind: 'export', job }),
      clock,
      log,
    });
    await archive.start();
    this.undo.push(() => archive.stop());
    this.refuseWhenStopping();
    const rehearsal = composeRehearsal({
      ...{ dataDir, stores, archive, events, vision, readerClocks, ffmpegPath, clock, log },
    });
    await rehearsal.start();
    this.undo.push(() => rehearsal.stop());
    this.refuseWhenStopping();
    const health = new HealthReport({
      version: this.version,
      ffmpeg,
      recordings,
      vision,
      stores,
      statusOf: (id) => cameras.status(id),
      clock,
    });
    this.undo.push(health.start());
    const releaseCamera = async (cameraId: string) => {
      recordings.locks.refuseDeletion(cameraId, stores.cameras.get(cameraId)?.name ?? 'This camera');
      await cameras.release(cameraId);
    };
    const removeCamera = async (cameraId: string) => {
      await releaseCamera(cameraId);
      await events.forgetCamera(cameraId);
      stores.cameras.remove(cameraId);
    };
    const camio = composeCamio({
      ...{ dataDir, stores, box, events, archive, recordings, live, vision, outbox, ffmpegPath, clock, log },
      cameraStatus: (cameraId) => cameras.status(cameraId),
      removeCamera,
    });
    this.storeAlongside.push((event) => camio.hooks.storeAlongside(event));
    await camio.start();
    this.undo.push(() => camio.stop());
    this.refuseWhenStopping();
    const integrations = composeIntegrations({
      ...{ version: this.version, dataDir, listen: this.options, stores, box, events, archive, live, outbox },
      ...{ recordings, ffmpegPath, clock, log },
      cameraStatus: (cameraId) => cameras.status(cameraId),
      removeCamera,
      newestUpload: (cameraId) => {
        const picture = stores.contents.newest(cameraId, 'image/jpeg');
        return picture && { path: camio.uploads.path(picture), atEpochMs: picture.atEpochMs };
      },
    });
    this.storeAlongside.push((event) => integrations.storeAlongside(event));
    await integrations.start();
    this.undo.push(() => integrations.stop());
    this.refuseWhenStopping();
    const alerts = composeAlerts({
      ...{ stores, cameras, recordings, outbox, clock, log, timings: this.options.alertTimings },
      announce: (alert, change) => {
        api.broadcast({ kind: 'alert', alert });
        if (change === 'raised' || change === 'over') this.options.onAlert?.(alert, change);
      },
    });
    const resolveSource = (url: string) => (/^demo:/i.test(url) ? demo.resolve(url).main : url);
    const api = new ApiServer({
      ...stores,
      version: this.version,
      dataDir,
      rendererDir: existsSync(rendererFolder()) ? rendererFolder() : null,
      events,
      access,
      engine: {
        cameraStatus: (cameraId) => cameras.status(cameraId),
        probe: (source) => probeSource({ ...source, clock, log, ffmpegPath: ffmpeg.path, resolveSource }),
        releaseCamera,
        storage: async () => recordings.storage(),
        health: () => health.view(),
        completeness: async (days) => health.completeness(days),
        gaps: (...query) => health.gaps(...query),
      },
      apis: [camio.api, ...integrations.apis],
      viewer: camio.viewer,
      appPlugins: [
        (app) => integrations.appPlugin(app),
        (app) => camio.appPlugin(app),
        (app) => alerts.appPlugin(app),
        (app) => registerLiveRoutes(app, { live, clock, log }),
        (app) => models.appPlugin(app),
        (app) => registerArchiveRoutes(app, { archive, events, clock, log }),
        (app) => registerUploadRoutes(app, { archive }),
        (app) => rehearsal.appPlugin(app),
        (app) => registerAccessRoutes(app, { clocks: readerClocks, counts: stores.lineCounts }),
        (app) => registerLockRoutes(app, { locks: recordings.locks }),
        (app) => registerFolderRoutes(app, { folders, storage: async () => recordings.storage() }),
      ],
      clock,
      log,
    });
    health.register(api.metrics.registry);
    registerAlertMetrics(api.metrics.registry, stores.alerts);
    registerRecordingMetrics(api.metrics.registry, () => health.recordingFigures());
    return {
      cameras,
      recordings,
      live,
      vision,
      demo,
      events,
      archive,
      outbox,
      camio,
      alerts,
      keyframes: ffmpeg.path === null ? null : new FfmpegKeyframes(ffmpeg.path),
      stillMs: this.options.alertTimings?.stillMs,
      api,
      ffmpegPath: ffmpeg.path,
      resolveSource,
    };
  }

  /** Events go when their footage is over its days. */
  private async forgetOldEvents(): Promise<void> {
    const cameras = this.stores?.cameras.list() ?? [];
    const { clock } = this;
    const longestDays = Math.max(1, ...cameras.map(({ recording }) => recording.days));
    this.stores?.accessEvents.removeBefore(clock.epochMs() - longestDays * DAY_MS);
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

interface Parts {
  cameras: RunningCameras;
  recordings: RecordingService;
  live: LiveCameras;
  vision: VisionService;
  demo: DemoCameras;
  events: EventLog;
  archive: Archive;
  outbox: Outbox;
  camio: CamioParts;
  alerts: AlertParts;
  keyframes: FfmpegKeyframes | null;
  stillMs: number | undefined;
  api: ApiServer;
  ffmpegPath: string | null;
  resolveSource(url: string): string;
}

function openDataFolder(dataDir: string): { box: SecretBox; stores: Stores } {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const box = loadSecretBox(dataDir);
  return { box, stores: openStores(dataDir, box) };
}

/** The address under which this machine reaches itself. */
function localUrl(url: string): string {
  return url.replace('//0.0.0.0:', '//127.0.0.1:').replace('//[::]:', '//[::1]:');
}
