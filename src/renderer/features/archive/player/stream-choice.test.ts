import { expect, it } from 'vitest';
import { StreamChoice } from './stream-choice.ts';

const MINUTE_MS = 60_000;

it('goes to the sub stream when the connection does not keep up, and tries the main stream again', () => {
  const choice = new StreamChoice();
  expect(choice.at(0)).toBe('main');
  choice.noteMain(10_000, 9500, 1, 1000);
  expect(choice.at(1000)).toBe('main');
  choice.noteMain(10_000, 9500, 1, 2000);
  expect(choice.at(2000)).toBe('sub');
  expect(choice.at(61_000)).toBe('sub');
  expect(choice.at(62_000)).toBe('main');
  choice.noteMain(10_000, 12_000, 1, 63_000);
  expect(choice.at(63_000)).toBe('sub');
});

it('stays with the main stream after one slow piece, for short pieces, and where no sub stream is recorded', () => {
  const choice = new StreamChoice();
  choice.noteMain(10_000, 9500, 1, 0);
  choice.noteMain(10_000, 500, 1, 0);
  choice.noteMain(10_000, 9500, 1, 0);
  for (let i = 0; i < 5; i++) choice.noteMain(500, 900, 1, 0);
  expect(choice.at(0)).toBe('main');
  choice.noteMain(10_000, 9500, 1, 0);
  choice.noteNoSub();
  expect(choice.at(0)).toBe('main');
});

it('asks more of the connection when it plays faster', () => {
  const choice = new StreamChoice();
  for (let i = 0; i < 2; i++) choice.noteMain(10_000, 3000, 4, 0);
  expect(choice.at(0)).toBe('sub');
});

it.each([
  ['nothing after two seconds', 0, 2000, 1, true],
  ['nothing after less', 0, 1900, 1, false],
  ['a tenth', 210, 2100, 1, true],
  ['three quarters, which may be the key frame', 1500, 2000, 1, false],
  ['three quarters for longer', 4500, 6000, 1, true],
  ['as fast as time', 6000, 6000, 1, false],
  ['as fast as time, played four times as fast', 6000, 6000, 4, true],
  ['as fast as time, played slowly', 6000, 6000, 0.25, false],
])('judges a piece while it comes: %s', (_, footageMs, waitedMs, rate, slow) => {
  expect(new StreamChoice().isTooSlow({ footageMs, waitedMs }, rate)).toBe(slow);
});

it('counts pieces that were given up, until one came fast', () => {
  const choice = new StreamChoice();
  const giveUp = () => choice.noteGivenUp({ footageMs: 50, waitedMs: 700 }, 1, 0);
  giveUp();
  giveUp();
  expect(choice.isTooSlow({ footageMs: 50, waitedMs: 700 }, 1)).toBe(true);
  choice.noteMain(1000, 100, 1, 0);
  giveUp();
  giveUp();
  expect(choice.at(0)).toBe('main');
  giveUp();
  expect(choice.at(0)).toBe('sub');
});

it('tries the main stream less and less often while that fails, by a short piece', () => {
  const choice = new StreamChoice();
  choice.takeSub(0);
  let now = 0;
  for (const minutes of [1, 2, 4, 8, 10, 10]) {
    expect(choice.at(now + minutes * MINUTE_MS - 1)).toBe('sub');
    now += minutes * MINUTE_MS;
    expect(choice.at(now)).toBe('main');
    expect(choice.isTrying).toBe(true);
    choice.takeSub(now);
    expect(choice.isTrying).toBe(false);
  }
  now += 10 * MINUTE_MS;
  expect(choice.at(now)).toBe('main');
  choice.noteMain(4000, 1000, 1, now);
  expect(choice.isTrying).toBe(false);
  // What was fast for long and becomes slow begins anew.
  choice.takeSub(now + 5 * MINUTE_MS);
  expect(choice.at(now + 6 * MINUTE_MS)).toBe('main');
});
