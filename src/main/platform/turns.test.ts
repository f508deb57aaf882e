import { expect, test } from 'vitest';
import { Turns } from './turns.ts';

const limits = { atOnce: 2, waiting: 2, refusal: 'Too many at once.' };

test('so many run, the others follow in order, and more than may wait are refused', async () => {
  const turns = new Turns(limits);
  const begun: number[] = [];
  const ends: Array<() => void> = [];
  const run = (number: number) =>
    turns.run(async () => {
      begun.push(number);
      await new Promise<void>((done) => ends.push(done));
      return number;
    });
  const runs = [run(0), run(1), run(2), run(3)];
  await expect(run(4)).rejects.toThrow('Too many at once.');
  expect(begun).toEqual([0, 1]);
  ends[1]!();
  await runs[1];
  await Promise.resolve();
  expect(begun).toEqual([0, 1, 2]);
  ends[0]!();
  await runs[0];
  await Promise.resolve();
  expect(begun).toEqual([0, 1, 2, 3]);
  ends[2]!();
  ends[3]!();
  expect(await Promise.all(runs)).toEqual([0, 1, 2, 3]);
});

test('one that fails gives its turn back, and one that is no longer wanted never begins', async () => {
  const turns = new Turns({ ...limits, atOnce: 1 });
  let end = () => {};
  const first = turns.run(() => new Promise<void>((_, fail) => (end = () => fail(new Error('failed')))));
  const left = new AbortController();
  let begun = false;
  const second = turns.run(async () => {
    begun = true;
  }, left.signal);
  const third = turns.run(async () => 'third');
  left.abort(new Error('left'));
  await expect(second).rejects.toThrow('left');
  end();
  await expect(first).rejects.toThrow('failed');
  expect(await third).toBe('third');
  expect(begun).toBe(false);
});
