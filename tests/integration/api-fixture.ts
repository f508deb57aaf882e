/** A running API server with real stores in a temporary folder; only the engine behind it (capture, disk) is faked. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AccessControl } from '../../src/main/access/access-control.ts';
import { registerOnboardingRoutes } from '../../src/main/api/app/onboarding-routes.ts';
import type { EnginePorts } from '../../src/main/api/app/ports.ts';
import { ApiServer } from '../../src/main/api/server.ts';
import { Audit } from '../../src/main/archive/audit.ts';
import { Discovery } from '../../src/main/discovery/discovery.ts';
import { EventLog } from '../../src/main/events/event-log.ts';
import { EventPictures, type Snapshot } from '../../src/main/events/event-pictures.ts';
import { Thumbnails } from '../../src/main/events/thumbnails.ts';
import { ManualClock, systemClock } from '../../src/main/platform/clock.ts';
import { type Logger, silentLogger } from '../../src/main/platform/log.ts';
import { applyProvision } from '../../src/main/settings/apply-provision.ts';
import { parseProvision } from '../../src/main/settings/provision.ts';
import { loadSecretBox } from '../../src/main/settings/secrets.ts';
import { AccessEventStore } from '../../src/main/store/access-events.ts';
import { AccountStore } from '../../src/main/store/accounts.ts';
import { AuditStore } from '../../src/main/store/audit.ts';
import { CameraStore } from '../../src/main/store/cameras.ts';
import { closeDatabase, inTransaction, openDatabase } from '../../src/main/store/database.ts';
import { EventStore } from '../../src/main/store/events.ts';
import { IntegrationStore } from '../../src/main/store/integrations.ts';
import { ReaderStore } from '../../src/main/store/readers.ts';
import { SettingsStore } from '../../src/main/store/settings.ts';
import { SiteStore } from '../../src/main/store/sites.ts';
import { TokenStore } from '../../src/main/store/tokens.ts';
import type { CameraStatus } from '../../src/shared/contract-cameras.ts';
import type { HealthView, StorageView } from '../../src/shared/contract-health.ts';

export interface ApiFixture {
  url: string;
  dataDir: string;
  /** The server's clock: rate limits and sessions run on it. */
  clock: ManualClock;
  stores: ReturnType<typeof openStores>;
  events: EventLog;
  access: AccessControl;
  server: ApiServer;
  /** What the fake engine was asked for. */
  calls: { probed: string[]; released: string[] };
  snapshot: { next: Snapshot | null };
  health: { ok: boolean; reasons: string[] };
  provision(value: unknown): Promise<void>;
  stop(): Promise<void>;
}

export async function startApi(options: { rendererDir?: string; log?: Logger } = {}): Promise<ApiFixture> {
  const dataDir = mkdtempSync(join(tmpdir(), 'api-'));
  const sql = openDatabase(join(dataDir, 'threshold.db'));
  const stores = openStores(sql, dataDir);
  const clock = new ManualClock();
  const log = options.log ?? silentLogger;
  const calls: ApiFixture['calls'] = { probed: [], released: [] };
  const snapshot: ApiFixture['snapshot'] = { next: null };
  const health = { ok: true, reasons: [] as string[] };
  const events = new EventLog({
    events: stores.events,
    pictures: new EventPictures({
      thumbnails: new Thumbnails(join(dataDir, 'thumbnails')),
      takeSnapshot: async () => snapshot.next,
      clock: systemClock,
      log,
    }),
    log,
  });
  const transaction = <T>(action: () => T) => inTransaction(sql, action);
  const access = new AccessControl({
    ...{ ...stores, transaction, eventLog: events, clock, log },
    correctClock: (event) => event,
  });
  const discovery = new Discovery({
    ...{ networks: () => [], rtspPorts: [], announcePort: 0, cameraAt: () => null, clock, log },
  });
  const server = new ApiServer({
    ...stores,
    version: '1.2.3',
    dataDir,
    rendererDir: options.rendererDir ?? null,
    events,
    access,
    audit: new Audit({ store: new AuditStore(sql), cameraName: () => null, clock }),
    engine: fakeEngine(calls, health),
    appPlugins: [
      (app) =>
        registerOnboardingRoutes(app, {
          ...{ ...stores, clock, discovery },
          check: async ({ main }) => {
            calls.probed.push(main);
            const seen = { ok: true, problem: null, advice: null, facts: null, picture: null };
            return { main: seen, sub: null, findings: [] };
          },
          checkFolder: async (path) => ({
            path: path ?? '/',
            bytesPerSecond: 1,
            freeBytes: 1,
            totalBytes: 1,
          }),
        }),
    ],
    clock,
    log,
  });
  return {
    url: await server.start({ host: '127.0.0.1', port: 0 }),
    dataDir,
    clock,
    stores,
    events,
    access,
    server,
    calls,
    snapshot,
    health,
    async provision(value) {
      const parsed = parseProvision(value);
      if (!parsed.ok) throw new Error(parsed.problems.join('; '));
      await applyProvision(parsed.provision, { ...stores, transaction }, clock.epochMs());
    },
    async stop() {
      await server.stop();
      await events.stop();
      closeDatabase(sql);
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

function openStores(sql: ReturnType<typeof openDatabase>, dataDir: string) {
  const box = loadSecretBox(dataDir);
  return {
    accounts: new AccountStore(sql),
    sites: new SiteStore(sql),
    cameras: new CameraStore(sql, box),
    readers: new ReaderStore(sql),
    tokens: new TokenStore(sql, box),
    integrations: new IntegrationStore(sql, box),
    settings: new SettingsStore(sql),
    events: new EventStore(sql),
    reports: new AccessEventStore(sql),
  };
}

function fakeEngine(calls: ApiFixture['calls'], health: { ok: boolean; reasons: string[] }): EnginePorts {
  const storage: StorageView = {
    maxBytes: null,
    minFreeBytes: 0,
    path: '/data',
    usedBytes: 0,
    freeBytes: 1,
    totalBytes: 1,
    bytesPerDay: null,
    daysLeft: null,
    daysKept: null,
    lockCapShare: 0.25,
    lockedBytes: 0,
    lockCapBytes: 0,
    volumes: [],
  };
  return {
    cameraStatus: (cameraId): CameraStatus => ({
      cameraId,
      state: 'connecting',
      sinceEpochMs: 0,
      problem: null,
      advice: null,
      lastFrameEpochMs: null,
      recording: false,
      streams: [],
      analysedFps: null,
      analysisProblem: null,
      completenessToday: null,
    }),
    async releaseCamera(cameraId) {
      calls.released.push(cameraId);
    },
    storage: async () => storage,
    health: async (): Promise<HealthView> => ({
      ...health,
      version: '1.2.3',
      startedEpochMs: 0,
      cpuPercent: 0,
      memoryBytes: 0,
      eventLoopDelayP99Ms: 0,
      ffmpegVersion: null,
      storage,
      models: [],
      modelAdvice: null,
      networkNotice: null,
      recommendedModel: null,
    }),
    completeness: async () => [],
    gaps: () => ({ gaps: [], totals: [] }),
  };
}
