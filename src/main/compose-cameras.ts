/** The cameras at work: each is brought to its stored configuration, one change after the other. Part of the composition root. */
import type { CameraStatus } from '../shared/contract-cameras.ts';
import type { ServerMessage } from '../shared/contract-live.ts';
import type { AccessEvent, Finding, Observation } from '../shared/domain-events.ts';
import type { Gap } from '../shared/domain-storage.ts';
import type { PictureTrouble } from './alerts/picture-watch.ts';
import { CameraRuntime, type CameraRuntimeDeps } from './compose-camera.ts';
import type { WantedCamera } from './compose-recording.ts';
import type { Clock } from './platform/clock.ts';
import type { Logger } from './platform/log.ts';

export interface RunningCamerasDeps {
  /** A camera as it is to run; null once it is removed. */
  wanted(cameraId: string): WantedCamera | null;
  /** Switched off for a while, by the fleet API. */
  isPaused(cameraId: string): boolean;
  report(cameraId: string, findings: Finding[]): Promise<unknown>;
  broadcast(message: ServerMessage): void;
  clock: Clock;
  log: Logger;
}

/** What every camera runs with. */
export type CameraParts = Omit<CameraRuntimeDeps, 'onFindings' | 'onChange' | 'clock' | 'log'>;

/** Starting many cameras at once makes a burst of key frames and connections: they are spread over time. */
const START_SPREAD_MS = 150;
const RETRY_MS = 10_000;
const LOOK_MS = 20;

export class RunningCameras {
  private readonly deps: RunningCamerasDeps;
  private readonly cameras = new Map<string, CameraRuntime>();
  private readonly timers = new Set<() => void>();
  private readonly changed = new Set<string>();
  private parts: CameraParts | null = null;
  private changes: Promise<void> = Promise.resolve();
  /** The cameras of the start are on their way. */
  private begun: Promise<unknown> = Promise.resolve();

  constructor(deps: RunningCamerasDeps) {
    this.deps = deps;
  }

  start(parts: CameraParts, cameraIds: readonly string[]): void {
    this.parts = parts;
    const begin = (cameraId: string, index: number) =>
      new Promise<void>((resolve) => {
        this.later(index * START_SPREAD_MS, () => resolve(this.follow(cameraId)));
      });
    this.begun = Promise.all(cameraIds.map(begin));
  }

  /** Resolves when every camera's source has agreed to send or has failed, or after `limitMs`. What comes then waits for us in its socket. */
  async connected(limitMs: number): Promise<void> {
    const { clock } = this.deps;
    const pause = (ms: number) => new Promise<void>((resolve) => clock.after(ms, resolve));
    const endMs = clock.monotonicMs() + limitMs;
    const isAwaited = () => [...this.cameras.values()].some((camera) => !camera.hasAnswered);
    await Promise.race([this.begun, pause(limitMs)]);
    while (clock.monotonicMs() < endMs && isAwaited()) await pause(LOOK_MS);
  }

  /** Ends them all, also one that is just being started; each has its footage on the way to the disk when it resolves. */
  async stop(): Promise<void> {
    this.parts = null;
    for (const cancel of this.timers) cancel();
    await this.changes;
    const stop = async ([cameraId, camera]: [string, CameraRuntime]) => {
      try {
        await camera.stop();
      } catch (error) {
        this.deps.log.error({ err: error, cameraId }, 'a camera did not stop as it should');
      }
    };
    await Promise.all([...this.cameras].map(stop));
    this.cameras.clear();
  }

  /** Brings the running camera to its stored configuration. */
  follow(cameraId: string): Promise<void> {
    return this.change('a camera could not be started or changed', async () => {
      if (!this.parts) return;
      const camera = this.deps.wanted(cameraId);
      const runtime = this.cameras.get(cameraId);
      // One that was changed while it was being removed has come up again.
      if (!camera) await this.end(cameraId);
      else await (runtime ? runtime.update(camera) : this.startCamera(camera, this.parts));
    });
  }

  /** Ends a camera and deletes its recordings. */
  release(cameraId: string): Promise<void> {
    return this.change('a camera could not be removed', () => this.end(cameraId));
  }

  status(cameraId: string): CameraStatus {
    const status = this.cameras.get(cameraId)?.status() ?? notStarted(cameraId, this.deps.clock.epochMs());
    return this.deps.isPaused(cameraId) ? { ...status, state: 'paused' } : status;
  }

  /** Why nothing is stored, and what is wrong with the picture; nulls while all is well. */
  alertFacts(cameraId: string): { gap: Gap | null; picture: PictureTrouble | null } {
    return this.cameras.get(cameraId)?.alertFacts() ?? { gap: null, picture: null };
  }

  observed(cameraId: string, observation: Observation): void {
    this.cameras.get(cameraId)?.rules.observe(observation);
    const tracks = observation.tracks.map(({ trackId, label, confidence, box }) => ({
      trackId,
      label,
      confidence,
      box,
    }));
    this.deps.broadcast({ kind: 'tracks', cameraId, atEpochMs: observation.atMs, tracks });
  }

  /** Its stream has been away for a while; the last picture was of `lastMs`. */
  gone(cameraId: string, lastMs: number): void {
    this.cameras.get(cameraId)?.rules.end(lastMs);
  }

  reported(event: AccessEvent, cameraIds: readonly string[]): void {
    for (const cameraId of cameraIds) this.cameras.get(cameraId)?.rules.access(event);
  }

  setAnalysisProblem(cameraId: string, problem: string | null): void {
    this.cameras.get(cameraId)?.setAnalysisProblem(problem);
  }

  private async end(cameraId: string): Promise<void> {
    const runtime = this.cameras.get(cameraId);
    this.cameras.delete(cameraId);
    // One that has not come up yet may have footage all the same.
    await (runtime
      ? runtime.stop({ deleteRecordings: true })
      : this.parts?.recordings.removeFootage(cameraId));
  }

  private async startCamera(camera: WantedCamera, parts: CameraParts): Promise<void> {
    const { clock, log, report } = this.deps;
    const runtime = new CameraRuntime(camera, {
      ...parts,
      onFindings: (cameraId, findings) =>
        void report(cameraId, findings).catch((error: unknown) =>
          log.error({ err: error, cameraId }, 'an event could not be stored'),
        ),
      onChange: (cameraId) => this.announce(cameraId),
      clock,
      log,
    });
    this.cameras.set(camera.id, runtime);
    try {
      await runtime.start();
    } catch (error) {
      this.cameras.delete(camera.id);
      this.later(RETRY_MS, () => this.follow(camera.id));
      throw error;
    }
  }

  /** Runs a change after those before it. A failure is logged, and keeps neither the next one nor the caller. */
  private change(failure: string, action: () => Promise<void>): Promise<void> {
    this.changes = this.changes
      .then(action)
      .catch((error: unknown) => this.deps.log.error({ err: error }, failure));
    return this.changes;
  }

  /** Tells the UI of a camera's new status; several changes in one turn are told once. */
  private announce(cameraId: string): void {
    this.changed.add(cameraId);
    if (this.changed.size === 1) setImmediate(() => this.tell());
  }

  private tell(): void {
    const cameraIds = [...this.changed];
    this.changed.clear();
    // After the end the index, from which a status is made, may be closed.
    if (!this.parts) return;
    for (const id of cameraIds) this.deps.broadcast({ kind: 'camera-status', status: this.status(id) });
  }

  private later(delayMs: number, action: () => void): void {
    const cancel = this.deps.clock.after(delayMs, () => {
      this.timers.delete(cancel);
      action();
    });
    this.timers.add(cancel);
  }
}

/** Status of a camera that is stored but not yet (or no longer) running. */
function notStarted(cameraId: string, nowEpochMs: number): CameraStatus {
  return {
    cameraId,
    state: 'connecting',
    sinceEpochMs: nowEpochMs,
    problem: null,
    advice: null,
    lastFrameEpochMs: null,
    recording: false,
    streams: [],
    analysedFps: null,
    analysisProblem: null,
    completenessToday: null,
  };
}
