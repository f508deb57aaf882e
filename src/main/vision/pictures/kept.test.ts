import { expect, test } from 'vitest';
import { KeptPictures } from './kept.ts';
import type { Picture } from './picture.ts';

const picture = (atMs: number, bytes = 10): Picture => ({
  ...{ atMs, width: 1, height: 1 },
  data: new Uint8Array(bytes),
});

function keep(times: readonly number[], mostBytes = 1_000_000) {
  const released: number[] = [];
  const kept = new KeptPictures({ keepMs: 4000, mostBytes, release: ({ atMs }) => released.push(atMs) });
  for (const atMs of times) {
    kept.add(picture(atMs));
    kept.forget();
  }
  return { kept, released };
}

const every = (stepMs: number, untilMs: number) =>
  Array.from({ length: untilMs / stepMs + 1 }, (_, i) => i * stepMs);

test.each([40, 100, 200, 1000, 2000])('with one every %d ms the last 4 s are kept, no more', (stepMs) => {
  const { kept, released } = keep(every(stepMs, 20_000));
  for (let atMs = 16_000; atMs <= 20_000; atMs += stepMs) expect(kept.nearest(atMs)?.atMs).toBe(atMs);
  expect(released).toEqual(every(stepMs, 16_000 - stepMs));
});

test('no more bytes than asked for, but always the newest', () => {
  expect(keep([0, 200, 400, 600], 25).released).toEqual([0, 200]);
  expect(keep([0, 200], 1).released).toEqual([0]);
});

test('what is further off than what is kept is no picture of that moment', () => {
  const { kept } = keep([10_000, 10_200]);
  expect(kept.nearest(10_090)?.atMs).toBe(10_000);
  expect(kept.nearest(6_000)?.atMs).toBe(10_000);
  expect(kept.nearest(5_900)).toBeNull();
});

test('after the clock was set back the pictures from before it go', () => {
  expect(keep([50_000, 50_200, 1000]).released).toEqual([50_200, 50_000]);
});
