import { describe, expect, test } from 'vitest';
import { withDecodeTime } from '../fragment.ts';
import { buildBox, findBox, readBox, readBoxes } from './boxes.ts';
import { parseOwnFragment } from './fragment-parser.ts';
import { parseH264Sps } from './h264.ts';
import { parseH265Sps } from './h265.ts';
import { parseStreamTracks } from './init-parser.ts';
import { parseSoundConfig } from './init-segment.ts';
import { FragmentMuxer } from './muxer.ts';
import { readOwnFragment } from './own-fragment.ts';
import { FragmentedMp4Splitter } from './splitter.ts';

const hex = (text: string) => Buffer.from(text.replaceAll(/\s/g, ''), 'hex');

/** 1920x1080 (1088 cropped by 8), High, level 4.0, 25 fps in the VUI; made by x264. */
const SPS_1080 = hex('67640028acd940780227e5c05a8080808 0a0000003002000000641e30632c0'.replaceAll(' ', ''));
const PPS = hex('68ebe3cb22c0');
/** 640x480, Constrained Baseline, level 3.0. */
const SPS_480 = hex('6742c01eda0280f684000003000400000300c8 3c58ba80'.replaceAll(' ', ''));
/** 416x238 with pixels of 4:3, Main, level 2.0; made by x265. */
const SPS_H265 = hex(
  '42010101600000030090000003000003003ca00d080f1f5965654a4c2f0e6808000003000800000300c840',
);

test.each([
  ['1080p, cropped', SPS_1080, { width: 1920, height: 1080, codecString: 'avc1.640028' }],
  ['480p, baseline', SPS_480, { width: 640, height: 480, codecString: 'avc1.42c01e' }],
])('H.264: %s', (_name, sps, expected) => {
  expect(parseH264Sps(sps)).toMatchObject(expected);
});

test('H.265: size, profile and tier out of a Main profile set with emulation prevention', () => {
  expect(parseH265Sps(SPS_H265)).toMatchObject({
    codecString: expect.stringMatching(/^hvc1\.1\.6\.L60\.90$/),
    width: 416,
    height: 238,
    pixelAspect: { width: 4, height: 3 },
  });
});

test.each([
  ['1408', { codecString: 'mp4a.40.2', sampleRate: 16000, channels: 1 }],
  ['1190', { codecString: 'mp4a.40.2', sampleRate: 48000, channels: 2 }],
  ['1588', { codecString: 'mp4a.40.2', sampleRate: 8000, channels: 1 }],
  ['1780 5dc0 08'.replaceAll(' ', ''), { codecString: 'mp4a.40.2', sampleRate: 48000, channels: 1 }],
])('AAC configuration %s', (config, expected) => {
  expect(parseSoundConfig({ codec: 'aac', audioSpecificConfig: hex(config) })).toEqual(expected);
});

test.each(['67', '6764', '6764002800'])('a damaged parameter set %s is an error, not a crash', (sps) => {
  expect(
    () => new FragmentMuxer({ codec: 'h264', parameterSets: [hex(sps), PPS], timescale: 90_000 }, null),
  ).toThrow(/damaged/);
});

test.each([
  ['H.264', SPS_1080, parseH264Sps],
  ['H.264 baseline', SPS_480, parseH264Sps],
  ['H.265', SPS_H265, parseH265Sps],
] as const)('%s: whatever bit is wrong, the size is sensible or the set is damaged', (_name, sps, parse) => {
  for (let bit = 8; bit < sps.length * 8; bit++) {
    const wrong = Buffer.from(sps);
    wrong[bit >> 3]! ^= 0x80 >> (bit & 7);
    try {
      const { width, height } = parse(wrong);
      expect(Math.min(width, height), `bit ${bit}`).toBeGreaterThan(0);
      expect(Math.max(width, height), `bit ${bit}`).toBeLessThanOrEqual(16_384);
    } catch (error) {
      expect(String(error), `bit ${bit}`).toMatch(/damaged/);
    }
  }
});

describe('FragmentMuxer', () => {
  const muxer = () =>
    new FragmentMuxer(
      { codec: 'h264', parameterSets: [SPS_1080, PPS], timescale: 90_000 },
      { config: { codec: 'aac', audioSpecificConfig: hex('1408') }, timescale: 16_000 },
    );

  test('describes its stream', () => {
    const { description } = muxer();
    expect(description.video).toEqual({
      codec: 'h264',
      codecString: 'avc1.640028',
      width: 1920,
      height: 1080,
      timescale: 90_000,
    });
    expect(description.audio).toEqual({
      codec: 'aac',
      codecString: 'mp4a.40.2',
      sampleRate: 16_000,
      channels: 1,
      timescale: 16_000,
    });
    expect(parseStreamTracks(description.initSegment)).toMatchObject({
      video: { parameterSets: [SPS_1080, PPS], width: 1920, height: 1080, timescale: 90_000, lengthSize: 4 },
      audio: { config: { codec: 'aac', audioSpecificConfig: hex('1408') }, timescale: 16_000 },
    });
    const avcC = description.videoInit.indexOf('avcC');
    expect(description.videoInit.subarray(avcC + 4, avcC + 12).toString('hex')).toBe(
      `01640028ffe100${SPS_1080.length.toString(16)}`,
    );
  });

  test('a picture is one moof and one mdat, byte for byte', () => {
    const nalus = [hex('09f0'), SPS_1080, PPS, hex('0605aa'), hex('6588cc')];
    const fragment = muxer().video({
      nalus,
      keyframe: true,
      decodeTime: 2 ** 33,
      compositionOffset: -3600,
      duration: 3600,
      captureEpochMs: 7,
    });
    expect(fragment.data.toString('hex')).toBe(
      [
        '00000068 6d6f6f66 00000010 6d666864 00000000 00000001',
        '00000050 74726166 00000010 74666864 00020000 00000001',
        '00000014 74666474 01000000 0000000200000000',
        '00000024 7472756e 01000f01 00000001 00000070 00000e10 0000000e 02000000 fffff1f0',
        '00000016 6d646174 00000003 0605aa 00000003 6588cc',
      ]
        .join('')
        .replaceAll(' ', ''),
    );
    expect(fragment).toMatchObject({
      track: 'video',
      tfdtOffset: 60,
      keyframe: true,
      decodeTime: 2 ** 33,
      duration: 3600,
      captureEpochMs: 7,
    });
    expect(parseOwnFragment(withDecodeTime(fragment, 90)).samples[0]?.decodeTime).toBe(90);
  });

  test('what it writes is read back the same by both readers', () => {
    const made = muxer();
    const picture = made.video({
      nalus: [hex('419a')],
      keyframe: false,
      decodeTime: 3600,
      compositionOffset: 0,
      duration: 1800,
      captureEpochMs: 0,
    });
    const sound = made.audio({ data: hex('deadbeef'), decodeTime: 1024, duration: 1024, captureEpochMs: 0 });
    expect(readOwnFragment(picture.data, 0)).toMatchObject({
      track: 'video',
      keyframe: false,
      decodeTime: 3600,
      duration: 1800,
      dataStart: 112,
      end: 118,
    });
    expect(readOwnFragment(sound.data, 0)).toMatchObject({
      track: 'audio',
      keyframe: true,
      decodeTime: 1024,
      duration: 1024,
      end: sound.data.length,
    });
    expect(parseOwnFragment(sound.data)).toMatchObject({
      trackId: 2,
      samples: [{ size: 4, decodeTime: 1024, duration: 1024 }],
    });
    for (let length = 0; length < picture.data.length; length++)
      expect(readOwnFragment(picture.data.subarray(0, length), 0)).toBe('more');
  });
});

describe('boxes', () => {
  test('sizes of 64 bits, of zero, and nonsense', () => {
    expect(readBox(hex('00000001 6d646174 0000000000000012 aabb'.replaceAll(' ', '')), 0)).toEqual({
      type: 'mdat',
      start: 0,
      bodyStart: 16,
      end: 18,
    });
    expect(readBox(hex('00000000 6d646174 aabb'.replaceAll(' ', '')), 0)?.end).toBe(10);
    expect(readBox(hex('000000'), 0)).toBeNull();
    expect(() => readBox(hex('00000003 6d646174'.replaceAll(' ', '')), 0)).toThrow(/damaged/);
    expect(() => readBoxes(hex('00000020 6d646174'.replaceAll(' ', '')))).toThrow(/damaged/);
  });

  test('are found along a path', () => {
    const bytes = buildBox('moov', buildBox('free'), buildBox('trak', buildBox('tkhd', hex('01'))));
    expect(findBox(bytes, ['moov', 'trak', 'tkhd'])).toMatchObject({ type: 'tkhd', end: bytes.length });
    expect(findBox(bytes, ['moov', 'mdia'])).toBeNull();
  });
});

describe('the splitter', () => {
  const collect = () => {
    const seen = { streams: 0, codecs: [] as string[], times: [] as number[] };
    const splitter = new FragmentedMp4Splitter({
      captureEpochMs: (seconds) => seconds * 1000,
      stream: (description) => {
        seen.streams++;
        seen.codecs.push(description.video.codecString);
      },
      fragment: (fragment) => seen.times.push(fragment.decodeTime),
    });
    return { seen, splitter };
  };
  const source = () =>
    new FragmentMuxer({ codec: 'h264', parameterSets: [SPS_1080, PPS], timescale: 1000 }, null);

  test('takes single bytes', () => {
    const { seen, splitter } = collect();
    const muxer = source();
    const frame = muxer.video({
      nalus: [hex('6588')],
      keyframe: true,
      decodeTime: 5,
      compositionOffset: 0,
      duration: 40,
      captureEpochMs: 0,
    });
    for (const byte of Buffer.concat([muxer.description.initSegment, frame.data]))
      splitter.push(Buffer.from([byte]));
    expect(seen).toMatchObject({ streams: 1, times: [5] });
  });

  test('makes a new description where parameter sets change inside the stream', () => {
    const { seen, splitter } = collect();
    const muxer = source();
    splitter.push(muxer.description.initSegment);
    const frames = [
      [hex('6588')],
      [SPS_1080, PPS, hex('6588')],
      [SPS_480, PPS, hex('6588')],
      [SPS_480, PPS, hex('6588')],
    ];
    for (const [index, nalus] of frames.entries()) {
      // As an encoder that repeats its sets inside the stream would deliver it.
      const plain = muxer.video({
        nalus: [hex('6588')],
        keyframe: true,
        decodeTime: index * 40,
        compositionOffset: 0,
        duration: 40,
        captureEpochMs: 0,
      });
      const payload = Buffer.concat(nalus.flatMap((nalu) => [Buffer.from([0, 0, 0, nalu.length]), nalu]));
      const moof = Buffer.from(plain.data.subarray(0, 104));
      moof.writeUInt32BE(payload.length, 92);
      splitter.push(Buffer.concat([moof, buildBox('mdat', payload)]));
    }
    expect(seen).toEqual({ streams: 2, codecs: ['avc1.640028', 'avc1.42c01e'], times: [0, 40, 80, 120] });
  });

  test('refuses what is no video of ours, and what is damaged', () => {
    const { splitter } = collect();
    const init = Buffer.from(source().description.initSegment);
    init.write('mp4v', init.indexOf('avc1', 40));
    expect(() => splitter.push(init)).toThrow(
      'Only H.264 and H.265 video can be recorded, not the video codec mp4v.',
    );
    expect(() => collect().splitter.push(hex('7fffffff6d646174'))).toThrow(/damaged/);
  });
});
