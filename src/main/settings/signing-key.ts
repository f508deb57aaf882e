/** The installation's key: an Ed25519 pair, made once, with which evidence is signed. Its private part never leaves its file. */
import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  hash,
  type KeyObject,
  sign,
} from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../shared/errors.ts';
import { fingerprintOf } from '../../shared/evidence-judge.ts';
import { stableUuid } from '../platform/stable-uuid.ts';

export interface SigningKey {
  /** Of this installation; follows from the key. */
  installationId: string;
  /** 32 bytes, base64. */
  publicKey: string;
  /** The public key as other programs take it (SPKI). */
  publicPem: string;
  /** For people to compare. */
  fingerprint: string;
  /** 64 bytes. */
  sign(message: Uint8Array): Buffer;
}

/** Reads the key of a data folder (`secrets/signing-key.pem`, mode 0600), or makes it on first use. Throws when the file is no such key. */
export function loadSigningKey(dataDir: string): SigningKey {
  const folder = join(dataDir, 'secrets');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, 'signing-key.pem');
  const { privateKey } = generateKeyPairSync('ed25519');
  try {
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' });
    writeFileSync(path, pem, { flag: 'wx', mode: 0o600, flush: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  if (process.platform !== 'win32') chmodSync(path, 0o600);
  return describeKey(parseKey(readFileSync(path, 'utf8')));
}

function parseKey(pem: string): KeyObject {
  try {
    const key = createPrivateKey(pem);
    if (key.asymmetricKeyType !== 'ed25519') throw new Error(`it is of the kind ${key.asymmetricKeyType}`);
    return key;
  } catch (cause) {
    throw new AppError(
      'unavailable',
      'The key file secrets/signing-key.pem of the data folder is damaged: put back a copy of it. Without it, evidence cannot be signed as coming from this installation.',
      { cause },
    );
  }
}

function describeKey(privateKey: KeyObject): SigningKey {
  const publicKey = createPublicKey(privateKey);
  const raw = Buffer.from((publicKey.export({ format: 'jwk' }) as { x: string }).x, 'base64url');
  return {
    installationId: stableUuid('installation', raw.toString('hex')),
    publicKey: raw.toString('base64'),
    publicPem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    fingerprint: fingerprintOf(raw, { sha256: (bytes) => hash('sha256', bytes, 'hex') }),
    sign: (message) => sign(null, message, privateKey),
  };
}
