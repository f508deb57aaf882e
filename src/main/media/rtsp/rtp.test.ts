import { expect, test } from 'vitest';
import { ReorderBuffer } from './reorder.ts';
import {
  buildReceiverReport,
  buildRtp,
  buildSenderReport,
  parseRtcp,
  parseRtp,
  type RtpPacket,
  Unwrapper,
} from './rtp.ts';

const packet = (sequence: number, ssrc = 5): RtpPacket => ({
  payloadType: 96,
  marker: false,
  sequence,
  timestamp: 1,
  ssrc,
  payload: Buffer.from([1]),
});

test.each([
  [
    'plain',
    '80e0000100000002000000030a0b',
    { marker: true, payloadType: 96, sequence: 1, timestamp: 2, ssrc: 3, payload: '0a0b' },
  ],
  [
    'with padding',
    'a060ffffffffffff000000030a0b0002',
    { marker: false, payloadType: 96, sequence: 65_535, timestamp: 4_294_967_295, ssrc: 3, payload: '0a0b' },
  ],
  [
    'with a contributing source',
    '8160000100000002000000030000000907',
    { marker: false, payloadType: 96, sequence: 1, timestamp: 2, ssrc: 3, payload: '07' },
  ],
  [
    'with an extension',
    '906000010000000200000003bede0001112233440708',
    { marker: false, payloadType: 96, sequence: 1, timestamp: 2, ssrc: 3, payload: '0708' },
  ],
])('an RTP packet %s', (_name, hex, expected) => {
  const parsed = parseRtp(Buffer.from(hex, 'hex'));
  expect(parsed && { ...parsed, payload: parsed.payload.toString('hex') }).toEqual(expected);
});

test.each([
  ['too short', '80600001000000020000'],
  ['of another version', '406000010000000200000003'],
  ['with an extension beyond its end', '906000010000000200000003bede0009'],
  ['with more padding than packet', 'a060000100000002000000030a0b00ff'],
])('no RTP packet: %s', (_name, hex) => {
  expect(parseRtp(Buffer.from(hex, 'hex'))).toBeNull();
});

test('what is built is what is parsed', () => {
  const built = buildRtp({ ...packet(65_536 + 7), timestamp: 2 ** 32 + 9, marker: true });
  expect(parseRtp(built)).toEqual({ ...packet(7), timestamp: 9, marker: true });
});

test('sender report there and back, with a goodbye behind it', () => {
  const report = { ssrc: 9, ntpEpochMs: 1_760_000_000_123.5, rtpTimestamp: 77, packets: 3, octets: 400 };
  const goodbye = Buffer.from('81cb000100000009', 'hex');
  const { senderReports, goodbyes } = parseRtcp(Buffer.concat([buildSenderReport(report, 'cam'), goodbye]));
  expect(senderReports[0]).toMatchObject({ ssrc: 9, rtpTimestamp: 77, packets: 3, octets: 400 });
  expect(senderReports[0]?.ntpEpochMs).toBeCloseTo(report.ntpEpochMs, 2);
  expect(goodbyes).toEqual([9]);
});

test('a receiver report is whole words and names its source', () => {
  const report = {
    ssrc: 9,
    fractionLost: 0,
    cumulativeLost: -1,
    highestSequence: 70_000,
    jitter: 3,
    lastReport: 1,
    delaySinceLastReport: 2,
  };
  const bytes = buildReceiverReport(4, [report], 'threshold');
  expect(bytes.length % 4).toBe(0);
  expect(bytes.subarray(0, 12).toString('hex')).toBe('81c900070000000400000009');
});

test.each<[string, 16 | 32, number[], number[]]>([
  ['up over the end', 16, [65_534, 65_535, 0, 1], [65_534, 65_535, 65_536, 65_537]],
  ['back and forth', 16, [65_535, 1, 0], [65_535, 65_537, 65_536]],
  ['32 bits', 32, [4_294_967_000, 704, 4_294_967_001], [4_294_967_000, 4_294_968_000, 4_294_967_001]],
])('a counter is continued: %s', (_name, bits, values, expected) => {
  const unwrapper = new Unwrapper(bits);
  expect(values.map((value) => unwrapper.next(value))).toEqual(expected);
});

test.each<[string, number, number[], string[], { lost: number; late: number }]>([
  ['in order', 8, [1, 2, 3], ['1', '2', '3'], { lost: 0, late: 0 }],
  ['swapped', 8, [1, 3, 2, 4], ['1', '2', '3', '4'], { lost: 0, late: 0 }],
  ['over the wrap', 8, [65_535, 1, 0, 2], ['65535', '0', '1', '2'], { lost: 0, late: 0 }],
  ['a hole that is never filled', 2, [1, 3, 4, 5, 6], ['1', '3+1', '4', '5', '6'], { lost: 1, late: 0 }],
  ['twice the same', 8, [1, 2, 2, 3], ['1', '2', '3'], { lost: 0, late: 1 }],
  ['over TCP nothing waits', 0, [1, 3, 4], ['1', '3+1', '4'], { lost: 1, late: 0 }],
  ['the camera counts anew', 8, [60_000, 5, 6], ['60000', '5+1', '6'], { lost: 1, late: 0 }],
])('reordering: %s', (_name, maxHeld, sequences, expected, counts) => {
  const seen: string[] = [];
  const buffer = new ReorderBuffer({
    maxHeld,
    maxWaitMs: 50,
    monotonicMs: () => 0,
    deliver: ({ sequence }, lost) => seen.push(lost > 0 ? `${sequence}+${lost}` : `${sequence}`),
  });
  for (const sequence of sequences) buffer.push(packet(sequence));
  buffer.flush();
  expect(seen).toEqual(expected);
  expect(buffer.counts).toMatchObject(counts);
});

test('a held packet is let go after a while', () => {
  let now = 0;
  const seen: number[] = [];
  const options = { maxHeld: 8, maxWaitMs: 50, monotonicMs: () => now };
  const buffer = new ReorderBuffer({ ...options, deliver: ({ sequence }) => seen.push(sequence) });
  for (const sequence of [1, 3]) buffer.push(packet(sequence));
  buffer.expire();
  expect(seen).toEqual([1]);
  now = 60;
  buffer.expire();
  expect(seen).toEqual([1, 3]);
});
