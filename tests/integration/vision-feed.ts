/** Plays a video file into a capture sink as a camera would: real ffmpeg, real fragments, in real time. For tests. */

import type { CaptureSink } from '../../src/main/media/fragment.ts';
import { FragmentedMp4Splitter } from '../../src/main/media/mp4/splitter.ts';
import { startChild } from '../../src/main/platform/child.ts';

export interface Feed {
  /** Wall-clock time of the clip's start. */
  startEpochMs: number;
  /** Process that plays the clip. */
  pid: number;
  ended: Promise<void>;
  stop(): void;
}

/** Feeds `sink`; `before` are further ffmpeg arguments in front of the input, e.g. `-stream_loop -1`. */
export function feedVideo(file: string, sink: CaptureSink, before: string[] = []): Feed {
  const startEpochMs = Date.now();
  const splitter = new FragmentedMp4Splitter({
    captureEpochMs: (seconds) => startEpochMs + seconds * 1000,
    audio: false,
    stream: (description) => sink.stream(description),
    fragment: (fragment) => sink.fragment(fragment),
  });
  const movflags = 'frag_every_frame+empty_moov+default_base_moof';
  const args = [
    '-v',
    'error',
    '-nostdin',
    '-re',
    ...before,
    '-i',
    file,
    '-an',
    '-c',
    'copy',
    '-f',
    'mp4',
    '-movflags',
    movflags,
  ];
  const { child, exit } = startChild(process.env.FFMPEG_BIN ?? 'ffmpeg', [...args, 'pipe:1'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  child.stdout?.on('data', (chunk: Buffer) => splitter.push(chunk));
  const ended = exit.then(() => sink.lost('stream-ended', 'the clip is over'));
  return { startEpochMs, pid: child.pid ?? 0, ended, stop: () => child.kill('SIGKILL') };
}
