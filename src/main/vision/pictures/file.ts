/** Pictures of a video file, as fast as they are taken, with the times of their own frames. */
import { access } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../../../shared/errors.ts';
import { startChild } from '../../platform/child.ts';
import { Decoder } from './decoder.ts';
import { BufferPool } from './frame-assembler.ts';
import type { Picture } from './picture.ts';

/** What a video file is; size as it is shown (turned where the file says so). */
export interface VideoFacts {
  durationSeconds: number;
  width: number;
  height: number;
  fps: number;
}

/** Reads a file's facts with ffmpeg alone (ffprobe is not always there). Throws AppError when it is no video. */
export async function probeVideo(ffmpegPath: string, file: string): Promise<VideoFacts> {
  await access(file).catch(() => {
    throw new AppError('not-found', `There is no file ${file}.`);
  });
  const args = ['-hide_banner', '-nostdin', '-i', `file:${path.resolve(file)}`];
  const started = startChild(ffmpegPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let report = '';
  started.child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    if (report.length < 100_000) report += text;
  });
  const { error } = await started.exit;
  if (error)
    throw new AppError('unavailable', `ffmpeg cannot be started: ${error.message}`, { cause: error });
  const facts = parseVideoFacts(report);
  if (!facts)
    throw new AppError('invalid-input', `${path.basename(file)} is not a video that ffmpeg can read.`);
  return facts;
}

/** Facts from the report that ffmpeg prints about an input; null when it names no video stream with a size. */
export function parseVideoFacts(report: string): VideoFacts | null {
  const lines = report.split('\n');
  const at = lines.findIndex((line) => /Stream #.*: Video: /.test(line) && !/attached pic/.test(line));
  const size = at < 0 ? null : /[, ](\d{1,6})x(\d{1,6})[, [\n]/.exec(`${lines[at]}\n`);
  if (!size) return null;
  const duration = /Duration: (\d+):(\d\d):(\d\d(?:\.\d+)?)/.exec(report);
  const fps = /([\d.]+)(k?) (?:fps|tbr)/.exec(lines[at]!);
  const turned = lines
    .slice(at + 1, at + 12)
    .some((line) => /rotation of -?(90|270)(\.0+)? degrees/.test(line));
  const [width, height] = turned ? [Number(size[2]), Number(size[1])] : [Number(size[1]), Number(size[2])];
  return {
    durationSeconds: duration
      ? Number(duration[1]) * 3600 + Number(duration[2]) * 60 + Number(duration[3])
      : 0,
    width: width!,
    height: height!,
    fps: fps ? Number(fps[1]) * (fps[2] ? 1000 : 1) : 0,
  };
}

/** Pictures at most `fps` a second, scaled to the given size; each is valid until the next is asked for. Throws AppError when ffmpeg cannot read the file to its end. */
export async function* readPictures(options: {
  ffmpegPath: string;
  file: string;
  fps: number;
  width: number;
  height: number;
  niceness?: number;
}): AsyncGenerator<Picture> {
  const { width, height } = options;
  const pool = new BufferPool();
  const decoder = new Decoder({ ...options, pool, input: { kind: 'file', file: options.file } });
  let count = 0;
  for await (const { ptsUs, data } of decoder.frames()) {
    count++;
    yield { width, height, atMs: ptsUs / 1000, data };
    pool.give(data);
  }
  const { code, error } = await decoder.exit;
  if (error)
    throw new AppError('unavailable', `ffmpeg cannot be started: ${error.message}`, { cause: error });
  if (count === 0) {
    const reason = decoder.lastError || `ffmpeg ended with code ${code}`;
    throw new AppError(
      'invalid-input',
      `No picture could be read from ${path.basename(options.file)}: ${reason}`,
    );
  }
}
