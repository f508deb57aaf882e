/**
 * Harder variants of clips with truth files: their pictures spoilt as cameras spoil them, mirrored, shrunk, shaken; their times changed, so
 * that people are faster, walk backwards, linger on a line or turn back at it.
 */
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runFfmpeg } from '../../src/main/media/ffmpeg.ts';
import type { VideoFacts } from '../../src/main/vision/pictures/file.ts';
import { mirror, type Piece, retime, shrink, zoom } from './retell.ts';
import type { Truth } from './truth.ts';

export interface Clip {
  name: string;
  file: string;
  truth: Truth;
}

interface Variant {
  /** Filters for the pictures. */
  filters?: (video: VideoFacts) => string;
  /** The clip's pieces in the order in which they are played. */
  pieces?: (clip: Clip, video: VideoFacts) => Piece[];
  truth?: (truth: Truth) => Truth;
  encoder?: string[];
}

const PLAIN_QUALITY = ['-crf', '21'];
/** Streaks out of noise, over a dull picture. */
const RAIN = [
  'split[dry][wet]',
  `[wet]lutyuv=y=0:u=128:v=128,noise=c0s=100:c0f=t,lutyuv=y='if(gt(val,158),255,0)',avgblur=1:planes=1:sizeY=9,lutyuv=y='min(val*4,45)'[rain]`,
  '[dry]eq=contrast=0.75:brightness=-0.12:saturation=0.6[dull]',
  '[dull][rain]blend=c0_mode=addition:c1_mode=normal:c2_mode=normal',
].join(';');

/** By name. */
const VARIANTS: Record<string, Variant> = {
  mirrored: { filters: () => 'hflip', truth: mirror },
  fast: { pieces: (_, video) => [{ from: 0, to: video.durationSeconds, pace: 1.4 }] },
  'twice-as-fast': { pieces: (_, video) => [{ from: 0, to: video.durationSeconds, pace: 2 }] },
  slow: { pieces: (_, video) => [{ from: 0, to: video.durationSeconds, pace: 0.7 }] },
  backwards: { pieces: (_, video) => [{ from: video.durationSeconds, to: 0, pace: 1 }] },
  small: {
    filters: ({ width, height }) => `scale=iw*2/3:-2,pad=${width}:${height}:(ow-iw)/2:(oh-ih)/2:color=gray`,
    truth: (truth) => shrink(truth, 2 / 3),
  },
  zoomed: {
    filters: ({ width, height }) => `crop=iw/1.25:ih/1.25,scale=${width}:${height}`,
    truth: (truth) => zoom(truth, 1.25),
  },
  blurred: { filters: () => 'gblur=sigma=2' },
  'low-bit-rate': {
    filters: () => 'scale=352:-2',
    encoder: ['-b:v', '90k', '-maxrate', '90k', '-bufsize', '180k'],
  },
  'noisy-day': { filters: () => 'noise=alls=22:allf=t', encoder: ['-crf', '24'] },
  dusk: { filters: () => 'eq=contrast=0.6:brightness=-0.16:saturation=0.7,noise=alls=8:allf=t' },
  night: {
    filters: () => 'eq=contrast=0.5:brightness=-0.22:saturation=0.5,noise=alls=16:allf=t',
    encoder: ['-crf', '26'],
  },
  'harsh-night': {
    filters: () => 'eq=contrast=0.36:brightness=-0.22:saturation=0,noise=c0s=20:c0f=t',
    encoder: ['-crf', '26'],
  },
  'smooth-night': {
    filters: () => 'eq=contrast=0.45:brightness=-0.24:saturation=0.3,noise=alls=8:allf=t',
    encoder: ['-b:v', '160k', '-maxrate', '160k', '-bufsize', '320k'],
  },
  infrared: {
    filters: () => 'hue=s=0,eq=contrast=0.8:gamma=1.15,vignette=PI/3.5,noise=alls=10:allf=t',
    encoder: ['-crf', '24'],
  },
  rain: { filters: () => RAIN, encoder: ['-crf', '26'] },
  shaken: {
    filters: ({ width, height }) =>
      `crop=iw-16:ih-16:8+5*sin(n*1.3)+3*sin(n*0.37):8+4*cos(n*1.7),scale=${width}:${height}`,
  },
  'pictures-missing': { filters: () => "select='gt(random(7),0.35)'" },
  lingering: { pieces: lingering, filters: () => 'noise=alls=4:allf=t' },
  'turning-back-on-line': { pieces: turning(0.1), filters: () => 'noise=alls=4:allf=t' },
  'turning-back-behind-line': { pieces: turning(0.8), filters: () => 'noise=alls=4:allf=t' },
};

export const VARIANT_NAMES = Object.keys(VARIANTS);

/** Makes a clip's variant in a folder, with its truth beside it; what is there already is left. Throws where ffmpeg fails. */
export async function makeVariant(
  name: string,
  clip: Clip,
  video: VideoFacts,
  options: { ffmpegPath: string; folder: string },
): Promise<void> {
  const variant = VARIANTS[name];
  if (!variant) throw new Error(`There is no variant ${name}. There are: ${VARIANT_NAMES.join(', ')}.`);
  const file = join(options.folder, `${clip.name}.mp4`);
  if (existsSync(file)) return;
  mkdirSync(options.folder, { recursive: true });
  const pieces = variant.pieces?.(clip, video) ?? [];
  const timed = pieces.length > 0 ? retime(clip.truth, pieces) : clip.truth;
  const truth = variant.truth?.(timed) ?? timed;
  const filters = variant.filters?.(video) ?? 'null';
  const graph =
    pieces.length > 0 ? `${playPieces(pieces, video.fps)};[played]${filters}[out]` : `[0:v]${filters}[out]`;
  const unfinished = `${file}.part`;
  const args = [
    ...['-v', 'error', '-y', '-i', clip.file, '-filter_complex', graph, '-map', '[out]', '-an'],
    ...['-c:v', 'libx264', '-preset', 'superfast', '-g', '40', '-bf', '0', '-pix_fmt', 'yuv420p'],
    ...['-fps_mode', 'passthrough', ...(variant.encoder ?? PLAIN_QUALITY), '-f', 'mp4', unfinished],
  ];
  await runFfmpeg(options.ffmpegPath, args, { timeoutMs: 600_000 });
  writeFileSync(
    join(options.folder, `${clip.name}.truth.json`),
    JSON.stringify({ ...truth, clip: `${clip.name}.mp4` }),
  );
  renameSync(unfinished, file);
}

/** Everybody stays on the line for three seconds, shifting from foot to foot. */
function lingering(clip: Clip, video: VideoFacts): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (const at of crossingTimes(clip.truth, 1)) {
    pieces.push({ from, to: at, pace: 1 }, { from: at, to: at, pace: 1, lingerSeconds: 3 });
    from = at;
  }
  return [...pieces, { from, to: video.durationSeconds, pace: 1 }];
}

/** Everybody turns back so many seconds after the line, goes back for two and comes again. */
function turning(afterSeconds: number): (clip: Clip, video: VideoFacts) => Piece[] {
  return (clip, video) => {
    const pieces: Piece[] = [];
    let from = 0;
    for (const at of crossingTimes(clip.truth, 3)) {
      const turn = at + afterSeconds;
      const back = Math.max(0, at - 1.5);
      pieces.push({ from, to: turn, pace: 1 }, { from: turn, to: back, pace: 1 });
      from = back;
    }
    return [...pieces, { from, to: video.durationSeconds, pace: 1 }];
  };
}

/** When lines are crossed, without those too near to the one before. */
function crossingTimes(truth: Truth, apartSeconds: number): number[] {
  const times = truth.lines.flatMap((line) => line.crossings.map(({ t }) => t)).sort((a, b) => a - b);
  return times.filter((at, index) => index === 0 || at - times[index - 1]! > apartSeconds);
}

function playPieces(pieces: readonly Piece[], fps: number): string {
  const names = pieces.map((_, index) => `p${index}`);
  const cuts = pieces.map((piece, index) => `[${names[index]}]${cut(piece, fps)}[c${index}]`);
  const split = `[0:v]split=${pieces.length}${names.map((name) => `[${name}]`).join('')}`;
  const joined = `${names.map((_, index) => `[c${index}]`).join('')}concat=n=${pieces.length}[played]`;
  return [split, ...cuts, joined].join(';');
}

function cut(piece: Piece, fps: number): string {
  if (piece.lingerSeconds !== undefined) {
    const [from, to] = [piece.from - 1 / fps, piece.from + 1.99 / fps];
    const loops = Math.ceil((piece.lingerSeconds * fps) / 4);
    const rock = `loop=loop=${loops}:size=4:start=0,setpts=N/${fps}/TB,trim=duration=${piece.lingerSeconds},setpts=PTS-STARTPTS`;
    // Forth and back: pictures 0 1 2 1.
    return `trim=${from}:${to},setpts=PTS-STARTPTS,loop=loop=1:size=3:start=0,select='not(eq(n,3)+eq(n,5))',${rock}`;
  }
  const backwards = piece.to < piece.from;
  const [low, high] = backwards ? [piece.to, piece.from] : [piece.from, piece.to];
  const reversed = backwards ? ',reverse' : '';
  return `trim=${low}:${high}${reversed},setpts=(PTS-STARTPTS)/${piece.pace}`;
}
