/** `npm run demo`: the demo cameras with their lines and readers, and a door that reports unlocks through the webhook. Part of the composition root. */
import { randomBytes, randomUUID } from 'node:crypto';
import { AnalysisSchema, RecordingSchema, SourceSchema } from '../shared/domain-camera.ts';
import { messageOf } from '../shared/errors.ts';
import type { DemoCameras } from './live/demo-cameras.ts';
import { type DemoUnlock, demoUnlocks } from './live/demo-scene.ts';
import type { Clock } from './platform/clock.ts';
import type { Logger } from './platform/log.ts';
import type { CameraStore } from './store/cameras.ts';
import type { ReaderStore } from './store/readers.ts';
import type { SiteStore } from './store/sites.ts';
import type { TokenStore } from './store/tokens.ts';

interface DemoStores {
  cameras: CameraStore;
  readers: ReaderStore;
  sites: SiteStore;
  tokens: TokenStore;
}

const DEMO_CAMERAS = ['entrance', 'carpark', 'corridor'];
const DEMO_DAYS = 2;
const CHECK_MS = 500;
const JUST_BEFORE_MS = 10_000;
const TOKEN_NAME = 'Demo door';

/** Adds the demo cameras that are not there yet; what the user has changed on them stays. */
export function addDemoCameras(demo: DemoCameras, stores: DemoStores, nowEpochMs: number): void {
  for (const name of DEMO_CAMERAS) {
    if (stores.cameras.byName(name)) continue;
    const scene = demo.scene(`demo:${name}`);
    if (scene?.reader) stores.readers.put([scene.reader]);
    stores.cameras.add(
      {
        id: randomUUID(),
        name,
        siteId: stores.sites.ensureDefault().id,
        source: SourceSchema.parse({ main: `demo:${name}` }),
        recording: RecordingSchema.parse({ days: DEMO_DAYS }),
        analysis: AnalysisSchema.parse({}),
        zones: scene?.zones ?? [],
        lines: scene?.lines ?? [],
        readers: scene?.reader ? [scene.reader.deviceId] : [],
      },
      nowEpochMs,
    );
  }
}

interface DemoDoorDeps {
  demo: DemoCameras;
  stores: DemoStores;
  /** A request to the engine's own server, wherever that listens; resolves with the status. */
  post(path: string, token: string, body: object): Promise<number>;
  clock: Clock;
  log: Logger;
}

/** The access-control system of the demo: posts each scene's unlocks to the engine's own webhook when they happen. */
export class DemoDoor {
  private readonly deps: DemoDoorDeps;
  private token = '';
  private since: number;
  private cancel: (() => void) | null = null;

  constructor(deps: DemoDoorDeps) {
    this.deps = deps;
    // Whoever unlocked just before the start is on the way through the door now.
    this.since = deps.clock.epochMs() - JUST_BEFORE_MS;
  }

  start(): void {
    const { tokens } = this.deps.stores;
    for (const old of tokens.list('api')) if (old.name === TOKEN_NAME) tokens.remove(old.id);
    this.token = randomBytes(24).toString('base64url');
    tokens.put(
      { kind: 'api', name: TOKEN_NAME, scopes: ['annotations:write'], token: this.token },
      this.since,
    );
    this.tick();
  }

  stop(): void {
    this.cancel?.();
    this.cancel = null;
  }

  private tick(): void {
    const until = this.deps.clock.epochMs();
    for (const name of DEMO_CAMERAS) {
      const scene = this.deps.demo.scene(`demo:${name}`);
      if (!scene?.reader) continue;
      for (const unlock of demoUnlocks(scene, this.since, until))
        void this.post(scene.reader.deviceId, unlock);
    }
    this.since = until;
    this.cancel = this.deps.clock.after(CHECK_MS, () => this.tick());
  }

  private async post(deviceId: string, unlock: DemoUnlock & { atEpochMs: number }): Promise<void> {
    try {
      const status = await this.deps.post('/api/integrations/pacs/webhooks', this.token, {
        device_id: deviceId,
        timestamp: new Date(unlock.atEpochMs).toISOString(),
        event_type: 'Entry Unlocked',
        actor_id: unlock.actorId,
        actor_name: unlock.actorName,
        actor_email: unlock.actorEmail,
      });
      // 404: the user has taken the reader off the camera.
      if (status >= 400 && status !== 404) this.deps.log.warn({ status }, 'the demo door was refused');
    } catch (error) {
      this.deps.log.warn({ problem: messageOf(error) }, 'the demo door could not report');
    }
  }
}
