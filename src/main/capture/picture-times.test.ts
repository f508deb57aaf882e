import { expect, test } from 'vitest';
import { PictureTimes } from './picture-times.ts';

const RATE = 90_000;

function packet(timestamp: number, sequence: number) {
  return { payloadType: 96, marker: false, sequence, timestamp, ssrc: 1, payload: Buffer.of(sequence) };
}

/** Sends pictures of two packets each; returns the sequence numbers that went on, per packet. */
function send(
  times: PictureTimes,
  pictures: ReadonlyArray<{ timestamp: number; lost?: number }>,
): number[][] {
  return pictures.flatMap(({ timestamp, lost = 0 }, index) =>
    [0, 1].map((part) =>
      times
        .note(packet(timestamp, index * 2 + part), part === 0 ? lost : 0, 1000 + index * 40 + part)
        .map((bytes) => bytes.readUInt16BE(2)),
    ),
  );
}

const at = (index: number) => ({ timestamp: 3_000_000 + index * 3600 });

test('ffmpeg is given whole pictures from the first that has a beginning', () => {
  const times = new PictureTimes(RATE);
  expect(send(times, [at(0), at(1), at(2), at(3)])).toEqual([[], [], [], [], [2, 3, 4], [5], [6], [7]]);
  expect(times.find(0)).toMatchObject({ timestamp: at(1).timestamp, arrivalEpochMs: 1041 });
  expect(times.find(80)).toMatchObject({ timestamp: at(3).timestamp, arrivalEpochMs: 1121 });
});

test('a picture with a lost packet is not the first', () => {
  const times = new PictureTimes(RATE);
  const sent = send(times, [at(0), at(1), { ...at(2), lost: 1 }, at(3), at(4)]);
  expect(sent.slice(0, 8).flat()).toEqual([]);
  expect(sent[8]).toEqual([6, 7, 8]);
  expect(times.find(0)?.timestamp).toBe(at(3).timestamp);
});

test('a time in whole milliseconds finds the exact timestamp, over its wrap too', () => {
  const times = new PictureTimes(RATE);
  const wraps = [0, 1, 2, 3].map((index) => ({ timestamp: (2 ** 32 - 6006 + index * 3003) % 2 ** 32 }));
  send(times, wraps);
  expect(times.find(33)?.timestamp).toBe(0);
  expect(times.find(67)?.timestamp).toBe(3003);
});

test('pictures that share a packet stand where ffmpeg says', () => {
  const times = new PictureTimes(RATE);
  send(times, [at(0), at(1), at(6), at(11)]);
  expect([0, 40, 80, 120, 160, 200].map((ms) => times.find(ms)?.timestamp)).toEqual(
    [1, 2, 3, 4, 5, 6].map((index) => at(index).timestamp),
  );
});

test('pictures may come back in another order; what is long past is forgotten', () => {
  const times = new PictureTimes(RATE);
  send(
    times,
    Array.from({ length: 102 }, (_, index) => at(index)),
  );
  expect(times.find(120)?.timestamp).toBe(at(4).timestamp);
  expect(times.find(80)?.timestamp).toBe(at(3).timestamp);
  expect(times.find(4000)?.timestamp).toBe(at(101).timestamp);
  expect(times.find(0)?.arrivalEpochMs).toBeGreaterThan(1041);
});

test('before it is given anything, no picture is known', () => {
  expect(new PictureTimes(RATE).find(0)).toBeNull();
});
