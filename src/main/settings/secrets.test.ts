import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { hashPassword, verifyPassword } from './password.ts';
import { loadSecretBox } from './secrets.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'secrets-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

test('what one start seals the next one opens; every sealing differs', () => {
  const sealed = loadSecretBox(dir).seal('grüß dich');
  const again = loadSecretBox(dir);
  expect(again.open(sealed)).toBe('grüß dich');
  expect(again.seal('grüß dich').equals(sealed)).toBe(false);
  expect(again.digest('x')).toBe(loadSecretBox(dir).digest('x'));
  sealed[sealed.length - 1]! ^= 1;
  expect(() => again.open(sealed)).toThrow('another key');
  expect(() => again.open(Buffer.alloc(3))).toThrow('another key');
});

test.skipIf(process.platform === 'win32')('the key is for its owner alone', () => {
  loadSecretBox(dir);
  expect(statSync(join(dir, 'secrets', 'key')).mode & 0o777).toBe(0o600);
  expect(statSync(join(dir, 'secrets')).mode & 0o077).toBe(0);
});

test('a damaged key is reported and kept', () => {
  loadSecretBox(dir);
  writeFileSync(join(dir, 'secrets', 'key'), 'oops');
  expect(() => loadSecretBox(dir)).toThrow('damaged');
  expect(readFileSync(join(dir, 'secrets', 'key'), 'utf8')).toBe('oops');
});

test('a key that is handed over is used, and leaves no key in the folder', () => {
  const key = 'ab'.repeat(32);
  const sealed = loadSecretBox(dir, key).seal('x');
  expect(loadSecretBox(dir, key).open(sealed)).toBe('x');
  expect(loadSecretBox(dir, 'cd'.repeat(32)).tryOpen(sealed)).toBeNull();
  expect(existsSync(join(dir, 'secrets', 'key'))).toBe(false);
  expect(() => loadSecretBox(dir, 'short')).toThrow('damaged');
});

test('where the key is in a key store, no other one is made in its place', () => {
  mkdirSync(join(dir, 'secrets'));
  writeFileSync(join(dir, 'secrets', 'key.protected'), 'sealed');
  expect(() => loadSecretBox(dir)).toThrow('--key-to-file');
  expect(existsSync(join(dir, 'secrets', 'key'))).toBe(false);
});

test('a password fits its own hash only', async () => {
  const hash = await hashPassword('correct horse battery');
  expect(hash).not.toContain('correct');
  expect(await verifyPassword('correct horse battery', hash)).toBe(true);
  expect(await verifyPassword('correct horse batterx', hash)).toBe(false);
  expect(await verifyPassword('', null)).toBe(false);
  expect(await hashPassword('correct horse battery')).not.toBe(hash);
});
