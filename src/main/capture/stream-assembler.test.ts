import { expect, test } from 'vitest';
import type { Fragment, StreamDescription } from '../media/fragment.ts';
import { parseSdp } from '../media/rtsp/sdp.ts';
import { ParameterSets } from './parameter-sets.ts';
import { StreamAssembler } from './stream-assembler.ts';

// x264, 64x64 and 128x64, baseline, and their picture parameter sets.
const SPS_SMALL = Buffer.from('6742c00ad90426c044000003000400000300c83c489920', 'hex');
const SPS_WIDE = Buffer.from('6742c00ad90209b011000003000100000300320f122648', 'hex');
// The same with B-frames: main profile.
const SPS_REORDERED = Buffer.from('674d400aeca21360220000030002000003003c1e244b2c', 'hex');
const PPS = Buffer.from('68cb83cb20', 'hex');
const KEY = Buffer.from('6588840a', 'hex');
const OTHER = Buffer.from('419a2211', 'hex');
const START = 1_700_000_000_000;

function assemble(sdpSets: Buffer[] = []) {
  const sets = sdpSets.map((nalu) => nalu.toString('base64')).join(',');
  const media = parseSdp(
    `m=video 0 RTP/AVP 96\na=rtpmap:96 H264/90000\na=fmtp:96 sprop-parameter-sets=${sets}\n`,
  ).media[0]!;
  const descriptions: StreamDescription[] = [];
  const fragments: Fragment[] = [];
  const assembler = new StreamAssembler({
    codec: 'h264',
    parameterSets: new ParameterSets('h264', media),
    sound: {
      config: { codec: 'aac', audioSpecificConfig: Buffer.from([0x14, 0x08]) },
      sampleRate: 16_000,
    },
    sink: { stream: (one) => descriptions.push(one), fragment: (one) => fragments.push(one) },
    onFrame: () => {},
  });
  let frame = 0;
  const send = (count: number, nalus: (index: number) => Buffer[], skewMs = 0) => {
    for (let index = 0; index < count; index++, frame++) {
      const units = nalus(index);
      const timestamp = (4_294_960_000 + (frame * 40 + skewMs) * 90) % 2 ** 32;
      const keyframe = units.some((nalu) => nalu[0] === 0x65);
      assembler.video({ nalus: units, keyframe, timestamp }, START + frame * 40 + 3);
    }
  };
  return { assembler, descriptions, fragments, send };
}

const group = (index: number) => (index % 10 === 0 ? [KEY] : [OTHER]);
const groupWithSets = (sps: Buffer) => (index: number) => (index % 10 === 0 ? [sps, PPS, KEY] : [OTHER]);

test('joins at a key frame and counts from there, over the wrap of the timestamp', () => {
  const { descriptions, fragments, send } = assemble([SPS_SMALL, PPS]);
  send(3, () => [OTHER]);
  send(30, group);
  expect(descriptions).toHaveLength(1);
  expect(descriptions[0]!.video).toMatchObject({ width: 64, height: 64, timescale: 90_000 });
  expect(fragments[0]).toMatchObject({ keyframe: true, decodeTime: 0, captureEpochMs: START + 120 + 3 });
  expect(fragments.map(({ decodeTime }) => decodeTime)).toEqual(fragments.map((_one, at) => at * 3600));
  expect(new Set(fragments.slice(5).map(({ duration }) => duration))).toEqual(new Set([3600]));
});

test('parameter sets in the stream only', () => {
  const { descriptions, fragments, send } = assemble();
  send(12, () => [OTHER]);
  expect(fragments).toHaveLength(0);
  send(20, groupWithSets(SPS_SMALL));
  expect(descriptions).toHaveLength(1);
  expect(fragments).toHaveLength(20);
});

test('other parameter sets in mid-stream make a new description at their key frame', () => {
  const { descriptions, fragments, send } = assemble([SPS_SMALL, PPS]);
  send(20, groupWithSets(SPS_SMALL));
  send(20, groupWithSets(SPS_WIDE));
  expect(descriptions.map(({ video }) => video.width)).toEqual([64, 128]);
  expect(fragments[20]).toMatchObject({ keyframe: true, decodeTime: 0 });
  expect(fragments[20]!.captureEpochMs).toBeCloseTo(START + 20 * 40 + 3, 3);
});

test('a step of the camera clock in mid-group: no seam before the next key frame, a new description there', () => {
  const { descriptions, fragments, send } = assemble([SPS_SMALL, PPS]);
  send(25, group);
  send(25, (index) => group(index + 5), 60_000);
  expect(descriptions).toHaveLength(2);
  const seconds = fragments.slice(1).map((one, at) => one.captureEpochMs - fragments[at]!.captureEpochMs);
  for (const distance of seconds) expect(distance).toBeCloseTo(40, 3);
  const first = fragments.slice(0, 30).map(({ decodeTime }) => decodeTime);
  expect(first).toEqual(first.map((_one, at) => at * 3600));
  expect(fragments[30]).toMatchObject({ keyframe: true, decodeTime: 0 });
});

test('a step with a frame that came late is still one frame long', () => {
  const { assembler, fragments, send } = assemble([SPS_SMALL, PPS]);
  send(25, group);
  const timestamp = (4_294_960_000 + (25 * 40 + 60_000) * 90) % 2 ** 32;
  assembler.video({ nalus: [OTHER], keyframe: false, timestamp }, START + 24 * 40 + 3 + 58);
  expect(fragments[25]!.decodeTime - fragments[24]!.decodeTime).toBe(3600);
});

test('decode times are whole ticks where the frame rate does not divide the clock', () => {
  const { assembler, fragments } = assemble([SPS_REORDERED, PPS]);
  // 13.7 frames a second, two B-frames between references: display order 0 3 1 2 6 4 5 …
  const order = (at: number) => (at === 0 ? 0 : Math.floor((at - 1) / 3) * 3 + [3, 1, 2][(at - 1) % 3]!);
  for (let at = 0; at < 40; at++)
    assembler.video(
      {
        nalus: at === 0 ? [KEY] : [OTHER],
        keyframe: at === 0,
        timestamp: Math.round(order(at) * (90_000 / 13.7)),
      },
      START + at * 73,
    );
  expect(fragments).toHaveLength(40);
  expect(fragments.filter(({ decodeTime }) => !Number.isInteger(decodeTime))).toEqual([]);
});

test('a step while the first frames still wait: only what came after it is used', () => {
  const { descriptions, fragments, send } = assemble([SPS_SMALL, PPS]);
  send(3, group);
  send(20, group, 60_000);
  expect(descriptions).toHaveLength(1);
  expect(fragments[0]).toMatchObject({ keyframe: true, decodeTime: 0, captureEpochMs: START + 3 * 40 + 3 });
  expect(fragments).toHaveLength(20);
});

test('first frames that are held up, then come at once, are stamped by the first that is not', () => {
  const { assembler, fragments } = assemble([SPS_SMALL, PPS]);
  const heldUpUntil = 700;
  for (let index = 0; index < 50; index++) {
    const captureMs = index * 40;
    const arrivalMs = index === 0 ? 380 : Math.max(captureMs + 3, heldUpUntil + index);
    const keyframe = index % 10 === 0;
    assembler.video({ nalus: group(index), keyframe, timestamp: captureMs * 90 }, START + arrivalMs);
  }
  expect(fragments).toHaveLength(50);
  const errors = fragments.map(({ captureEpochMs }, index) => captureEpochMs - START - index * 40);
  expect(Math.max(...errors)).toBeLessThan(25);
});

test('sound lies where it was heard, and what came before the picture is left out', () => {
  const { assembler, fragments, send } = assemble([SPS_SMALL, PPS]);
  send(1, group);
  for (let index = -2; index < 10; index++) {
    // A frame of 64 ms is complete 64 ms after its start, and takes 3 ms.
    const frame = { data: Buffer.from([1, 2]), timestamp: 500_000 + index * 1024, samples: 1024 };
    assembler.sound(frame, START + index * 64 + 64 + 3);
    send(1, () => [OTHER]);
  }
  send(10, group);
  const sound = fragments.filter(({ track }) => track === 'audio');
  expect(sound[0]!.decodeTime).toBe(0);
  expect(sound.map(({ decodeTime }) => decodeTime)).toEqual(sound.map((_one, at) => at * 1024));
  expect(sound[0]!.captureEpochMs).toBeCloseTo(START + 3, 3);
});
