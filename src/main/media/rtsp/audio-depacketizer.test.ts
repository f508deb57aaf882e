import { expect, test } from 'vitest';
import { AacDepacketizer, opusSamples, parseAacFormat } from './audio-depacketizer.ts';
import { parseSdp } from './sdp.ts';

function mediaOf(rtpmap: string, fmtp: string) {
  return parseSdp(`m=audio 0 RTP/AVP 97\r\na=rtpmap:97 ${rtpmap}\r\na=fmtp:97 ${fmtp}\r\n`).media[0]!;
}

const hbr = mediaOf(
  'mpeg4-generic/16000/1',
  'streamtype=5;profile-level-id=1;mode=AAC-hbr;sizelength=13;indexlength=3;indexdeltalength=3;config=1408',
);
const bareLatm = mediaOf('MP4A-LATM/48000/1', 'profile-level-id=1;object=2;config=400023103fc0');
const latm = mediaOf('MP4A-LATM/48000/1', 'profile-level-id=1;object=2;cpresent=0;config=400023103fc0');

test.each([
  ['AAC-hbr', hbr, '1408', 1024],
  ['LATM', latm, '1188', 1024],
  ['LATM that does not say where it is', bareLatm, '1188', 1024],
])('the configuration of %s', (_name, media, config, frameSamples) => {
  const format = parseAacFormat(media);
  expect(format?.audioSpecificConfig.toString('hex')).toBe(config);
  expect(format?.frameSamples).toBe(frameSamples);
});

test.each([
  ['without a configuration', mediaOf('mpeg4-generic/16000/1', 'mode=AAC-hbr')],
  ['of another codec', mediaOf('opus/48000/2', 'x=1')],
  ['LATM with its configuration in the stream', mediaOf('MP4A-LATM/48000/1', 'cpresent=1')],
  ['the same, described as well', mediaOf('MP4A-LATM/48000/1', 'cpresent=1;config=400023103fc0')],
  ['LATM without a word', mediaOf('MP4A-LATM/48000/1', 'object=2')],
])('not understood: %s', (_name, media) => {
  expect(parseAacFormat(media)).toBeNull();
});

type Step = [timestamp: number, hex: string, flags?: string, lost?: number];
const cases: Array<[string, typeof hbr, Step[], string[], number]> = [
  ['one unit', hbr, [[5, '00100018aabbcc', 'm']], ['5 aabbcc'], 0],
  ['several units', hbr, [[5, '002000100008aabbcc', 'm']], ['5 aabb', '1029 cc'], 0],
  [
    'a fragmented unit',
    hbr,
    [
      [5, '00100020aabb'],
      [5, '00100020ccdd', 'm'],
    ],
    ['5 aabbccdd'],
    0,
  ],
  [
    'a fragmented unit with a loss',
    hbr,
    [
      [5, '00100028aabb'],
      [5, '00100028dd', 'm', 1],
      [9, '00100008ee', 'm'],
    ],
    ['9 ee'],
    2,
  ],
  ['a head beyond the packet', hbr, [[5, '01000018', 'm']], [], 1],
  ['the timestamp wraps', hbr, [[4_294_967_295, '002000080008aabb', 'm']], ['4294967295 aa', '1023 bb'], 0],
  ['LATM', latm, [[5, '03aabbcc', 'm']], ['5 aabbcc'], 0],
  [
    'LATM in two packets',
    latm,
    [
      [5, '04aabb'],
      [5, 'ccdd', 'm'],
    ],
    ['5 aabbccdd'],
    0,
  ],
];

test.each(cases)('%s', (_name, media, steps, expected, damaged) => {
  const seen: string[] = [];
  const depacketizer = new AacDepacketizer(parseAacFormat(media)!, (unit) =>
    seen.push(`${unit.timestamp} ${unit.data.toString('hex')}`),
  );
  for (const [timestamp, hex, flags = '', lost = 0] of steps)
    depacketizer.push(
      {
        payloadType: 97,
        marker: flags === 'm',
        sequence: 0,
        timestamp,
        ssrc: 1,
        payload: Buffer.from(hex, 'hex'),
      },
      lost,
    );
  expect(seen).toEqual(expected);
  expect(depacketizer.counts.damaged).toBe(damaged);
});

test.each([
  ['CELT, 20 ms', [0xfc], 960],
  ['CELT, 2.5 ms, two frames', [0xe1], 240],
  ['SILK, 60 ms', [0x18], 2880],
  ['hybrid, 10 ms, five frames', [0x63, 0x05], 2400],
  ['more than 120 ms', [0x1b, 0x03], null],
  ['no frames', [0xff, 0x00], null],
  ['nothing', [], null],
])('an Opus packet says how long it sounds: %s', (_, bytes, expected) => {
  expect(opusSamples(Buffer.from(bytes))).toBe(expected);
});
