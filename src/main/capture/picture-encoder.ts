/**
 * Motion JPEG → H.264 in an ffmpeg process of its own: what every browser plays, at a tenth of the bytes. Pictures go in by stdin,
 * access units come out in the same order, each with the time of its picture.
 */
import type { JpegPicture } from '../media/rtsp/jpeg-depacketizer.ts';
import type { AccessUnit } from '../media/rtsp/video-depacketizer.ts';
import { startChild, stopChild } from '../platform/child.ts';
import type { Logger } from '../platform/log.ts';

export interface PictureEncoderOptions {
  ffmpegPath: string;
  /** For the distance of key frames: two seconds. */
  framesPerSecond: number;
  log: Logger;
  onUnit(unit: AccessUnit, arrivalEpochMs: number): void;
  /** It has ended before it gave anything. */
  onFailed(): void;
}

/** More than this waiting for ffmpeg: pictures are dropped, and counted. */
const MAX_WAITING_BYTES = 8 * 1024 * 1024;
const MAX_UNIT_BYTES = 16 * 1024 * 1024;
/** For the last pictures of a run. */
const FINISH_MS = 2000;
const DELIMITER = 9;
const KEY_SLICE = 5;

/** One process: pictures of one size. */
interface Run {
  handle: ReturnType<typeof startChild>;
  size: string;
  /** The pictures that are being encoded, in order. */
  waiting: Array<{ timestamp: number; arrivalEpochMs: number }>;
  rest: Buffer;
  isGiving: boolean;
  /** What came out while the run before had not given everything yet. */
  held: Array<() => void> | null;
}

export class PictureEncoder {
  private readonly options: PictureEncoderOptions;
  private run: Run | null = null;
  /** Runs that are ending. */
  private readonly ending = new Set<Run>();
  private stopped = false;
  /** Pictures given up because the encoder was too slow. */
  dropped = 0;

  constructor(options: PictureEncoderOptions) {
    this.options = options;
  }

  /** A picture of another size begins a stream of its own; what came before it comes out before it. */
  push(picture: JpegPicture, arrivalEpochMs: number): void {
    if (this.stopped) return;
    const size = `${picture.width}x${picture.height}`;
    const before = this.run;
    if (before && before.size !== size) this.run = null;
    this.run ??= this.start(size, before);
    const { handle, waiting } = this.run;
    const input = handle.child.stdin;
    if (!input || input.writableLength + picture.data.length > MAX_WAITING_BYTES) {
      if (this.dropped++ === 0) this.options.log.warn({}, 'Motion JPEG comes faster than it can be encoded');
      return;
    }
    waiting.push({ timestamp: picture.timestamp, arrivalEpochMs });
    input.write(picture.data);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    const runs = [...this.ending, ...(this.run ? [this.run] : [])];
    this.run = null;
    await Promise.all(runs.map(({ handle }) => stopChild(handle, 500)));
  }

  private start(size: string, before: Run | null): Run {
    const { ffmpegPath, framesPerSecond, log, onFailed } = this.options;
    // A picture that cannot be decoded would put all later ones under the time of the one before: it ends the process instead.
    const input = ['-xerror', '-fpsprobesize', '0', '-f', 'mjpeg', '-i', 'pipe:0'];
    const keys = ['-g', String(Math.max(1, Math.round(framesPerSecond * 2))), '-bf', '0'];
    const codec = ['-c:v', 'libx264', '-preset', 'veryfast', '-tune', 'zerolatency', ...keys];
    const output = ['-x264-params', 'aud=1', '-pix_fmt', 'yuv420p', '-fps_mode', 'passthrough'];
    const handle = startChild(
      ffmpegPath,
      [
        '-hide_banner',
        '-v',
        'error',
        ...input,
        ...codec,
        ...output,
        '-flush_packets',
        '1',
        '-f',
        'h264',
        '-',
      ],
      { stdio: ['pipe', 'pipe', 'ignore'] },
    );
    const run: Run = { ...{ handle, size, waiting: [], rest: Buffer.alloc(0) }, isGiving: false, held: null };
    handle.child.stdin?.on('error', () => {}); // its exit tells
    handle.child.stdout?.on('data', (chunk: Buffer) => this.take(run, chunk));
    void handle.exit.then(({ code, error }) => {
      if (code === 0) this.emit(run, run.rest);
      if (this.run !== run) return;
      this.run = null;
      log.warn({ code, error }, 'the encoder of Motion JPEG ended');
      if (!run.isGiving && !this.stopped) onFailed();
    });
    if (before) this.finish(before, run);
    return run;
  }

  /** Lets a run give what it has; the next one's output waits for it. */
  private finish(run: Run, next: Run): void {
    this.ending.add(run);
    next.held = [];
    run.handle.child.stdin?.end();
    const timer = setTimeout(() => run.handle.child.kill('SIGKILL'), FINISH_MS);
    void run.handle.exit.then(() => {
      clearTimeout(timer);
      this.ending.delete(run);
      const held = next.held ?? [];
      next.held = null;
      for (const give of held) give();
    });
  }

  /** Cuts Annex B into access units: each begins with a delimiter, and is whole when the next one comes. */
  private take(run: Run, chunk: Buffer): void {
    const bytes = run.rest.length > 0 ? Buffer.concat([run.rest, chunk]) : chunk;
    const starts = findUnits(bytes);
    for (const [index, start] of starts.slice(0, -1).entries())
      this.emit(run, bytes.subarray(start, starts[index + 1]));
    run.rest = Buffer.from(bytes.subarray(starts.at(-1) ?? 0));
    if (run.rest.length > MAX_UNIT_BYTES) run.handle.child.kill('SIGKILL');
  }

  private emit(run: Run, bytes: Buffer): void {
    const nalus = splitNalus(bytes);
    const time = nalus.length > 0 ? run.waiting.shift() : undefined;
    if (!time || this.stopped) return;
    run.isGiving = true;
    const { timestamp, arrivalEpochMs } = time;
    const keyframe = nalus.some((nalu) => (nalu[0]! & 0x1f) === KEY_SLICE);
    const give = () => this.options.onUnit({ nalus, keyframe, timestamp }, arrivalEpochMs);
    if (run.held) run.held.push(give);
    else give();
  }
}

const START_CODE = Buffer.from([0, 0, 1]);

/** Where access units begin: the start codes of delimiters. */
function findUnits(bytes: Buffer): number[] {
  const found: number[] = [];
  for (let at = bytes.indexOf(START_CODE); at >= 0; at = bytes.indexOf(START_CODE, at + 3)) {
    if (at + 3 < bytes.length && (bytes[at + 3]! & 0x1f) === DELIMITER) found.push(at);
  }
  return found;
}

/** The NAL units of Annex B without start codes and the zeros before them. */
function splitNalus(bytes: Buffer): Buffer[] {
  const nalus: Buffer[] = [];
  for (let at = bytes.indexOf(START_CODE); at >= 0; ) {
    const next = bytes.indexOf(START_CODE, at + 3);
    let end = next < 0 ? bytes.length : next;
    while (end > at + 3 && bytes[end - 1] === 0) end--;
    if (end > at + 3) nalus.push(bytes.subarray(at + 3, end));
    at = next;
  }
  return nalus;
}
