/**
 * Secrets at rest: a random key in the data folder, readable by its owner alone, with which credentials are encrypted
 * (AES-256-GCM) and tokens are digested (HMAC-SHA256). A copied database without the key file gives away neither.
 */
import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../shared/errors.ts';

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const FORMAT = 1;

export class SecretBox {
  private readonly sealingKey: Buffer;
  private readonly digestKey: Buffer;

  constructor(key: Buffer) {
    this.sealingKey = deriveKey(key, 'seal');
    this.digestKey = deriveKey(key, 'digest');
  }

  /** Encrypts a text; the same text gives other bytes every time. */
  seal(text: string): Buffer {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.sealingKey, nonce);
    const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return Buffer.concat([Buffer.of(FORMAT), nonce, cipher.getAuthTag(), body]);
  }

  /** Decrypts what `seal` made. Throws AppError `unavailable` when the key is another one or the bytes were changed. */
  open(sealed: Buffer): string {
    const nonce = sealed.subarray(1, 1 + NONCE_BYTES);
    const tag = sealed.subarray(1 + NONCE_BYTES, 1 + NONCE_BYTES + TAG_BYTES);
    try {
      if (sealed[0] !== FORMAT) throw new Error('unknown format');
      const decipher = createDecipheriv('aes-256-gcm', this.sealingKey, nonce, { authTagLength: TAG_BYTES });
      decipher.setAuthTag(tag);
      const body = sealed.subarray(1 + NONCE_BYTES + TAG_BYTES);
      return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8');
    } catch (cause) {
      throw new AppError(
        'unavailable',
        'A stored secret cannot be read: the key file of the data folder does not fit.',
        { cause },
      );
    }
  }

  /** A keyed digest, hex: tokens are stored and looked up as this. */
  digest(text: string): string {
    return createHmac('sha256', this.digestKey).update(text, 'utf8').digest('hex');
  }
}

/** Reads the key of a data folder (`secrets/key`, mode 0600), or makes it on first use. Throws when the file is not a key. */
export function loadSecretBox(dataDir: string): SecretBox {
  const folder = join(dataDir, 'secrets');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, 'key');
  try {
    writeFileSync(path, `${randomBytes(KEY_BYTES).toString('hex')}\n`, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  if (process.platform !== 'win32') chmodSync(path, 0o600);
  const text = readFileSync(path, 'utf8').trim();
  if (!/^[0-9a-f]{64}$/i.test(text)) {
    throw new AppError(
      'unavailable',
      'The key file secrets/key of the data folder is damaged: put back a copy of it.',
    );
  }
  return new SecretBox(Buffer.from(text, 'hex'));
}

function deriveKey(key: Buffer, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', key, Buffer.alloc(0), `threshold-nvr ${purpose}`, KEY_BYTES));
}
