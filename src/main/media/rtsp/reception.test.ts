import { expect, test } from 'vitest';
import { Reception } from './reception.ts';

const packet = (sequence: number, timestamp: number, ssrc = 7) => ({
  ...{ payloadType: 96, marker: true, payload: Buffer.alloc(0) },
  ...{ sequence: sequence & 0xffff, timestamp, ssrc },
});

test('loss is told of the time since the last report and of all, over the wrap of the counter', () => {
  const reception = new Reception(90_000);
  expect(reception.report(0)).toBeNull();
  for (let index = 0; index < 100; index++)
    if (index % 4 !== 3) reception.packet(packet(65_500 + index, index * 3600), index * 40);
  expect(reception.report(4000)).toMatchObject({
    ...{ ssrc: 7, cumulativeLost: 24, jitter: 0 }, // the last is not known to be missing
    highestSequence: 65_500 + 98,
    fractionLost: Math.floor((24 * 256) / 99),
  });
  for (let index = 100; index < 200; index++)
    reception.packet(packet(65_500 + index, index * 3600), index * 40);
  const later = reception.report(8000);
  expect(later).toMatchObject({ cumulativeLost: 25, fractionLost: Math.floor(256 / 101) });
});

test('jitter is that of pictures, not of their packets; another source begins anew', () => {
  const reception = new Reception(90_000);
  for (let index = 0; index < 400; index++) {
    const atMs = index * 40 + (index % 2) * 10;
    reception.packet(packet(index * 2, index * 3600), atMs);
    reception.packet(packet(index * 2 + 1, index * 3600), atMs + 15);
  }
  expect(reception.report(0)!.jitter).toBeGreaterThan(890);
  expect(reception.report(0)!.jitter).toBeLessThan(910);
  reception.packet(packet(5, 0, 8), 0);
  expect(reception.report(0)).toMatchObject({ ssrc: 8, jitter: 0, cumulativeLost: 0, highestSequence: 5 });
});

test('the last sender report is named, with the time since', () => {
  const reception = new Reception(90_000);
  reception.packet(packet(1, 0), 0);
  const sent = { ssrc: 7, ntpEpochMs: 0, ntpMiddle: 0xabcd, rtpTimestamp: 0, packets: 1, octets: 1 };
  reception.senderReport(sent, 1000);
  expect(reception.report(1500)).toMatchObject({ lastReport: 0xabcd, delaySinceLastReport: 32_768 });
});

test('what was lost and how unevenly it came, since the first packet', () => {
  const reception = new Reception(90_000);
  expect(reception.facts()).toEqual({ jitterMs: 0, received: 0, lost: 0 });
  for (let index = 0; index < 100; index++) {
    if (index % 10 === 5) continue;
    const late = index % 2 === 0 ? 8 : 0;
    reception.packet(packet(65_500 + index, index * 3600), index * 40 + late);
  }
  const { jitterMs, received, lost } = reception.facts();
  expect([received, lost]).toEqual([90, 10]);
  expect(jitterMs).toBeGreaterThan(4);
  expect(jitterMs).toBeLessThan(9);
});
