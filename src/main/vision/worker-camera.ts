/** One camera inside a vision worker: its live pictures, its pipeline, and the last seconds of pictures for snapshots. */
import type { Analysis } from '../../shared/domain-camera.ts';
import type { Observation } from '../../shared/domain-events.ts';
import { messageOf } from '../../shared/errors.ts';
import type { Box } from '../../shared/geometry.ts';
import type { Detector } from './detector/detector.ts';
import { type Letterbox, planInput } from './detector/letterbox.ts';
import { KeptPictures } from './pictures/kept.ts';
import { LivePictures } from './pictures/live.ts';
import { AnalysisPipeline } from './pipeline.ts';
import { type Snapshot, snapshotAt } from './snapshot.ts';
import type { CameraReport, FragmentFacts, StreamFacts } from './worker-messages.ts';

/** Rules report up to a few seconds late. At 640x360 and 25 pictures a second this is all of them. */
const KEPT = { keepMs: 6000, mostBytes: 52_000_000 };
/** Apart enough that the ids of one pipeline never reach the next one's. */
const IDS_PER_PIPELINE = 1_000_000;
const PLAIN_PIXELS = 384 * 640;

export class WorkerCamera {
  readonly cameraId: string;
  private readonly pictures: LivePictures;
  private analysis: Analysis;
  private detector: Detector | null;
  private stream: StreamFacts | null = null;
  private letterbox: Letterbox | null = null;
  private pipeline: AnalysisPipeline | null = null;
  private trackIdOffset: number;
  private endedTrackIds: number[] = [];
  private readonly kept: KeptPictures;
  private problem: string | null = null;
  private analysed = 0;
  private inferred = 0;

  constructor(options: {
    cameraId: string;
    ffmpegPath: string;
    /** null: motion and sabotage only. */
    detector: Detector | null;
    analysis: Analysis;
    trackIdOffset: number;
    onPicture: () => void;
  }) {
    this.cameraId = options.cameraId;
    this.detector = options.detector;
    this.analysis = options.analysis;
    this.trackIdOffset = options.trackIdOffset;
    this.pictures = new LivePictures(options.ffmpegPath, options.onPicture);
    this.kept = new KeptPictures({ ...KEPT, release: (picture) => this.pictures.recycle(picture) });
  }

  update(analysis: Analysis): void {
    const same = analysis.fps === this.analysis.fps;
    this.analysis = analysis;
    if (same) this.dropPipeline();
    else this.replan();
  }

  /** From the next keyframe on; null: motion and sabotage only. */
  setDetector(detector: Detector | null): void {
    this.detector = detector;
    this.dropPipeline();
    this.replan();
  }

  begin(stream: StreamFacts): void {
    this.stream = stream;
    this.replan();
  }

  feed(fragment: FragmentFacts): void {
    this.pictures.feed(fragment);
  }

  lost(): void {
    this.pictures.end();
    this.stream = null;
  }

  /** It has been without a stream for so long that nobody who was followed is taken for who is seen next. */
  gone(): void {
    this.pipeline?.forgetTracks();
  }

  get hasPicture(): boolean {
    return this.pictures.hasPicture;
  }

  /** Analyses the newest picture; null when there is none, or when it failed (`report` then says why). */
  async step(): Promise<Observation | null> {
    try {
      return await this.analyse();
    } catch (error) {
      this.problem = `A picture could not be analysed: ${messageOf(error)}`;
      this.dropPipeline();
      return null;
    }
  }

  private async analyse(): Promise<Observation | null> {
    const picture = this.pictures.take();
    if (!picture) return null;
    const letterbox = this.letterbox;
    // A picture of the stream before the last change of size.
    if (letterbox?.pictureWidth !== picture.width || letterbox.pictureHeight !== picture.height) return null;
    this.pipeline ??= new AnalysisPipeline({
      detector: this.detector,
      letterbox,
      analysis: this.analysis,
      trackIdOffset: this.trackIdOffset,
    });
    const { observation, inferred } = await this.pipeline.step(picture);
    this.problem = null;
    this.analysed++;
    if (inferred) this.inferred++;
    this.kept.add(picture);
    this.kept.forget();
    const endedTrackIds = [...this.endedTrackIds, ...observation.endedTrackIds];
    this.endedTrackIds = [];
    return { ...observation, endedTrackIds };
  }

  /** JPEGs of the kept picture nearest to `atMs`; null when none is near. */
  snapshot(atMs: number, box: Box | null): Promise<Snapshot | null> {
    return snapshotAt(this.kept, atMs, box);
  }

  /** Counts since the last call. */
  report(): CameraReport {
    const { cameraId, analysed, inferred } = this;
    const { dropped, problem } = this.pictures;
    this.analysed = 0;
    this.inferred = 0;
    this.pictures.dropped = 0;
    return { cameraId, analysed, inferred, dropped, problem: this.problem ?? problem };
  }

  async stop(): Promise<void> {
    this.kept.clear();
    await this.pictures.stop();
  }

  /** Sizes and rates may have changed: a new decoder from the next keyframe on, and a new pipeline where the size is another. */
  private replan(): void {
    if (!this.stream) return;
    const { width, height, timescale, videoInit } = this.stream;
    const letterbox =
      this.detector?.planLetterbox(width, height) ?? planInput(width, height, PLAIN_PIXELS, 32);
    const { pictureWidth, pictureHeight } = letterbox;
    const before = this.letterbox;
    if (before?.pictureWidth !== pictureWidth || before.pictureHeight !== pictureHeight) this.dropPipeline();
    this.letterbox = letterbox;
    this.pictures.begin({
      timescale,
      videoInit,
      width: pictureWidth,
      height: pictureHeight,
      fps: this.analysis.fps,
    });
  }

  private dropPipeline(): void {
    if (!this.pipeline) return;
    this.endedTrackIds.push(...this.pipeline.trackIds);
    this.pipeline = null;
    this.trackIdOffset += IDS_PER_PIPELINE;
  }
}
