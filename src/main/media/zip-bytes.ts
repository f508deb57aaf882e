/** A ZIP of small files from memory, stored and not compressed. */
import { crc32 } from 'node:zlib';
import { buildDirectory, buildFileHead, buildFileTail, type ZipEntry } from './zip-records.ts';

export function zipBytes(
  files: ReadonlyArray<{ name: string; bytes: Buffer }>,
  modifiedEpochMs: number,
): Buffer {
  const parts: Buffer[] = [];
  const entries: ZipEntry[] = [];
  let offset = 0;
  for (const { name, bytes } of files) {
    const entry = { name, offset, size: bytes.length, crc: crc32(bytes), modifiedEpochMs };
    const piece = [buildFileHead(entry), bytes, buildFileTail(entry)];
    parts.push(...piece);
    offset += piece.reduce((sum, { length }) => sum + length, 0);
    entries.push(entry);
  }
  return Buffer.concat([...parts, buildDirectory(entries, offset)]);
}
