/**
 * The decoder: one ffmpeg that turns a file, or fragmented MP4 on its standard input, into scaled pictures at the analysis rate, each
 * with the timestamp of its own frame. It picks frames, it never makes or shifts any.
 */
import type { ChildProcess } from 'node:child_process';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { type ChildExit, startChild } from '../../platform/child.ts';
import { standBack } from '../../platform/priority.ts';
import { type BufferPool, FrameAssembler } from './frame-assembler.ts';
import { FrameStamps } from './frame-stamps.ts';
import { pictureBytes } from './picture.ts';
import { openPicturePipe } from './picture-pipe.ts';

export type DecoderInput = { kind: 'file'; file: string } | { kind: 'fragments' };

export interface DecoderOptions {
  ffmpegPath: string;
  input: DecoderInput;
  /** Pictures per second at most; the first frame at or after each 1/fps is taken. */
  fps: number;
  /** Size of the pictures that come out. */
  width: number;
  height: number;
  /** Where the buffers of pictures come from; the receiver may give them back. */
  pool: BufferPool;
  /** 0 (the default) to 19: how far ffmpeg stands back behind others. */
  niceness?: number;
}

/** A picture as it leaves ffmpeg; `data` is laid out as `picture.ts` says, owned by the receiver. */
export interface DecodedFrame {
  ptsUs: number;
  data: Uint8Array;
}

/**
 * ffmpeg's arguments. `select` takes the first frame of each 1/fps slot, so frames keep their own times (the `fps` filter would label
 * them up to half a period early) and a variable frame rate needs no special case. Each time is told in microseconds on pipe 3, by
 * `metadata`, which prints frames that carry some: `showinfo` would write to the log what nobody reads, in ten pieces a frame.
 */
export function buildDecoderArguments(
  options: Omit<DecoderOptions, 'ffmpegPath' | 'pool' | 'niceness'>,
): string[] {
  const slot = (time: string) => `floor(${time}*${options.fps}+0.01)`;
  const filters = [
    `select='isnan(prev_selected_t)+gt(${slot('t')},${slot('prev_selected_t')})'`,
    'settb=1/1000000',
    `scale=${options.width}:${options.height}:out_range=tv`,
    'format=yuv420p',
    'metadata=add:key=stamp:value=1',
    'metadata=print:key=stamp:direct=1:file=pipe\\\\:3',
  ];
  const { input } = options;
  // Small probes: the init segment says all. Not `nobuffer`: it throws away the packets probed, the first keyframe among them.
  const source =
    input.kind === 'file'
      ? ['-i', `file:${path.resolve(input.file)}`]
      : ['-copyts', '-probesize', '32', '-analyzeduration', '0', '-f', 'mp4', '-i', 'pipe:0'];
  return [
    ...['-hide_banner', '-nostdin', '-nostats', '-loglevel', 'level+error', '-threads', '1'],
    ...source,
    ...['-map', '0:V:0', '-filter_threads', '1', '-vf', filters.join(','), '-fps_mode', 'passthrough'],
    ...['-f', 'rawvideo', '-avioflags', 'direct', 'pipe:1'],
  ];
}

const LONGEST_LINE = 1000;

/** A running decoder. Its frames must be read on, or ffmpeg waits. */
export class Decoder {
  /** How ffmpeg ended; resolves once, always. */
  readonly exit: Promise<ChildExit>;
  private readonly assembler: FrameAssembler;
  private readonly stamps = new FrameStamps();
  /** The last error that ffmpeg reported, in its words; empty if none. */
  lastError = '';
  private child: ChildProcess | null = null;
  private pictures: Readable | null = null;
  /** Input that came before ffmpeg ran; null once it does. */
  private early: Uint8Array[] | null = [];
  private inputEnded = false;
  private killed = false;

  constructor(options: DecoderOptions) {
    const { width, height, pool } = options;
    this.assembler = new FrameAssembler(pictureBytes(width, height), pool, () => this.pictures?.resume());
    this.exit = this.run(options);
  }

  /** Takes fragments (and their init segment first); what ffmpeg has not read yet is in `backlogBytes`. */
  write(bytes: Uint8Array): void {
    if (this.early) this.early.push(bytes);
    else if (this.child?.stdin?.writable) this.child.stdin.write(bytes);
  }

  get backlogBytes(): number {
    const waiting = (this.early ?? []).reduce((sum, bytes) => sum + bytes.length, 0);
    return waiting + (this.child?.stdin?.writableLength ?? 0);
  }

  /** No more input: ffmpeg ends after its last pictures. */
  endInput(): void {
    this.inputEnded = true;
    this.child?.stdin?.end();
  }

  kill(): void {
    this.killed = true;
    this.child?.kill('SIGKILL');
  }

  /** Frames in order until ffmpeg ends or is killed. Ending the iteration early kills it. */
  async *frames(): AsyncGenerator<DecodedFrame> {
    try {
      for (let data = await this.assembler.next(); data; data = await this.assembler.next()) {
        const ptsUs = await this.stamps.next();
        if (ptsUs === null) return;
        yield { ptsUs, data };
      }
    } finally {
      this.kill();
    }
  }

  private async run(options: DecoderOptions): Promise<ChildExit> {
    // Where there is no such pipe, ffmpeg's output is read as any other program's. On Windows a socket is no standard output.
    const pipe =
      process.platform === 'win32' ? null : await openPicturePipe(this.assembler).catch(() => null);
    if (this.killed) {
      pipe?.ours.destroy();
      pipe?.theirs.destroy();
      this.end();
      return { code: null, signal: 'SIGKILL', error: null };
    }
    const stdin = options.input.kind === 'fragments' ? 'pipe' : 'ignore';
    const { child, exit } = startChild(options.ffmpegPath, buildDecoderArguments(options), {
      stdio: [stdin, pipe?.theirs ?? 'pipe', 'pipe', 'pipe'],
    });
    pipe?.theirs.destroy();
    this.child = child;
    if (options.niceness) standBack(child.pid, options.niceness);
    // A pipe that breaks because ffmpeg ended is told by `exit`.
    for (const stream of child.stdio) stream?.on('error', () => {});
    this.stamps.read(child.stdio[3] as Readable);
    this.readErrors(child.stderr);
    this.readFrom(pipe?.ours ?? child.stdout);
    for (const bytes of this.early ?? []) child.stdin?.write(bytes);
    this.early = null;
    if (this.inputEnded) child.stdin?.end();
    return exit;
  }

  private readFrom(pictures: Readable | null): void {
    this.pictures = pictures;
    pictures?.on('close', () => this.assembler.end());
    if (pictures && pictures === this.child?.stdout) {
      pictures.on('data', (bytes: Buffer) => {
        if (!this.assembler.push(bytes)) pictures.pause();
      });
    }
  }

  private readErrors(log: Readable | null): void {
    let rest = '';
    log?.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split(/[\r\n]+/);
      rest = lines.pop()!.slice(0, LONGEST_LINE);
      const error = lines.findLast((line) => /\[(error|fatal)\]/.test(line));
      if (error) this.lastError = error.replaceAll(/\[[^\]]*\]\s*/g, '').slice(0, 300);
    });
  }

  private end(): void {
    this.assembler.end();
    this.stamps.end();
  }
}
