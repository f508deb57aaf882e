/**
 * The fallback for what a browser cannot decode (H.265): the camera's stream as MPEG-1 in MPEG-TS for a player on a canvas.
 * One transcoder per camera stream, started by its first viewer and stopped after its last. It is node-rtsp-stream's
 * Mpeg1Muxer, fed with the engine's own fragments: see docs/decisions for why, and for what of that package is not used.
 */

import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import type { EventEmitter } from 'node:events';
import { createRequire } from 'node:module';
import type { StreamDescription } from '../media/fragment.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/log.ts';
import { type FanoutOutput, type FanoutReader, GopFanout, type GopItem } from './fanout.ts';
import type { LiveHub, LiveOutput } from './hub.ts';
import { TsGopSplitter } from './mpeg-ts.ts';

export interface Mpeg1Stream {
  width: number;
  height: number;
}

/** Whole MPEG-TS packets. */
export interface Mpeg1Chunk extends GopItem {
  data: Buffer;
  /** When the transcoder gave it out. */
  epochMs: number;
}

export type Mpeg1Output = FanoutOutput<Mpeg1Stream, Mpeg1Chunk>;

interface Mpeg1Muxer extends EventEmitter {
  stream: ChildProcessWithoutNullStreams;
}

interface Mpeg1MuxerOptions {
  url: string;
  ffmpegPath: string;
  ffmpegOptions: Record<string, string>;
}

const Mpeg1MuxerClass = createRequire(import.meta.url)('node-rtsp-stream/mpeg1muxer') as new (
  options: Mpeg1MuxerOptions,
) => Mpeg1Muxer;

const MAX_WIDTH = 960;
const FRAMES_PER_SECOND = 25;
/** Before a transcoder that ended by itself is started again. */
const RESTART_MS = 2000;

export class Mpeg1Transcoder {
  private readonly hub: LiveHub;
  private readonly ffmpegPath: string;
  private readonly clock: Clock;
  private readonly log: Logger;
  private readonly fanout: GopFanout<Mpeg1Stream, Mpeg1Chunk>;
  private input: FanoutReader | null = null;
  private muxer: Mpeg1Muxer | null = null;
  private cancelRestart: (() => void) | null = null;

  constructor(deps: { hub: LiveHub; ffmpegPath: string; clock: Clock; log: Logger }) {
    this.hub = deps.hub;
    this.ffmpegPath = deps.ffmpegPath;
    this.clock = deps.clock;
    this.log = deps.log;
    this.fanout = new GopFanout(deps.clock);
  }

  get running(): boolean {
    return this.muxer !== null;
  }

  /** The first viewer starts the transcoder. */
  attach(output: Mpeg1Output): FanoutReader {
    const reader = this.fanout.attach(output);
    if (!this.input) this.input = this.hub.attach(this.createInput());
    return {
      get droppedGops() {
        return reader.droppedGops;
      },
      get droppedBytes() {
        return reader.droppedBytes;
      },
      detach: () => {
        reader.detach();
        if (this.fanout.readerCount === 0) this.stop();
      },
    };
  }

  private stop(): void {
    this.input?.detach();
    this.input = null;
    this.endMuxer();
    this.fanout.stop();
  }

  private createInput(): LiveOutput {
    const transcoder = this;
    return {
      get bufferedBytes() {
        return transcoder.muxer?.stream.stdin.writableLength ?? 0;
      },
      start: (description) => this.startMuxer(description),
      item: ({ fragment }, sent) => {
        const stdin = this.muxer?.stream.stdin;
        if (fragment.track === 'video' && stdin?.writable) stdin.write(fragment.data, () => sent());
        else sent();
      },
      end: () => {
        this.stop();
        this.fanout.end();
      },
    };
  }

  private startMuxer(description: StreamDescription): void {
    this.endMuxer();
    const { width, height } = planMpeg1Size(description.video);
    const muxer = new Mpeg1MuxerClass({
      url: 'pipe:0',
      ffmpegPath: this.ffmpegPath,
      ffmpegOptions: buildMpeg1Options(width, height),
    });
    this.muxer = muxer;
    muxer.stream.once('error', (error) => this.muxerEnded(muxer, error.message));
    muxer.stream.once('exit', (code, signal) => this.muxerEnded(muxer, `ended with ${code ?? signal}`));
    // Its end is told by 'exit'; a broken pipe before that is no news.
    muxer.stream.stdin.on('error', () => {});
    const splitter = new TsGopSplitter();
    muxer.on('mpeg1data', (data: Buffer) => {
      if (this.muxer !== muxer) return;
      for (const { packets, startsGop } of splitter.push(data)) {
        this.fanout.push({
          data: packets,
          byteLength: packets.length,
          startsGop,
          epochMs: this.clock.epochMs(),
        });
      }
    });
    muxer.on('ffmpegStderr', (text: Buffer) =>
      this.log.debug({ ffmpeg: text.toString().trim() }, 'MPEG-1 transcoder'),
    );
    this.fanout.start({ width, height });
    muxer.stream.stdin.write(description.videoInit);
  }

  private muxerEnded(muxer: Mpeg1Muxer, how: string): void {
    if (this.muxer !== muxer) return;
    this.muxer = null;
    this.log.warn({ how }, 'The MPEG-1 transcoder ended; it is started again');
    this.cancelRestart = this.clock.after(RESTART_MS, () => {
      this.input?.detach();
      this.input = this.hub.attach(this.createInput());
    });
  }

  private endMuxer(): void {
    this.cancelRestart?.();
    this.cancelRestart = null;
    const muxer = this.muxer;
    this.muxer = null;
    muxer?.stream.stdin.destroy();
    muxer?.stream.kill('SIGKILL');
  }
}

/** At most 960 wide, both sides even. */
export function planMpeg1Size(video: Mpeg1Stream): Mpeg1Stream {
  const factor = Math.min(1, MAX_WIDTH / video.width);
  const even = (length: number) => Math.max(2, Math.round((length * factor) / 2) * 2);
  return { width: even(video.width), height: even(video.height) };
}

/** Output options; MPEG-1 knows only the frame rates of broadcasting, and JSMpeg no B-frames. */
export function buildMpeg1Options(width: number, height: number): Record<string, string> {
  return {
    '-v': 'error',
    '-r': String(FRAMES_PER_SECOND),
    '-vf': `scale=${width}:${height}`,
    '-an': '',
    '-bf': '0',
    '-g': String(FRAMES_PER_SECOND),
    '-q:v': '5',
    '-maxrate': '4M',
    '-bufsize': '1M',
    '-muxdelay': '0.001',
    '-flush_packets': '1',
  };
}
