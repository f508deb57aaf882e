/**
 * One camera on the engine's side of the analysis: passes its fragments to a worker while that keeps up, remembers the stream for when
 * the worker is started again, and tells how the analysis is doing.
 */
import type { Analysis } from '../../shared/domain-camera.ts';
import type { Observation } from '../../shared/domain-events.ts';
import type { Clock } from '../platform/clock.ts';
import type { CameraReport, StreamFacts } from './worker-messages.ts';
import type { WorkerThread } from './worker-thread.ts';

/** The part of capture's stream description that the analysis needs. */
export interface FragmentStream {
  video: { width: number; height: number; timescale: number };
  videoInit: Buffer;
}

/** The part of capture's fragments that the analysis needs. */
export interface StreamFragment {
  track: 'video' | 'audio';
  data: Buffer;
  tfdtOffset: number;
  keyframe: boolean;
  decodeTime: number;
  captureEpochMs: number;
}

/** A `CaptureSink` for the analysis (declared here: capture's types stand beside this module, not below it). */
export interface FragmentSink {
  stream(description: FragmentStream): void;
  fragment(fragment: StreamFragment): void;
  lost(cause: string, detail: string): void;
}

/** Fragment bytes on their way to the worker, above which all is dropped up to the next keyframe. */
const MAX_UNTAKEN_BYTES = 16_000_000;
/** Without a stream for this long, nobody who was seen before is still followed. Longer than readers' reports may be late. */
const GONE_MS = 5000;
const IDS_PER_WORKER_LIFE = 1_000_000_000;
/** Span over which speed and drops are judged. */
const REPORT_SPAN_MS = 5000;
const SLOW_SHARE = 0.15;
const SLOW_RATE = 0.85;

export class AnalysedCamera implements FragmentSink {
  readonly worker: WorkerThread;
  private readonly cameraId: string;
  private analysis: Analysis;
  private readonly onObservation: (observation: Observation) => void;
  private readonly onGone: (lastMs: number) => void;
  private readonly onProblem: (problem: string | null) => void;
  private readonly clock: Clock;
  private facts: StreamFacts | null = null;
  private untakenBytes = 0;
  private waitForKeyframe = true;
  private lives = 0;
  private removed = false;
  private last: Observation | null = null;
  /** Time of the last picture since the last end; null: there was none. */
  private lastMs: number | null = null;
  private cancelGone: (() => void) | null = null;
  private reports: Array<CameraReport & { periodMs: number }> = [];
  private problems: { crash: string | null; camera: string | null; model: string | null } = {
    crash: null,
    camera: null,
    model: null,
  };
  private toldProblem: string | null = null;

  constructor(options: {
    cameraId: string;
    analysis: Analysis;
    worker: WorkerThread;
    onObservation: (observation: Observation) => void;
    /** The stream has been away for some seconds: no more pictures come for now, the last one was of `lastMs`. */
    onGone: (lastMs: number) => void;
    onProblem: (problem: string | null) => void;
    clock: Clock;
  }) {
    this.cameraId = options.cameraId;
    this.analysis = options.analysis;
    this.worker = options.worker;
    this.onObservation = options.onObservation;
    this.onGone = options.onGone;
    this.onProblem = options.onProblem;
    this.clock = options.clock;
    if (this.analysis.enabled) this.join();
  }

  // ---- what capture delivers ----

  stream(description: FragmentStream): void {
    this.cancelEnd();
    const { width, height, timescale } = description.video;
    this.facts = { width, height, timescale, videoInit: new Uint8Array(description.videoInit) };
    if (this.analysis.enabled) this.sendStream();
  }

  fragment(fragment: StreamFragment): void {
    if (fragment.track !== 'video' || !this.analysis.enabled || this.removed || !this.facts) return;
    if (this.untakenBytes > MAX_UNTAKEN_BYTES) this.waitForKeyframe = true;
    if (this.waitForKeyframe && (!fragment.keyframe || this.untakenBytes > MAX_UNTAKEN_BYTES)) return;
    this.waitForKeyframe = false;
    // A copy of exact size: the shared buffer may be part of a larger one and must stay whole.
    const data = new Uint8Array(fragment.data);
    new DataView(data.buffer).setBigUint64(
      fragment.tfdtOffset,
      BigInt(Math.max(0, Math.round(fragment.decodeTime))),
    );
    const { cameraId } = this;
    const { keyframe, decodeTime, captureEpochMs } = fragment;
    this.untakenBytes += data.byteLength;
    this.worker.send(
      { type: 'fragment', cameraId, fragment: { data, keyframe, decodeTime, captureEpochMs } },
      [data.buffer],
    );
  }

  lost(): void {
    this.facts = null;
    this.worker.send({ type: 'lost', cameraId: this.cameraId });
    if (this.analysis.enabled && !this.removed)
      this.cancelGone ??= this.clock.after(GONE_MS, () => this.endForNow());
  }

  // ---- what the service asks ----

  update(analysis: Analysis): void {
    const before = this.analysis;
    this.analysis = analysis;
    if (!analysis.enabled) {
      if (before.enabled) this.leave();
    } else if (!before.enabled) this.join();
    else this.worker.send({ type: 'update', cameraId: this.cameraId, analysis });
    this.tellProblem();
  }

  remove(): void {
    if (this.removed) return;
    this.removed = true;
    if (this.analysis.enabled) this.leave();
  }

  /** Analysed pictures per second over the last seconds; null while analysis is off. */
  get analysedFps(): number | null {
    if (!this.analysis.enabled) return null;
    const periodMs = this.reports.reduce((sum, report) => sum + report.periodMs, 0);
    const analysed = this.reports.reduce((sum, report) => sum + report.analysed, 0);
    return periodMs > 0 ? (analysed * 1000) / periodMs : 0;
  }

  setModelProblem(problem: string | null): void {
    this.problems.model = problem;
    this.tellProblem();
  }

  // ---- what the worker says ----

  observed(observation: Observation): void {
    if (this.removed || !this.analysis.enabled) return;
    this.last = observation;
    this.lastMs = observation.atMs;
    this.onObservation(observation);
  }

  taken(bytes: number): void {
    this.untakenBytes = Math.max(0, this.untakenBytes - bytes);
  }

  reported(report: CameraReport, periodMs: number): void {
    this.reports.push({ ...report, periodMs });
    while (this.reports.length > 1 && this.reports.length * periodMs > REPORT_SPAN_MS) this.reports.shift();
    this.problems.crash = null;
    this.problems.camera = report.problem ?? this.slowProblem();
    this.tellProblem();
  }

  workerCrashed(reason: string): void {
    this.problems.crash = `The analysis ended unexpectedly and is started again: ${reason}`;
    this.endTracks();
    this.tellProblem();
  }

  /** The worker runs again and knows nothing: the camera is added anew, with track ids of its own. */
  workerStarted(): void {
    this.lives++;
    // What was sent before was dropped.
    this.untakenBytes = 0;
    this.waitForKeyframe = true;
    if (this.analysis.enabled && !this.removed) this.join();
  }

  private join(): void {
    const trackIdOffset = this.lives * IDS_PER_WORKER_LIFE;
    this.worker.send({ type: 'add', cameraId: this.cameraId, analysis: this.analysis, trackIdOffset });
    this.sendStream();
  }

  private leave(): void {
    this.cancelEnd();
    this.lastMs = null;
    this.worker.send({ type: 'remove', cameraId: this.cameraId });
    this.endTracks();
    this.lives++;
    this.reports = [];
    this.problems = { ...this.problems, crash: null, camera: null };
  }

  private sendStream(): void {
    this.untakenBytes = 0;
    this.waitForKeyframe = true;
    if (this.facts) this.worker.send({ type: 'stream', cameraId: this.cameraId, stream: this.facts });
  }

  private cancelEnd(): void {
    this.cancelGone?.();
    this.cancelGone = null;
  }

  private endForNow(): void {
    const { lastMs } = this;
    this.cancelGone = null;
    this.lastMs = null;
    this.endTracks();
    if (lastMs !== null) this.onGone(lastMs);
    // After what the end made known has asked for its pictures.
    this.worker.send({ type: 'gone', cameraId: this.cameraId });
  }

  /** Objects that were being followed end where the analysis ends. */
  private endTracks(): void {
    const { last } = this;
    this.last = null;
    this.reports = [];
    if (!last || last.tracks.length === 0) return;
    const endedTrackIds = last.tracks.map((track) => track.trackId);
    const motion = { ratio: 0, boxes: [] };
    this.onObservation({ atMs: last.atMs + 1, tracks: [], endedTrackIds, motion, sabotage: null });
  }

  private slowProblem(): string | null {
    const dropped = this.reports.reduce((sum, report) => sum + report.dropped, 0);
    const analysed = this.reports.reduce((sum, report) => sum + report.analysed, 0);
    const rate = this.analysedFps ?? 0;
    const keepsUp = dropped / (dropped + analysed) < SLOW_SHARE || rate > SLOW_RATE * this.analysis.fps;
    if (this.reports.length < 4 || dropped < 3 || keepsUp) return null;
    // Without the rate, which changes all the time and is told by `analysedFps`.
    return `This machine is too slow for all cameras: fewer than the ${this.analysis.fps} pictures a second asked for are analysed.`;
  }

  private tellProblem(): void {
    const { crash, camera, model } = this.problems;
    const problem = this.analysis.enabled ? (crash ?? model ?? camera) : null;
    if (problem === this.toldProblem) return;
    this.toldProblem = problem;
    this.onProblem(problem);
  }
}
