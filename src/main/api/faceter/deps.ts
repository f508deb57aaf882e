/** What the Faceter API needs of the rest of the engine; `compose-integrations.ts` connects it. */
import type { Site } from '../../../shared/domain-camera.ts';
import type { Archive } from '../../archive/archive.ts';
import type { Audit } from '../../archive/audit.ts';
import type { EventLog } from '../../events/event-log.ts';
import type { PostedEvents } from '../../events/posted-events.ts';
import type { HlsStreams } from '../../live/hls.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Logger } from '../../platform/log.ts';
import type { CameraStore } from '../../store/cameras.ts';
import type { FaceterEventStore } from '../../store/faceter-events.ts';
import type { FaceterExport } from '../../store/faceter-exports.ts';
import type { FleetStore } from '../../store/fleet.ts';
import type { RoomStore } from '../../store/rooms.ts';
import type { TokenStore } from '../../store/tokens.ts';
import type { CameraEngine } from '../integration-cameras.ts';
import type { UrlSigner } from './signing.ts';

/** What a client asks for when it asks for an export. */
export type NewExport = Pick<
  FaceterExport,
  'keyId' | 'cameraId' | 'kind' | 'fromEpochMs' | 'durationSeconds' | 'audio' | 'callbackUrl' | 'baseUrl'
>;

export interface FaceterDeps {
  version: string;
  tokens: TokenStore;
  cameras: CameraStore;
  sites: { byId(id: number): Site | null };
  rooms: RoomStore;
  fleet: FleetStore;
  events: EventLog;
  faceterEvents: FaceterEventStore;
  posted: PostedEvents;
  archive: Archive;
  audit: Audit;
  exports: {
    create(input: NewExport): FaceterExport;
    get(id: string): FaceterExport | null;
    filePath(job: FaceterExport): string;
    previewPath(job: FaceterExport): string;
  };
  hls: HlsStreams;
  /** Whether the camera sends a stream that can be watched. */
  isLive(cameraId: string): boolean;
  /** `rtsp://` address of the relay for one key; null where there is none. */
  relayUrl(cameraId: string, keyId: string, host: string): string | null;
  /** What is known of the maker and model of a camera; null: nothing. */
  modelOf(macAddress: string | undefined): string | null;
  engine: CameraEngine;
  signer: UrlSigner;
  /** Clips that are being delivered. */
  clipFolder: string;
  clock: Clock;
  log: Logger;
}
