/** The live analysis over a video file, as fast as the machine can: the same pipeline, with clip time as its clock. */
import type { Analysis } from '../../shared/domain-camera.ts';
import { Detector } from './detector/detector.ts';
import { type Letterbox, planInput } from './detector/letterbox.ts';
import type { ModelCard } from './models/card.ts';
import { probeVideo, readPictures, type VideoFacts } from './pictures/file.ts';
import type { Picture } from './pictures/picture.ts';
import { type AnalysedPicture, AnalysisPipeline } from './pipeline.ts';

export interface VideoAnalysis {
  video: VideoFacts;
  /** Name of the model in use; null when only motion and sabotage are analysed. */
  model: string | null;
  /** Analysed pictures in order; `observation.atMs` is clip time; each `picture` is valid until the next is asked for. Iterate once, to the end or until enough is known. */
  pictures: AsyncGenerator<AnalysedPicture & { picture: Picture }>;
}

/** Without a detector, pictures are decoded at this many pixels. */
const PLAIN_PIXELS = 384 * 640;

/**
 * Opens a video for analysis. `model` comes from `chooseModel` (null: motion only). Throws AppError when the file is no video or the
 * model cannot be used; the iteration throws AppError when no picture can be decoded.
 */
export async function analyzeVideo(options: {
  ffmpegPath: string;
  file: string;
  model: { card: ModelCard; path: string } | null;
  analysis: Pick<Analysis, 'fps' | 'minConfidence' | 'overheadView' | 'masks'>;
}): Promise<VideoAnalysis> {
  const video = await probeVideo(options.ffmpegPath, options.file);
  const detector = options.model ? await Detector.load(options.model) : null;
  const letterbox = detector
    ? detector.planLetterbox(video.width, video.height)
    : planInput(video.width, video.height, PLAIN_PIXELS, 32);
  return {
    video,
    model: options.model?.card.name ?? null,
    pictures: analyzePictures(options, detector, letterbox),
  };
}

async function* analyzePictures(
  options: {
    ffmpegPath: string;
    file: string;
    analysis: Pick<Analysis, 'fps' | 'minConfidence' | 'overheadView' | 'masks'>;
  },
  detector: Detector | null,
  letterbox: Letterbox,
): AsyncGenerator<AnalysedPicture & { picture: Picture }> {
  const pipeline = new AnalysisPipeline({ detector, letterbox, analysis: options.analysis });
  try {
    const pictures = readPictures({
      ffmpegPath: options.ffmpegPath,
      file: options.file,
      fps: options.analysis.fps,
      width: letterbox.pictureWidth,
      height: letterbox.pictureHeight,
    });
    for await (const picture of pictures) yield { ...(await pipeline.step(picture)), picture };
  } finally {
    await detector?.close();
  }
}
