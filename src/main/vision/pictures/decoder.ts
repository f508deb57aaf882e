/**
 * The decoder: one ffmpeg that turns a file, or fragmented MP4 on its standard input, into scaled pictures at the analysis rate, each
 * with the timestamp of its own frame. It picks frames, it never makes or shifts any.
 */
import path from 'node:path';
import type { Readable } from 'node:stream';
import { type ChildExit, startChild } from '../../platform/child.ts';
import { standBack } from '../../platform/priority.ts';
import { pictureBytes } from './picture.ts';

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
 * them up to half a period early) and a variable frame rate needs no special case. `showinfo` reports each time in microseconds.
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
    'showinfo=checksum=0',
  ];
  const { input } = options;
  // Small probes: the init segment says all. Not `nobuffer`: it throws away the packets probed, the first keyframe among them.
  const source =
    input.kind === 'file'
      ? ['-i', `file:${path.resolve(input.file)}`]
      : ['-copyts', '-probesize', '32', '-analyzeduration', '0', '-f', 'mp4', '-i', 'pipe:0'];
  return [
    ...['-hide_banner', '-nostdin', '-nostats', '-loglevel', 'level+info', '-threads', '1'],
    ...source,
    ...['-map', '0:V:0', '-filter_threads', '1', '-vf', filters.join(','), '-fps_mode', 'passthrough'],
    ...['-f', 'rawvideo', '-flush_packets', '1', 'pipe:1'],
  ];
}

/** Buffers of pictures that nobody needs any more, to be filled again: a fresh one for each picture costs more than the analysis of it. */
export class BufferPool {
  private spare: Uint8Array[] = [];

  take(bytes: number): Uint8Array {
    const fits = this.spare.findIndex((buffer) => buffer.length === bytes);
    return fits < 0 ? new Uint8Array(bytes) : this.spare.splice(fits, 1)[0]!;
  }

  /** The caller must not touch the buffer afterwards. More than a few are let go. */
  give(buffer: Uint8Array): void {
    if (this.spare.length >= 4) this.spare.shift();
    this.spare.push(buffer);
  }
}

/** A running decoder. Its frames must be read on, or ffmpeg waits. */
export class Decoder {
  private readonly started: ReturnType<typeof startChild>;
  private readonly width: number;
  private readonly height: number;
  private readonly pool: BufferPool;
  private readonly stamps = new StampReader();

  constructor(options: DecoderOptions) {
    this.width = options.width;
    this.height = options.height;
    this.pool = options.pool;
    const stdin = options.input.kind === 'fragments' ? 'pipe' : 'ignore';
    this.started = startChild(options.ffmpegPath, buildDecoderArguments(options), {
      stdio: [stdin, 'pipe', 'pipe'],
    });
    if (options.niceness) standBack(this.started.child.pid, options.niceness);
    const { stdout, stderr, stdin: input } = this.started.child;
    // A pipe that breaks because ffmpeg ended is told by `exit`.
    for (const stream of [stdout, stderr, input]) stream?.on('error', () => {});
    if (stderr) this.stamps.read(stderr);
  }

  /** ffmpeg's standard input (fragments only). */
  get input() {
    return this.started.child.stdin;
  }

  get exit(): Promise<ChildExit> {
    return this.started.exit;
  }

  /** The last error that ffmpeg reported, in its words; empty if none. */
  get lastError(): string {
    return this.stamps.lastError;
  }

  kill(): void {
    this.started.child.kill('SIGKILL');
  }

  /** Frames in order until ffmpeg ends or is killed. Ending the iteration early kills it. */
  async *frames(): AsyncGenerator<DecodedFrame> {
    const { stdout } = this.started.child;
    if (!stdout) return;
    const frameBytes = pictureBytes(this.width, this.height);
    let data = this.pool.take(frameBytes);
    let filled = 0;
    try {
      for await (const chunk of stdout as AsyncIterable<Buffer>) {
        for (let from = 0; from < chunk.length; ) {
          const take = Math.min(frameBytes - filled, chunk.length - from);
          data.set(chunk.subarray(from, from + take), filled);
          filled += take;
          from += take;
          if (filled < frameBytes) continue;
          const ptsUs = await this.stamps.next();
          if (ptsUs === null) return;
          yield { ptsUs, data };
          data = this.pool.take(frameBytes);
          filled = 0;
        }
      }
    } finally {
      this.kill();
    }
  }
}

/** Reads frame times from ffmpeg's log, in the order of the frames, and remembers its last error. */
class StampReader {
  lastError = '';
  private readonly stamps: number[] = [];
  private ended = false;
  private wake: (() => void) | null = null;

  read(stderr: Readable): void {
    let rest = '';
    stderr.setEncoding('utf8');
    stderr.on('data', (text: string) => {
      const lines = (rest + text).split(/[\r\n]+/);
      rest = lines.pop()!;
      for (const line of lines) this.line(line);
      this.signal();
    });
    stderr.on('close', () => {
      this.line(rest);
      this.ended = true;
      this.signal();
    });
  }

  /** Time of the next frame in microseconds; null when ffmpeg has ended without reporting it. */
  async next(): Promise<number | null> {
    while (this.stamps.length === 0) {
      if (this.ended) return null;
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
    return this.stamps.shift()!;
  }

  private line(line: string): void {
    const stamp = parseFrameStamp(line);
    if (stamp !== null) this.stamps.push(stamp);
    else if (/\[(error|fatal)\]/.test(line))
      this.lastError = line.replaceAll(/\[[^\]]*\]\s*/g, '').slice(0, 300);
  }

  private signal(): void {
    this.wake?.();
    this.wake = null;
  }
}

/** The time in microseconds in a line of `showinfo`, null in any other line. */
export function parseFrameStamp(line: string): number | null {
  const found = /\bn: *\d+ +pts: *(-?\d+) /.exec(line);
  return found ? Number(found[1]) : null;
}
