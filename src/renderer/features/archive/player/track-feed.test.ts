import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { RequestError } from '../../../client/http.ts';
import { type MediaAnswer, TrackFeed } from './track-feed.ts';
import { TooSlowError } from './watched-body.ts';

const UNREACHABLE = new RequestError(0, 'The recorder cannot be reached.');
const HOLE = new Response(null, { status: 404, headers: { 'x-next-epoch-ms': '9000' } });

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A feed whose engine answers as told, and what it tells. */
function start(engine: (count: number, fromEpochMs: number) => MediaAnswer) {
  const told: unknown[][] = [];
  const tell =
    (name: string) =>
    (...args: unknown[]) =>
      void told.push([name, ...args]);
  let asked = 0;
  const feed = new TrackFeed({
    load: async ({ fromEpochMs }) => engine(asked++, fromEpochMs),
    ...{ baseEpochMs: 0, playheadEpochMs: () => 0, aheadMs: () => 1, isSeeking: () => false },
    events: {
      ...{ init: () => null, frames: () => {}, progress: () => {} },
      ...{ hole: tell('hole'), unreachable: tell('unreachable'), failed: tell('failed') },
    },
  });
  feed.restart(1000);
  return { feed, told, count: () => asked };
}

function thrower(error: Error): never {
  throw error;
}

it('asks a recorder that cannot be reached until it answers, and says both', async () => {
  let isThere = false;
  const { feed, told, count } = start((_, from) => (isThere && from < 9000 ? HOLE : thrower(UNREACHABLE)));
  await vi.advanceTimersByTimeAsync(120_000);
  expect(told).toEqual(Array(count()).fill(['unreachable', UNREACHABLE.message]));
  // At most some seconds apart.
  expect(count()).toBeGreaterThan(30);
  expect(count()).toBeLessThan(40);
  told.length = 0;
  isThere = true;
  await vi.advanceTimersByTimeAsync(4000);
  expect(told.slice(0, 2)).toEqual([
    ['unreachable', null],
    ['hole', 1000, 9000],
  ]);
  await feed.stop();
});

it.each([
  [new RequestError(500, 'The disk is gone.'), 4],
  [new RequestError(401, 'You are signed out.'), 1],
])('gives up where the recorder says what is wrong: %s', async (problem, times) => {
  const { feed, told, count } = start(() => thrower(problem));
  await vi.advanceTimersByTimeAsync(60_000);
  expect(told).toEqual([['failed', problem.message]]);
  expect(count()).toBe(times);
  await feed.stop();
});

it('asks again at once where an answer came too slowly, and tries a few times where it breaks off', async () => {
  const ending = (error: Error): MediaAnswer =>
    new Response(
      new ReadableStream({
        start: (controller) => controller.error(error),
      }),
    );
  const { feed, told, count } = start((index) =>
    index < 20 ? ending(new TooSlowError()) : ending(new TypeError('network error')),
  );
  await vi.advanceTimersByTimeAsync(1);
  expect(count()).toBe(21);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(count()).toBe(24);
  expect(told).toEqual([['failed', expect.stringMatching(/^The connection broke off/)]]);
  await feed.stop();
});
