/** Builds the parts of the engine and connects them, in order. Part of the composition root; holds no logic of its own. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { NvrEvent } from '../shared/domain-events.ts';
import { messageOf } from '../shared/errors.ts';
import type { EpochRange } from '../shared/units.ts';
import { FfmpegKeyframes } from './alerts/decode-keyframe.ts';
import { registerAlertMetrics } from './api/alert-metrics.ts';
import { registerAccessRoutes } from './api/app/access-routes.ts';
import { registerFolderRoutes } from './api/app/folder-routes.ts';
import { registerLiveRoutes } from './api/app/live-routes.ts';
import { registerLockRoutes } from './api/app/lock-routes.ts';
import { PasswordConfirmation } from './api/confirm-password.ts';
import { registerRecordingMetrics } from './api/recording-metrics.ts';
import { ApiServer } from './api/server.ts';
import { registerStreamMetrics } from './api/stream-metrics.ts';
import { composeAccess } from './compose-access.ts';
import { composeAlerts } from './compose-alerts.ts';
import { composeArchive } from './compose-archive.ts';
import { composeBackup } from './compose-backup.ts';
import { RunningCameras } from './compose-cameras.ts';
import { composeCamio, isRecordingEnabled } from './compose-camio.ts';
import { composeConfiguration } from './compose-configuration.ts';
import type { BuildContext, Parts } from './compose-context.ts';
import { registerDiagnostics } from './compose-diagnostics.ts';
import { composeDiscovery } from './compose-discovery.ts';
import { applyFolders } from './compose-folders.ts';
import { HealthReport } from './compose-health.ts';
import { composeIntegrations } from './compose-integrations.ts';
import { composeModels, foldersOfModels } from './compose-models.ts';
import { composeMotion } from './compose-motion.ts';
import { composeNotifications } from './compose-notifications.ts';
import { planCamera } from './compose-recording.ts';
import { composeRehearsal } from './compose-rehearsal.ts';
import { composeStorage } from './compose-storage.ts';
import { EventLog } from './events/event-log.ts';
import { EventPictures } from './events/event-pictures.ts';
import { Thumbnails } from './events/thumbnails.ts';
import { LiveCameras } from './live/cameras.ts';
import { DemoCameras } from './live/demo-cameras.ts';
import { findFfmpeg } from './media/ffmpeg.ts';
import { rendererFolder, resourcesFolder } from './platform/entry.ts';
import { VisionService } from './vision/service.ts';

/** Each part that works on its own is started here. Throws what keeps a part from starting, or when the engine is being stopped. */
export async function buildParts(context: BuildContext): Promise<Parts> {
  const { options, stores, box, clock, undo, refuseWhenStopping, running } = context;
  const { dataDir, log } = options;
  /** Each puts into the outbox what an event is told to others by, in the event's own transaction. */
  const storeAlongside: Array<(event: NvrEvent) => void> = [];
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
  const storage = await composeStorage({
    ...{ dataDir, stores, clock, log },
    onLocksChanged: () => running()?.api.broadcast({ kind: 'locks-changed' }),
  });
  undo.push(...storage.undo);
  const { volumes, folders, recordings } = storage;
  await applyFolders(options.provision?.storage?.folders ?? [], folders);
  refuseWhenStopping();
  const live = new LiveCameras({ ffmpegPath, clock, log });
  undo.push(() => live.stop());
  const motion = composeMotion(stores);
  undo.push(() => motion.stop());
  const modelFolders = foldersOfModels(dataDir);
  const vision = new VisionService({
    ffmpegPath,
    folders: modelFolders,
    modelName: () => stores.settings.modelName(),
    logger: log,
    onObservation: (cameraId, observation) => {
      cameras.observed(cameraId, observation);
      motion.grids.note(cameraId, observation.atMs, observation.motion.boxes);
      if (observation.tracks.length > 0 && observation.motion.boxes.length > 0)
        recordings.extendEvent(cameraId, observation.atMs);
    },
    onProblem: (cameraId, problem) => cameras.setAnalysisProblem(cameraId, problem),
  });
  await vision.start();
  undo.push(() => vision.stop());
  const models = composeModels({ folders: modelFolders, stores, vision });
  undo.push(() => models.stop());
  refuseWhenStopping();
  const demo = new DemoCameras({ ffmpegPath, scenesFolder: join(resourcesFolder(), 'demo'), clock, log });
  if (ffmpeg.path) await demo.start();
  undo.push(() => demo.stop());
  const notifications = composeNotifications({
    ...{ stores, box, clock, log },
    show: (notification, where) => {
      const notice = { ...notification, picture: null };
      if (where === 'desktop') options.tellDesktop?.({ kind: 'notification', notice });
      else running()?.api.broadcast({ kind: 'notification', ...notification });
    },
    pictureOf: (eventId) => events.picture(eventId, { plain: false }),
  });
  const { outbox, notifier } = notifications;
  storeAlongside.push((event) => notifier.storeEvent(event));
  undo.push(() => outbox.stop());
  const events = new EventLog({
    events: stores.events,
    storeAlongside: (event) => {
      // Nobody is told of what happens at a paused camera.
      if (stores.fleet.isPaused(event.cameraId)) return;
      for (const store of storeAlongside) store(event);
    },
    changeAlongside: (event) => running()?.camio.hooks.storeAlongside(event),
    pictures: new EventPictures({
      thumbnails: new Thumbnails(join(dataDir, 'thumbnails')),
      takeSnapshot: (cameraId, atMs, box) => vision.snapshot(cameraId, atMs, box),
      clock,
      log,
    }),
    log,
  });
  undo.push(() => events.stop());
  const { access, readerClocks, stop } = composeAccess({ stores, events, cameras, clock, log });
  undo.push(stop);
  const {
    archive,
    audit,
    appPlugin: archivePlugin,
  } = composeArchive({
    ...{ version: context.version, dataDir, stores, volumes, recordings, ffmpegPath, clock, log },
    motionGrids: motion.grids,
    broadcast: (message) => running()?.api.broadcast(message),
  });
  await archive.start();
  undo.push(() => archive.stop());
  refuseWhenStopping();
  const rehearsal = composeRehearsal({
    ...{ dataDir, stores, archive, events, vision, readerClocks, ffmpegPath, clock, log },
  });
  await rehearsal.start();
  undo.push(() => rehearsal.stop());
  refuseWhenStopping();
  const health = new HealthReport({
    version: context.version,
    ffmpeg,
    recordings,
    vision,
    stores,
    statusOf: (id) => cameras.status(id),
    clock,
  });
  undo.push(health.start());
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
    ...{
      dataDir,
      stores,
      box,
      events,
      archive,
      audit,
      recordings,
      live,
      vision,
      outbox,
      ffmpegPath,
      clock,
      log,
    },
    cameraStatus: (cameraId) => cameras.status(cameraId),
    removeCamera,
  });
  storeAlongside.push((event) => camio.hooks.storeAlongside(event));
  await camio.start();
  undo.push(() => camio.stop());
  refuseWhenStopping();
  const integrations = composeIntegrations({
    ...{
      version: context.version,
      dataDir,
      listen: options,
      stores,
      box,
      events,
      archive,
      audit,
      live,
      outbox,
    },
    ...{ recordings, ffmpegPath, clock, log },
    cameraStatus: (cameraId) => cameras.status(cameraId),
    removeCamera,
    newestUpload: (cameraId) => {
      const picture = stores.contents.newest(cameraId, 'image/jpeg');
      return picture && { path: camio.uploads.path(picture), atEpochMs: picture.atEpochMs };
    },
  });
  storeAlongside.push((event) => integrations.storeAlongside(event));
  await integrations.start();
  undo.push(() => integrations.stop());
  refuseWhenStopping();
  const alerts = composeAlerts({
    ...{ stores, cameras, recordings, outbox, clock, log, timings: options.alertTimings },
    notify: (alert, change) => notifier.storeAlert(alert, change),
    announce: (alert, change) => {
      api.broadcast({ kind: 'alert', alert });
      if (change === 'raised' || change === 'over') options.onAlert?.(alert, change);
    },
  });
  const resolveSource = (url: string) => (/^demo:/i.test(url) ? demo.resolve(url).main : url);
  const confirmation = new PasswordConfirmation({ accounts: stores.accounts, clock });
  const configuration = composeConfiguration({ dataDir, stores, folders, confirmation, clock });
  const backup = composeBackup({ version: context.version, dataDir, stores, confirmation, clock });
  const diagnosed = {
    health: () => health.view(),
    metrics: () => api.metrics.registry.metrics(),
    gaps: (range: EpochRange, limit: number) => health.gaps(range, undefined, limit),
  };
  const discovery = composeDiscovery({
    ...{ dataDir, stores, volumes, clock, log, options: options.discovery },
    probe: { ffmpegPath: ffmpeg.path, resolveSource },
  });
  undo.push(() => discovery.stop());
  const api = new ApiServer({
    ...stores,
    version: context.version,
    dataDir,
    rendererDir: existsSync(rendererFolder()) ? rendererFolder() : null,
    events,
    access,
    audit,
    engine: {
      cameraStatus: (cameraId) => cameras.status(cameraId),
      releaseCamera,
      storage: async () => recordings.storage(),
      health: () => health.view(),
      completeness: async (...query) => health.completeness(...query),
      gaps: (...query) => health.gaps(...query),
    },
    apis: [camio.api, ...integrations.apis],
    viewer: camio.viewer,
    appPlugins: [
      (app) => integrations.appPlugin(app),
      (app) => camio.appPlugin(app),
      (app) => alerts.appPlugin(app),
      (app) => discovery.appPlugin(app),
      (app) => configuration.appPlugin(app),
      (app) => backup.appPlugin(app),
      (app) => notifications.appPlugin(app),
      (app) => registerDiagnostics(app, { version: context.version, stores, cameras, ...diagnosed, clock }),
      (app) => registerLiveRoutes(app, { live, clock, log }),
      (app) => models.appPlugin(app),
      archivePlugin,
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
  registerStreamMetrics(api.metrics.registry, () => health.streamFigures());
  return {
    cameras,
    recordings,
    live,
    vision,
    demo,
    events,
    archive,
    audit,
    motion,
    outbox,
    camio,
    alerts,
    keyframes: ffmpeg.path === null ? null : new FfmpegKeyframes(ffmpeg.path),
    stillMs: options.alertTimings?.stillMs,
    api,
    ffmpegPath: ffmpeg.path,
    resolveSource,
  };
}
