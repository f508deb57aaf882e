/**
 * The key to stored secrets, kept by the system's key store: on disk there is only what the key store encrypted
 * (`secrets/key.protected`). Where the system has none, the key stays in its file, as it does headless.
 */
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isKeyText, KEY_FILE, PROTECTED_KEY_FILE } from '../../shared/key-files.ts';

export interface KeyStore {
  /** Whether texts are encrypted with something that other programs and users do not have. */
  isAvailable(): Promise<boolean>;
  encrypt(text: string): Promise<Buffer>;
  /** Rejects when it was encrypted by another user or on another machine. */
  decrypt(sealed: Buffer): Promise<string>;
}

export type TakenKey =
  /** 64 hexadecimal digits. */
  | { kind: 'key'; key: string }
  /** The engine reads, or makes, the key file by itself. */
  | { kind: 'key-file' }
  /** There is a protected key, but the key store does not give it back. */
  | { kind: 'lost' };

const KEY_BYTES = 32;

/**
 * The key of a data folder. A key file that is found goes into the key store: it is deleted once what the key store made of it
 * was read back. Throws when the folder cannot be written.
 */
export async function takeKey(dataDir: string, store: KeyStore): Promise<TakenKey> {
  const { plain, sealed, folder } = pathsOf(dataDir);
  if (existsSync(sealed)) {
    const key = await openKey(sealed, store);
    if (key === null) return { kind: 'lost' };
    // An adoption that was cut short between its last two steps.
    if (existsSync(plain) && readFileSync(plain, 'utf8').trim() === key) rmSync(plain);
    return { kind: 'key', key };
  }
  if (!(await store.isAvailable())) return { kind: 'key-file' };
  const key = existsSync(plain) ? readFileSync(plain, 'utf8').trim() : randomBytes(KEY_BYTES).toString('hex');
  // The engine says in words what is wrong with it.
  if (!isKeyText(key)) return { kind: 'key-file' };
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const unfinished = `${sealed}.partial`;
  writeFileSync(unfinished, await store.encrypt(key), { mode: 0o600, flush: true });
  if ((await openKey(unfinished, store)) !== key) {
    rmSync(unfinished);
    return { kind: 'key-file' };
  }
  renameSync(unfinished, sealed);
  rmSync(plain, { force: true });
  return { kind: 'key', key };
}

/** Puts a key that cannot be read aside, never away: the next `takeKey` makes a new one, and stored passwords have to be entered again. */
export function setLostKeyAside(dataDir: string, nowEpochMs: number): void {
  const { sealed } = pathsOf(dataDir);
  renameSync(sealed, `${sealed}.lost-${nowEpochMs}`);
}

/** Moves the key from the key store into its file, for running headless or for a copy that another machine can read. False: it cannot be read. */
export async function moveKeyToFile(dataDir: string, store: KeyStore): Promise<boolean> {
  const { plain, sealed } = pathsOf(dataDir);
  if (!existsSync(sealed)) return existsSync(plain);
  const key = await openKey(sealed, store);
  if (key === null) return false;
  writeFileSync(plain, `${key}\n`, { mode: 0o600, flush: true });
  if (process.platform !== 'win32') chmodSync(plain, 0o600);
  rmSync(sealed);
  return true;
}

async function openKey(path: string, store: KeyStore): Promise<string | null> {
  try {
    const key = await store.decrypt(readFileSync(path));
    return isKeyText(key) ? key : null;
  } catch {
    return null;
  }
}

function pathsOf(dataDir: string) {
  const folder = join(dataDir, 'secrets');
  return { folder, plain: join(folder, KEY_FILE), sealed: join(folder, PROTECTED_KEY_FILE) };
}
