import { expect, test } from 'vitest';
import { inDataFolder } from './data-folder.ts';

const fail = (code: string) => () => {
  throw Object.assign(new Error('cause'), { code });
};

test.each([
  ['ENOSPC', 'its disk is full. Free some space'],
  ['SQLITE_FULL', 'its disk is full. Free some space'],
  ['SQLITE_IOERR_SHMSIZE', 'its disk is full. Free some space'],
  ['EROFS', 'it cannot be written.'],
  ['SQLITE_READONLY_DIRECTORY', 'it cannot be written.'],
  ['SQLITE_CANTOPEN', 'it cannot be written.'],
  ['SQLITE_IOERR_READ', 'its disk reports errors (cause).'],
  ['SQLITE_CORRUPT', 'its database is damaged.'],
])('%s: %s', (code, words) => {
  expect(() => inDataFolder('/d', fail(code))).toThrow(`The data folder “/d” cannot be used: ${words}`);
});

test('a fault of another kind stays as it is', () => {
  expect(() => inDataFolder('/d', fail('ERR_INVALID_ARG_TYPE'))).toThrow(/^cause$/);
  expect(inDataFolder('/d', () => 5)).toBe(5);
});
