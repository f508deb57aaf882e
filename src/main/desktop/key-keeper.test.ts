import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type KeyStore, moveKeyToFile, setLostKeyAside, takeKey } from './key-keeper.ts';

const KEY = '0f'.repeat(32);
let data: string;
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'key-keeper-'));
});
afterEach(() => rmSync(data, { recursive: true, force: true }));

const plain = () => join(data, 'secrets/key');
const sealed = () => join(data, 'secrets/key.protected');

/** As a key store of one user: what another one encrypted is not opened. */
function storeOf(user: string, available = true): KeyStore {
  return {
    isAvailable: async () => available,
    encrypt: async (text) => Buffer.from(`${user}:${Buffer.from(text).toString('base64')}`),
    async decrypt(bytes) {
      const [owner, body] = bytes.toString().split(':');
      if (owner !== user) throw new Error('not yours');
      return Buffer.from(body!, 'base64').toString();
    },
  };
}

function putKeyFile(text = `${KEY}\n`) {
  mkdirSync(join(data, 'secrets'));
  writeFileSync(plain(), text);
}

test('a new folder gets a key that no file shows, the same at every start', async () => {
  const first = await takeKey(data, storeOf('me'));
  expect(first).toEqual(await takeKey(data, storeOf('me')));
  expect(first.kind === 'key' && first.key).toMatch(/^[0-9a-f]{64}$/);
  expect(readdirSync(join(data, 'secrets'))).toEqual(['key.protected']);
  if (process.platform !== 'win32') expect(statSync(sealed()).mode & 0o777).toBe(0o600);
});

test('a key file goes into the key store with what it opens', async () => {
  putKeyFile();
  expect(await takeKey(data, storeOf('me'))).toEqual({ kind: 'key', key: KEY });
  expect(existsSync(plain())).toBe(false);
});

test('an adoption that was cut short is finished, a key file with another key is left alone', async () => {
  putKeyFile();
  await takeKey(data, storeOf('me'));
  writeFileSync(plain(), KEY);
  await takeKey(data, storeOf('me'));
  expect(existsSync(plain())).toBe(false);
  writeFileSync(plain(), 'ab'.repeat(32));
  expect(await takeKey(data, storeOf('me'))).toEqual({ kind: 'key', key: KEY });
  expect(existsSync(plain())).toBe(true);
});

test.each([
  ['there is no key store', storeOf('me', false)],
  ['the key store does not give back what it took', { ...storeOf('me'), decrypt: async () => 'other' }],
])('the key file stays where %s', async (_why, store) => {
  putKeyFile();
  expect(await takeKey(data, store)).toEqual({ kind: 'key-file' });
  expect(readdirSync(join(data, 'secrets'))).toEqual(['key']);
});

test('a damaged key file is left to the engine, which says so', async () => {
  putKeyFile('oops');
  expect(await takeKey(data, storeOf('me'))).toEqual({ kind: 'key-file' });
  expect(readFileSync(plain(), 'utf8')).toBe('oops');
});

test('a key of another user is lost, is set aside only when asked, and can be taken up again', async () => {
  await takeKey(data, storeOf('me'));
  expect(await takeKey(data, storeOf('other'))).toEqual({ kind: 'lost' });
  expect(existsSync(sealed())).toBe(true);
  setLostKeyAside(data, 7);
  expect((await takeKey(data, storeOf('other'))).kind).toBe('key');
  expect(readdirSync(join(data, 'secrets')).sort()).toEqual(['key.protected', 'key.protected.lost-7']);
});

test('the key moves back into its file for running headless', async () => {
  putKeyFile();
  await takeKey(data, storeOf('me'));
  expect(await moveKeyToFile(data, storeOf('other'))).toBe(false);
  expect(await moveKeyToFile(data, storeOf('me'))).toBe(true);
  expect(readFileSync(plain(), 'utf8').trim()).toBe(KEY);
  expect(existsSync(sealed())).toBe(false);
  expect(await moveKeyToFile(data, storeOf('me'))).toBe(true);
});
