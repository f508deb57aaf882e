/**
 * The file of a backup: a line that names the format, then salt, nonce, tag and the compressed text, encrypted with AES-256-GCM under a key
 * that scrypt makes of a passphrase. Knows nothing of what stands in it.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { AppError } from '../../shared/errors.ts';
import { deriveKeyOfPassword } from './password.ts';

const HEAD = Buffer.from('threshold-nvr backup 1\n', 'latin1');
const SALT_BYTES = 16;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** What a file may become when it is decompressed. */
const LARGEST_TEXT = 64 * 1024 * 1024;

export async function sealBackup(text: string, passphrase: string): Promise<Buffer> {
  const salt = randomBytes(SALT_BYTES);
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', await deriveKeyOfPassword(passphrase, salt), nonce);
  cipher.setAAD(HEAD);
  const body = Buffer.concat([cipher.update(gzipSync(text)), cipher.final()]);
  return Buffer.concat([HEAD, salt, nonce, cipher.getAuthTag(), body]);
}

/** Throws AppError `invalid-input` for what is no backup, a wrong passphrase, or a file that was changed. */
export async function openBackup(file: Buffer, passphrase: string): Promise<string> {
  if (
    !file.subarray(0, HEAD.length).equals(HEAD) ||
    file.length < HEAD.length + SALT_BYTES + NONCE_BYTES + TAG_BYTES
  )
    throw new AppError('invalid-input', 'This file is no backup of Threshold NVR, or of a newer version.');
  let at = HEAD.length;
  const take = (bytes: number) => {
    at += bytes;
    return file.subarray(at - bytes, at);
  };
  const [salt, nonce, tag] = [take(SALT_BYTES), take(NONCE_BYTES), take(TAG_BYTES)];
  const key = await deriveKeyOfPassword(passphrase, salt);
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
    decipher.setAAD(HEAD);
    decipher.setAuthTag(tag);
    const packed = Buffer.concat([decipher.update(file.subarray(at)), decipher.final()]);
    return gunzipSync(packed, { maxOutputLength: LARGEST_TEXT }).toString('utf8');
  } catch (cause) {
    throw new AppError('invalid-input', 'The passphrase does not fit this file, or the file is damaged.', {
      cause,
    });
  }
}
