/** SHA-256 and Ed25519 without the browser's own cryptography, which some keep from pages that were opened from a disk. */
import { hashes, verify } from '@noble/ed25519';
import { sha256, sha512 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { EvidenceCrypto } from '../shared/evidence-judge.ts';

hashes.sha512 = sha512;

export const crypto: EvidenceCrypto = {
  sha256: (bytes) => bytesToHex(sha256(bytes)),
  verify: (signature, message, publicKey) => {
    try {
      return verify(signature, message, publicKey);
    } catch {
      return false; // no key or no signature at all
    }
  },
};

const PIECE_BYTES = 4 * 1024 * 1024;

/** The digest of a file of any size, piece by piece; `onRead` gets the bytes of each. */
export async function digestFile(file: Blob, onRead: (bytes: number) => void): Promise<string> {
  const hash = sha256.create();
  for (let at = 0; at < file.size; at += PIECE_BYTES) {
    const piece = new Uint8Array(await file.slice(at, at + PIECE_BYTES).arrayBuffer());
    hash.update(piece);
    onRead(piece.length);
  }
  return bytesToHex(hash.digest());
}
