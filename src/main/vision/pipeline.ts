/**
 * The analysis of one camera or file, picture by picture: motion, then the detector where something changed, then the tracker. The same
 * code serves live cameras, `analyze` and rehearsals. It does no I/O, knows no lines, zones or rules, and keeps no pictures.
 */
import type { Analysis } from '../../shared/domain-camera.ts';
import type { Observation } from '../../shared/domain-events.ts';
import type { Detection } from './detector/detection.ts';
import type { Letterbox } from './detector/letterbox.ts';
import { ArrivalWatch } from './motion/arrival.ts';
import { InferenceGate } from './motion/gate.ts';
import { shrinkToGrey } from './motion/grey.ts';
import { Masks } from './motion/masks.ts';
import { MotionDetector } from './motion/motion.ts';
import { SabotageWatch } from './motion/sabotage.ts';
import { Clarifier } from './pictures/clarify.ts';
import type { Picture } from './pictures/picture.ts';
import { Tracker } from './tracker/tracker.ts';

/** What the pipeline needs of a detector. */
export interface PictureDetector {
  detect(
    picture: Picture,
    letterbox: Letterbox,
    options: { overheadView: boolean; marksLookAlikes: true },
  ): Promise<Detection[]>;
}

export interface AnalysedPicture {
  observation: Observation;
  /** Of this picture, or of the last one looked at while nothing has changed since. */
  detections: readonly Detection[];
  /** Whether the detector looked at this very picture. */
  inferred: boolean;
}

export interface PipelineOptions {
  /** null: motion and sabotage only. */
  detector: PictureDetector | null;
  letterbox: Letterbox;
  analysis: Pick<Analysis, 'minConfidence' | 'overheadView' | 'masks'>;
  /** Added to the tracker's ids, so that they stay unique when a camera's analysis starts anew. */
  trackIdOffset?: number;
}

/** A picture this much older than the last one means that the clock was set back. */
const CLOCK_STEP_MS = 500;
const IDS_PER_TRACKER = 100_000;

export class AnalysisPipeline {
  private readonly options: PipelineOptions;
  private motion = new MotionDetector();
  private sabotage = new SabotageWatch();
  private gate = new InferenceGate();
  private clarifier = new Clarifier();
  private arrivals = new ArrivalWatch();
  private readonly masks: Masks;
  private tracker: Tracker;
  private trackIdOffset: number;
  private detections: readonly Detection[] = [];
  private tracks: Observation['tracks'] = [];
  /** An object being followed was not found in the last picture. */
  private missing = false;
  private lastMs = Number.NEGATIVE_INFINITY;

  constructor(options: PipelineOptions) {
    this.options = options;
    this.masks = new Masks(options.analysis.masks ?? []);
    this.trackIdOffset = options.trackIdOffset ?? 0;
    this.tracker = this.newTracker();
  }

  /** Analyses the next picture. Times ascend; after a step back of the clock all tracks end and everything begins anew. */
  async step(picture: Picture): Promise<AnalysedPicture> {
    const dropped = picture.atMs < this.lastMs - CLOCK_STEP_MS ? this.restart() : [];
    const { atMs } = picture;
    this.lastMs = atMs;
    const whole = shrinkToGrey(picture);
    const sabotage = this.sabotage.step(atMs, picture, whole);
    const grey = this.masks.hide(whole);
    const motion = this.motion.step(atMs, grey);
    this.clarifier.step(picture);
    const inferred =
      this.options.detector !== null &&
      !this.masks.hidesAll &&
      this.gate.decide(atMs, grey, this.motion.noise, this.missing);
    if (inferred) {
      this.detections = await this.look(picture);
      this.gate.learn(
        atMs,
        this.detections.filter((detection) => !detection.isLookAlike),
      );
    }
    const { tracks, endedTrackIds } = this.tracker.step(atMs, this.detections);
    for (const id of this.arrivals.step(atMs, grey, tracks)) this.tracker.noteArrival(id);
    this.tracks = tracks.map((track) => ({ ...track, trackId: track.trackId + this.trackIdOffset }));
    this.missing = tracks.some((track) => track.lastSeenMs < atMs);
    const ended = [...dropped, ...endedTrackIds.map((id) => id + this.trackIdOffset)];
    return {
      observation: { atMs, tracks: this.tracks, endedTrackIds: ended, motion, sabotage },
      detections: this.detections,
      inferred,
    };
  }

  /** Ids of the objects being followed. */
  get trackIds(): number[] {
    return this.tracks.map((track) => track.trackId);
  }

  /** Whoever is seen next is somebody new; what was learned of the picture stays. */
  forgetTracks(): void {
    this.tracker.forget();
    this.gate = new InferenceGate();
    this.detections = [];
    this.tracks = [];
    this.missing = false;
  }

  private async look(picture: Picture): Promise<Detection[]> {
    const { detector, letterbox, analysis } = this.options;
    const options = { overheadView: analysis.overheadView, marksLookAlikes: true } as const;
    return this.masks.keep(await detector!.detect(this.clarifier.clarify(picture), letterbox, options));
  }

  private restart(): number[] {
    const dropped = this.trackIds;
    this.motion = new MotionDetector();
    this.sabotage = new SabotageWatch();
    this.gate = new InferenceGate();
    this.clarifier = new Clarifier();
    this.arrivals = new ArrivalWatch();
    this.trackIdOffset += IDS_PER_TRACKER;
    this.tracker = this.newTracker();
    this.detections = [];
    this.tracks = [];
    return dropped;
  }

  private newTracker(): Tracker {
    const { analysis, letterbox } = this.options;
    return new Tracker({
      overheadView: analysis.overheadView,
      minConfidence: analysis.minConfidence,
      aspectRatio: letterbox.pictureWidth / letterbox.pictureHeight,
    });
  }
}
