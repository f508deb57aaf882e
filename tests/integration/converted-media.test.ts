/** H.265 recordings as a player that decodes H.264 alone gets them: converted piece by piece, or the sub stream's recording. Checked with ffmpeg. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Converter } from '../../src/main/archive/converter.ts';
import type { MediaAnswer } from '../../src/main/archive/media.ts';
import { planPieces } from '../../src/main/archive/piece.ts';
import { silentLogger } from '../../src/main/platform/log.ts';
import type { RecordingHandle } from '../../src/main/recorder/recorded-camera.ts';
import { SegmentStore } from '../../src/main/store/recordings.ts';
import { type OpenArchive, openArchive } from './archive-fixture.ts';
import { deliver, makeFootage, until } from './recording-fixture.ts';

const CAMERA = '3fa85f64-5717-4562-b3fc-2c963f66afa6';
const WITH_SUB = '4fa85f64-5717-4562-b3fc-2c963f66afa6';
const START = new Date(2026, 10, 20, 14, 3, 0).getTime();
const BASE = START - 60_000;
const x265 = (bFrames: number) => [
  '-x265-params',
  `log-level=none:bframes=${bFrames}:keyint=25:min-keyint=25:scenecut=0:open-gop=0`,
];
const footage = makeFootage(10, { codec: 'libx265', size: '640x360', extra: x265(2) });
const sub = makeFootage(10, { size: '320x180', audio: false });

let opened: OpenArchive;
let camera: RecordingHandle;
let withSub: RecordingHandle;

beforeAll(async () => {
  // The last segment stays open.
  opened = await openArchive(START + 3_600_000, { segmentMs: 5000 });
  camera = await opened.addCamera(CAMERA, 'Front door');
  withSub = await opened.addCamera(WITH_SUB, 'Yard');
  deliver(footage, camera.main, START);
  deliver(footage, withSub.main, START);
  deliver(sub, withSub.sub, START);
  await until('all is on disk', () =>
    [CAMERA, WITH_SUB].every((id) =>
      opened.archive
        .segments({ cameraId: id, stream: 'main', fromEpochMs: START, toEpochMs: START + 20_000 })
        .some(({ endEpochMs }) => endEpochMs >= START + 9900),
    ),
  );
});
afterAll(() => opened.stop());

function ask(
  fromEpochMs: number,
  options: { cameraId?: string; signal?: AbortSignal } = {},
): Promise<MediaAnswer> {
  const { cameraId = CAMERA, signal = new AbortController().signal } = options;
  const range = { fromEpochMs, toEpochMs: fromEpochMs + 3000, baseEpochMs: BASE };
  return opened.archive.media(
    { ...range, cameraId, stream: 'main', track: 'video', decodes: 'h264' },
    signal,
  );
}

async function read({ body }: MediaAnswer): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of body ?? []) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** When the pictures of an answer are shown, in ms from the start of the recording. */
function shownMs(bytes: Buffer): { codec: string; times: number[] } {
  const path = join(opened.dataDir, 'answer.mp4');
  writeFileSync(path, bytes);
  const entries = ['-show_entries', 'stream=codec_name:packet=pts_time', '-of', 'json', path];
  const probed = JSON.parse(spawnSync('ffprobe', ['-v', 'error', ...entries], { encoding: 'utf8' }).stdout);
  const decoded = spawnSync('ffmpeg', ['-v', 'warning', '-i', path, '-f', 'null', '-'], { encoding: 'utf8' });
  expect(decoded.stderr).toBe('');
  const packets = probed.packets as Array<{ pts_time: string }>;
  return {
    codec: probed.streams[0].codec_name,
    times: packets.map(({ pts_time }) => Math.round(Number(pts_time) * 1000 + BASE - START)),
  };
}

/** As they are recorded. */
async function recordedMs(fromEpochMs: number, toEpochMs: number): Promise<number[]> {
  const range = { fromEpochMs, toEpochMs, baseEpochMs: BASE };
  const request = { ...range, cameraId: CAMERA, stream: 'main', track: 'video', decodes: 'any' } as const;
  const { times } = shownMs(await read(await opened.archive.media(request, new AbortController().signal)));
  return times.sort((a, b) => a - b);
}

describe('a recording in H.265', () => {
  test('is answered piece by piece as H.264, each picture at the time of its original', async () => {
    const seen: number[] = [];
    for (let at: number | null = START; at !== null; ) {
      const answer: MediaAnswer = await ask(at);
      expect(answer.shows).toBe('converted');
      const bytes = await read(answer);
      // What is still being written has no end yet.
      if (bytes.length === 0) break;
      expect(answer.codecString).toMatch(/^avc1\./);
      const { codec, times } = shownMs(bytes);
      expect(codec).toBe('h264');
      expect(times.length).toBeGreaterThanOrEqual(25);
      seen.push(...times);
      at = answer.nextEpochMs;
    }
    const recorded = await recordedMs(START, START + 20_000);
    expect(seen).toEqual(recorded.slice(0, seen.length));
    expect(seen.length).toBeGreaterThanOrEqual(recorded.length - 75);
  });

  test('is answered from the key frame before the wanted time, the same as before', async () => {
    const first = await read(await ask(START + 3900));
    const [from = 0] = shownMs(first).times;
    expect(from).toBeLessThanOrEqual(3900);
    expect((await read(await ask(START + from))).equals(first)).toBe(true);
  });

  test('what has no end yet is waited for, and then there', async () => {
    const waiting = await ask(START + 9500);
    expect(waiting).toMatchObject({ nextEpochMs: null, shows: 'converted' });
    expect(await read(waiting)).toHaveLength(0);
    camera.main.lost('camera-unreachable', 'The camera does not answer.');
    await until('the segment is closed', async () => (await read(await ask(START + 9500))).length > 0);
    const { times } = shownMs(await read(await ask(START + 9500)));
    expect(times.at(-1)).toBe((await recordedMs(START + 9000, START + 20_000)).at(-1));
  });

  test('of a camera whose sub stream is recorded in H.264, that is shown, and nothing is converted', async () => {
    const answer = await ask(START + 3000, { cameraId: WITH_SUB });
    expect(answer).toMatchObject({ shows: 'sub', codecString: expect.stringMatching(/^avc1\./) });
    const { times } = shownMs(await read(answer));
    expect(times.at(-1)).toBe(5960);
  });

  test('a conversion ends with the last of its readers, and leaves its turn to others', async () => {
    const slow = join(opened.dataDir, 'slow-ffmpeg');
    writeFileSync(slow, '#!/bin/sh\nexec sleep 60\n', { mode: 0o755 });
    const converter = new Converter({
      footage: { open: (segment) => open(join(opened.dataDir, 'recordings', segment.path)) },
      ...{ ffmpegPath: slow, log: silentLogger },
    });
    const range = { fromEpochMs: START, toEpochMs: START + 20_000 };
    const [segment] = new SegmentStore(opened.sql).listSegments({
      cameraId: CAMERA,
      stream: 'main',
      ...range,
    });
    const pieces = planPieces(segment!);
    const left = pieces.map(() => new AbortController());
    const reads = pieces.map((piece, index) => {
      const { signal } = left[index]!;
      return converter.open(piece, signal).read(signal).next();
    });
    const again = new AbortController();
    const second = converter.open(pieces[0]!, again.signal);
    left[0]!.abort(new Error('left'));
    await expect(reads[0]).rejects.toThrow('left');
    expect(second.signal.aborted).toBe(false);
    again.abort(new Error('left'));
    expect(second.signal.aborted).toBe(true);
    for (const one of left) one.abort(new Error('left'));
    await Promise.allSettled(reads);
    for (const read of reads) await expect(read).rejects.toThrow('left');
    const next = new AbortController();
    expect(converter.open(pieces[0]!, next.signal)).not.toBe(second);
    next.abort(new Error('left'));
  });
});
