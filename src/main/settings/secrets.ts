/**
 * Secrets at rest: a random key with which credentials are encrypted (AES-256-GCM) and tokens are digested (HMAC-SHA256).
 * It is in the data folder, readable by its owner alone, or, handed over by the desktop app, in the system's key store.
 * A copied database without the key gives away neither.
 */
import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../shared/errors.ts';
import { isKeyText, KEY_FILE, PROTECTED_KEY_FILE } from '../../shared/key-files.ts';

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
    const text = this.tryOpen(sealed);
    if (text !== null) return text;
    throw new AppError(
      'unavailable',
      'A stored secret cannot be read: it was encrypted with another key than the one of this data folder.',
    );
  }

  /** As `open`; null when the key is another one or the bytes were changed. */
  tryOpen(sealed: Buffer): string | null {
    if (sealed[0] !== FORMAT) return null;
    const nonce = sealed.subarray(1, 1 + NONCE_BYTES);
    const tag = sealed.subarray(1 + NONCE_BYTES, 1 + NONCE_BYTES + TAG_BYTES);
    try {
      const decipher = createDecipheriv('aes-256-gcm', this.sealingKey, nonce, { authTagLength: TAG_BYTES });
      decipher.setAuthTag(tag);
      const body = sealed.subarray(1 + NONCE_BYTES + TAG_BYTES);
      return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8');
    } catch {
      return null;
    }
  }

  /** A keyed digest, hex: tokens are stored and looked up as this. */
  digest(text: string): string {
    return createHmac('sha256', this.digestKey).update(text, 'utf8').digest('hex');
  }
}

/**
 * The box of a data folder, with the key that the desktop app handed over, or that of the file `secrets/key` (mode 0600), made on
 * first use. Throws AppError `unavailable` when the file is no key, or the key is in a system's key store and was not handed over.
 */
export function loadSecretBox(dataDir: string, handedKey: string | null = null): SecretBox {
  if (handedKey !== null) return new SecretBox(parseKey(handedKey));
  const folder = join(dataDir, 'secrets');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, KEY_FILE);
  if (!existsSync(path) && existsSync(join(folder, PROTECTED_KEY_FILE))) {
    throw new AppError(
      'unavailable',
      'The key to the camera passwords in this data folder is in the key store of the desktop app’s user. ' +
        'Start the desktop app once with --key-to-file, and then this again. ' +
        'If that can no longer be, move secrets/key.protected away: the passwords have to be entered again then.',
    );
  }
  try {
    writeFileSync(path, `${randomBytes(KEY_BYTES).toString('hex')}\n`, {
      flag: 'wx',
      mode: 0o600,
      flush: true,
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  if (process.platform !== 'win32') chmodSync(path, 0o600);
  return new SecretBox(parseKey(readFileSync(path, 'utf8').trim()));
}

/** A box with a key that is used once, for tools that need no stored secret: what is stored stays closed to it. */
export function passingSecretBox(): SecretBox {
  return new SecretBox(randomBytes(KEY_BYTES));
}

function parseKey(text: string): Buffer {
  if (isKeyText(text)) return Buffer.from(text, 'hex');
  throw new AppError(
    'unavailable',
    'The key file secrets/key of the data folder is damaged: put back a copy of it.',
  );
}

function deriveKey(key: Buffer, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', key, Buffer.alloc(0), `threshold-nvr ${purpose}`, KEY_BYTES));
}
