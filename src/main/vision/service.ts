/**
 * The analysis of all cameras, seen from the engine's main thread: takes their fragments, shares the cameras among worker threads and
 * hands back observations. Nothing here waits for the analysis: what it cannot take is dropped and counted.
 */
import { availableParallelism } from 'node:os';
import type { Analysis } from '../../shared/domain-camera.ts';
import type { Observation } from '../../shared/domain-events.ts';
import { AppError } from '../../shared/errors.ts';
import type { Box } from '../../shared/geometry.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/log.ts';
import { AnalysedCamera, type FragmentSink } from './analysed-camera.ts';
import type { ProviderChoice } from './detector/providers.ts';
import type { TrialRequest, TrialResult } from './detector/trial.ts';
import { DetectorChoice, type ModelState } from './detector-choice.ts';
import type { FootageRequest } from './footage/analyze-footage.ts';
import { FootageAnalysis } from './footage/footage-analysis.ts';
import type { InspectRequest, InspectResult } from './inspect.ts';
import { MODEL_ADVICE, type ModelFolders } from './models/catalogue.ts';
import type { Snapshot } from './snapshot.ts';
import { tryInThread } from './trial-thread.ts';
import type { FromWorker } from './worker-messages.ts';
import { WorkerThread } from './worker-thread.ts';

export type { FragmentSink } from './analysed-camera.ts';
export type { Snapshot } from './snapshot.ts';

export interface VisionServiceOptions {
  ffmpegPath: string;
  /** Where model cards and weights are. */
  folders: ModelFolders;
  /** The model that was chosen; null: the best one present. Asked whenever it may have changed. */
  modelName?: () => string | null;
  /** Tries a model out, off this thread; by default in a worker of its own. */
  tryModel?: (request: TrialRequest) => Promise<TrialResult>;
  clock: Clock;
  logger: Logger;
  /** Worker threads; by default one for every two cores. */
  workerCount?: number;
  onObservation(cameraId: string, observation: Observation): void;
  /** A camera's stream has been away for some seconds: no more pictures come for now, the last one was of `lastMs`. */
  onGone(cameraId: string, lastMs: number): void;
  /** Why a camera's analysis does not run as asked, in the user's words; null when all is well again. Told on change. */
  onProblem(cameraId: string, problem: string | null): void;
}

export interface CameraAnalysis {
  /** Where the camera's fragments go; a `CaptureSink`. */
  sink: FragmentSink;
  update(analysis: Analysis): void;
  remove(): void;
}

export class VisionService {
  private readonly options: VisionServiceOptions;
  private readonly detector: DetectorChoice;
  private readonly workers: WorkerThread[];
  private readonly cameras = new Map<string, AnalysedCamera>();

  constructor(options: VisionServiceOptions) {
    this.options = options;
    const count = options.workerCount ?? Math.max(1, Math.floor(availableParallelism() / 2));
    this.workers = Array.from({ length: count }, (_, index) => this.makeWorker(index));
    this.detector = new DetectorChoice({
      folders: options.folders,
      wanted: options.modelName ?? (() => null),
      tryModel: options.tryModel ?? tryInThread,
      use: (model) => {
        for (const worker of this.workers) worker.setModel(model);
      },
      onProblem: (problem) => this.tellModelProblem(problem),
      logger: options.logger,
    });
  }

  /**
   * Starts the workers, also with cameras that are there already, and finds them a model; does not wait for it to be tried out. Never
   * fails for want of one: motion is analysed without.
   */
  async start(): Promise<void> {
    for (const worker of this.workers) worker.start();
    await this.detector.start();
  }

  async stop(): Promise<void> {
    for (const camera of this.cameras.values()) camera.remove();
    this.cameras.clear();
    await Promise.all([this.detector.stop(), ...this.workers.map((worker) => worker.stop())]);
    this.workers.length = 0;
  }

  /** Goes over to a model (null: the best one present) once it has been tried out; throws AppError when it cannot be used, and nothing changes. */
  useModel(name: string | null): Promise<void> {
    return this.detector.use(name);
  }

  /** The folders hold something else, or another model was chosen: the model is found anew. */
  refreshModels(): Promise<void> {
    return this.detector.refresh();
  }

  /** On which execution provider the detector runs, and why not on the others; null while it has not been measured. */
  get provider(): ProviderChoice | null {
    return this.detector.provider;
  }

  /** Analyses a camera from now on. The sink never blocks. */
  addCamera(options: { cameraId: string; analysis: Analysis }): CameraAnalysis {
    this.cameras.get(options.cameraId)?.remove();
    const worker = this.leastBusyWorker();
    const camera = new AnalysedCamera({
      ...options,
      worker,
      onProblem: (problem) => this.options.onProblem(options.cameraId, problem),
      onObservation: (observation) => this.options.onObservation(options.cameraId, observation),
      onGone: (lastMs) => this.options.onGone(options.cameraId, lastMs),
      clock: this.options.clock,
    });
    this.cameras.set(options.cameraId, camera);
    camera.setModelProblem(this.detector.problem);
    return {
      sink: camera,
      update: (analysis) => camera.update(analysis),
      remove: () => {
        camera.remove();
        if (this.cameras.get(options.cameraId) === camera) this.cameras.delete(options.cameraId);
      },
    };
  }

  /** Analysed pictures per second over the last seconds; null while analysis is off or the camera is unknown. */
  analysedFps(cameraId: string): number | null {
    return this.cameras.get(cameraId)?.analysedFps ?? null;
  }

  /** Models that are known, whether present or not; for the health page. */
  listModels(): ModelState[] {
    return this.detector.list();
  }

  /** How to get a detector, or what is wrong with the one there is; null while one is in use. */
  get modelAdvice(): string | null {
    return this.detector.problem;
  }

  /** A better model than the basic one in use, to be downloaded; null where there is no need. */
  get recommendedModel(): { name: string; title: string } | null {
    return this.detector.recommended;
  }

  /** JPEGs of the analysed picture nearest to `atMs` (the last 6 s are kept), and of what is in the box if it is of that very time; null when there is none. */
  async snapshot(cameraId: string, atMs: number, box: Box | null): Promise<Snapshot | null> {
    const camera = this.cameras.get(cameraId);
    return camera ? camera.worker.snapshot({ cameraId, atMs, box }) : null;
  }

  /** What is in an uploaded picture or video, and pictures to show for it; null when it cannot be decoded or analysed. */
  async inspect(request: InspectRequest): Promise<InspectResult | null> {
    return this.workers.length > 0 ? this.leastBusyWorker().inspect(request) : null;
  }

  /** Begins to analyse recorded files, apart from the live cameras. Throws AppError `unavailable` without a detector. */
  analyzeFootage(request: FootageRequest): FootageAnalysis {
    const { model, problem } = this.detector;
    if (!model) throw new AppError('unavailable', problem ?? MODEL_ADVICE);
    return new FootageAnalysis({ ffmpegPath: this.options.ffmpegPath, model, request });
  }

  private makeWorker(index: number): WorkerThread {
    const { ffmpegPath, logger } = this.options;
    const worker = new WorkerThread(
      { ffmpegPath },
      {
        onMessage: (message) => this.receive(message),
        onCrash: (reason) => {
          logger.error({ worker: index, reason }, 'a vision worker ended and is started again');
          for (const camera of this.camerasOf(worker)) camera.workerCrashed(reason);
        },
        onStart: () => {
          for (const camera of this.camerasOf(worker)) camera.workerStarted();
        },
      },
    );
    return worker;
  }

  private receive(message: Exclude<FromWorker, { type: 'snapshot' | 'inspected' }>): void {
    switch (message.type) {
      case 'observation':
        this.cameras.get(message.cameraId)?.observed(message.observation);
        break;
      case 'taken':
        this.cameras.get(message.cameraId)?.taken(message.bytes);
        break;
      case 'report':
        for (const report of message.cameras)
          this.cameras.get(report.cameraId)?.reported(report, message.periodMs);
        break;
      case 'model':
        this.detector.loaded(message.problem);
        break;
      case 'provider-failed':
        this.detector.providerFailed(message.provider, message.reason);
        break;
    }
  }

  private tellModelProblem(problem: string | null): void {
    for (const camera of this.cameras.values()) camera.setModelProblem(problem);
  }

  private camerasOf(worker: WorkerThread): AnalysedCamera[] {
    return [...this.cameras.values()].filter((camera) => camera.worker === worker);
  }

  private leastBusyWorker(): WorkerThread {
    const load = (worker: WorkerThread) => this.camerasOf(worker).length;
    const [first, ...rest] = this.workers;
    if (!first) throw new Error('the vision service has been stopped');
    return rest.reduce((best, worker) => (load(worker) < load(best) ? worker : best), first);
  }
}
