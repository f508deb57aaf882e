import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { onSignedOut, type RequestError } from '../../client/http.ts';
import { mediaLoader, type Shown } from './media-loader.ts';
import { TooSlowError } from './player/watched-body.ts';

interface Asked {
  stream: string | null;
  fromEpochMs: number;
  toEpochMs: number;
}
type Body = ReadableStream<Uint8Array<ArrayBuffer>>;

const NOBODY = new AbortController().signal;
const RANGE = { fromEpochMs: 1000, toEpochMs: 11_000 };

let asked: Asked[];
let engine: (asked: Asked) => Response;
let shown: Shown[];

beforeEach(() => {
  vi.useFakeTimers();
  [asked, shown] = [[], []];
  vi.stubGlobal('fetch', async (url: string, { signal }: RequestInit) => {
    signal?.throwIfAborted();
    const query = new URL(url, 'http://x').searchParams;
    const one = {
      stream: query.get('stream'),
      fromEpochMs: Number(query.get('fromEpochMs')),
      toEpochMs: Number(query.get('toEpochMs')),
    };
    asked.push(one);
    return engine(one);
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const answer = (body: Body | string | null, headers: Record<string, string>) =>
  new Response(body, { status: body === null ? 404 : 200, headers });
const whole = (one: Asked, shows = one.stream ?? '') =>
  answer('pictures', { 'x-next-epoch-ms': `${one.toEpochMs}`, 'x-shows': shows });
const nothing = (next = '') => answer(null, { 'x-next-epoch-ms': next });
/** Never ends by itself. */
const stalling = (one: Asked, headers: Record<string, string> = {}) =>
  answer(new ReadableStream(), {
    ...{ 'x-next-epoch-ms': `${one.toEpochMs}`, 'x-shows': 'main' },
    ...headers,
  });
const streams = () => asked.map(({ stream }) => stream);
const loader = () => mediaLoader('door', { onShown: (one) => shown.push(one) });
const readAll = async (body: Body | null) => new Response(body).text();

describe('media loader', () => {
  it('gives up a piece of the main stream that hardly comes, and goes on with the sub stream', async () => {
    engine = (one) => (one.stream === 'main' ? stalling(one) : whole(one));
    const load = loader();
    const { body } = await load('video', 0, RANGE, NOBODY);
    const read = readAll(body).catch((thrown: unknown) => thrown);
    await vi.advanceTimersByTimeAsync(1900);
    expect(streams()).toEqual(['main']);
    await vi.advanceTimersByTimeAsync(400);
    expect(await read).toBeInstanceOf(TooSlowError);
    await load('video', 0, RANGE, NOBODY);
    expect(streams()).toEqual(['main', 'sub', 'sub']);
    expect(asked[2]).toMatchObject(RANGE);
    expect(shown.at(-1)).toEqual({ rendition: 'sub', why: 'connection' });
  });

  it('reads the main stream to its end where no sub stream is recorded', async () => {
    let end = () => {};
    const slow: Body = new ReadableStream({
      start: (controller) => {
        end = () => controller.close();
      },
    });
    engine = (one) => (one.stream === 'main' ? answer(slow, { 'x-next-epoch-ms': '11000' }) : nothing());
    const { body } = await loader()('video', 0, RANGE, NOBODY);
    const read = readAll(body);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(streams()).toEqual(['main', 'sub']);
    end();
    expect(await read).toBe('');
  });

  it.each([
    ['at the newest picture', { 'x-next-epoch-ms': '' }],
    ['what is converted', { 'x-shows': 'converted' }],
  ])('does not take for a slow connection: %s', async (_, headers) => {
    engine = (one) => stalling(one, headers);
    const { body } = await loader()('video', 0, RANGE, NOBODY);
    void readAll(body).catch(() => {});
    await vi.advanceTimersByTimeAsync(30_000);
    expect(streams()).toEqual(['main']);
  });

  async function onSub() {
    const load = loader();
    engine = (one) => (one.stream === 'main' ? stalling(one) : whole(one));
    const { body } = await load('video', 0, RANGE, NOBODY);
    const read = readAll(body).catch(() => {});
    await vi.advanceTimersByTimeAsync(2500);
    await read;
    asked.length = 0;
    return load;
  }

  it.each([
    ['where nothing is recorded', () => nothing('60000')],
    [
      'where only the sub stream has a gap',
      (one: Asked) => (one.stream === 'sub' ? nothing('60000') : whole(one)),
    ],
    [
      'where the sub stream is a little behind at the newest picture',
      (one: Asked) => (one.stream === 'sub' ? nothing() : answer('', { 'x-next-epoch-ms': '1500' })),
    ],
  ])('stays with the sub stream %s', async (_, gap) => {
    const load = await onSub();
    engine = gap;
    await load('video', 0, RANGE, NOBODY);
    engine = whole;
    await load('video', 0, RANGE, NOBODY);
    expect(streams()).toEqual(['sub', 'main', 'sub']);
  });

  it('goes back to the main stream where the sub stream is not recorded', async () => {
    const load = await onSub();
    engine = (one) => (one.stream === 'sub' ? nothing() : whole(one));
    await load('video', 0, RANGE, NOBODY);
    await load('video', 0, RANGE, NOBODY);
    expect(streams()).toEqual(['sub', 'main', 'main']);
  });

  it('tries the main stream with a short piece after a minute', async () => {
    const load = await onSub();
    await vi.advanceTimersByTimeAsync(61_000);
    engine = (one) => (one.stream === 'main' ? stalling(one) : whole(one));
    const { body } = await load('video', 0, RANGE, NOBODY);
    const read = readAll(body).catch(() => {});
    expect(asked).toEqual([{ stream: 'main', fromEpochMs: 1000, toEpochMs: 5000 }]);
    await vi.advanceTimersByTimeAsync(2500);
    await read;
    await vi.advanceTimersByTimeAsync(100_000);
    await load('video', 0, RANGE, NOBODY);
    expect(streams()).toEqual(['main', 'sub', 'sub']);
  });

  it('counts what a seek has ended', async () => {
    const load = loader();
    for (let seek = 0; seek < 3; seek++) {
      const aborter = new AbortController();
      engine = (one) =>
        answer(
          new ReadableStream({
            start: (controller) =>
              aborter.signal.addEventListener('abort', () => controller.error(new Error('aborted'))),
          }),
          { 'x-next-epoch-ms': `${one.toEpochMs}`, 'x-shows': 'main' },
        );
      const { body } = await load('video', 0, RANGE, aborter.signal);
      const read = readAll(body).catch(() => {});
      await vi.advanceTimersByTimeAsync(700);
      aborter.abort();
      await read;
    }
    engine = whole;
    await load('video', 0, RANGE, NOBODY);
    expect(streams()).toEqual(['main', 'main', 'main', 'sub']);
  });

  it('says in words what went wrong, and signs out where the session has ended', async () => {
    const signedOut = vi.fn();
    const stop = onSignedOut(signedOut);
    const problem = async () =>
      loader()('video', 0, RANGE, NOBODY).catch((thrown: unknown) => thrown as RequestError);
    engine = () => {
      throw new TypeError('Failed to fetch');
    };
    expect(await problem()).toMatchObject({
      status: 0,
      message: expect.stringMatching(/^The recorder cannot be reached/),
    });
    expect(signedOut).not.toHaveBeenCalled();
    engine = () => new Response('', { status: 401 });
    expect(await problem()).toMatchObject({ status: 401, message: 'You are signed out.' });
    expect(signedOut).toHaveBeenCalledOnce();
    engine = () => Response.json({ kind: 'unavailable', message: 'The disk is gone.' }, { status: 503 });
    expect(await problem()).toMatchObject({ status: 503, message: 'The disk is gone.' });
    stop();
  });
});
