import { expect, it } from 'vitest';
import { DecodeFailures } from './decode-failures.ts';

it('goes further on each time, gives up where no picture is shown, and begins anew once one was', () => {
  const failures = new DecodeFailures();
  const fail = (times: number) => Array.from({ length: times }, () => failures.next(1000));
  expect(fail(5)).toEqual([1500, 3000, 6000, null, null]);
  failures.reset();
  expect(fail(2)).toEqual([1500, 3000]);
});
