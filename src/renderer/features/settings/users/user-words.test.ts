import { expect, test } from 'vitest';
import { accountWords } from './user-words.ts';

test.each([
  [
    { role: 'administrator', cameraIds: null, lastSignInEpochMs: null },
    3,
    'Administrator, all cameras, never signed in',
  ],
  [
    { role: 'viewer', cameraIds: ['a'], lastSignInEpochMs: null },
    1,
    'Viewer, 1 of 1 camera, never signed in',
  ],
  [
    { role: 'operator', cameraIds: [], lastSignInEpochMs: null },
    3,
    'Operator, 0 of 3 cameras, never signed in',
  ],
] as const)('an account is said in a line: %o', (account, count, words) => {
  expect(accountWords({ ...account, cameraIds: account.cameraIds && [...account.cameraIds] }, count)).toBe(
    words,
  );
});

test('the time of the last sign-in is said', () => {
  const at = Date.UTC(2026, 1, 3, 12);
  const account = { role: 'viewer', cameraIds: null, lastSignInEpochMs: at } as const;
  expect(accountWords(account, 2, at + 60_000)).toMatch(/^Viewer, all cameras, last signed in .+/);
});
