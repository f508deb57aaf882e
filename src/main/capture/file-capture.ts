/**
 * A media file that plays in a loop as if it were a camera, through ffmpeg at the speed of the clock. H.264, H.265 and AAC are
 * copied; everything else is encoded, and the facts say so.
 */
import { access } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { startChild, stopChild } from '../platform/child.ts';
import type { CaptureAttempt, CaptureAttemptOptions, StreamNames } from './attempt.ts';
import { CaptureFailure, failureOfSocket } from './failure.ts';
import { FfmpegFragments, FRAGMENT_ARGS, H264_ARGS } from './ffmpeg-fragments.ts';

const COPIED_VIDEO: Record<string, string> = { h264: 'h264', hevc: 'h265' };
const STDERR_KEPT = 2000;

type Child = ReturnType<typeof startChild>;

export class FileCapture implements CaptureAttempt {
  private readonly options: CaptureAttemptOptions;
  private handle: Child | null = null;
  private stopped = false;
  names: StreamNames = { video: '', audio: null, note: null };

  constructor(options: CaptureAttemptOptions) {
    this.options = options;
  }

  network(): null {
    return null;
  }

  reports(): [] {
    return [];
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
    const handle = startChild(
      ffmpegPath,
      [
        ...['-hide_banner', '-nostdin', '-v', 'error', '-re', '-stream_loop', '-1', '-i', `file:${path}`],
        ...['-map', '0:v:0', ...(sound === null ? [] : ['-map', '0:a:0'])],
        ...(copied ? ['-c:v', 'copy'] : [...H264_ARGS, '-g', '50']),
        ...['-c:a', sound === 'aac' ? 'copy' : 'aac'],
        ...FRAGMENT_ARGS,
      ],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    this.handle = handle;
    let words = '';
    handle.child.stderr?.on('data', (chunk: Buffer) => {
      words = (words + chunk.toString()).slice(-STDERR_KEPT);
    });
    const fragments = new FfmpegFragments(this.options);
    handle.child.stdout?.on('data', (chunk: Buffer) => {
      if (this.stopped) return;
      try {
        fragments.push(chunk);
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
