/** For tests of recording: ffmpeg's fragmented MP4 as a camera would deliver it, and what ffprobe says of files. */
import { spawnSync } from 'node:child_process';
import type { CaptureSink, Fragment, StreamDescription } from '../../src/main/media/fragment.ts';
import { FragmentedMp4Splitter } from '../../src/main/media/mp4/splitter.ts';

export interface Footage {
  description: StreamDescription;
  /** captureEpochMs counts from 0. */
  fragments: Fragment[];
}

/** A picture with a counting pattern, GOP of one second, 25 fps, with a tone. */
export function makeFootage(
  seconds: number,
  options: { size?: string; audio?: boolean; codec?: string; extra?: string[] } = {},
): Footage {
  const { size = '320x180', audio = true, codec = 'libx264', extra = [] } = options;
  const made = spawnSync(
    'ffmpeg',
    [
      ...['-v', 'error', '-f', 'lavfi', '-i', `testsrc2=size=${size}:rate=25:duration=${seconds}`],
      ...(audio ? ['-f', 'lavfi', '-i', `sine=frequency=440:duration=${seconds}:sample_rate=16000`] : []),
      ...[
        '-c:v',
        codec,
        '-preset',
        'ultrafast',
        '-g',
        '25',
        '-pix_fmt',
        'yuv420p',
        ...extra,
        '-c:a',
        'aac',
        '-ac',
        '1',
      ],
      ...['-f', 'mp4', '-movflags', '+frag_every_frame+delay_moov+default_base_moof', 'pipe:1'],
    ],
    { maxBuffer: 1 << 29 },
  );
  if (made.status !== 0) throw new Error(made.stderr.toString());
  return splitFootage(made.stdout);
}

export function splitFootage(bytes: Buffer): Footage {
  const footage: { description: StreamDescription | null; fragments: Fragment[] } = {
    description: null,
    fragments: [],
  };
  const splitter = new FragmentedMp4Splitter({
    captureEpochMs: (seconds) => seconds * 1000,
    stream: (description) => {
      footage.description = description;
    },
    fragment: (fragment) => footage.fragments.push(fragment),
  });
  splitter.push(bytes);
  if (!footage.description) throw new Error('no stream in it');
  return { description: footage.description, fragments: footage.fragments };
}

/** Plays footage into a sink as if captured from `startEpochMs` on; all at once. */
export function deliver(
  footage: Footage,
  sink: CaptureSink,
  startEpochMs: number,
  options: { describe?: boolean } = {},
): void {
  if (options.describe !== false) sink.stream(footage.description);
  for (const fragment of footage.fragments)
    sink.fragment({ ...fragment, captureEpochMs: startEpochMs + fragment.captureEpochMs });
}

export interface ProbedStream {
  /** Decoded pictures; of sound, packets. */
  frames: number;
  durationSeconds: number;
}

/** Decodes every frame of a file; any warning of ffmpeg's is an error. */
export function probeFrames(path: string, stream: 'v' | 'a' = 'v'): ProbedStream {
  const decoded = spawnSync(
    'ffmpeg',
    ['-v', 'warning', '-i', path, '-map', `0:${stream}`, '-fps_mode', 'passthrough', '-f', 'null', '-'],
    {
      encoding: 'utf8',
    },
  );
  if (stream === 'v' && (decoded.stderr !== '' || decoded.status !== 0))
    throw new Error(`ffmpeg on ${path}: ${decoded.stderr}`);
  const probed = spawnSync(
    'ffprobe',
    [
      '-v',
      'error',
      '-select_streams',
      stream,
      stream === 'v' ? '-count_frames' : '-count_packets',
      '-show_entries',
      'stream=nb_read_frames,nb_read_packets:format=duration',
      '-of',
      'json',
      path,
    ],
    { encoding: 'utf8' },
  );
  const json = JSON.parse(probed.stdout) as {
    streams: Array<{ nb_read_frames?: string; nb_read_packets?: string }>;
    format: { duration?: string };
  };
  return {
    frames: Number(json.streams[0]?.nb_read_frames ?? json.streams[0]?.nb_read_packets ?? 0),
    durationSeconds: Number(json.format.duration ?? 0),
  };
}

/** MD5 of every decoded picture. */
export function frameHashes(path: string): string[] {
  const decoded = spawnSync(
    'ffmpeg',
    ['-v', 'warning', '-i', path, '-map', '0:v', '-fps_mode', 'passthrough', '-f', 'framemd5', '-'],
    {
      encoding: 'utf8',
    },
  );
  if (decoded.stderr !== '') throw new Error(decoded.stderr);
  return decoded.stdout
    .split('\n')
    .filter((line) => /^\d/.test(line))
    .map((line) => (line.split(',').at(-1) as string).trim());
}

/** Waits until `condition` holds; throws after `limitMs`. */
export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  limitMs = 10_000,
): Promise<void> {
  const end = performance.now() + limitMs;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`waited in vain: ${what}`);
    await new Promise((done) => setTimeout(done, 20));
  }
}
