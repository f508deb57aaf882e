/** What the engine is started with, the parts that it is made of, and what these are built with. */
import type { EngineMessage } from '../shared/desktop.ts';
import type { Alert } from '../shared/domain-storage.ts';
import type { FfmpegKeyframes } from './alerts/decode-keyframe.ts';
import type { AlertTimings } from './alerts/step-alerts.ts';
import type { NetworkService } from './api/network/network-service.ts';
import type { ApiServer } from './api/server.ts';
import type { Archive } from './archive/archive.ts';
import type { Audit } from './archive/audit.ts';
import type { AlertParts } from './compose-alerts.ts';
import type { RunningCameras } from './compose-cameras.ts';
import type { CamioParts } from './compose-camio.ts';
import type { DiscoveryOptions } from './compose-discovery.ts';
import type { MotionParts } from './compose-motion.ts';
import type { Stores } from './compose-stores.ts';
import type { EventLog } from './events/event-log.ts';
import type { LiveCameras } from './live/cameras.ts';
import type { DemoCameras } from './live/demo-cameras.ts';
import type { Ffmpeg } from './media/ffmpeg.ts';
import type { Outbox } from './outputs/outbox.ts';
import type { Clock } from './platform/clock.ts';
import type { Logger } from './platform/log.ts';
import type { SteadyClock } from './platform/steady-clock.ts';
import type { RecordingFolders } from './recorder/recording-folders.ts';
import type { RecordingService } from './recorder/recording-service.ts';
import type { Volumes } from './recorder/volumes.ts';
import type { Provision } from './settings/provision.ts';
import type { SecretBox } from './settings/secrets.ts';
import type { VisionService } from './vision/service.ts';

export interface EngineOptions {
  dataDir: string;
  /** From the command line: it outranks what is set in the UI. null: that decides. Port 0 picks a free one. */
  listen: { host: string; port: number } | null;
  /** Where the desktop app's windows find the engine on this computer; 0 picks a free one; absent without such windows. */
  windowPort?: number;
  provision: Provision | null;
  demo: boolean;
  /** Of the stored secrets, from the desktop app; null or absent: it is in the data folder. */
  key?: string | null;
  /** Where the desktop app hears of alarms and of the work under way. */
  tellDesktop?: (message: EngineMessage) => void;
  /** An alert began, or is over. */
  onAlert?: (alert: Alert, change: 'raised' | 'over') => void;
  /** Shorter times in tests. */
  alertTimings?: AlertTimings & { stillMs: number };
  /** Where cameras are looked for in tests. */
  discovery?: DiscoveryOptions;
  log: Logger;
  /** The computer's; default: the system's. */
  clock?: Clock;
}

/** What recording needs, and what its frames go through: all that runs before the rest is even loaded. */
export interface RecordingParts {
  ffmpeg: FoundFfmpeg;
  cameras: RunningCameras;
  volumes: Volumes;
  folders: RecordingFolders;
  recordings: RecordingService;
  live: LiveCameras;
  vision: VisionService;
  motion: MotionParts;
  demo: DemoCameras;
  keyframes: FfmpegKeyframes | null;
  resolveSource(url: string): Promise<string>;
}

export interface Parts extends RecordingParts {
  events: EventLog;
  archive: Archive;
  audit: Audit;
  outbox: Outbox;
  camio: CamioParts;
  alerts: AlertParts;
  api: ApiServer;
  network: NetworkService;
}

/** The ffmpeg of this machine; without one, why. */
export type FoundFfmpeg = Ffmpeg | { path: null; version: null; problem: string };

/** What the parts are built with, and what they reach of the engine that they become. */
export interface BuildContext {
  options: EngineOptions;
  version: string;
  stores: Stores;
  box: SecretBox;
  clock: SteadyClock;
  /** What must be undone to stop, last started first; each part adds its own. */
  undo: Array<() => unknown>;
  /** Throws when the engine is being stopped meanwhile. */
  refuseWhenStopping(): void;
  /** The parts once all are built; null before. */
  running(): Parts | null;
  /** The same, waited for; never settles where they cannot be built. */
  built: Promise<Parts>;
}
