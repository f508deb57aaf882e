/** Streams with several parameter sets: what is recorded decodes without a word of ffmpeg's, and picture by picture as it was sent. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ParameterSets } from '../../src/main/capture/parameter-sets.ts';
import { StreamAssembler } from '../../src/main/capture/stream-assembler.ts';
import type { StreamDescription } from '../../src/main/media/fragment.ts';
import { unescapeNalu } from '../../src/main/media/mp4/bit-reader.ts';
import { h265NaluType } from '../../src/main/media/mp4/h265.ts';
import { isFirstSlice, naluRole, type VideoCodec } from '../../src/main/media/rtsp/nal-payload.ts';
import { parseSdp } from '../../src/main/media/rtsp/sdp.ts';
import { frameHashes } from './recording-fixture.ts';

const hasFfmpeg = spawnSync('ffmpeg', ['-version']).status === 0;
const GROUP = 5;
const FRAMES = 2 * GROUP;
const START = 1_700_000_000_000;
/** Where the number of an SPS without sub layers stands in H.265, and those of a PPS: bits behind the NAL unit's head. */
const SPS_ID_BIT = 16 + 8 + 96;
const PPS_SPS_ID_BIT = 16 + 1;

let folder: string;

describe.skipIf(!hasFfmpeg)('recorded', () => {
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'sets-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('H.264 whose size changes with the number of its sets', () => {
    const units = [...encode('h264', '320x180', 0), ...encode('h264', '640x360', 1)];
    const { streams, hashes } = record('h264', units);
    expect(streams.map(({ description }) => description.video.width)).toEqual([320, 640]);
    expect(hashes).toEqual(sent(units.slice(0, FRAMES)).concat(sent(units.slice(FRAMES))));
  });

  test('H.264 whose session description has another set than the stream', () => {
    const described = encode('h264', '640x360', 0)[0]!;
    const units = encode('h264', '320x180', 1);
    const { streams, hashes } = record('h264', units, described);
    expect(streams.map(({ description }) => description.video.width)).toEqual([320]);
    expect(hashes).toEqual(sent(units));
  });

  test('H.264 that turns from one set to the other at each key frame, both alike', () => {
    const [one, other] = [encode('h264', '320x180', 0), encode('h264', '320x180', 1)];
    const units = [one, other, one, other].flatMap((from) => from.slice(0, GROUP));
    const { streams, hashes } = record('h264', units, [...one[0]!, ...other[0]!]);
    expect(streams).toHaveLength(1);
    expect(hashes).toEqual(sent(units));
  });

  test('H.265 with two SPS in each group', () => {
    const unused = encode('h265', '640x360', 0)[0]!.filter((nalu) => h265NaluType(nalu) === 33);
    const units = encode('h265', '320x180', 0).map((unit) =>
      unit.flatMap((nalu) => {
        if (h265NaluType(nalu) === 33) return [withNumberOne(nalu, SPS_ID_BIT), ...unused];
        return [h265NaluType(nalu) === 34 ? withNumberOne(nalu, PPS_SPS_ID_BIT) : nalu];
      }),
    );
    const { streams, hashes } = record('h265', units);
    expect(streams.map(({ description }) => description.video.width)).toEqual([320]);
    expect(hashes).toEqual(sent(units, 'h265'));
  });
});

/** Access units, each key frame with its sets. */
function encode(codec: VideoCodec, size: string, setId: number): Buffer[][] {
  const source = ['-f', 'lavfi', '-i', `testsrc2=size=${size}:rate=25`, '-frames:v', `${FRAMES}`];
  const keyframes = `keyint=${GROUP}:min-keyint=${GROUP}:scenecut=0:bframes=0`;
  const encoder =
    codec === 'h264'
      ? ['-c:v', 'libx264', '-x264-params', `${keyframes}:sps-id=${setId}`, '-f', 'h264']
      : ['-c:v', 'libx265', '-x265-params', `${keyframes}:repeat-headers=1:log-level=none`, '-f', 'hevc'];
  const args = [
    '-nostdin',
    '-v',
    'error',
    ...source,
    '-pix_fmt',
    'yuv420p',
    '-preset',
    'ultrafast',
    ...encoder,
  ];
  const { stdout, stderr } = spawnSync('ffmpeg', [...args, '-'], { maxBuffer: 64 * 1024 * 1024 });
  expect(stderr.toString()).toBe('');
  const units: Buffer[][] = [];
  let sets: Buffer[] = [];
  for (const nalu of splitAnnexB(stdout)) {
    const isSlice = /slice/.test(naluRole(codec, nalu));
    if (isSlice && isFirstSlice(codec, nalu)) {
      units.push([...sets, nalu]);
      sets = [];
    } else if (isSlice) units.at(-1)!.push(nalu);
    else sets.push(nalu);
  }
  expect(units).toHaveLength(FRAMES);
  return units;
}

function splitAnnexB(bytes: Buffer): Buffer[] {
  const parts: Buffer[] = [];
  const mark = Buffer.of(0, 0, 1);
  for (let at = bytes.indexOf(mark); at >= 0; ) {
    const next = bytes.indexOf(mark, at + 3);
    let end = next < 0 ? bytes.length : next;
    while (bytes[end - 1] === 0) end--;
    parts.push(bytes.subarray(at + 3, end));
    at = next;
  }
  return parts;
}

/** What comes out of the assembler, and the MD5 of every picture, decoded without a warning. */
function record(codec: VideoCodec, units: readonly Buffer[][], described: readonly Buffer[] = []) {
  const sets = described
    .filter((nalu) => naluRole(codec, nalu) === 'parameter-set')
    .map((nalu) => nalu.toString('base64'));
  const format = `m=video 0 RTP/AVP 96\na=fmtp:96 sprop-parameter-sets=${sets.join(',')}\n`;
  const streams: Array<{ description: StreamDescription; data: Buffer[] }> = [];
  const assembler = new StreamAssembler({
    codec,
    parameterSets: new ParameterSets(codec, parseSdp(format).media[0]!),
    sound: null,
    sink: {
      stream: (description) => streams.push({ description, data: [] }),
      fragment: ({ data }) => streams.at(-1)!.data.push(Buffer.from(data)),
    },
    onFrame: () => {},
  });
  for (const [index, nalus] of units.entries()) {
    const keyframe = nalus.some((nalu) => naluRole(codec, nalu) === 'key-slice');
    assembler.video({ nalus, keyframe, timestamp: index * 3600 }, START + index * 40);
  }
  const hashes = streams.flatMap(({ description, data }, index) => {
    const path = join(folder, `recorded${index}.mp4`);
    writeFileSync(path, Buffer.concat([description.initSegment, ...data]));
    return frameHashes(path);
  });
  return { streams, hashes };
}

/** The same of the stream as it was sent. */
function sent(units: readonly Buffer[][], codec: VideoCodec = 'h264'): string[] {
  const path = join(folder, `sent.${codec}`);
  writeFileSync(path, Buffer.concat(units.flat().flatMap((nalu) => [Buffer.of(0, 0, 0, 1), nalu])));
  return frameHashes(path);
}

/** A parameter set in which the number 0 at this bit, of one bit, is 1, of three. */
function withNumberOne(nalu: Buffer, at: number): Buffer {
  const text = [...unescapeNalu(nalu)].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  expect(text[at]).toBe('1');
  const changed = `${text.slice(0, at)}010${text.slice(at + 1)}`.replace(/0+$/, '');
  const bytes = changed.match(/.{1,8}/g)!.map((part) => Number.parseInt(part.padEnd(8, '0'), 2));
  const out: number[] = [];
  for (const byte of bytes) {
    if (byte <= 3 && out.at(-1) === 0 && out.at(-2) === 0) out.push(3);
    out.push(byte);
  }
  return Buffer.from(out);
}
