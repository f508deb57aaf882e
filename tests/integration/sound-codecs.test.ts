/** Sound that ffmpeg turns into AAC: packets as a camera sends them, and what comes out stands where it was heard. */
import { spawnSync } from 'node:child_process';
import { afterEach, expect, test } from 'vitest';
import { SoundEncoder } from '../../src/main/capture/sound-encoder.ts';
import { readSoundInput } from '../../src/main/capture/sound-inputs.ts';
import type { SoundFrame } from '../../src/main/capture/stream-assembler.ts';
import { AAC_RATES } from '../../src/main/media/mp4/init-segment.ts';
import { SampleDepacketizer } from '../../src/main/media/rtsp/audio-depacketizer.ts';
import { parseSdp } from '../../src/main/media/rtsp/sdp.ts';
import { silentLogger } from '../../src/main/platform/log.ts';
import { toneOf } from '../fixtures/tone.ts';
import { until } from './recording-fixture.ts';

const hasFfmpeg = spawnSync('ffmpeg', ['-version']).status === 0;
const SECONDS = 3;
/** ffmpeg takes G.726 by 1020 bytes, half a second at 16 kbit/s, and the encoder holds some frames of 128 ms. */
const LATEST_SECONDS = 1;
const TONE_HZ = 500;
/** Silence, then a tone. */
const TONE_FROM = 1;
/** A packet that does not come, in seconds: filled with silence, so that what follows keeps its place. */
const HOLE_AT = 0.5;
const PACKETS_PER_SECOND = 50;
const FIRST_TIMESTAMP = 2 ** 32 - 4000;

const encoders: SoundEncoder[] = [];
afterEach(async () => {
  await Promise.all(encoders.splice(0).map((encoder) => encoder.stop()));
});

const PCM = (rate: number, channels: number) => ['-ar', `${rate}`, '-ac', `${channels}`];
const G726 = (kilobits: number) => [
  '-c:a',
  'g726le',
  '-b:a',
  `${kilobits}k`,
  '-f',
  'g726le',
  ...PCM(8000, 1),
];

test.skipIf(!hasFfmpeg).each([
  ['G726-16/8000', G726(16)],
  ['G726-24/8000', G726(24)],
  ['G726-32/8000', G726(32)],
  ['G726-40/8000', G726(40)],
  ['AAL2-G726-32/8000', ['-c:a', 'g726', '-b:a', '32k', '-f', 'g726', ...PCM(8000, 1)]],
  ['G722/8000', ['-c:a', 'g722', '-f', 'g722', ...PCM(16_000, 1)]],
  ['L16/44100/2', ['-f', 's16be', ...PCM(44_100, 2)]],
  ['L16/8000', ['-f', 's16be', ...PCM(8000, 1)]],
  ['L8/16000', ['-f', 'u8', ...PCM(16_000, 1)]],
  ['PCMU/16000', ['-f', 'mulaw', ...PCM(16_000, 1)]],
  ['PCMA/8000/2', ['-f', 'alaw', ...PCM(8000, 2)]],
  ['PCMA/8000', ['-f', 'alaw', ...PCM(8000, 1)]],
])('%s', async (rtpmap, coding) => {
  const media = parseSdp(`m=audio 0 RTP/AVP 97\r\na=rtpmap:97 ${rtpmap}\r\n`).media[0]!;
  const input = readSoundInput(media)!;
  const frames: SoundFrame[] = [];
  const encoder = new SoundEncoder({
    ...{ ffmpegPath: 'ffmpeg', input, log: silentLogger },
    onFrame: (frame) => frames.push(frame),
  });
  encoders.push(encoder);
  let wraps = 0;
  const depacketizer = new SampleDepacketizer(({ data, timestamp }) => {
    if (timestamp < FIRST_TIMESTAMP) wraps = 2 ** 32;
    encoder.push(data, ((timestamp + wraps) * input.sampleRate) / media.clockRate);
  });
  const bytes = makeTone(coding);
  const bytesPerPacket = bytes.length / SECONDS / PACKETS_PER_SECOND;
  for (let index = 0; index < SECONDS * PACKETS_PER_SECOND; index++) {
    if (index === HOLE_AT * PACKETS_PER_SECOND) continue;
    const payload = bytes.subarray(
      Math.round(index * bytesPerPacket),
      Math.round((index + 1) * bytesPerPacket),
    );
    const timestamp = (FIRST_TIMESTAMP + (index * media.clockRate) / PACKETS_PER_SECOND) % 2 ** 32;
    depacketizer.push({ payloadType: 97, marker: false, sequence: index, ssrc: 1, timestamp, payload });
  }
  const beganAt = (FIRST_TIMESTAMP * input.sampleRate) / media.clockRate;
  const endOf = ({ timestamp, samples }: SoundFrame) => (timestamp + samples - beganAt) / input.sampleRate;
  await until('nearly all of it', () => endOf(frames.at(-1) ?? noFrame) > SECONDS - LATEST_SECONDS, 10_000);
  for (const [index, { timestamp, samples }] of frames.slice(1).entries()) {
    expect(samples).toBe(1024);
    expect(timestamp - frames[index]!.timestamp).toBe(1024);
  }
  const before = (beganAt - frames[0]!.timestamp) / input.sampleRate;
  const { hz, fromSeconds } = toneOf(toAdts(frames, input), 'aac');
  expect(Math.abs(hz - TONE_HZ)).toBeLessThan(10);
  expect(Math.abs(fromSeconds - before - TONE_FROM)).toBeLessThan(0.02);
});

const noFrame: SoundFrame = { data: Buffer.alloc(0), timestamp: 0, samples: 0 };

function makeTone(coding: readonly string[]): Buffer {
  const tone = `aevalsrc=0.5*sin(2*PI*${TONE_HZ}*t)*gte(t\\,${TONE_FROM}):s=48000`;
  const source = ['-f', 'lavfi', '-i', tone, '-t', `${SECONDS}`];
  const { stdout, stderr } = spawnSync('ffmpeg', ['-nostdin', '-v', 'error', ...source, ...coding, '-']);
  expect(stderr.toString()).toBe('');
  return stdout;
}

/** Frames as a file that ffmpeg reads. */
function toAdts(
  frames: readonly SoundFrame[],
  { sampleRate, channels }: { sampleRate: number; channels: number },
) {
  const rate = AAC_RATES.indexOf(sampleRate);
  const framed = frames.flatMap(({ data }) => {
    const size = data.length + 7;
    const head = [0xff, 0xf1, 0x40 | (rate << 2), (channels << 6) | (size >> 11), (size >> 3) & 0xff];
    return [Buffer.of(...head, ((size & 7) << 5) | 0x1f, 0xfc), data];
  });
  return Buffer.concat(framed);
}
