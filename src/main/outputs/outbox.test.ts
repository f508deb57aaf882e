import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ManualClock } from '../platform/clock.ts';
import { silentLogger } from '../platform/log.ts';
import { closeDatabase, inTransaction, openDatabase, type Sql } from '../store/database.ts';
import { OutboxStore } from '../store/outbox.ts';
import { Outbox } from './outbox.ts';
import type { Answer } from './post.ts';

let sql: Sql;
let clock: ManualClock;
let answers: Array<Answer | Promise<Answer>>;
let sent: Array<{ url: string; body: unknown; atMs: number }>;
let outbox: Outbox;

function make(): Outbox {
  return new Outbox({
    store: new OutboxStore(sql),
    clock,
    log: silentLogger,
    post: async (url, body) => {
      sent.push({ url, body: JSON.parse(body), atMs: clock.monotonicMs() });
      return answers.shift() ?? { status: 200, text: 'ok' };
    },
  });
}

const turn = () => new Promise((done) => setImmediate(() => setImmediate(done)));

beforeEach(() => {
  sql = openDatabase(':memory:');
  clock = new ManualClock();
  answers = [];
  sent = [];
  outbox = make();
  outbox.start();
});

afterEach(async () => {
  await outbox.stop();
  closeDatabase(sql);
});

const post = { kind: 'camio-hook', target: '1', url: 'http://a/', body: { n: 1 } } as const;

test('is tried again after 1, 5 and 25 s, then given up with the last answer', async () => {
  answers = [500, 302, null, 404].map((status) => ({ status, text: `answer ${status}` }));
  const id = outbox.enqueue(post)!;
  for (let second = 0; second < 40; second++) {
    await turn();
    clock.advance(1000);
  }
  expect(sent.map(({ atMs }) => Math.round(atMs / 1000))).toEqual([0, 1, 6, 31]);
  expect(outbox.get(id)).toMatchObject({
    state: 'failed',
    attempts: 4,
    answerStatus: 404,
    answer: 'answer 404',
  });
});

test('what a transaction takes back is not sent, and the same thing is sent once', async () => {
  expect(() =>
    inTransaction(sql, () => {
      outbox.enqueue(post);
      throw new Error('no');
    }),
  ).toThrow('no');
  outbox.enqueue({ ...post, dedupeKey: 'x' });
  expect(outbox.enqueue({ ...post, dedupeKey: 'x' })).toBeNull();
  await vi.waitFor(() => expect(outbox.list({ kind: 'camio-hook', limit: 9 })[0]?.state).toBe('delivered'));
  expect(sent).toHaveLength(1);
});

test('what was under way when the program ended is sent after the next start', async () => {
  let finish: (answer: Answer) => void = () => {};
  answers = [
    new Promise((done) => {
      finish = done;
    }),
  ];
  const id = outbox.enqueue(post)!;
  await vi.waitFor(() => expect(sent).toHaveLength(1));
  const stopped = outbox.stop();
  finish({ status: null, text: 'broken off' });
  await stopped;
  expect(outbox.get(id)).toMatchObject({ state: 'waiting', attempts: 0 });
  outbox = make();
  outbox.start();
  await vi.waitFor(() => expect(outbox.get(id)?.state).toBe('delivered'));
});

test('a host that never answers holds up no other', async () => {
  answers = Array.from({ length: 4 }, () => new Promise<Answer>(() => {}));
  for (let n = 0; n < 300; n++) outbox.enqueue({ ...post, url: 'http://silent/' });
  await vi.waitFor(() => expect(sent).toHaveLength(4));
  outbox.enqueue({ ...post, url: 'http://other/' });
  await vi.waitFor(() => expect(sent.map(({ url }) => url)).toContain('http://other/'));
  outbox = make(); // the four never end: they are left to the process
});
