/** What the Camio API needs of the rest of the engine; `compose-camio.ts` connects it. */
import type { CameraStatus } from '../../../shared/contract-cameras.ts';
import type { Audit } from '../../archive/audit.ts';
import type { EventLog } from '../../events/event-log.ts';
import type { Uploads } from '../../events/uploads.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Logger } from '../../platform/log.ts';
import type { AccountStore } from '../../store/accounts.ts';
import type { CameraStore } from '../../store/cameras.ts';
import type { CamioClientStore } from '../../store/camio-clients.ts';
import type { HookStore } from '../../store/camio-hooks.ts';
import type { ShareStore } from '../../store/camio-shares.ts';
import type { EventIndex } from '../../store/event-index.ts';
import type { EventStore } from '../../store/events.ts';
import type { IntegrationStore } from '../../store/integrations.ts';
import type { SettingsStore } from '../../store/settings.ts';
import type { SiteStore } from '../../store/sites.ts';
import type { TokenStore } from '../../store/tokens.ts';
import type { ContentStore } from '../../store/uploads.ts';
import type { Authenticator } from '../authentication.ts';

export interface CamioDeps {
  accounts: AccountStore;
  cameras: CameraStore;
  sites: SiteStore;
  tokens: TokenStore;
  integrations: IntegrationStore;
  settings: SettingsStore;
  eventStore: EventStore;
  eventIndex: EventIndex;
  hooks: HookStore;
  shares: ShareStore;
  camioClients: CamioClientStore;
  contents: ContentStore;
  events: EventLog;
  uploads: Uploads;
  engine: CamioEngine;
  audit: Audit;
  /** DATA: uploads arrive in a folder of it. */
  dataDir: string;
  clock: Clock;
  log: Logger;
}

export interface CamioEngine {
  cameraStatus(cameraId: string): CameraStatus;
  /** What the newest recorded segment of a camera was; null when nothing is recorded. */
  lastRecorded(
    cameraId: string,
  ): { width: number; height: number; hasAudio: boolean; endEpochMs: number } | null;
  /** Stops a camera and removes it with all that belongs to it. */
  removeCamera(cameraId: string): Promise<void>;
  /** The newest picture of the stream, or of what is recorded of it, at most `width` wide; null where there is none. */
  streamPicture(cameraId: string, width: number): Promise<{ jpeg: Buffer; atEpochMs: number } | null>;
  hasFootage(cameraId: string, fromEpochMs: number, toEpochMs: number): boolean;
  /** An MP4 of what is recorded; the file stays for a while. Throws AppError not-found where nothing is. */
  clip(cameraId: string, fromEpochMs: number, toEpochMs: number): Promise<string>;
  /** The first picture of a video, JPEG. */
  videoPicture(file: string): Promise<Buffer | null>;
  /** Forgets what is still to be told to a hook. */
  forgetHook(hookId: number): void;
  /** A keyed digest, hex. */
  sign(text: string): string;
}

export interface CamioRouteDeps extends CamioDeps {
  authenticator: Authenticator;
  /** Makes the downloads that are asked for. */
  downloads: { wake(): void; file(viewToken: string, id: string): { path: string; fileName: string } };
}
