/**
 * The newest picture of a camera as JPEG, made on demand from its last key frame by one short ffmpeg that reads it from stdin.
 * A picture is kept for as long as it is the newest; at least a second. At most two are made at a time.
 */
import { AppError } from '../../shared/errors.ts';
import { runFfmpeg } from '../media/ffmpeg.ts';
import type { Clock } from '../platform/clock.ts';
import type { LiveHub } from './hub.ts';

const MAX_AT_ONCE = 2;
/** More requests than these wait for none: they are refused. */
const MAX_WAITING = 64;
const KEEP_MS = 1000;
const GIVE_UP_MS = 5000;
const MAX_JPEG_BYTES = 8_000_000;

interface Cached {
  ofEpochMs: number;
  madeMs: number;
  jpeg: Promise<Buffer>;
}

export class LivePictures {
  private readonly ffmpegPath: string;
  private readonly clock: Clock;
  private readonly cached = new WeakMap<LiveHub, Map<number, Cached>>();
  private running = 0;
  private readonly waiting: Array<() => void> = [];

  constructor(deps: { ffmpegPath: string; clock: Clock }) {
    this.ffmpegPath = deps.ffmpegPath;
    this.clock = deps.clock;
  }

  /**
   * JPEG at most `width` pixels wide (rounded up to a multiple of 160, so that few sizes are kept); null before the first picture.
   * Throws 'unavailable' when too many are asked for or it cannot be decoded.
   */
  async newest(hub: LiveHub, width: number): Promise<Buffer | null> {
    const keyframe = hub.newestKeyframe;
    if (!keyframe) return null;
    const { captureEpochMs: ofEpochMs } = keyframe;
    const size = Math.min(Math.ceil(Math.max(width, 1) / 160) * 160, 3840);
    const sizes = this.cached.get(hub) ?? new Map<number, Cached>();
    this.cached.set(hub, sizes);
    const known = sizes.get(size);
    const nowMs = this.clock.monotonicMs();
    if (known && (known.ofEpochMs === ofEpochMs || nowMs - known.madeMs < KEEP_MS)) return known.jpeg;
    const video = hub.copyKeyframe() ?? Buffer.alloc(0);
    const jpeg = this.whenFree(() => decodeKeyframe(this.ffmpegPath, video, size));
    const entry = { ofEpochMs, madeMs: nowMs, jpeg };
    sizes.set(size, entry);
    jpeg.catch(() => {
      if (sizes.get(size) === entry) sizes.delete(size);
    });
    return jpeg;
  }

  private async whenFree(work: () => Promise<Buffer>): Promise<Buffer> {
    if (this.running >= MAX_AT_ONCE) {
      if (this.waiting.length >= MAX_WAITING)
        throw new AppError('unavailable', 'Too many pictures are asked for at once');
      await new Promise<void>((free) => this.waiting.push(free));
    }
    this.running += 1;
    try {
      return await work();
    } finally {
      this.running -= 1;
      this.waiting.shift()?.();
    }
  }
}

/** Decodes one key frame, as a file, to a JPEG at most `maxWidth` wide. Throws 'unavailable'. */
async function decodeKeyframe(ffmpegPath: string, stdin: Buffer, maxWidth: number): Promise<Buffer> {
  const options = { stdin, timeoutMs: GIVE_UP_MS, maxStdoutBytes: MAX_JPEG_BYTES };
  const { stdout } = await runFfmpeg(ffmpegPath, buildPictureArguments(maxWidth), options);
  if (stdout.length === 0) throw new AppError('unavailable', 'The picture could not be decoded');
  return stdout;
}

export function buildPictureArguments(maxWidth: number): string[] {
  return [
    ...['-hide_banner', '-v', 'error', '-threads', '1', '-f', 'mp4', '-i', 'pipe:0'],
    ...['-frames:v', '1', '-an', '-vf', `scale='min(${maxWidth},iw)':-2`, '-q:v', '4'],
    ...['-f', 'mjpeg', 'pipe:1'],
  ];
}
