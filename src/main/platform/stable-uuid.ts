/** Ids that follow from other ids: the same words give the same uuid, always and everywhere. */
import { createHash } from 'node:crypto';

/** A name-based uuid (RFC 9562, version 8) of words; lower case. */
export function stableUuid(...words: readonly string[]): string {
  const bytes = createHash('sha256').update(words.join('\0'), 'utf8').digest().subarray(0, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x80;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
