/** Connects fleet, Faceter and Camlytics with the engine: cameras, relay, HLS, exports, webhooks. Part of the composition root. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import type { CameraStatus } from '../shared/contract-cameras.ts';
import type { NvrEvent } from '../shared/domain-events.ts';
import { AppError } from '../shared/errors.ts';
import { registerPlaceRoutes } from './api/app/place-routes.ts';
import { registerCamlyticsRoutes } from './api/camlytics/routes.ts';
import { buildHookEvents } from './api/camlytics/wire-events.ts';
import { camlyticsShape, codeShape } from './api/errors.ts';
import type { FaceterDeps } from './api/faceter/deps.ts';
import { registerFaceterRoutes } from './api/faceter/routes.ts';
import { UrlSigner } from './api/faceter/signing.ts';
import { buildExport } from './api/faceter/views.ts';
import { registerFleetRoutes } from './api/fleet/routes.ts';
import type { CameraEngine } from './api/integration-cameras.ts';
import type { PublicApi } from './api/server.ts';
import type { Archive } from './archive/archive.ts';
import type { Audit } from './archive/audit.ts';
import type { Stores } from './compose-stores.ts';
import type { EventLog } from './events/event-log.ts';
import { PostedEvents } from './events/posted-events.ts';
import { Thumbnails } from './events/thumbnails.ts';
import type { LiveCameras } from './live/cameras.ts';
import { HlsStreams } from './live/hls.ts';
import { RtspRelay } from './live/rtsp-relay.ts';
import { FaceterExports } from './outputs/faceter-exports.ts';
import type { Outbox } from './outputs/outbox.ts';
import type { Clock } from './platform/clock.ts';
import type { Logger } from './platform/log.ts';
import type { RecordingService } from './recorder/recording-service.ts';
import type { SecretBox } from './settings/secrets.ts';
import type { StoredCamera } from './store/cameras.ts';
import type { CamlyticsEvent } from './store/camlytics-index.ts';
import type { CamlyticsWebhook } from './store/integrations.ts';

interface IntegrationDeps {
  version: string;
  dataDir: string;
  /** Where the relay is offered: where the web server is. */
  relayAt(): { host: string; anyPort: boolean };
  stores: Stores;
  box: SecretBox;
  events: EventLog;
  archive: Archive;
  audit: Audit;
  recordings: RecordingService;
  live: LiveCameras;
  outbox: Outbox;
  ffmpegPath: string;
  cameraStatus(cameraId: string): CameraStatus;
  removeCamera(cameraId: string): Promise<void>;
  /** Path of the newest uploaded picture of a camera, with its time; null where there is none. */
  newestUpload(cameraId: string): { path: string; atEpochMs: number } | null;
  clock: Clock;
  log: Logger;
}

export interface IntegrationParts {
  apis: PublicApi[];
  /** What the UI asks of sites, rooms and registrations. */
  appPlugin(app: FastifyInstance): void;
  /** Puts webhooks of an event into the outbox, in the event's own transaction. */
  storeAlongside(event: NvrEvent): void;
  start(): Promise<void>;
  stop(): Promise<void>;
  /** The relay goes where the web server has gone. */
  followNetwork(): Promise<void>;
}

const ONLINE_MS = 10_000;
const UPLOADS_ONLINE_MS = 120_000;
const RELAY_PORT = 8554;

export function composeIntegrations(deps: IntegrationDeps): IntegrationParts {
  const { stores, box, events, archive, live, outbox, dataDir, clock, log, version } = deps;
  const engine = buildCameraEngine(deps);
  const signer = new UrlSigner(
    (text) => box.digest(text),
    () => clock.epochMs(),
  );
  const hls = new HlsStreams((cameraId) => live.find(cameraId, 'main')?.hub ?? null, clock);
  const relayPassword = (keyId: string) => box.digest(`rtsp relay ${keyId}`).slice(0, 32);
  const relay = new RtspRelay({
    at: () => {
      const { host, anyPort } = deps.relayAt();
      return { host, port: anyPort ? 0 : RELAY_PORT };
    },
    // A key that is taken back closes the relay to who had it.
    passwordOf: (user) =>
      stores.tokens.list('integration').some(({ id }) => id === user) ? relayPassword(user) : null,
    hubOf: (cameraId, stream) =>
      stores.fleet.isPaused(cameraId) ? null : (live.find(cameraId, stream)?.hub ?? null),
    clock,
    log,
  });
  const exports = new FaceterExports({
    store: stores.faceterExports,
    archive,
    folder: join(dataDir, 'exports', 'faceter'),
    ffmpegPath: deps.ffmpegPath,
    onEnd: (job) => {
      if (job.callbackUrl === null) return;
      const body = buildExport(signer, job, job.baseUrl);
      const dedupeKey = `faceter-callback ${job.id}`;
      outbox.enqueue({ kind: 'faceter-callback', target: job.id, url: job.callbackUrl, body, dedupeKey });
    },
    clock,
    log,
  });
  const faceter: FaceterDeps = {
    ...stores,
    version,
    events,
    posted: new PostedEvents({
      events: stores.events,
      eventLog: events,
      thumbnails: new Thumbnails(join(dataDir, 'thumbnails')),
      log,
    }),
    archive,
    audit: deps.audit,
    exports,
    hls,
    isLive: (cameraId) => {
      const hub = live.find(cameraId, 'main')?.hub;
      return hub !== undefined && hub.description !== null && hub.newestKeyframe !== null;
    },
    relayUrl: (cameraId, keyId, host) => {
      if (relay.port === null || keyId === '') return null;
      return `rtsp://${keyId}:${relayPassword(keyId)}@${host}:${relay.port}/${cameraId}`;
    },
    modelOf: (macAddress) => {
      const call = macAddress === undefined ? null : stores.camioClients.call(macAddress);
      return call ? `${call.maker} ${call.model}`.trim() : null;
    },
    engine,
    signer,
    clipFolder: join(dataDir, 'cache', 'faceter'),
    clock,
    log,
  };
  return {
    apis: [
      {
        prefix: '/fleet/v1',
        errorShape: codeShape,
        register: (app, authenticator) =>
          registerFleetRoutes(app, { ...stores, engine, clock, authenticator }),
      },
      {
        prefix: '/service/api/v1',
        errorShape: camlyticsShape,
        register: (app, authenticator) =>
          registerCamlyticsRoutes(app, {
            version,
            keys: stores.integrations,
            sites: stores.sites,
            cameras: stores.cameras,
            isPaused: (cameraId) => stores.fleet.isPaused(cameraId),
            index: stores.camlyticsIndex,
            authenticator,
          }),
      },
      {
        prefix: '/integration-api/v1',
        errorShape: codeShape,
        register: (app, authenticator) => registerFaceterRoutes(app, { ...faceter, authenticator }),
      },
    ],
    appPlugin: (app) =>
      registerPlaceRoutes(app, {
        ...stores,
        lastDelivery: (id) =>
          outbox.list({ kind: 'camlytics-webhook', target: String(id), limit: 1 })[0] ?? null,
        sendTest: (webhook) => sendTestWebhook(deps, webhook),
        forgetWebhook: (id) => outbox.forget('camlytics-webhook', String(id)),
        clock,
      }),
    storeAlongside: (event) => storeWebhooks(deps, event),
    async start() {
      await relay.start();
      exports.start();
      stores.camlyticsIndex
        .ready()
        .catch((error: unknown) => log.error({ err: error }, 'the index of analytics could not be read'));
    },
    followNetwork: () => relay.move(),
    async stop() {
      hls.stop();
      await relay.stop();
      await exports.stop();
    },
  };
}

/** Webhooks of the event's camera and of its site. */
function storeWebhooks({ stores, outbox }: IntegrationDeps, event: NvrEvent): void {
  const webhooks = stores.integrations.camlyticsWebhooks();
  if (webhooks.length === 0) return;
  const seen = stores.camlyticsIndex.read(event.sequence);
  const siteId = stores.cameras.get(event.cameraId)?.siteId;
  if (!seen || siteId === undefined) return;
  for (const webhook of webhooks) {
    if (webhook.cameraId !== event.cameraId && webhook.siteId !== siteId) continue;
    outbox.enqueue({
      kind: 'camlytics-webhook',
      target: String(webhook.id),
      url: webhook.url,
      body: buildHookEvents(seen, siteId),
      dedupeKey: `camlytics-webhook ${webhook.id} ${event.sequence}`,
    });
  }
}

/** A motion event that nothing has caused, of the webhook's camera or of one of its site. */
function sendTestWebhook({ stores, outbox, clock }: IntegrationDeps, webhook: CamlyticsWebhook): void {
  const { id, url, cameraId, siteId } = webhook;
  const camera = stores.cameras.list().find((one) => one.id === cameraId || one.siteId === siteId);
  if (!camera) throw new AppError('conflict', 'There is no camera yet that this webhook could tell of.');
  const event: CamlyticsEvent = {
    sequence: 0,
    cameraId: camera.id,
    type: 'MotionInRegionOn',
    trigger: null,
    origin: 'Unknown',
    objectId: null,
    startEpochMs: clock.epochMs(),
  };
  const body = buildHookEvents(event, camera.siteId);
  outbox.enqueue({ kind: 'camlytics-webhook', target: String(id), url, body });
}

function buildCameraEngine(deps: IntegrationDeps): CameraEngine {
  const { stores, live, archive, clock, cameraStatus } = deps;
  const lastContact = ({ id, macAddress }: StoredCamera) =>
    latest(
      stores.contents.lastReceivedEpochMs(id),
      macAddress === undefined ? null : (stores.camioClients.call(macAddress)?.lastEpochMs ?? null),
    );
  const newestKeyframe = (cameraId: string) => live.find(cameraId, 'main')?.hub.newestKeyframe ?? null;
  return {
    cameraStatus,
    removeCamera: deps.removeCamera,
    isOnline(camera) {
      const status = cameraStatus(camera.id);
      const now = clock.epochMs();
      if (status.state === 'online') return true;
      if (status.lastFrameEpochMs !== null && now - status.lastFrameEpochMs < ONLINE_MS) return true;
      return now - (lastContact(camera) ?? Number.NEGATIVE_INFINITY) < UPLOADS_ONLINE_MS;
    },
    lastHeard(camera) {
      const recorded = stores.segments.newestEndEpochMs(camera.id, 'main');
      const lastVideoEpochMs = latest(cameraStatus(camera.id).lastFrameEpochMs, recorded);
      return { lastSeenEpochMs: latest(lastVideoEpochMs, lastContact(camera)), lastVideoEpochMs };
    },
    newestSegment: (cameraId) =>
      stores.fleet.newestSegment(cameraId) ?? deps.recordings.openSegments(cameraId, 'main').at(-1) ?? null,
    hasPicture: (cameraId) =>
      newestKeyframe(cameraId) !== null ||
      deps.newestUpload(cameraId) !== null ||
      stores.segments.newestEndEpochMs(cameraId, 'main') !== null,
    async newestPicture(cameraId, width) {
      const keyframe = newestKeyframe(cameraId);
      const jpeg = keyframe && (await live.latestPicture(cameraId, width));
      if (keyframe && jpeg) return { jpeg, atEpochMs: keyframe.captureEpochMs };
      const upload = deps.newestUpload(cameraId);
      if (upload) return { jpeg: await readFile(upload.path), atEpochMs: upload.atEpochMs };
      const end = stores.segments.newestEndEpochMs(cameraId, 'main');
      if (end === null) return null;
      const recorded = await archive.frame({ cameraId, atEpochMs: end - 1, width }).catch(() => null);
      return recorded && { jpeg: recorded, atEpochMs: end - 1 };
    },
  };
}

function latest(...times: Array<number | null>): number | null {
  const known = times.filter((time) => time !== null);
  return known.length > 0 ? Math.max(...known) : null;
}
