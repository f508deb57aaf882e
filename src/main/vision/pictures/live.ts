/**
 * Pictures of a live stream: feeds fragments to a decoder, tells when each picture was captured, and keeps only the newest one for an
 * analysis that is busy. A decoder that ends is started again; nothing here can hold up the capture.
 */
import { NICENESS } from '../../platform/priority.ts';
import { Decoder } from './decoder.ts';
import { BufferPool } from './frame-assembler.ts';
import type { Picture } from './picture.ts';

export interface LiveStream {
  timescale: number;
  videoInit: Uint8Array;
  /** Size of the pictures wanted. */
  width: number;
  height: number;
  fps: number;
}

export interface LiveFragment {
  data: Uint8Array;
  keyframe: boolean;
  decodeTime: number;
  captureEpochMs: number;
}

/** Unwritten bytes before ffmpeg from which fragments are given up until the next keyframe. */
const MAX_BACKLOG_BYTES = 8_000_000;
const FIRST_RETRY_MS = 1000;
const LONGEST_RETRY_MS = 30_000;
/** Fed for this long without giving a picture, a decoder hangs: it is ended, and another one started. */
const HANG_MS = 8000;
/** Where no fragment came for this long, the wait for a picture counts anew. */
const PAUSE_MS = 2000;
/** ffmpeg's MP4 reader remembers every fragment it has read: at the next keyframe after this many a fresh one takes over. */
const FRAGMENTS_PER_DECODER = 100_000;

export class LivePictures {
  /** Pictures that a newer one replaced before anybody took them. */
  dropped = 0;
  /** In the user's words, while the decoder does not run as it should. */
  problem: string | null = null;
  private readonly ffmpegPath: string;
  private readonly onPicture: () => void;
  private stream: LiveStream | null = null;
  private decoder: Decoder | null = null;
  private reading: Promise<void> = Promise.resolve();
  private fed = 0;
  private times: Array<{ decodeUs: number; epochMs: number }> = [];
  private newest: Picture | null = null;
  private waitForKeyframe = true;
  private retryMs = FIRST_RETRY_MS;
  private notBeforeMs = 0;
  /** Since when fragments go in and no picture comes out. */
  private unansweredSinceMs: number | null = null;
  private lastFeedMs = 0;
  private readonly running = new Set<Decoder>();
  private readonly hanging = new WeakSet<Decoder>();
  private readonly pool = new BufferPool();

  /** `onPicture` is called whenever `take` has something. */
  constructor(ffmpegPath: string, onPicture: () => void) {
    this.ffmpegPath = ffmpegPath;
    this.onPicture = onPicture;
  }

  /** The stream that the next fragments belong to; a decoder for it starts at its first keyframe. */
  begin(stream: LiveStream): void {
    this.end();
    this.stream = stream;
    this.retryMs = FIRST_RETRY_MS;
    this.notBeforeMs = 0;
  }

  /** Takes the next fragment; never blocks. While ffmpeg is behind, fragments are dropped up to a keyframe. */
  feed(fragment: LiveFragment): void {
    if (!this.stream) return;
    this.watch(performance.now());
    if (fragment.keyframe && this.decoder && this.fed >= FRAGMENTS_PER_DECODER) this.end();
    if (
      !this.decoder &&
      !(fragment.keyframe && performance.now() >= this.notBeforeMs && this.start(this.stream))
    )
      return;
    const { decoder } = this;
    if (!decoder) return;
    const behind = decoder.backlogBytes > MAX_BACKLOG_BYTES;
    if (behind) this.waitForKeyframe = true;
    if (this.waitForKeyframe && (behind || !fragment.keyframe)) return;
    this.waitForKeyframe = false;
    this.fed++;
    this.times.push({
      decodeUs: (fragment.decodeTime * 1e6) / this.stream.timescale,
      epochMs: fragment.captureEpochMs,
    });
    decoder.write(fragment.data);
  }

  /** The newest picture that nobody has taken yet; the caller owns it. */
  take(): Picture | null {
    const picture = this.newest;
    this.newest = null;
    return picture;
  }

  /** Takes back a picture that its owner no longer needs. */
  recycle(picture: Picture): void {
    this.pool.give(picture.data);
  }

  get hasPicture(): boolean {
    return this.newest !== null;
  }

  /** Ends the decoder after what was fed to it; its last pictures still come. */
  end(): void {
    this.decoder?.endInput();
    this.decoder = null;
    this.waitForKeyframe = true;
  }

  /** Ends everything; resolves when no decoder runs any more. */
  async stop(): Promise<void> {
    this.end();
    this.stream = null;
    for (const decoder of this.running) decoder.kill();
    await Promise.allSettled([...[...this.running].map((decoder) => decoder.exit), this.reading]);
    this.newest = null;
  }

  /** Kills the decoders that hang: also one that should end, since the next one's pictures come after its last. */
  private watch(nowMs: number): void {
    if (nowMs - this.lastFeedMs > PAUSE_MS || this.running.size === 0) this.unansweredSinceMs = null;
    this.lastFeedMs = nowMs;
    this.unansweredSinceMs ??= nowMs;
    if (nowMs - this.unansweredSinceMs < HANG_MS) return;
    this.unansweredSinceMs = null;
    for (const decoder of this.running) {
      this.hanging.add(decoder);
      decoder.kill();
    }
  }

  private start(stream: LiveStream): boolean {
    const { width, height, fps } = stream;
    const decoder = new Decoder({
      ffmpegPath: this.ffmpegPath,
      pool: this.pool,
      input: { kind: 'fragments' },
      niceness: NICENESS.liveAnalysis,
      fps,
      width,
      height,
    });
    decoder.write(stream.videoInit);
    this.decoder = decoder;
    this.running.add(decoder);
    this.fed = 0;
    this.times = [];
    this.waitForKeyframe = true;
    const times = this.times;
    // One after the other, so that pictures stay in order when a fresh decoder takes over.
    this.reading = this.reading.then(() => this.read(decoder, stream, times));
    return true;
  }

  private async read(decoder: Decoder, stream: LiveStream, times: typeof this.times): Promise<void> {
    const startedMs = performance.now();
    for await (const { ptsUs, data } of decoder.frames()) {
      if (this.newest) {
        this.dropped++;
        this.recycle(this.newest);
      }
      this.newest = { width: stream.width, height: stream.height, atMs: captureTime(times, ptsUs), data };
      this.problem = null;
      this.unansweredSinceMs = null;
      if (performance.now() - startedMs > LONGEST_RETRY_MS) this.retryMs = FIRST_RETRY_MS;
      this.onPicture();
    }
    const { code, signal, error } = await decoder.exit;
    this.running.delete(decoder);
    if (this.decoder !== decoder) return;
    this.decoder = null;
    this.waitForKeyframe = true;
    this.notBeforeMs = performance.now() + this.retryMs;
    this.retryMs = Math.min(LONGEST_RETRY_MS, this.retryMs * 2);
    const ending = signal ? `signal ${signal}` : `code ${code}`;
    const reason = this.hanging.has(decoder) ? 'it hung' : error?.message || decoder.lastError || ending;
    this.problem = `The picture decoder ended and is started again: ${reason}`;
  }
}

/**
 * When the frame with this presentation time was captured: the capture time of the fragment that was decoded then, plus the rest.
 * Forgets the fragments before it. Unix epoch ms.
 */
export function captureTime(times: Array<{ decodeUs: number; epochMs: number }>, ptsUs: number): number {
  let at = 0;
  // Half a millisecond of slack: both times are rounded from the same ticks.
  while (at + 1 < times.length && times[at + 1]!.decodeUs <= ptsUs + 500) at++;
  if (at > 0) times.splice(0, at);
  const nearest = times[0];
  return nearest ? nearest.epochMs + (ptsUs - nearest.decodeUs) / 1000 : ptsUs / 1000;
}
