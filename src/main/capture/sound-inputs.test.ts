import { expect, test } from 'vitest';
import { parseSdp } from '../media/rtsp/sdp.ts';
import { encodedFormat, readSoundInput } from './sound-inputs.ts';

const inputOf = (payloadType: number, rtpmap = '') =>
  readSoundInput(
    parseSdp(`m=audio 0 RTP/AVP ${payloadType}\r\n${rtpmap && `a=rtpmap:${payloadType} ${rtpmap}\r\n`}`)
      .media[0]!,
  );

test.each([
  ['G.711 µ-law', 0, '', 'mulaw -ar 8000 -ac 1', [1, 1], 8000, '1588'],
  ['G.711 A-law', 8, '', 'alaw -ar 8000 -ac 1', [1, 1], 8000, '1588'],
  ['G.711 A-law', 97, 'PCMA/16000/2', 'alaw -ar 16000 -ac 2', [2, 1], 16_000, '1410'],
  ['G.711 µ-law', 97, 'pcmu/48000', 'mulaw -ar 48000 -ac 1', [1, 1], 48_000, '1188'],
  ['16-bit PCM', 10, '', 's16be -ar 44100 -ac 2', [4, 1], 44_100, '1210'],
  ['16-bit PCM', 97, 'L16/8000', 's16be -ar 8000 -ac 1', [2, 1], 8000, '1588'],
  ['8-bit PCM', 97, 'L8/16000', 'u8 -ar 16000 -ac 1', [1, 1], 16_000, '1408'],
  ['G.722', 9, '', 'g722', [1, 2], 16_000, '1408'],
  ['G.722', 97, 'G722/16000', 'g722', [1, 2], 16_000, '1408'],
  ['G.726', 2, '', 'g726le -code_size 4', [1, 2], 8000, '1588'],
  ['G.726', 97, 'G726-16/8000', 'g726le -code_size 2', [1, 4], 8000, '1588'],
  ['G.726', 97, 'G726-24/8000', 'g726le -code_size 3', [3, 8], 8000, '1588'],
  ['G.726', 97, 'G726-32/8000/1', 'g726le -code_size 4', [1, 2], 8000, '1588'],
  ['G.726', 97, 'G726-40/8000', 'g726le -code_size 5', [5, 8], 8000, '1588'],
  ['G.726', 97, 'AAL2-G726-32/8000', 'g726 -code_size 4', [1, 2], 8000, '1588'],
] as const)('%s (%i %s) goes to ffmpeg as %s', (name, type, rtpmap, args, [bytes, samples], rate, config) => {
  const input = inputOf(type, rtpmap)!;
  expect(input).toMatchObject({ name, block: { bytes, samples }, sampleRate: rate });
  expect(input.args.join(' ')).toBe(`-f ${args}`);
  const format = encodedFormat(input, 8000);
  expect(format).toMatchObject({ sampleRate: rate, clockRate: 8000 });
  expect(format.config).toEqual({ codec: 'aac', audioSpecificConfig: Buffer.from(config, 'hex') });
});

test.each([
  ['another codec', 'GSM/8000'],
  ['a rate that AAC has not', 'L16/10000'],
  ['six channels', 'L16/48000/6'],
  ['G.726 of another rate', 'G726-32/16000'],
  ['G.726 of another kind', 'G726-48/8000'],
  ['G.722 with a clock of its own', 'G722/44100'],
])('not turned into AAC: %s', (_, rtpmap) => {
  expect(inputOf(97, rtpmap)).toBeNull();
});
