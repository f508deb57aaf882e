/**
 * The live analysis over recorded files, as fast as they are taken: the same pipeline, one file after the other on one time line. Where
 * footage is missing, or its size changes, everybody who was followed is gone and the pipeline begins anew.
 */
import type { Analysis } from '../../../shared/domain-camera.ts';
import type { Observation } from '../../../shared/domain-events.ts';
import { messageOf } from '../../../shared/errors.ts';
import { NICENESS } from '../../platform/priority.ts';
import { type Letterbox, planInput } from '../detector/letterbox.ts';
import { readPictures } from '../pictures/file.ts';
import type { Picture } from '../pictures/picture.ts';
import { AnalysisPipeline, type PictureDetector } from '../pipeline.ts';

/** A file and when its first frame was captured; times on the caller's clock (epoch ms of recordings, clip time of a video). */
export interface FootageFile {
  /** Absolute. */
  path: string;
  startMs: number;
  endMs: number;
  /** Of the picture, in pixels. */
  width: number;
  height: number;
}

export interface FootageRequest {
  /** Ascending. */
  files: readonly FootageFile[];
  /** Pictures in [from, to) are analysed. */
  fromMs: number;
  toMs: number;
  analysis: Pick<Analysis, 'fps' | 'minConfidence' | 'overheadView' | 'masks'>;
}

export type FootageStep =
  /**
   * `picture` is valid until the next step is asked for; its time is the observation's. Null where no picture follows at once: the
   * observation then ends everybody who was followed.
   */
  | { kind: 'observation'; observation: Observation; picture: Picture | null }
  /** A file that cannot be read was left out. */
  | { kind: 'unreadable'; file: FootageFile; problem: string };

/** What plans a picture's size for the detector; a `Detector` does. */
export interface FootageDetector extends PictureDetector {
  planLetterbox(width: number, height: number): Letterbox;
}

/** Longer holes, of pictures too, end everything that was followed; the tracker bridges shorter ones. */
const BREAK_MS = 1500;
const BREAK_PICTURES = 2.5;
/** Apart enough that the ids of one pipeline never reach the next one's. */
const IDS_PER_PIPELINE = 1_000_000;
/** Without a detector, pictures are decoded at this many pixels. */
const PLAIN_PIXELS = 384 * 640;

/** Iterate to the end, or until enough is known: an ended iteration ends its ffmpeg. `detector` null: motion and sabotage only. */
export async function* analyzeFootage(
  request: FootageRequest,
  detector: FootageDetector | null,
  ffmpegPath: string,
): AsyncGenerator<FootageStep> {
  const { analysis, fromMs, toMs } = request;
  const breakMs = Math.max(BREAK_MS, (BREAK_PICTURES * 1000) / analysis.fps);
  let pipeline: AnalysisPipeline | null = null;
  let pipelines = 0;
  let size = '';
  let lastMs = Number.NaN;
  for (const file of request.files) {
    if (file.endMs <= fromMs || file.startMs >= toMs) continue;
    const letterbox =
      detector?.planLetterbox(file.width, file.height) ??
      planInput(file.width, file.height, PLAIN_PIXELS, 32);
    const { pictureWidth: width, pictureHeight: height } = letterbox;
    if (pipeline && (size !== `${width}x${height}` || file.startMs - lastMs > breakMs)) {
      yield endOf(pipeline, lastMs);
      pipeline = null;
    }
    size = `${width}x${height}`;
    try {
      const pictures = readPictures({
        ...{ ffmpegPath, file: file.path, fps: analysis.fps, width, height, niceness: NICENESS.footage },
      });
      for await (const clip of pictures) {
        const picture = { ...clip, atMs: file.startMs + clip.atMs };
        if (picture.atMs < fromMs || picture.atMs <= lastMs) continue;
        if (picture.atMs >= toMs) break;
        pipeline ??= new AnalysisPipeline({
          ...{ detector, letterbox, analysis },
          trackIdOffset: pipelines++ * IDS_PER_PIPELINE,
        });
        const { observation } = await pipeline.step(picture);
        lastMs = picture.atMs;
        yield { kind: 'observation', observation, picture };
      }
    } catch (error) {
      yield { kind: 'unreadable', file, problem: messageOf(error) };
    }
  }
  if (pipeline) yield endOf(pipeline, lastMs);
}

function endOf(pipeline: AnalysisPipeline, atMs: number): FootageStep {
  const observation = {
    ...{ atMs, tracks: [], endedTrackIds: pipeline.trackIds },
    motion: { ratio: 0, boxes: [] },
    sabotage: null,
  };
  return { kind: 'observation', observation, picture: null };
}
