/** The composition root of the engine: builds its parts, connects them, starts and stops them in order. Holds no logic of its own. */
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import packageJson from '../../package.json' with { type: 'json' };
import type { AccessEvent, Finding, NvrEvent, Observation } from '../shared/domain.ts';
import { messageOf } from '../shared/errors.ts';
import { DAY_MS, HOUR_MS } from '../shared/units.ts';
import { AccessControl } from './access/access-control.ts';
import { registerArchiveRoutes } from './api/app/archive-routes.ts';
import { registerLiveRoutes } from './api/app/live-routes.ts';
import { SESSION_COOKIE } from './api/authentication.ts';
import { ApiServer } from './api/server.ts';
import { Archive } from './archive/archive.ts';
import { probeSource } from './capture/probe.ts';
import { CameraRuntime } from './compose-camera.ts';
import { type CamioParts, composeCamio, withRecordingSwitch } from './compose-camio.ts';
import { addDemoCameras, DemoDoor } from './compose-demo.ts';
import { HealthReport } from './compose-health.ts';
import { composeIntegrations, withPause } from './compose-integrations.ts';
import { openStores, type Stores } from './compose-stores.ts';
import { EventLog } from './events/event-log.ts';
import { Thumbnails } from './events/thumbnails.ts';
import { LiveCameras } from './live/cameras.ts';
import { DemoCameras } from './live/demo-cameras.ts';
import { findFfmpeg } from './media/ffmpeg.ts';
import { Outbox } from './outputs/outbox.ts';
import { systemClock as clock } from './platform/clock.ts';
import { modelsFolder, rendererFolder, resourcesFolder } from './platform/entry.ts';
import type { Logger } from './platform/log.ts';
import { RecordingService } from './recorder/recording-service.ts';
import { applyProvision } from './settings/apply-provision.ts';
import type { Provision } from './settings/provision.ts';
import { loadSecretBox, type SecretBox } from './settings/secrets.ts';
import { CAMIO_SETTINGS_KEY } from './store/camio-settings.ts';
import { VisionService } from './vision/service.ts';

export interface EngineOptions {
  dataDir: string;
  host: string;
  /** 0 picks a free one. */
  port: number;
  provision: Provision | null;
  demo: boolean;
  log: Logger;
}

/** Starting many cameras at once makes a burst of key frames and connections: they are spread over time. */
const START_SPREAD_MS = 150;

export class Engine {
  readonly version = packageJson.version;
  private readonly options: EngineOptions;
  private readonly cameras = new Map<string, CameraRuntime>();
  /** What must be undone to stop, last started first. */
  private readonly undo: Array<() => unknown> = [];
  /** Each puts into the outbox what an event is told to others by, in the event's own transaction. */
  private readonly storeAlongside: Array<(event: NvrEvent) => void> = [];
  private stores: Stores | null = null;
  private running: Parts | null = null;
  /** Changes of cameras are applied one after the other. */
  private changes: Promise<unknown> = Promise.resolve();
  private readonly changed = new Set<string>();

  constructor(options: EngineOptions) {
    this.options = options;
  }

  /** Resolves with the address once requests are accepted. Throws when the data folder or the port cannot be used. */
  async start(): Promise<string> {
    const { dataDir, provision, demo, log } = this.options;
    mkdirSync(dataDir, { recursive: true });
    const box = loadSecretBox(dataDir);
    const stores = openStores(dataDir, box);
    this.stores = stores;
    this.undo.push(() => stores.close());
    if (provision) await applyProvision(provision, stores, clock.epochMs());
    const parts = await this.build(stores, box);
    this.running = parts;
    if (demo) addDemoCameras(parts.demo, stores, clock.epochMs());
    const url = await parts.api.start(this.options);
    parts.outbox.start();
    this.undo.push(() => parts.api.stop());
    this.undo.push(() => Promise.all([...this.cameras.values()].map((camera) => camera.stop())));
    this.undo.push(stores.cameras.subscribe((cameraId) => this.follow(cameraId)));
    this.undo.push(stores.fleet.subscribe((cameraId) => this.follow(cameraId)));
    this.undo.push(
      stores.settings.subscribe((key) => key === 'storage' && void parts.recordings.applyLimits()),
      stores.settings.subscribe((key) => {
        if (key === CAMIO_SETTINGS_KEY) for (const { id } of stores.cameras.list()) this.follow(id);
      }),
    );
    for (const [index, camera] of stores.cameras.list().entries())
      this.undo.push(clock.after(index * START_SPREAD_MS, () => this.follow(camera.id)));
    if (demo) {
      const door = new DemoDoor({ demo: parts.demo, stores, url: localUrl(url), clock, log });
      door.start();
      this.undo.push(() => door.stop());
    }
    this.undo.push(this.every(HOUR_MS, () => this.forgetOldEvents()));
    return url;
  }

  /** Ends everything in order: no more requests, no more frames, what has arrived on disk, the database closed. */
  async stop(): Promise<void> {
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
    return { name: SESSION_COOKIE, value: this.stores.accounts.openSession(account.id, clock.epochMs()) };
  }

  private async build(stores: Stores, box: SecretBox): Promise<Parts> {
    const { dataDir, log } = this.options;
    const ffmpeg = await findFfmpeg().catch((error: unknown) => {
      log.error({ problem: messageOf(error) }, 'no usable ffmpeg');
      return { path: null, version: null, problem: messageOf(error) };
    });
    const ffmpegPath = ffmpeg.path ?? 'ffmpeg';
    const recordings = new RecordingService({
      root: join(dataDir, 'recordings'),
      index: stores.segments,
      ledger: stores.gaps,
      limits: () => stores.settings.storage(),
      hasEvents: (cameraId, fromEpochMs, toEpochMs) =>
        stores.events.list({ cameraIds: [cameraId], fromEpochMs, toEpochMs, limit: 1 }).length > 0,
      clock,
      log,
    });
    await recordings.start();
    this.undo.push(() => recordings.stop());
    const live = new LiveCameras({ ffmpegPath, clock, log });
    this.undo.push(() => live.stop());
    const vision = new VisionService({
      ffmpegPath,
      modelsDir: modelsFolder(),
      extraModelsDir: process.env.THRESHOLD_MODELS,
      logger: log,
      onObservation: (cameraId, observation) => this.observed(cameraId, observation),
      onProblem: (cameraId, problem) => this.cameras.get(cameraId)?.setAnalysisProblem(problem),
    });
    await vision.start();
    this.undo.push(() => vision.stop());
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
      readerName: (deviceId) => stores.readers.get(deviceId)?.deviceName ?? null,
      clock,
      log,
    });
    this.undo.push(() => events.stop());
    const access = new AccessControl({
      ...stores,
      reports: stores.accessEvents,
      eventLog: events,
      clock,
      log,
    });
    this.undo.push(access.subscribe((event, cameraIds) => this.reported(event, cameraIds)));
    const archive = new Archive({
      dataDir,
      segments: stores.segments,
      gaps: stores.gaps,
      exports: stores.exports,
      openSegments: (cameraId, stream) => recordings.openSegments(cameraId, stream),
      cameraName: (cameraId) => stores.cameras.get(cameraId)?.name ?? null,
      ffmpegPath,
      onExport: (job) => this.running?.api.broadcast({ kind: 'export', job }),
      clock,
      log,
    });
    await archive.start();
    this.undo.push(() => archive.stop());
    const health = new HealthReport({
      version: this.version,
      ffmpeg,
      recordings,
      vision,
      stores,
      statusOf: (id) => this.status(id),
      clock,
    });
    this.undo.push(health.start());
    const camio = composeCamio({
      ...{ dataDir, stores, box, events, archive, recordings, live, vision, outbox, ffmpegPath, clock, log },
      cameraStatus: (cameraId) => this.status(cameraId),
      removeCamera: (cameraId) => this.removeCamera(cameraId),
    });
    this.storeAlongside.push((event) => camio.hooks.storeAlongside(event));
    await camio.start();
    this.undo.push(() => camio.stop());
    const integrations = composeIntegrations({
      ...{ version: this.version, dataDir, listen: this.options, stores, box, events, archive, live, outbox },
      ...{ ffmpegPath, clock, log },
      cameraStatus: (cameraId) => this.status(cameraId),
      removeCamera: (cameraId) => this.removeCamera(cameraId),
      newestUpload: (cameraId) => {
        const picture = stores.contents.newest(cameraId, 'image/jpeg');
        return picture && { path: camio.uploads.path(picture), atEpochMs: picture.atEpochMs };
      },
    });
    this.storeAlongside.push((event) => integrations.storeAlongside(event));
    await integrations.start();
    this.undo.push(() => integrations.stop());
    const resolveSource = (url: string) => (/^demo:/i.test(url) ? demo.resolve(url).main : url);
    const api = new ApiServer({
      ...stores,
      version: this.version,
      dataDir,
      rendererDir: existsSync(rendererFolder()) ? rendererFolder() : null,
      events,
      access,
      engine: {
        cameraStatus: (cameraId) => this.status(cameraId),
        probe: (source) => probeSource({ ...source, clock, log, ffmpegPath: ffmpeg.path, resolveSource }),
        releaseCamera: (cameraId) => this.release(cameraId),
        storage: () => recordings.storage(),
        health: () => health.view(),
        completeness: async (days) => health.completeness(days),
      },
      apis: [camio.api, ...integrations.apis],
      viewer: camio.viewer,
      appPlugins: [
        (app) => registerLiveRoutes(app, { live, clock, log }),
        (app) => registerArchiveRoutes(app, { archive, events, clock, log }),
      ],
      clock,
      log,
    });
    return {
      recordings,
      live,
      vision,
      demo,
      events,
      archive,
      outbox,
      camio,
      api,
      ffmpegPath: ffmpeg.path,
      resolveSource,
    };
  }

  /** Brings the running camera to its stored configuration. */
  private follow(cameraId: string): void {
    this.change(async () => {
      const stored = this.stores?.cameras.get(cameraId);
      const camera =
        stored && this.stores && withPause(this.stores, withRecordingSwitch(this.stores, stored));
      const runtime = this.cameras.get(cameraId);
      if (!camera || !this.running) return;
      if (runtime) return runtime.update(camera);
      const { log } = this.options;
      const started = new CameraRuntime(camera, {
        ...this.running,
        onFindings: (id, findings) => this.found(id, findings),
        onChange: (id) => this.announce(id),
        clock,
        log,
      });
      this.cameras.set(cameraId, started);
      await started.start();
    });
  }

  /** Ends a camera and removes it with its recordings, events and uploads. */
  private async removeCamera(cameraId: string): Promise<void> {
    await this.release(cameraId);
    await this.running?.events.forgetCamera(cameraId);
    this.stores?.cameras.remove(cameraId);
  }

  private release(cameraId: string): Promise<void> {
    return this.change(async () => {
      const runtime = this.cameras.get(cameraId);
      this.cameras.delete(cameraId);
      await runtime?.stop({ deleteRecordings: true });
    });
  }

  private change(action: () => Promise<void>): Promise<void> {
    const done = this.changes.then(action);
    this.changes = done.catch((error: unknown) =>
      this.options.log.error({ err: error }, 'a camera could not be changed'),
    );
    return done.catch(() => {});
  }

  private observed(cameraId: string, observation: Observation): void {
    this.cameras.get(cameraId)?.rules.observe(observation);
    this.running?.api.broadcast({
      kind: 'tracks',
      cameraId,
      atEpochMs: observation.atMs,
      tracks: observation.tracks.map(({ trackId, label, confidence, box }) => ({
        trackId,
        label,
        confidence,
        box,
      })),
    });
  }

  private reported(event: AccessEvent, cameraIds: readonly string[]): void {
    for (const cameraId of cameraIds) this.cameras.get(cameraId)?.rules.access(event);
  }

  private found(cameraId: string, findings: Finding[]): void {
    if (this.stores?.fleet.isPaused(cameraId)) return;
    this.running?.events
      .report(cameraId, findings)
      .catch((error: unknown) =>
        this.options.log.error({ err: error, cameraId }, 'an event could not be stored'),
      );
  }

  /** Tells the UI of a camera's new status; several changes in one turn are told once. */
  private announce(cameraId: string): void {
    if (this.changed.size === 0) {
      setImmediate(() => {
        for (const id of this.changed)
          this.running?.api.broadcast({ kind: 'camera-status', status: this.status(id) });
        this.changed.clear();
      });
    }
    this.changed.add(cameraId);
  }

  private status(cameraId: string): ReturnType<CameraRuntime['status']> {
    const status = this.cameras.get(cameraId)?.status() ?? notStarted(cameraId);
    return this.stores?.fleet.isPaused(cameraId) ? { ...status, state: 'paused' } : status;
  }

  /** Events go when their footage is over its days. */
  private async forgetOldEvents(): Promise<void> {
    const cameras = this.stores?.cameras.list() ?? [];
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
  recordings: RecordingService;
  live: LiveCameras;
  vision: VisionService;
  demo: DemoCameras;
  events: EventLog;
  archive: Archive;
  outbox: Outbox;
  camio: CamioParts;
  api: ApiServer;
  ffmpegPath: string | null;
  resolveSource(url: string): string;
}

/** Status of a camera that is stored but not yet (or no longer) running. */
function notStarted(cameraId: string): ReturnType<CameraRuntime['status']> {
  return {
    cameraId,
    state: 'connecting',
    sinceEpochMs: clock.epochMs(),
    problem: null,
    advice: null,
    lastFrameEpochMs: null,
    recording: false,
    streams: [],
    analysedFps: null,
    analysisProblem: null,
    completenessToday: null,
  };
}

/** The address under which this machine reaches itself. */
function localUrl(url: string): string {
  return url.replace('//0.0.0.0:', '//127.0.0.1:').replace('//[::]:', '//[::1]:');
}
