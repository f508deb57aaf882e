/** Builds the parts of the engine and connects them, in order. Part of the composition root; holds no logic of its own. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { NvrEvent } from '../shared/domain-events.ts';
import type { EpochRange } from '../shared/units.ts';
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
import { composeCamio } from './compose-camio.ts';
import { composeConfiguration } from './compose-configuration.ts';
import type { BuildContext, Parts, RecordingParts } from './compose-context.ts';
import { registerDiagnostics } from './compose-diagnostics.ts';
import { composeDiscovery } from './compose-discovery.ts';
import { HealthReport } from './compose-health.ts';
import { composeIntegrations } from './compose-integrations.ts';
import { composeModels, foldersOfModels } from './compose-models.ts';
import { composeNetwork } from './compose-network.ts';
import { composeNotifications } from './compose-notifications.ts';
import { composeRehearsal } from './compose-rehearsal.ts';
import { EventLog } from './events/event-log.ts';
import { EventPictures } from './events/event-pictures.ts';
import { Thumbnails } from './events/thumbnails.ts';
import { rendererFolder } from './platform/entry.ts';

/** Each part that works on its own is started here. Throws what keeps a part from starting, or when the engine is being stopped. */
export async function buildParts(context: BuildContext, recording: RecordingParts): Promise<Parts> {
  const { options, stores, box, clock, undo, refuseWhenStopping, running } = context;
  const { ffmpeg, cameras, volumes, folders, recordings, live, vision, motion, resolveSource } = recording;
  const { dataDir, log } = options;
  const ffmpegPath = ffmpeg.path ?? 'ffmpeg';
  /** Each puts into the outbox what an event is told to others by, in the event's own transaction. */
  const storeAlongside: Array<(event: NvrEvent) => void> = [];
  await vision.start();
  const models = composeModels({ folders: foldersOfModels(dataDir), stores, vision });
  undo.push(() => models.stop());
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
  undo.push(() => audit.flush());
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
    networkNotice: () => network.notice,
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
  const { network, appPlugin: networkPlugin } = composeNetwork({
    ...{ stores, box, audit, flag: options.listen, windowPort: options.windowPort ?? null, clock, log },
    newListeners: () => api.newListeners(),
    onMoved: () => void integrations.followNetwork(),
  });
  const integrations = composeIntegrations({
    ...{
      version: context.version,
      dataDir,
      relayAt: () => ({ host: network.host, anyPort: options.listen?.port === 0 }),
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
    takeTicket: (...asked) => network.takeTicket(...asked),
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
      networkPlugin,
      (app) => registerDiagnostics(app, { version: context.version, stores, cameras, ...diagnosed, clock }),
      (app) => registerLiveRoutes(app, { live, clock, log }),
      (app) => models.appPlugin(app),
      archivePlugin,
      (app) => rehearsal.appPlugin(app),
      (app) => registerAccessRoutes(app, { clocks: readerClocks, counts: stores.lineCounts }),
      (app) =>
        registerLockRoutes(app, {
          ...{ locks: recordings.locks, audit, clock },
          cameraName: (cameraId) => stores.cameras.get(cameraId)?.name ?? null,
        }),
      (app) => registerFolderRoutes(app, { folders, storage: async () => recordings.storage() }),
    ],
    clock,
    log,
  });
  health.register(api.metrics.registry);
  registerAlertMetrics(api.metrics.registry, stores.alerts);
  registerRecordingMetrics(api.metrics.registry, () => health.recordingFigures());
  registerStreamMetrics(api.metrics.registry, () => health.streamFigures());
  return { ...recording, events, archive, audit, outbox, camio, alerts, api, network };
}
