/**
 * Keeps one stream of one camera coming: the retry loop, apart from the attempt. Watches the frames, gives up an attempt that has
 * gone silent, tries again sooner or later, and says in words how things stand.
 */

import type { StreamFacts } from '../../shared/contract-cameras.ts';
import type { GapCause, StreamKind } from '../../shared/domain-storage.ts';
import type { CaptureSink, Fragment, StreamDescription } from '../media/fragment.ts';
import { type Clock, repeat } from '../platform/clock.ts';
import type { Logger } from '../platform/log.ts';
import type { CaptureAttempt, CaptureAttemptOptions } from './attempt.ts';
import { deferred } from './deferred.ts';
import { CaptureFailure, failureOfSocket, noAnswer, noKeyframes, stalled } from './failure.ts';
import { openAttempt } from './source.ts';
import { readStreamFacts } from './stream-facts.ts';
import { StreamMeter } from './stream-meter.ts';

export interface CameraSessionStatus {
  state: 'connecting' | 'online' | 'retrying';
  sinceEpochMs: number;
  problem: string | null;
  advice: string | null;
  /** null until the first frame. */
  facts: StreamFacts | null;
}

export interface CameraSessionDeps {
  cameraId: string;
  stream: StreamKind;
  /** As configured, with credentials; `resolveSource` turns it into an rtsp://, rtsps:// or file: URL. */
  url: string;
  transport: 'tcp' | 'udp';
  audio: boolean;
  sink: CaptureSink;
  clock: Clock;
  log: Logger;
  /** null: no ffmpeg; then sound that is turned into AAC and file: sources are not available. */
  ffmpegPath: string | null;
  resolveSource(url: string): string | Promise<string>;
  onStatus(status: CameraSessionStatus): void;
}

const SILENCE_MS = 4000;
const START_TIMEOUT_MS = 10_000;
/** Some cameras stretch the distance of key frames while nothing moves. */
const NO_KEYFRAME_MS = 30_000;
const WATCH_MS = 500;
const FACTS_MS = 3000;
/** After a stream that has lasted: each moment more is footage lost. */
const SOONEST_RETRY_MS = 50;
const FIRST_RETRY_MS = 250;
/** So that a camera is recorded within three seconds of its return. From the start of one attempt to that of the next. */
const LAST_RETRY_MS = 2000;
/** Cameras lock out who comes with a wrong password too often. */
const LASTING_RETRY_MS = 10_000;
/** A stretch this long starts the back-off anew. */
const GOOD_STRETCH_MS = 10_000;

export class CameraSession {
  private readonly deps: CameraSessionDeps;
  private readonly log: Logger;
  private loop: Promise<void> | null = null;
  private stopping = false;
  private wake: () => void = () => {};
  private status: CameraSessionStatus;
  private reported: string | null = null;
  private answered = false;

  constructor(deps: CameraSessionDeps) {
    this.deps = deps;
    this.log = deps.log.child({ cameraId: deps.cameraId, stream: deps.stream });
    const sinceEpochMs = deps.clock.epochMs();
    this.status = { state: 'connecting', sinceEpochMs, problem: null, advice: null, facts: null };
  }

  /** Whether the source has agreed to send, or has failed, at least once. */
  get hasAnswered(): boolean {
    return this.answered;
  }

  /** Begins to capture; everything from here on is told by `onStatus` and the sink. */
  start(): void {
    this.loop ??= this.run();
  }

  /** Ends the capture and tells the sink why; resolves when sockets and processes are gone. */
  async stop(cause: GapCause = 'engine-stopped', detail = 'The program was stopped'): Promise<void> {
    if (this.stopping) return this.loop ?? undefined;
    this.stopping = true;
    this.wake();
    await this.loop;
    this.deps.sink.lost(cause, detail);
  }

  private async run(): Promise<void> {
    let retryMs = FIRST_RETRY_MS;
    this.change({ state: 'connecting', problem: null, advice: null });
    while (!this.stopping) {
      const begunMs = this.deps.clock.monotonicMs();
      const { failure, framesSinceMs } = await this.attempt();
      if (this.stopping) break;
      const now = this.deps.clock.monotonicMs();
      if (framesSinceMs !== null && now - framesSinceMs >= GOOD_STRETCH_MS) retryMs = FIRST_RETRY_MS;
      const afterMs = Math.round(now - begunMs);
      const waitMs = planWait(failure.lasting ? LASTING_RETRY_MS : retryMs, afterMs);
      this.tellLoss(failure, { afterMs, waitMs });
      await this.pause(waitMs);
      retryMs = Math.min(LAST_RETRY_MS, retryMs * 2);
    }
  }

  /** One attempt from its start to its end. */
  private async attempt(): Promise<{ failure: CaptureFailure; framesSinceMs: number | null }> {
    const { clock, stream } = this.deps;
    const meter = new StreamMeter();
    const lost = deferred<CaptureFailure>();
    let aliveMs: number | null = null;
    let framesSinceMs: number | null = null;
    let description: StreamDescription | null = null;
    let over = false;
    let current: CaptureAttempt | null = null;
    const begunMs = clock.monotonicMs();
    const options = this.attemptOptions({
      onAlive: () => {
        aliveMs = clock.monotonicMs();
      },
      onLost: lost.resolve,
      onFrame: (info) => meter.frame(info.atMs, info.bytes, info.keyframe),
      sink: {
        stream: (next) => {
          if (over) return;
          description = next;
          this.reported = null;
          this.deps.sink.stream(next);
        },
        fragment: (fragment: Fragment) => {
          if (over) return;
          this.deps.sink.fragment(fragment);
          if (framesSinceMs !== null) return;
          framesSinceMs = clock.monotonicMs();
          const facts = description && current ? readStreamFacts(stream, description, current, meter) : null;
          this.change({ state: 'online', problem: null, advice: null, facts });
        },
      },
    });
    const watch = repeat(clock, WATCH_MS, () => {
      const now = clock.monotonicMs();
      if (aliveMs !== null && now - aliveMs >= SILENCE_MS) lost.resolve(stalled(SILENCE_MS / 1000));
      else if (aliveMs === null && now - begunMs >= START_TIMEOUT_MS)
        lost.resolve(noAnswer('no pictures after the start'));
      else if (framesSinceMs === null && now - begunMs >= NO_KEYFRAME_MS)
        lost.resolve(noKeyframes(NO_KEYFRAME_MS / 1000));
    });
    const measure = repeat(clock, FACTS_MS, () => {
      if (description && current)
        this.change({ facts: readStreamFacts(stream, description, current, meter) });
    });
    this.wake = () => lost.resolve(new CaptureFailure('engine-stopped', 'Stopped', ''));
    try {
      current = openAttempt(await this.deps.resolveSource(this.deps.url), options);
      // From the answer to PLAY on, pictures are due.
      current.start().then(() => {
        this.answered = true;
        aliveMs ??= clock.monotonicMs();
      }, lost.resolve);
    } catch (error) {
      lost.resolve(failureOfSocket(error));
    }
    if (this.stopping) this.wake();
    const failure = await lost.promise;
    this.answered = true;
    over = true;
    watch();
    measure();
    await (current as CaptureAttempt | null)?.stop();
    return { failure, framesSinceMs };
  }

  private attemptOptions(
    calls: Pick<CaptureAttemptOptions, 'onAlive' | 'onLost' | 'onFrame' | 'sink'>,
  ): Omit<CaptureAttemptOptions, 'url'> {
    const { transport, audio, ffmpegPath, clock } = this.deps;
    return { transport, audio, ffmpegPath, clock, log: this.log, ...calls };
  }

  /** Once per cause, so that a gap keeps the first words of each. */
  private tellLoss(failure: CaptureFailure, times: { afterMs: number; waitMs: number }): void {
    const { message: problem, advice, gapCause } = failure;
    if (this.status.problem !== problem) this.change({ state: 'retrying', problem, advice, facts: null });
    const again = this.reported === failure.gapCause;
    this.log[again ? 'debug' : 'info']({ cause: gapCause, problem, ...times }, 'capture ended');
    if (again) return;
    this.reported = failure.gapCause;
    this.deps.sink.lost(failure.gapCause, failure.message);
  }

  private change(next: Partial<CameraSessionStatus>): void {
    const sinceEpochMs =
      next.state !== undefined && next.state !== this.status.state
        ? this.deps.clock.epochMs()
        : this.status.sinceEpochMs;
    this.status = { ...this.status, ...next, sinceEpochMs };
    this.deps.onStatus(this.status);
  }

  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.deps.clock.after(ms, resolve);
      this.wake = () => {
        cancel();
        resolve();
      };
      if (this.stopping) this.wake();
    });
  }
}

/** How long to wait after an attempt that took `tookMs`, where attempts begin `retryMs` apart; never at once again. */
function planWait(retryMs: number, tookMs: number): number {
  return Math.max(SOONEST_RETRY_MS, retryMs - tookMs);
}
