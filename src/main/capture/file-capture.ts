/**
 * A media file that plays in a loop as if it were a camera, through ffmpeg at the speed of the clock. H.264, H.265 and AAC are
 * copied; everything else is encoded, and the facts say so.
 */
import { access } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Fragment } from '../media/fragment.ts';
import { FragmentedMp4Splitter } from '../media/mp4/splitter.ts';
import { startChild, stopChild } from '../platform/child.ts';
import type { CaptureAttempt, CaptureAttemptOptions, StreamNames } from './attempt.ts';
import { CaptureClock } from './capture-clock.ts';
import { CaptureFailure, failureOfSocket } from './failure.ts';

const COPIED_VIDEO: Record<string, string> = { h264: 'h264', hevc: 'h265' };
/** ffmpeg holds back two frames before it writes the first. */
const FIRST_FRAME_LATE_MS = 80;
/** The first frames often come late and then all at once: this long they wait for the best guess of their times. */
const SETTLE_MS = 300;
const MAX_HELD = 256;
const STDERR_KEPT = 2000;

type Child = ReturnType<typeof startChild>;

export class FileCapture implements CaptureAttempt {
  private readonly options: CaptureAttemptOptions;
  private readonly clocks = { video: new CaptureClock(), audio: new CaptureClock() };
  /** Null once the clocks have settled. */
  private held: Array<{ fragment: Fragment; seconds: number }> | null = [];
  private settledAtMs: number | null = null;
  private handle: Child | null = null;
  private stopped = false;
  names: StreamNames = { video: '', audio: null };

  constructor(options: CaptureAttemptOptions) {
    this.options = options;
  }

  network(): null {
    return null;
  }

  async start(): Promise<void> {
    const { ffmpegPath, url } = this.options;
    if (!ffmpegPath)
      throw new CaptureFailure(
        'unsupported-stream',
        'A file needs ffmpeg to be played',
        'Install ffmpeg.',
        true,
      );
    const path = await existingFile(url);
    const found = await this.inspect(ffmpegPath, path);
    if (this.stopped) return;
    this.play(ffmpegPath, path, found);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    if (this.handle) await stopChild(this.handle, 500);
  }

  /** What ffmpeg says of the file's first video and audio streams. */
  private async inspect(ffmpegPath: string, path: string): Promise<{ video: string; audio: string | null }> {
    const handle = startChild(ffmpegPath, ['-hide_banner', '-nostdin', '-i', `file:${path}`], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.handle = handle;
    let words = '';
    handle.child.stderr?.on('data', (chunk: Buffer) => {
      if (words.length < 65_536) words += chunk.toString();
    });
    await handle.exit;
    const video = /Stream #\S+: Video: (\w+)/.exec(words)?.[1];
    if (!video)
      throw new CaptureFailure(
        'unsupported-stream',
        'The file has no video that ffmpeg can read',
        'Choose another file.',
        true,
      );
    return { video, audio: /Stream #\S+: Audio: (\w+)/.exec(words)?.[1] ?? null };
  }

  private play(ffmpegPath: string, path: string, found: { video: string; audio: string | null }): void {
    const copied = COPIED_VIDEO[found.video];
    const sound = this.options.audio ? found.audio : null;
    this.names.video = copied ?? `${found.video}, recorded as h264`;
    this.names.audio = sound === null || sound === 'aac' ? sound : `${sound}, recorded as aac`;
    const encodeVideo = ['-c:v', 'libx264', '-preset', 'veryfast', '-tune', 'zerolatency', '-g', '50'];
    const handle = startChild(
      ffmpegPath,
      [
        ...['-hide_banner', '-nostdin', '-v', 'error', '-re', '-stream_loop', '-1', '-i', `file:${path}`],
        ...['-map', '0:v:0', ...(sound === null ? [] : ['-map', '0:a:0'])],
        ...(copied ? ['-c:v', 'copy'] : [...encodeVideo, '-pix_fmt', 'yuv420p']),
        ...['-c:a', sound === 'aac' ? 'copy' : 'aac', '-f', 'mp4'],
        ...['-movflags', '+frag_every_frame+delay_moov+default_base_moof', '-flush_packets', '1', 'pipe:1'],
      ],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    this.handle = handle;
    let words = '';
    handle.child.stderr?.on('data', (chunk: Buffer) => {
      words = (words + chunk.toString()).slice(-STDERR_KEPT);
    });
    const splitter = this.makeSplitter();
    handle.child.stdout?.on('data', (chunk: Buffer) => {
      if (this.stopped) return;
      try {
        splitter.push(chunk);
      } catch (error) {
        this.options.onLost(failureOfSocket(error));
      }
    });
    void handle.exit.then(() => {
      this.options.log.debug({ words }, 'the file player ended');
      this.options.onLost(
        new CaptureFailure(
          'stream-ended',
          'The file could not be played on',
          'Check that it plays elsewhere.',
        ),
      );
    });
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

async function existingFile(url: string): Promise<string> {
  try {
    const path = fileURLToPath(url);
    await access(path);
    return path;
  } catch (cause) {
    const advice = 'Check the path; it is a path on the computer that runs Threshold NVR.';
    throw new CaptureFailure(
      'camera-refused',
      'The file does not exist or cannot be read',
      advice,
      true,
      cause,
    );
  }
}
