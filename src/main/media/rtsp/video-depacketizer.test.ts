import { describe, expect, test } from 'vitest';
import { packAccessUnit, type VideoCodec } from './nal-payload.ts';
import type { RtpPacket } from './rtp.ts';
import { VideoDepacketizer } from './video-depacketizer.ts';

/** A packet as data: timestamp, payload in hex, `m` for the marker, and how many packets are missing before it. */
type Step = [timestamp: number, hex: string, flags?: string, lost?: number];

function feed(codec: VideoCodec, steps: Step[]) {
  const seen: string[] = [];
  const depacketizer = new VideoDepacketizer(codec, (unit) =>
    seen.push(
      `${unit.timestamp}${unit.keyframe ? 'K' : ''} ${unit.nalus.map((nalu) => nalu.toString('hex')).join(' ')}`,
    ),
  );
  for (const [timestamp, hex, flags = '', lost = 0] of steps) {
    const payload = Buffer.from(hex, 'hex');
    depacketizer.push(
      { payloadType: 96, marker: flags === 'm', sequence: 0, timestamp, ssrc: 1, payload },
      lost,
    );
  }
  depacketizer.flush();
  return { seen, counts: depacketizer.counts };
}

const h264: Array<[string, Step[], string[], number]> = [
  [
    'an I picture at a recovery point',
    [
      [1, '06060180'],
      [1, '4188aa', 'm'],
      [2, '419a', 'm'],
    ],
    ['1K 06060180 4188aa', '2 419a'],
    0,
  ],
  [
    'a P picture in a gradual refresh',
    [
      [1, '06060140'],
      [1, '419aaa', 'm'],
    ],
    ['1 06060140 419aaa'],
    0,
  ],
  [
    'single units',
    [
      [1, '6742'],
      [1, '68ce'],
      [1, '6588aa', 'm'],
      [2, '419a', 'm'],
    ],
    ['1K 6742 68ce 6588aa', '2 419a'],
    0,
  ],
  [
    'STAP-A',
    [
      [1, '180002674200026 8ce'.replace(' ', '')],
      [1, '6588', 'm'],
    ],
    ['1K 6742 68ce 6588'],
    0,
  ],
  [
    'FU-A',
    [
      [1, '7c8588aa'],
      [1, '7c05bb'],
      [1, '7c45cc', 'm'],
    ],
    ['1K 6588aabbcc'],
    0,
  ],
  [
    'no marker: the next timestamp ends it',
    [
      [1, '6588'],
      [2, '419a'],
      [3, '419b', 'm'],
    ],
    ['1K 6588', '2 419a', '3 419b'],
    0,
  ],
  [
    'parameter sets ahead, with a marker and a timestamp of their own',
    [
      [1, '6742', 'm'],
      [1, '68ce', 'm'],
      [2, '6588', 'm'],
    ],
    ['2K 6742 68ce 6588'],
    0,
  ],
  [
    'a marker on every slice',
    [
      [1, '419a', 'm'],
      [1, '411a', 'm'],
      [2, '419b', 'm'],
      [2, '411b', 'm'],
      [3, '419c', 'm'],
    ],
    ['1 419a', '2 419b 411b', '3 419c'],
    1,
  ],
  [
    'loss inside a fragment',
    [
      [1, '7c8588'],
      [1, '7c45cc', 'm', 1],
      [2, '419a', 'm'],
    ],
    ['2 419a'],
    1,
  ],
  [
    'loss of a whole unit',
    [
      [1, '6588', 'm'],
      [3, '419a', 'm', 2],
    ],
    ['1K 6588', '3 419a'],
    0,
  ],
  [
    'loss of the first slice',
    [
      [1, '6588', 'm'],
      [2, '411a', 'm', 1],
      [3, '419b', 'm'],
    ],
    ['1K 6588', '3 419b'],
    1,
  ],
  [
    'loss of the end',
    [
      [1, '419a'],
      [2, '419b', 'm', 1],
    ],
    ['2 419b'],
    1,
  ],
  [
    'a fragment without its end',
    [
      [1, '7c8588'],
      [2, '419b', 'm'],
    ],
    ['2 419b'],
    1,
  ],
  [
    'a fragment without its start',
    [
      [1, '7c05bb', 'm'],
      [2, '419b', 'm'],
    ],
    ['2 419b'],
    1,
  ],
  [
    'an aggregate that ends early',
    [
      [1, '1800ff6742', 'm'],
      [2, '419b', 'm'],
    ],
    ['2 419b'],
    1,
  ],
  [
    'an empty packet',
    [
      [1, ''],
      [1, '419a', 'm'],
    ],
    ['1 419a'],
    0,
  ],
  [
    'the timestamp wraps',
    [
      [4_294_967_295, '419a', 'm'],
      [2, '419b', 'm'],
    ],
    ['4294967295 419a', '2 419b'],
    0,
  ],
];

describe.each(h264)('H.264 %s', (_name, steps, expected, damaged) => {
  test('', () => {
    const { seen, counts } = feed('h264', steps);
    expect(seen).toEqual(expected);
    expect(counts.damaged).toBe(damaged);
  });
});

const h265: Array<[string, Step[], string[], number]> = [
  [
    'single units',
    [
      [1, '4001aa'],
      [1, '4201aa'],
      [1, '4401aa'],
      [1, '260180', 'm'],
    ],
    ['1K 4001aa 4201aa 4401aa 260180'],
    0,
  ],
  [
    'AP',
    [
      [1, '6001000340 01aa000342 01bb'.replaceAll(' ', '')],
      [1, '2601af', 'm'],
    ],
    ['1K 4001aa 4201bb 2601af'],
    0,
  ],
  [
    'FU',
    [
      [1, '620193af'],
      [1, '620113bb'],
      [1, '620153cc', 'm'],
      [2, '0201d0', 'm'],
    ],
    ['1K 2601afbbcc', '2 0201d0'],
    0,
  ],
  [
    'loss of the first slice',
    [
      [1, '260180', 'm'],
      [2, '020150', 'm', 1],
      [3, '0201d0', 'm'],
    ],
    ['1K 260180', '3 0201d0'],
    1,
  ],
];

describe.each(h265)('H.265 %s', (_name, steps, expected, damaged) => {
  test('', () => {
    const { seen, counts } = feed('h265', steps);
    expect(seen).toEqual(expected);
    expect(counts.damaged).toBe(damaged);
  });
});

test.each<VideoCodec>(['h264', 'h265'])('%s: what is packed is what is unpacked', (codec) => {
  const nalus = (codec === 'h264' ? ['6742', '68ce', '6588'] : ['4001', '4201', '2601']).map((hex) =>
    Buffer.from(hex, 'hex'),
  );
  const big = Buffer.concat([nalus[2]!, Buffer.alloc(5000, 0xab)]);
  const packed = packAccessUnit(codec, [nalus[0]!, nalus[1]!, big], 1000);
  expect(packed.every(({ payload }) => payload.length <= 1000)).toBe(true);
  expect(packed.filter(({ marker }) => marker)).toHaveLength(1);
  const { seen } = feed(
    codec,
    packed.map(({ payload, marker }) => [7, payload.toString('hex'), marker ? 'm' : '']),
  );
  expect(seen).toEqual([`7K ${[nalus[0]!, nalus[1]!, big].map((nalu) => nalu.toString('hex')).join(' ')}`]);
});

test('a seeded storm of packets breaks nothing and keeps little', () => {
  let seed = 7;
  const random = (below: number) => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    return (seed >>> 8) % below;
  };
  for (const codec of ['h264', 'h265'] as const) {
    let bytes = 0;
    const depacketizer = new VideoDepacketizer(codec, (unit) => {
      bytes += unit.nalus.reduce((sum, nalu) => sum + nalu.length, 0);
    });
    let sent = 0;
    for (let count = 0; count < 20_000; count++) {
      const payload = Buffer.from(Array.from({ length: random(12) }, () => random(256)));
      sent += payload.length;
      const packet: RtpPacket = {
        payloadType: 96,
        marker: random(4) === 0,
        sequence: 0,
        timestamp: random(5),
        ssrc: 1,
        payload,
      };
      depacketizer.push(packet, random(10) === 0 ? 1 : 0);
    }
    expect(bytes).toBeLessThan(sent * 2);
  }
});
