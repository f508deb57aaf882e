/**
 * Decodes single key frames for `PictureWatch`, by short ffmpegs that read from pipes; one runs at a time for all cameras. Starting it
 * costs more than a picture does: what comes while one runs waits, and the next one decodes all of it.
 */
import { AppError } from '../../shared/errors.ts';
import { runFfmpeg } from '../media/ffmpeg.ts';
import { GREY_HEIGHT, GREY_WIDTH } from './dark-picture.ts';
import type { KeyframeDecoder } from './picture-watch.ts';

const GIVE_UP_MS = 10_000;
const MAX_STDOUT_BYTES = 64 * 1024;
const MAX_TOGETHER = 16;
const GREY_BYTES = GREY_WIDTH * GREY_HEIGHT;

/** A picture that waits to be decoded. */
interface Waiting {
  /** Init segment and key frame. */
  picture: Buffer;
  resolve(grey: Uint8Array): void;
  reject(error: unknown): void;
}

export class FfmpegKeyframes implements KeyframeDecoder {
  private readonly ffmpegPath: string;
  private waiting: Waiting[] = [];
  private busy = false;

  constructor(ffmpegPath: string) {
    this.ffmpegPath = ffmpegPath;
  }

  grey(videoInit: Buffer, keyframe: Buffer): Promise<Uint8Array> | null {
    if (this.waiting.length >= MAX_TOGETHER) return null;
    const looked = new Promise<Uint8Array>((resolve, reject) => {
      this.waiting.push({ picture: Buffer.concat([videoInit, keyframe]), resolve, reject });
    });
    if (!this.busy) void this.decodeWaiting();
    return looked;
  }

  fingerprint(videoInit: Buffer, keyframe: Buffer): Promise<string> | null {
    if (this.busy) return null;
    this.busy = true;
    return this.hash(Buffer.concat([videoInit, keyframe])).finally(() => void this.decodeWaiting());
  }

  private async hash(picture: Buffer): Promise<string> {
    const stdout = await this.decode(buildFingerprintArguments(), [picture]);
    const hash = /MD5=([0-9a-f]{32})/.exec(stdout.toString('latin1'))?.[1];
    if (!hash) throw undecodable();
    return hash;
  }

  private async decodeWaiting(): Promise<void> {
    this.busy = true;
    while (this.waiting.length > 0) {
      const together = this.waiting;
      this.waiting = [];
      if (await this.decodeTogether(together)) continue;
      // One picture that cannot be decoded spoils it for all.
      for (const one of together) await this.decodeTogether([one]);
    }
    this.busy = false;
  }

  /** False when several failed together. */
  private async decodeTogether(looks: readonly Waiting[]): Promise<boolean> {
    try {
      const pictures = looks.map(({ picture }) => picture);
      const stdout = await this.decode(buildGreyArguments(looks.length), pictures);
      if (stdout.length < looks.length * GREY_BYTES) throw undecodable();
      for (const [index, look] of looks.entries())
        look.resolve(new Uint8Array(stdout.subarray(index * GREY_BYTES, (index + 1) * GREY_BYTES)));
      return true;
    } catch (error) {
      if (looks.length > 1) return false;
      looks[0]?.reject(error);
      return true;
    }
  }

  private async decode(args: string[], pipes: readonly Buffer[]): Promise<Buffer> {
    const limits = { timeoutMs: GIVE_UP_MS, maxStdoutBytes: MAX_STDOUT_BYTES };
    return (await runFfmpeg(this.ffmpegPath, args, { pipes, ...limits })).stdout;
  }
}

function undecodable(): AppError {
  return new AppError('unavailable', 'The picture could not be decoded');
}

const QUIETLY = ['-hide_banner', '-nostdin', '-v', 'error'];
const input = (index: number) => ['-threads', '1', '-f', 'mp4', '-i', `pipe:${3 + index}`];

/** A picture from each of so many pipes, shrunk to the means of its cells, one below the other as raw grey levels. */
export function buildGreyArguments(count: number): string[] {
  const all = Array.from({ length: count }, (_, index) => index);
  const shrink = `scale=${GREY_WIDTH}:${GREY_HEIGHT}:flags=area,format=gray,setpts=0`;
  const shrunk = all.map((index) => `[${index}:v:0]${shrink}[p${index}]`).join(';');
  const stacked =
    count > 1 ? `${all.map((index) => `[p${index}]`).join('')}vstack=inputs=${count}` : '[p0]null';
  return [
    ...[...QUIETLY, ...all.flatMap(input), '-filter_complex_threads', '1'],
    ...['-filter_complex', `${shrunk};${stacked}`, '-frames:v', '1', '-f', 'rawvideo', 'pipe:1'],
  ];
}

/** MD5 of one whole decoded picture. */
export function buildFingerprintArguments(): string[] {
  return [...QUIETLY, ...input(0), '-frames:v', '1', '-an', '-f', 'md5', 'pipe:1'];
}
