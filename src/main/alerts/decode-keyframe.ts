/** Decodes single key frames for `PictureWatch`, each by one short ffmpeg that reads it from stdin; one at a time for all cameras. */
import { AppError } from '../../shared/errors.ts';
import { runFfmpeg } from '../media/ffmpeg.ts';
import { GREY_HEIGHT, GREY_WIDTH } from './dark-picture.ts';
import type { KeyframeDecoder } from './picture-watch.ts';

const GIVE_UP_MS = 5000;
const MAX_STDOUT_BYTES = 64 * 1024;

export class FfmpegKeyframes implements KeyframeDecoder {
  private readonly ffmpegPath: string;
  private busy = false;

  constructor(ffmpegPath: string) {
    this.ffmpegPath = ffmpegPath;
  }

  grey(videoInit: Buffer, keyframe: Buffer): Promise<Uint8Array> | null {
    return this.decode(videoInit, keyframe, buildGreyArguments(), (stdout) => {
      if (stdout.length < GREY_WIDTH * GREY_HEIGHT)
        throw new AppError('unavailable', 'The picture could not be decoded');
      return new Uint8Array(stdout.subarray(0, GREY_WIDTH * GREY_HEIGHT));
    });
  }

  fingerprint(videoInit: Buffer, keyframe: Buffer): Promise<string> | null {
    return this.decode(videoInit, keyframe, buildFingerprintArguments(), (stdout) => {
      const hash = /MD5=([0-9a-f]{32})/.exec(stdout.toString('latin1'))?.[1];
      if (!hash) throw new AppError('unavailable', 'The picture could not be decoded');
      return hash;
    });
  }

  private decode<T>(
    videoInit: Buffer,
    keyframe: Buffer,
    args: string[],
    read: (stdout: Buffer) => T,
  ): Promise<T> | null {
    if (this.busy) return null;
    this.busy = true;
    const stdin = Buffer.concat([videoInit, keyframe]);
    return runFfmpeg(this.ffmpegPath, args, {
      stdin,
      timeoutMs: GIVE_UP_MS,
      maxStdoutBytes: MAX_STDOUT_BYTES,
    })
      .then(({ stdout }) => read(stdout))
      .finally(() => {
        this.busy = false;
      });
  }
}

const INPUT = ['-hide_banner', '-v', 'error', '-threads', '1', '-f', 'mp4', '-i', 'pipe:0'];

/** One picture, shrunk to the mean of its cells, as raw grey levels. */
export function buildGreyArguments(): string[] {
  const filter = `scale=${GREY_WIDTH}:${GREY_HEIGHT}:flags=area,format=gray`;
  return [...INPUT, '-frames:v', '1', '-an', '-vf', filter, '-f', 'rawvideo', 'pipe:1'];
}

/** MD5 of one whole decoded picture. */
export function buildFingerprintArguments(): string[] {
  return [...INPUT, '-frames:v', '1', '-an', '-f', 'md5', 'pipe:1'];
}
