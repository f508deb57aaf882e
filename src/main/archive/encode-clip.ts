/** Clips whose pictures are encoded anew, because something is written into them, hidden, sped up, or made fit for old players. */
import { copyFile, open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExportOptions, HiddenRegion } from '../../shared/contract-exports.ts';
import { AppError } from '../../shared/errors.ts';
import type { ClipLayout } from '../media/mp4/progressive.ts';
import { startChild, stopChild } from '../platform/child.ts';
import { type ClipPlan, feedPlan, type WriteOptions } from './clip.ts';
import { buildCaptions, type Caption } from './clip-caption.ts';
import type { FootageSource } from './footage.ts';

export interface EncodeJob {
  ffmpegPath: string;
  /** For files that ffmpeg reads; it runs in it, so that no path needs to stand in a filter. */
  folder: string;
  /** DejaVu Sans, for the caption. */
  fontPath: string;
  cameraName: string;
  options: ExportOptions;
  /** Of this camera. */
  hidden: readonly HiddenRegion[];
}

/** A time lapse shows at most so many pictures a second. */
const LAPSE_FPS = 25;
const STDERR_KEPT = 4096;
/** A blurred region shows one colour for so many pixels, in both directions. */
const BLOCK_PIXELS = 32;
const FONT = 'font.ttf';
const CAPTION_LOOK =
  'fontcolor=white:fontsize=max(14\\,h/36):box=1:boxcolor=black@0.6:boxborderw=6:x=h/54:y=h-th-h/54';
/** What ffmpeg says where it could not write, and the code that Node would give. */
const DISK_WORDS: ReadonlyArray<[RegExp, string]> = [
  [/No space left on device/i, 'ENOSPC'],
  [/Dis[ck] quota exceeded/i, 'EDQUOT'],
  [/File too large/i, 'EFBIG'],
];

/**
 * Feeds a planned clip to ffmpeg, which writes `path`. Pausing the feed pauses it. Throws AppError `unavailable` when ffmpeg fails, or an
 * error with the system's code where the disk is full or takes no file as large.
 */
export async function encodePlan(
  source: FootageSource,
  plan: ClipPlan,
  path: string,
  job: EncodeJob,
  control: WriteOptions,
): Promise<void> {
  await copyFile(job.fontPath, join(job.folder, FONT));
  const shown = { startEpochMs: plan.outline.shown.epochMs, endEpochMs: plan.toEpochMs };
  const captions = job.options.caption ? buildCaptions(shown, job.cameraName) : [];
  for (const [index, { text }] of captions.entries())
    await writeFile(join(job.folder, captionFile(index)), text);
  const handle = startChild(job.ffmpegPath, [...buildEncodeArguments(plan.layout, job, captions), path], {
    stdio: ['pipe', 'ignore', 'pipe'],
    cwd: job.folder,
  });
  const { child, exit } = handle;
  let words = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    words = (words + chunk.toString()).slice(-STDERR_KEPT);
  });
  // It has ended before its time: its exit code says why.
  child.stdin?.on('error', () => {});
  const stop = () => void stopChild(handle, 500);
  control.signal?.addEventListener('abort', stop, { once: true });
  try {
    await feedPlan(source, plan, (bytes) => writeTo(child.stdin, bytes), control).catch((error: unknown) => {
      if (child.exitCode === null && child.signalCode === null && !isBrokenPipe(error)) throw error;
    });
    child.stdin?.end();
    const { code, error } = await exit;
    control.signal?.throwIfAborted();
    if (error) throw new AppError('unavailable', 'ffmpeg could not be started.', { cause: error });
    if (code !== 0) throw failureOf(words);
    await flush(path);
  } finally {
    control.signal?.removeEventListener('abort', stop);
    await stopChild(handle, 500);
  }
}

/** Everything but the output's path. */
export function buildEncodeArguments(
  { video, audio }: Pick<ClipLayout, 'video' | 'audio'>,
  { options, hidden }: Pick<EncodeJob, 'options' | 'hidden'>,
  captions: ReadonlyArray<Omit<Caption, 'text'>>,
): string[] {
  const withSound = options.audio && options.timeLapse === null && audio !== null;
  const graph = buildFilters(video.size ?? { width: 0, height: 0 }, { options, hidden }, captions);
  return [
    ...['-hide_banner', '-nostats', '-v', 'error', '-y', '-threads', '2', '-f', 'mp4', '-i', 'pipe:0'],
    ...['-filter_complex', graph, '-map', '[v]'],
    ...(withSound ? ['-map', '0:a', '-c:a', 'aac', '-b:a', '96k'] : ['-an']),
    ...['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '20', '-profile:v', 'high', '-threads', '2'],
    ...(options.timeLapse === null ? ['-fps_mode', 'passthrough', '-enc_time_base', '1:90000'] : []),
    ...['-video_track_timescale', '90000', '-movflags', '+faststart', '-f', 'mp4'],
  ];
}

/** From `[0:v]` to `[v]`. */
function buildFilters(
  size: { width: number; height: number },
  { options, hidden }: Pick<EncodeJob, 'options' | 'hidden'>,
  captions: ReadonlyArray<Omit<Caption, 'text'>>,
): string {
  const steps: string[] = [];
  let from = '0:v';
  for (const [index, region] of hidden.entries()) {
    const to = `r${index}`;
    const { x, y, width, height } = pixelsOf(region, size);
    if (region.how === 'black') {
      steps.push(`[${from}]drawbox=x=${x}:y=${y}:w=${width}:h=${height}:color=black:t=fill[${to}]`);
    } else {
      // Down to a few blocks and up again: what is gone cannot be sharpened back.
      const [columns, rows] = [Math.ceil(width / BLOCK_PIXELS), Math.ceil(height / BLOCK_PIXELS)];
      steps.push(
        `[${from}]split[a${index}][b${index}]`,
        `[b${index}]crop=${width}:${height}:${x}:${y},scale=${columns}:${rows}:flags=area,scale=${width}:${height}:flags=bicubic[c${index}]`,
        `[a${index}][c${index}]overlay=${x}:${y}[${to}]`,
      );
    }
    from = to;
  }
  const last = [
    'scale=trunc(iw/2)*2:trunc(ih/2)*2', // yuv420p takes even sizes only
    'format=yuv420p',
    ...captions.map(drawCaption),
    ...(options.timeLapse === null ? [] : [`setpts=PTS/${options.timeLapse}`, `fps=${LAPSE_FPS}`]),
  ];
  return [...steps, `[${from}]${last.join(',')}[v]`].join(';');
}

/** Whole even pixels that cover a region and lie within the picture. */
function pixelsOf(region: HiddenRegion, size: { width: number; height: number }) {
  const stretch = (at: number, length: number, of: number): [number, number] => {
    const start = Math.min(Math.floor((at * of) / 2) * 2, of - 2);
    return [start, Math.max(2, Math.min(Math.ceil((length * of) / 2) * 2 + 2, of - start) & ~1)];
  };
  const [x, width] = stretch(region.x, region.width, size.width);
  const [y, height] = stretch(region.y, region.height, size.height);
  return { x, y, width, height };
}

function captionFile(index: number): string {
  return `caption${index}.txt`;
}

/** The text of a file, in the stretch that it is for. */
function drawCaption({ fromSeconds, toSeconds }: Omit<Caption, 'text'>, index: number): string {
  const borders = [
    ...(fromSeconds === null ? [] : [`gte(t\\,${fromSeconds.toFixed(3)})`]),
    ...(toSeconds === null ? [] : [`lt(t\\,${toSeconds.toFixed(3)})`]),
  ];
  const enable = borders.length > 0 ? `:enable=${borders.join('*')}` : '';
  return `drawtext=fontfile=${FONT}:textfile=${captionFile(index)}:${CAPTION_LOOK}${enable}`;
}

function writeTo(input: NodeJS.WritableStream | null, bytes: Buffer): Promise<void> {
  return new Promise((done, fail) => {
    input?.write(bytes, (error) => (error ? fail(error) : done()));
  });
}

function isBrokenPipe(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'EPIPE' || code === 'ERR_STREAM_DESTROYED' || code === 'ERR_STREAM_WRITE_AFTER_END';
}

async function flush(path: string): Promise<void> {
  const file = await open(path, 'r+');
  await file.sync().finally(() => file.close());
}

function failureOf(words: string): Error {
  const message = `The clip could not be encoded: ${lastLine(words)}`;
  const code = DISK_WORDS.find(([said]) => said.test(words))?.[1];
  return code ? Object.assign(new Error(message), { code }) : new AppError('unavailable', message);
}

function lastLine(text: string): string {
  return text.split('\n').findLast((line) => line.trim() !== '') ?? 'ffmpeg gave no reason';
}
