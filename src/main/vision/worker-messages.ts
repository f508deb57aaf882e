/** What the vision service and its workers say to each other. Only types: both ends derive from them. */
import type { Analysis } from '../../shared/domain-camera.ts';
import type { Observation } from '../../shared/domain-events.ts';
import type { Box } from '../../shared/geometry.ts';
import type { LoadableModel } from './detector/detector.ts';
import type { Provider } from './detector/providers.ts';
import type { InspectRequest, InspectResult } from './inspect.ts';
import type { Snapshot } from './snapshot.ts';

/** `workerData` of a vision worker. */
export interface WorkerSetup {
  ffmpegPath: string;
}

/** What the decoder must know of a stream. */
export interface StreamFacts {
  width: number;
  height: number;
  timescale: number;
  /** ftyp + moov of the video track. */
  videoInit: Uint8Array;
}

/** One video fragment; `data` is the receiver's own copy with `decodeTime` as its base media decode time. */
export interface FragmentFacts {
  data: Uint8Array;
  keyframe: boolean;
  decodeTime: number;
  captureEpochMs: number;
}

export type ToWorker =
  /** The detector to use from now on; null: motion and sabotage only. Until the first one comes nothing is analysed. */
  | { type: 'model'; model: LoadableModel | null }
  | { type: 'add'; cameraId: string; analysis: Analysis; trackIdOffset: number }
  | { type: 'update'; cameraId: string; analysis: Analysis }
  | { type: 'remove'; cameraId: string }
  | { type: 'stream'; cameraId: string; stream: StreamFacts }
  | { type: 'fragment'; cameraId: string; fragment: FragmentFacts }
  | { type: 'lost'; cameraId: string }
  /** No new stream has come for some seconds; everybody followed has been told to have ended. */
  | { type: 'gone'; cameraId: string }
  | { type: 'snapshot'; requestId: number; cameraId: string; atMs: number; box: Box | null }
  | { type: 'inspect'; requestId: number; request: InspectRequest }
  | { type: 'stop' };

/** Counts over the time since the last report. */
export interface CameraReport {
  cameraId: string;
  analysed: number;
  inferred: number;
  /** Decoded pictures that were given up for newer ones because the detector was busy. */
  dropped: number;
  /** In the user's words; null while all is well. */
  problem: string | null;
}

export type FromWorker =
  | { type: 'observation'; cameraId: string; observation: Observation }
  | { type: 'model'; problem: string | null }
  /** The provider could not be started here, or failed in the middle; the processor is wanted instead. */
  | { type: 'provider-failed'; provider: Provider; reason: string }
  /** Fragment bytes that were taken off the queue between the threads. */
  | { type: 'taken'; cameraId: string; bytes: number }
  | { type: 'report'; periodMs: number; cameras: CameraReport[] }
  | { type: 'snapshot'; requestId: number; snapshot: Snapshot | null; problem: string | null }
  | { type: 'inspected'; requestId: number; result: InspectResult | null; problem: string | null };
