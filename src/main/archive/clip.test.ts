import { hash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readPlainMp4 } from '../../../tests/fixtures/plain-mp4.ts';
import { readBoxes } from '../media/mp4/boxes.ts';
import { FragmentMuxer } from '../media/mp4/muxer.ts';
import type { SegmentRecord } from '../media/segment.ts';
import { feedPlan, planClip, writeOutlined } from './clip.ts';
import { outlineClip } from './clip-outline.ts';
import type { FootageSource } from './footage.ts';

const VIDEO = 90_000;
const SOUND = 16_000;
const START = Date.UTC(2026, 3, 10, 8);
const folder = mkdtempSync(join(tmpdir(), 'clip-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Frame {
  track: 'video' | 'audio';
  atMs: number;
  bytes: number;
  durationMs: number;
  keyframe?: boolean;
}

/** A segment's file of such frames; `cutBytes` are missing at its end. `datas`: what a clip holds of each frame. */
function record(name: string, startEpochMs: number, frames: readonly Frame[], cutBytes = 0) {
  const muxer = new FragmentMuxer(
    {
      codec: 'h264',
      parameterSets: [
        Buffer.from('6742c01eda0280f684000003000400000300c83c58ba80', 'hex'),
        Buffer.from('68ebe3cb22c0', 'hex'),
      ],
      timescale: VIDEO,
    },
    {
      config: { codec: 'aac', audioSpecificConfig: Buffer.from('1408', 'hex') },
      timescale: SOUND,
    },
  );
  const { initSegment } = muxer.description;
  const keyframes: SegmentRecord['keyframes'] = [];
  const parts = [initSegment];
  let sizeBytes = initSegment.length;
  const datas = frames.map(({ track, atMs, bytes, durationMs, keyframe = false }, index) => {
    const fill = Buffer.alloc(bytes, index + 1);
    const times = (scale: number) => ({
      decodeTime: (atMs * scale) / 1000,
      duration: (durationMs * scale) / 1000,
      captureEpochMs: 0,
    });
    if (keyframe) keyframes.push({ offset: sizeBytes, time: (atMs * VIDEO) / 1000 });
    const nalus = [Buffer.concat([Buffer.of(keyframe ? 0x65 : 0x41), fill])];
    const { data } =
      track === 'video'
        ? muxer.video({ nalus, keyframe, compositionOffset: 0, ...times(VIDEO) })
        : muxer.audio({ data: fill, ...times(SOUND) });
    parts.push(data);
    sizeBytes += data.length;
    return Buffer.from(data.subarray(track === 'video' ? 112 : 104));
  });
  const bytes = Buffer.concat(parts);
  writeFileSync(join(folder, name), bytes.subarray(0, bytes.length - cutBytes));
  const pictures = frames.filter(({ track }) => track === 'video');
  const last = pictures.at(-1) as Frame;
  const segment = {
    ...{ cameraId: 'c', stream: 'main', startEpochMs, durationMs: last.atMs + last.durationMs, sizeBytes },
    ...{ path: name, volumeId: 0, closed: true, videoTimescale: VIDEO, audioTimescale: SOUND },
    ...{ initBytes: initSegment.length, keyframes },
  } as SegmentRecord;
  return { segment, datas };
}

/** 25 pictures a second, a key frame each second, sound every 64 ms. */
function frames(seconds: number, bytes: (index: number) => number): Frame[] {
  const pictures = Array.from({ length: seconds * 25 }, (_, index): Frame => {
    const isKey = index % 25 === 0;
    return { track: 'video', atMs: index * 40, bytes: bytes(index), durationMs: 40, keyframe: isKey };
  });
  const sounds = Array.from({ length: Math.ceil((seconds * 1000) / 64) }, (_, index): Frame => {
    return { track: 'audio', atMs: index * 64, bytes: 300 + index, durationMs: 64 };
  });
  return [...pictures, ...sounds].sort((a, b) => a.atMs - b.atMs);
}

const source = {
  open: ({ path }: { path: string }) => open(join(folder, path), 'r'),
} as Partial<FootageSource> as FootageSource;

function outline(segments: SegmentRecord[], fromMs: number, toMs: number) {
  const range = { fromEpochMs: START + fromMs, toEpochMs: START + toMs };
  return outlineClip(source, { cameraId: 'c', ...range, audio: true }, { segments });
}

test('one pass makes the same clip as two: every frame as it was recorded, over blocks and files', async () => {
  // Frames of 2.5 MB lie in several blocks; the last picture of the second file is not whole.
  const first = record(
    'a.mp4',
    START,
    frames(4, (index) => (index % 30 === 7 ? 2_500_000 : 3000)),
  );
  const second = record(
    'b.mp4',
    START + 4000,
    frames(2, () => 70_000),
    70_000,
  );
  const clip = await outline([first.segment, second.segment], 1500, 6000);
  const [once, twice] = [join(folder, 'once.mp4'), join(folder, 'twice.mp4')];
  const facts = { fromEpochMs: START + 1500, toEpochMs: START + 5960, hasSound: true };
  const passes: number[] = [];
  const options = { onWritten: (bytes: number) => passes.push(bytes), isPassing: true };
  const written = await writeOutlined(source, clip, once, options);
  expect(written).toMatchObject(facts);
  expect(passes.length).toBeGreaterThan(3);
  const hashed = await writeOutlined(source, clip, twice, { hash: true });
  expect(hashed).toMatchObject(facts);
  const [onceBytes, twiceBytes] = [readFileSync(once), readFileSync(twice)];
  expect(written.sizeBytes).toBe(onceBytes.length);
  expect(hashed).toMatchObject({ sizeBytes: twiceBytes.length, sha256: hash('sha256', twiceBytes) });
  expect(readBoxes(onceBytes).map(({ type }) => type)).toEqual(['ftyp', 'moov', 'free', 'mdat']);
  expect(readBoxes(twiceBytes).map(({ type }) => type)).toEqual(['ftyp', 'moov', 'mdat']);

  const [one, two] = [readPlainMp4(onceBytes), readPlainMp4(twiceBytes)];
  expect(one.video.map(({ time }) => time)).toEqual(Array.from({ length: 124 }, (_, index) => index * 3600));
  expect(one.video.flatMap(({ isKey }, index) => (isKey ? [index] : []))).toEqual([0, 25, 50, 75, 100]);
  const isPicture = (data: Buffer) => data.readUInt32BE(0) === data.length - 4;
  const recorded = [...first.datas, ...second.datas.slice(0, -2)].filter(isPicture).slice(25);
  expect(one.video.length).toBe(recorded.length);
  for (const track of ['video', 'audio'] as const) {
    expect(one[track].map(({ time }) => time)).toEqual(two[track].map(({ time }) => time));
    expect(one[track].every(({ data }, index) => data.equals(two[track][index]!.data))).toBe(true);
  }
  expect(one.video.every(({ data }, index) => data.equals(recorded[index]!))).toBe(true);
});

test('what is written slowly stays as it is, however much is passed over after it', async () => {
  const all = Array.from({ length: 150 }, (_, index): Frame => {
    return { track: 'video', atMs: index * 40, bytes: 60_000, durationMs: 40, keyframe: index === 0 };
  });
  const { segment, datas } = record('far.mp4', START, all);
  const plan = await planClip(source, await outline([segment], 0, 1000));
  const written: Buffer[] = [];
  const write = async (bytes: Buffer) => {
    await new Promise((done) => setTimeout(done, 50));
    written.push(Buffer.from(bytes));
  };
  await feedPlan(source, plan, write, {});
  const { video } = readPlainMp4(Buffer.concat(written));
  expect(video.length).toBe(25);
  expect(video.every(({ data }, index) => data.equals(datas[index]!))).toBe(true);
});

test('a moov that needs more room than was kept for it stands at the end', async () => {
  const slow = Array.from({ length: 4 }, (_, index): Frame => {
    const keyframe = index === 0;
    return { track: 'video', atMs: index * 1000, bytes: 300_000, durationMs: 1000, keyframe };
  });
  const quick = Array.from({ length: 4000 }, (_, index): Frame => {
    return { track: 'video', atMs: 4000 + index, bytes: 20 + index, durationMs: 1 };
  });
  const { segment, datas } = record('quick.mp4', START, [...slow, ...quick]);
  const path = join(folder, 'late.mp4');
  await writeOutlined(source, await outline([segment], 0, 10_000), path);
  const bytes = readFileSync(path);
  expect(readBoxes(bytes).map(({ type }) => type)).toEqual(['ftyp', 'free', 'mdat', 'moov']);
  const { video } = readPlainMp4(bytes);
  expect(video.length).toBe(4004);
  expect(video.every(({ data }, index) => data.equals(datas[index]!))).toBe(true);
});

test('says which times are in it: a hole is closed up, a border of segments is none', async () => {
  const parts = [
    [0, 2],
    [2300, 2],
    [8000, 3],
  ].map(([atMs = 0, seconds = 0], index) =>
    record(
      `hole${index}.mp4`,
      START + atMs,
      frames(seconds, () => 100),
    ),
  );
  const clip = await outline(
    parts.map(({ segment }) => segment),
    500,
    10_500,
  );
  const { fromEpochMs, toEpochMs, spans } = await writeOutlined(source, clip, join(folder, 'holes.mp4'));
  expect([fromEpochMs, toEpochMs].map((epochMs) => epochMs - START)).toEqual([500, 10_500]);
  expect(spans.map(({ startEpochMs, endEpochMs }) => [startEpochMs - START, endEpochMs - START])).toEqual([
    [500, 4300],
    [8000, 10_500],
  ]);
});

test('sound ends with the picture', async () => {
  const all = frames(4, () => 100).filter(({ track, atMs }) => track === 'audio' || atMs < 2000);
  const { segment } = record('silent.mp4', START, all);
  const { layout } = await planClip(source, await outline([segment], 0, 4000));
  expect(layout.audio?.tables.endTime).toBeLessThanOrEqual(2.064 * SOUND);
  expect(layout.audio?.edit.durationSeconds).toBeCloseTo(2, 5);
});

test('what is aborted, and what changes under way, leaves no file', async () => {
  const { segment } = record(
    'long.mp4',
    START,
    frames(4, () => 60_000),
  );
  const clip = await outline([segment], 0, 4000);
  const path = join(folder, 'never.mp4');
  const abort = new AbortController();
  const onWritten = () => abort.abort(new Error('cancelled'));
  await expect(writeOutlined(source, clip, path, { signal: abort.signal, onWritten })).rejects.toThrow(
    'cancelled',
  );
  expect(existsSync(path)).toBe(false);
  const gone: FootageSource = { ...source, open: () => Promise.reject(new Error('away')) };
  await expect(writeOutlined(gone, clip, path)).rejects.toThrow('away');
  expect(existsSync(path)).toBe(false);
});
