/** What an ffmpeg process gives as fragmented MP4 → description and fragments for a CaptureSink, with times by when they came. */
import type { Fragment } from '../media/fragment.ts';
import { FragmentedMp4Splitter } from '../media/mp4/splitter.ts';
import type { CaptureAttemptOptions } from './attempt.ts';
import { CaptureClock } from './capture-clock.ts';

/** For ffmpeg's output: a fragment per frame, the description as soon as it is known. */
export const FRAGMENT_ARGS = [
  ...['-f', 'mp4', '-movflags', '+frag_every_frame+delay_moov+default_base_moof'],
  ...['-flush_packets', '1', 'pipe:1'],
] as const;
/** For what has to be encoded anew, so that every browser plays it. */
export const H264_ARGS = [
  ...['-c:v', 'libx264', '-preset', 'veryfast', '-tune', 'zerolatency', '-pix_fmt', 'yuv420p'],
] as const;
/** ffmpeg holds back two frames before it writes the first. */
const FIRST_FRAME_LATE_MS = 80;
/** The first frames often come late and then all at once: this long they wait for the best guess of their times. */
const SETTLE_MS = 300;
const MAX_HELD = 256;

export class FfmpegFragments {
  private readonly options: Pick<CaptureAttemptOptions, 'audio' | 'sink' | 'clock' | 'onAlive' | 'onFrame'>;
  private readonly splitter: FragmentedMp4Splitter;
  private readonly clocks = { video: new CaptureClock(), audio: new CaptureClock() };
  /** Null once the clocks have settled. */
  private held: Array<{ fragment: Fragment; seconds: number }> | null = [];
  private settledAtMs: number | null = null;

  constructor(options: FfmpegFragments['options']) {
    this.options = options;
    this.splitter = this.makeSplitter();
  }

  /** The next bytes of its output. Throws AppError when they make no sense. */
  push(chunk: Buffer): void {
    this.splitter.push(chunk);
  }

  private makeSplitter(): FragmentedMp4Splitter {
    const { sink, clock } = this.options;
    const begun = { video: false, audio: false };
    let seconds = 0;
    return new FragmentedMp4Splitter({
      audio: this.options.audio,
      captureEpochMs: (at, track) => {
        const own = this.clocks[track];
        own.observe(at * 1000, clock.epochMs() - (begun[track] ? 0 : FIRST_FRAME_LATE_MS));
        begun[track] = true;
        seconds = at;
        return own.offsetMs + at * 1000;
      },
      stream: (description) => {
        if (this.held && this.held.length > 0) this.release(this.held);
        sink.stream(description);
      },
      fragment: (fragment) => this.take(fragment, seconds),
    });
  }

  /** `seconds`: its place in the stream. Fragments wait, in order, until the clocks have settled; after that never. */
  private take(fragment: Fragment, seconds: number): void {
    const { onAlive, clock } = this.options;
    if (fragment.track === 'video') onAlive();
    if (this.held) {
      this.held.push({ fragment, seconds });
      this.settledAtMs ??= clock.monotonicMs() + SETTLE_MS;
      if (clock.monotonicMs() >= this.settledAtMs || this.held.length >= MAX_HELD) this.release(this.held);
    } else this.hand(fragment);
  }

  private release(waiting: ReadonlyArray<{ fragment: Fragment; seconds: number }>): void {
    this.held = null;
    for (const own of Object.values(this.clocks)) own.settle();
    for (const { fragment, seconds } of waiting)
      this.hand({ ...fragment, captureEpochMs: this.clocks[fragment.track].offsetMs + seconds * 1000 });
  }

  private hand(fragment: Fragment): void {
    const { sink, onFrame } = this.options;
    if (fragment.track === 'video') {
      const { captureEpochMs: atMs, data, keyframe } = fragment;
      onFrame({ atMs, bytes: data.length, keyframe });
    }
    sink.fragment(fragment);
  }
}
