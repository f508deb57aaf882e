import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Fragment, StreamDescription } from '../fragment.ts';
import { parseOwnFragment } from './fragment-parser.ts';
import { parseStreamTracks } from './init-parser.ts';
import { FragmentedMp4Splitter } from './splitter.ts';

const ffmpegFound = spawnSync('ffmpeg', ['-version']).status === 0;
let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'splitter-'));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

function encode(videoArgs: string[]): Buffer {
  const made = spawnSync(
    'ffmpeg',
    [
      ...['-v', 'error', '-f', 'lavfi', '-i', 'testsrc2=size=318x180:rate=25:duration=3'],
      ...['-f', 'lavfi', '-i', 'sine=frequency=440:duration=3:sample_rate=48000'],
      ...[...videoArgs, '-g', '25', '-pix_fmt', 'yuv420p', '-c:a', 'aac', '-ac', '1'],
      ...['-f', 'mp4', '-movflags', '+frag_every_frame+delay_moov+default_base_moof', 'pipe:1'],
    ],
    { maxBuffer: 1 << 28 },
  );
  expect(made.stderr.toString()).toBe('');
  return made.stdout;
}

function split(bytes: Buffer, chunkBytes: number) {
  const descriptions: StreamDescription[] = [];
  const fragments: Fragment[] = [];
  const splitter = new FragmentedMp4Splitter({
    captureEpochMs: (seconds) => 1_000_000 + seconds * 1000,
    stream: (description) => descriptions.push(description),
    fragment: (fragment) => fragments.push(fragment),
  });
  for (let at = 0; at < bytes.length; at += chunkBytes) splitter.push(bytes.subarray(at, at + chunkBytes));
  return { description: descriptions[0] as StreamDescription, descriptions, fragments };
}

describe.skipIf(!ffmpegFound)('what ffmpeg makes', () => {
  test.each([
    { name: 'H.264', args: ['-c:v', 'libx264', '-preset', 'ultrafast', '-bf', '0'], codec: /^avc1\.42c0/ },
    {
      name: 'H.264 with B frames',
      args: ['-c:v', 'libx264', '-preset', 'medium', '-bf', '2'],
      codec: /^avc1\.64/,
    },
    {
      name: 'H.265',
      args: ['-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', 'log-level=none'],
      codec: /^hvc1\.1\.6\.L60\.90$/,
    },
  ])('$name comes through whole', ({ args, codec }) => {
    const bytes = encode(args);
    const { description, descriptions, fragments } = split(bytes, 1000);
    expect(descriptions).toHaveLength(1);
    expect(description.video).toMatchObject({ width: 318, height: 180 });
    expect(description.video.codecString).toMatch(codec);
    expect(description.audio).toMatchObject({ codecString: 'mp4a.40.2', sampleRate: 48000, channels: 1 });
    const video = fragments.filter((fragment) => fragment.track === 'video');
    expect(video).toHaveLength(75);
    expect(video[0]?.keyframe).toBe(true);
    for (const fragment of fragments) {
      const run = parseOwnFragment(fragment.data);
      expect(run.tfdt).toEqual({ offset: fragment.tfdtOffset, wide: true });
      expect(run.samples[0]).toMatchObject({ decodeTime: fragment.decodeTime, duration: fragment.duration });
    }
    // Written to a file, every frame decodes, and none differs from what was encoded.
    const path = join(dir, 'out.mp4');
    writeFileSync(
      path,
      Buffer.concat([description.initSegment, ...fragments.map((fragment) => fragment.data)]),
    );
    const original = join(dir, 'in.mp4');
    writeFileSync(original, bytes);
    expect(frameHashes(path)).toEqual(frameHashes(original));
    expect(frameHashes(path)).toHaveLength(75);
    expect(parseStreamTracks(description.initSegment).video.parameterSets.length).toBeGreaterThanOrEqual(2);
    expect(split(bytes, bytes.length).fragments).toEqual(fragments);
  });
});

function frameHashes(path: string): string[] {
  const decoded = spawnSync(
    'ffmpeg',
    ['-v', 'warning', '-i', path, '-map', '0:v', '-fps_mode', 'passthrough', '-f', 'framemd5', '-'],
    {
      encoding: 'utf8',
    },
  );
  expect(decoded.stderr).toBe('');
  return decoded.stdout
    .split('\n')
    .filter((line) => /^\d/.test(line))
    .map((line) => line.split(',').at(-1) as string);
}
