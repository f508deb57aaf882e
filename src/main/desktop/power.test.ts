import { expect, test } from 'vitest';
import { PowerKeeper } from './power.ts';

test('sleep is blocked once while recording, and allowed afterwards', () => {
  const calls: unknown[] = [];
  let next = 0;
  const keeper = new PowerKeeper({
    start: () => {
      calls.push('start');
      return next++;
    },
    stop: (id) => calls.push(['stop', id]),
  });
  for (const wanted of [false, true, true, false, false, true]) keeper.keepAwake(wanted);
  expect(calls).toEqual(['start', ['stop', 0], 'start']);
});
