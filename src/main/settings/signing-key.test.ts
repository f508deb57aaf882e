import { createPublicKey, verify } from 'node:crypto';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadSigningKey } from './signing-key.ts';

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'key-'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

test('is made once, for its owner alone, and signs', () => {
  const key = loadSigningKey(dataDir);
  expect(loadSigningKey(dataDir)).toMatchObject({
    ...{ publicKey: key.publicKey, fingerprint: key.fingerprint, installationId: key.installationId },
  });
  const path = join(dataDir, 'secrets', 'signing-key.pem');
  if (process.platform !== 'win32') expect(statSync(path).mode & 0o777).toBe(0o600);
  const message = Buffer.from('what was seen');
  expect(verify(null, message, createPublicKey(key.publicPem), key.sign(message))).toBe(true);
  expect(key.fingerprint).toMatch(/^([0-9a-f]{4} ){7}[0-9a-f]{4}$/);
});

test('another installation has another key; a damaged file is never replaced', () => {
  const other = mkdtempSync(join(tmpdir(), 'key-'));
  expect(loadSigningKey(other).installationId).not.toBe(loadSigningKey(dataDir).installationId);
  rmSync(other, { recursive: true });
  writeFileSync(join(dataDir, 'secrets', 'signing-key.pem'), 'damaged');
  expect(() => loadSigningKey(dataDir)).toThrow('signing-key.pem of the data folder is damaged');
});
