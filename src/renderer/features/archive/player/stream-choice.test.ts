import { expect, it } from 'vitest';
import { StreamChoice } from './stream-choice.ts';

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
