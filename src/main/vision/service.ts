/**
 * The analysis of all cameras, seen from the engine's main thread: takes their fragments, shares the cameras among worker threads and
 * hands back observations. Nothing here waits for the analysis: what it cannot take is dropped and counted.
 */
import { availableParallelism } from 'node:os';
import type { Analysis, Observation } from '../../shared/domain.ts';
import { AppError, messageOf } from '../../shared/errors.ts';
import type { Box } from '../../shared/geometry.ts';
import type { Logger } from '../platform/log.ts';
import { AnalysedCamera, type FragmentSink } from './analysed-camera.ts';
import type { FootageRequest } from './footage/analyze-footage.ts';
import { FootageAnalysis } from './footage/footage-analysis.ts';
import type { InspectRequest, InspectResult } from './inspect.ts';
import { type CatalogueModel, chooseModel, findModels, MODEL_ADVICE } from './models/catalogue.ts';
import type { Snapshot } from './snapshot.ts';
import type { FromWorker } from './worker-messages.ts';
import { WorkerThread } from './worker-thread.ts';

export type { FragmentSink } from './analysed-camera.ts';
export type { Snapshot } from './snapshot.ts';

export interface VisionServiceOptions {
  ffmpegPath: string;
  /** Folder with model cards and weights. */
  modelsDir: string;
  /** A further one; normally the value of THRESHOLD_MODELS. */
  extraModelsDir?: string | undefined;
  /** The model to use; the best one present where absent. */
  modelName?: string | undefined;
  logger: Logger;
  /** Worker threads; by default one for every two cores. */
  workerCount?: number;
  onObservation(cameraId: string, observation: Observation): void;
  /** Why a camera's analysis does not run as asked, in the user's words; null when all is well again. Told on change. */
  onProblem(cameraId: string, problem: string | null): void;
}

/** A model as the UI lists it. */
export interface ModelState {
  name: string;
  title: string;
  active: boolean;
  problem: string | null;
}

export interface CameraAnalysis {
  /** Where the camera's fragments go; a `CaptureSink`. */
  sink: FragmentSink;
  update(analysis: Analysis): void;
  remove(): void;
}

export class VisionService {
  private readonly options: VisionServiceOptions;
  private models: CatalogueModel[] = [];
  private active: (CatalogueModel & { path: string }) | null = null;
  /** Why no detector runs; null while one does. */
  private modelProblem: string | null = null;
  private readonly workers: WorkerThread[] = [];
  private readonly cameras = new Map<string, AnalysedCamera>();

  constructor(options: VisionServiceOptions) {
    this.options = options;
  }

  /** Finds the model and starts the workers. Never fails for want of a model: motion is analysed without. */
  async start(): Promise<void> {
    try {
      this.models = await findModels({
        modelsDir: this.options.modelsDir,
        extraDir: this.options.extraModelsDir,
      });
      this.active = chooseModel(this.models, this.options.modelName);
      this.modelProblem = this.active ? null : MODEL_ADVICE;
    } catch (error) {
      this.modelProblem = messageOf(error);
    }
    if (this.modelProblem)
      this.options.logger.warn({ problem: this.modelProblem }, 'analysis runs without a detector');
    const count = this.options.workerCount ?? Math.max(1, Math.floor(availableParallelism() / 2));
    for (let index = 0; index < count; index++) this.startWorker(index);
  }

  async stop(): Promise<void> {
    for (const camera of this.cameras.values()) camera.remove();
    this.cameras.clear();
    await Promise.all(this.workers.map((worker) => worker.stop()));
    this.workers.length = 0;
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
    });
    this.cameras.set(options.cameraId, camera);
    camera.setModelProblem(this.modelProblem);
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
    return this.models.map((model) => {
      const active = model === this.active;
      const missing = model.path ? null : 'Its weights are not installed.';
      const problem = model.problem ?? (active ? this.modelProblem : missing);
      return {
        name: model.card.name,
        title: model.card.title,
        active: active && this.modelProblem === null,
        problem,
      };
    });
  }

  /** How to get a detector, or what is wrong with the one there is; null while one is in use. */
  get modelAdvice(): string | null {
    return this.modelProblem;
  }

  /** JPEGs of the analysed picture nearest to `atMs` (the last 4 s are kept), and of what is in the box; null when there is none. */
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
    const { active, modelProblem } = this;
    if (!active || modelProblem) throw new AppError('unavailable', modelProblem ?? MODEL_ADVICE);
    const { ffmpegPath } = this.options;
    return new FootageAnalysis({ ffmpegPath, model: { card: active.card, path: active.path }, request });
  }

  private startWorker(index: number): void {
    const { ffmpegPath, logger } = this.options;
    const setup = { ffmpegPath, model: this.active && { card: this.active.card, path: this.active.path } };
    const worker = new WorkerThread(setup, {
      onMessage: (message) => this.receive(message),
      onCrash: (reason) => {
        logger.error({ worker: index, reason }, 'a vision worker ended and is started again');
        for (const camera of this.camerasOf(worker)) camera.workerCrashed(reason);
      },
      onStart: () => {
        for (const camera of this.camerasOf(worker)) camera.workerStarted();
      },
    });
    this.workers.push(worker);
    worker.start();
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
        if (message.problem)
          this.options.logger.error({ problem: message.problem }, 'the detector cannot be used');
        this.modelProblem = message.problem;
        for (const camera of this.cameras.values()) camera.setModelProblem(message.problem);
        break;
    }
  }

  private camerasOf(worker: WorkerThread): AnalysedCamera[] {
    return [...this.cameras.values()].filter((camera) => camera.worker === worker);
  }

  private leastBusyWorker(): WorkerThread {
    const load = (worker: WorkerThread) => this.camerasOf(worker).length;
    const [first, ...rest] = this.workers;
    if (!first) throw new Error('the vision service has not been started');
    return rest.reduce((best, worker) => (load(worker) < load(best) ? worker : best), first);
  }
}
