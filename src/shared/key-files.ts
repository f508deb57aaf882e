/** Where the key to stored secrets lies, below `secrets/` of the data folder: known to the engine and to the desktop shell. */

/** The key itself, for its owner alone: headless, and where the system has no key store. */
export const KEY_FILE = 'key';
/** The key, encrypted by the system's key store; only the desktop app of the same user can read it. */
export const PROTECTED_KEY_FILE = 'key.protected';

/** 32 bytes as hexadecimal digits. */
export function isKeyText(text: string): boolean {
  return /^[0-9a-f]{64}$/i.test(text);
}
