/** What the camera session and the prober know of one attempt to capture, whatever the kind of source. */
import type { StreamFacts } from '../../shared/contract-cameras.ts';
import type { CaptureSink } from '../media/fragment.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/log.ts';
import type { CaptureFailure } from './failure.ts';

export interface StreamNames {
  /** `h264`, or with a remark: `mpeg4, recorded as h264`. */
  video: string;
  /** null: the stream has no sound, or none is wanted. */
  audio: string | null;
  /** What the user should know of how it is received, in a sentence; null: nothing. */
  note: string | null;
}

export interface CaptureAttemptOptions {
  /** With credentials: they go nowhere but into the sign-in. */
  url: string;
  transport: 'tcp' | 'udp';
  audio: boolean;
  ffmpegPath: string | null;
  clock: Clock;
  log: Logger;
  sink: Pick<CaptureSink, 'stream' | 'fragment'>;
  /** A picture has come, whether or not it can be used yet. */
  onAlive(): void;
  /** A video frame has been handed on; `atMs` is its capture time. */
  onFrame(info: { atMs: number; bytes: number; keyframe: boolean }): void;
  /** The attempt is over; may be called more than once, the first counts. */
  onLost(failure: CaptureFailure): void;
}

export interface CaptureAttempt {
  readonly names: StreamNames;
  network(): StreamFacts['network'];
  reports(): StreamFacts['reports'];
  /** Resolves when the source has agreed to send. Throws CaptureFailure. */
  start(): Promise<void>;
  stop(): Promise<void>;
}
