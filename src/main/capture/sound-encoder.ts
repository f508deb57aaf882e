/**
 * G.711 and the like → AAC in an ffmpeg process of its own, so that sound never holds up video. Samples go in by stdin, ADTS comes out.
 * Holes in the sound are filled with silence, so that an output frame's place is known by counting.
 */

import { startChild, stopChild } from '../platform/child.ts';
import type { Logger } from '../platform/log.ts';
import type { SoundInput } from './sound-inputs.ts';
import type { SoundFrame } from './stream-assembler.ts';

export interface SoundEncoderOptions {
  ffmpegPath: string;
  input: SoundInput;
  log: Logger;
  onFrame(frame: SoundFrame): void;
}

const FRAME_SAMPLES = 1024;
/** ffmpeg's AAC encoder puts one frame of priming before the first sample. */
const PRIMING_SAMPLES = 1024;
const MAX_FILLED_SECONDS = 2;
/** More than this waiting for ffmpeg: drop. */
const MAX_WAITING_SECONDS = 8;
const BITS_PER_SAMPLE = 4;
/** Per channel. */
const MAX_BIT_RATE = 64_000;
/** Fed for this long without giving sound, ffmpeg hangs: it is ended, and another one started. */
const HANG_MS = 5000;
const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 10_000;
/** A stretch this long starts the back-off anew. */
const GOOD_STRETCH_MS = 10_000;

export class SoundEncoder {
  private readonly options: SoundEncoderOptions;
  private handle: ReturnType<typeof startChild> | null = null;
  private next: number | null = null;
  private produced = 0;
  private rest: Buffer = Buffer.alloc(0);
  private retryAtMs = 0;
  private retryMs = FIRST_RETRY_MS;
  /** Since when samples go in and no sound comes out. */
  private unansweredSinceMs: number | null = null;
  private stopped = false;

  constructor(options: SoundEncoderOptions) {
    this.options = options;
  }

  /** `timestamp`: in samples, unwrapped. The bytes are copied. */
  push(data: Buffer, timestamp: number): void {
    if (this.stopped) return;
    const { sampleRate, block, silence } = this.options.input;
    const gap = this.next === null ? 0 : timestamp - this.next;
    if (gap < 0 && gap > -sampleRate) return;
    const isFilled = gap >= 0 && gap <= MAX_FILLED_SECONDS * sampleRate;
    if (!isFilled || this.hangs()) this.restart();
    if (!this.handle && !this.start(timestamp)) return;
    const input = this.handle?.child.stdin;
    const waitingSeconds = ((input?.writableLength ?? 0) / block.bytes) * (block.samples / sampleRate);
    if (!input || waitingSeconds > MAX_WAITING_SECONDS) return;
    const missing = isFilled ? Math.floor(gap / block.samples) : 0;
    const blocks = Math.floor(data.length / block.bytes);
    if (missing > 0) input.write(Buffer.alloc(missing * block.bytes, silence));
    input.write(Buffer.from(data.subarray(0, blocks * block.bytes)));
    this.next = (this.next ?? timestamp) + (missing + blocks) * block.samples;
    this.unansweredSinceMs ??= performance.now();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    const { handle } = this;
    this.handle = null;
    if (handle) await stopChild(handle, 500);
  }

  private start(timestamp: number): boolean {
    if (performance.now() < this.retryAtMs) return false;
    const { ffmpegPath, log } = this.options;
    const { args, sampleRate, channels } = this.options.input;
    const bitRate = channels * Math.min(MAX_BIT_RATE, sampleRate * BITS_PER_SAMPLE);
    const input = [...args, '-i', 'pipe:0'];
    const output = ['-c:a', 'aac', '-b:a', String(bitRate), '-flush_packets', '1', '-f', 'adts', 'pipe:1'];
    const handle = startChild(
      ffmpegPath,
      ['-hide_banner', '-v', 'error', '-probesize', '32', '-analyzeduration', '0', ...input, ...output],
      { stdio: ['pipe', 'pipe', 'ignore'] },
    );
    const startedMs = performance.now();
    this.handle = handle;
    this.rest = Buffer.alloc(0);
    this.produced = timestamp - PRIMING_SAMPLES;
    handle.child.stdin?.on('error', () => {}); // its exit tells
    handle.child.stdout?.on('data', (chunk: Buffer) => {
      if (this.handle === handle) this.take(chunk);
    });
    void handle.exit.then(({ code, error }) => {
      if (this.handle !== handle) return;
      this.forget();
      if (performance.now() - startedMs >= GOOD_STRETCH_MS) this.retryMs = FIRST_RETRY_MS;
      this.retryAtMs = performance.now() + this.retryMs;
      this.retryMs = Math.min(LAST_RETRY_MS, this.retryMs * 2);
      if (!this.stopped) log.warn({ code, error }, 'the sound encoder ended, it will be started again');
    });
    return true;
  }

  /** Samples wait that ffmpeg should have answered long ago. */
  private hangs(): boolean {
    if (this.unansweredSinceMs === null || performance.now() - this.unansweredSinceMs < HANG_MS) return false;
    this.options.log.warn('the sound encoder hangs, it is started again');
    return true;
  }

  private forget(): void {
    this.handle = null;
    this.next = null;
    this.unansweredSinceMs = null;
  }

  private restart(): void {
    const { handle } = this;
    this.forget();
    if (handle) void stopChild(handle, 500);
  }

  /** Cuts ADTS (ISO 14496-3 1.A.2) into frames; the priming is not handed on. */
  private take(chunk: Buffer): void {
    this.unansweredSinceMs = null;
    let bytes = this.rest.length > 0 ? Buffer.concat([this.rest, chunk]) : chunk;
    while (bytes.length >= 7) {
      const headBytes = bytes[1]! & 1 ? 7 : 9;
      const size = ((bytes[3]! & 3) << 11) | (bytes[4]! << 3) | (bytes[5]! >> 5);
      if (bytes[0] !== 0xff || size <= headBytes) {
        bytes = bytes.subarray(1);
        continue;
      }
      if (bytes.length < size) break;
      const timestamp = this.produced;
      this.produced += FRAME_SAMPLES;
      if (timestamp > this.next! - this.options.input.sampleRate * 10)
        this.options.onFrame({
          data: Buffer.from(bytes.subarray(headBytes, size)),
          timestamp,
          samples: FRAME_SAMPLES,
        });
      bytes = bytes.subarray(size);
    }
    this.rest = Buffer.from(bytes);
  }
}
