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
const DELIMITER = 9;
const KEY_SLICE = 5;

export class PictureEncoder {
  private readonly options: PictureEncoderOptions;
  private handle: ReturnType<typeof startChild> | null = null;
  private size = '';
  private waiting: Array<{ timestamp: number; arrivalEpochMs: number }> = [];
  private rest: Buffer = Buffer.alloc(0);
  private isGiving = false;
  private stopped = false;
  /** Pictures given up because the encoder was too slow. */
  dropped = 0;

  constructor(options: PictureEncoderOptions) {
    this.options = options;
  }

  push(picture: JpegPicture, arrivalEpochMs: number): void {
    if (this.stopped) return;
    const size = `${picture.width}x${picture.height}`;
    if (this.handle && size !== this.size) this.end();
    this.size = size;
    const input = (this.handle ?? this.start()).child.stdin;
    if (!input || input.writableLength + picture.data.length > MAX_WAITING_BYTES) {
      if (this.dropped++ === 0) this.options.log.warn({}, 'Motion JPEG comes faster than it can be encoded');
      return;
    }
    this.waiting.push({ timestamp: picture.timestamp, arrivalEpochMs });
    input.write(picture.data);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    const { handle } = this;
    this.handle = null;
    if (handle) await stopChild(handle, 500);
  }

  private start(): ReturnType<typeof startChild> {
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
    this.handle = handle;
    this.rest = Buffer.alloc(0);
    this.waiting = [];
    this.isGiving = false;
    handle.child.stdin?.on('error', () => {}); // its exit tells
    handle.child.stdout?.on('data', (chunk: Buffer) => {
      if (this.handle === handle) this.take(chunk);
    });
    void handle.exit.then(({ code, error }) => {
      if (this.handle !== handle) return;
      this.handle = null;
      log.warn({ code, error }, 'the encoder of Motion JPEG ended');
      if (!this.isGiving && !this.stopped) onFailed();
    });
    return handle;
  }

  private end(): void {
    const { handle } = this;
    this.handle = null;
    if (handle) void stopChild(handle, 500);
  }

  /** Cuts Annex B into access units: each begins with a delimiter, and is whole when the next one comes. */
  private take(chunk: Buffer): void {
    const bytes = this.rest.length > 0 ? Buffer.concat([this.rest, chunk]) : chunk;
    const starts = findUnits(bytes);
    for (const [index, start] of starts.slice(0, -1).entries())
      this.emit(bytes.subarray(start, starts[index + 1]));
    this.rest = Buffer.from(bytes.subarray(starts.at(-1) ?? 0));
    if (this.rest.length > MAX_UNIT_BYTES) this.end();
  }

  private emit(bytes: Buffer): void {
    const nalus = splitNalus(bytes);
    const time = this.waiting.shift();
    if (!time || nalus.length === 0) return;
    this.isGiving = true;
    const keyframe = nalus.some((nalu) => (nalu[0]! & 0x1f) === KEY_SLICE);
    this.options.onUnit({ nalus, keyframe, timestamp: time.timestamp }, time.arrivalEpochMs);
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
