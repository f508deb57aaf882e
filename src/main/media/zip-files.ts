/** A ZIP of files as a stream, stored and not compressed: videos do not get smaller. Of any size (ZIP64). */
import { createReadStream } from 'node:fs';
import { crc32 } from 'node:zlib';
import { buildDirectory, buildFileHead, buildFileTail, MAX_32, type ZipEntry } from './zip-records.ts';

export interface ZippedFile {
  /** In the ZIP, with `/`. */
  name: string;
  path: string;
  sizeBytes: number;
  modifiedEpochMs: number;
}

/** `limit`: from this size on, ZIP64. Throws when a file cannot be read or has changed since its size was asked for: the ZIP then ends early and is no ZIP. */
export async function* zipFiles(files: readonly ZippedFile[], limit = MAX_32): AsyncGenerator<Buffer> {
  const entries: ZipEntry[] = [];
  let position = 0;
  for (const { name, path, sizeBytes, modifiedEpochMs } of files) {
    const entry: ZipEntry = { name, offset: position, size: sizeBytes, crc: 0, modifiedEpochMs };
    const head = buildFileHead(entry, limit);
    yield head;
    let read = 0;
    for await (const chunk of createReadStream(path, {
      highWaterMark: 1024 * 1024,
    }) as AsyncIterable<Buffer>) {
      entry.crc = crc32(chunk, entry.crc);
      read += chunk.length;
      yield chunk;
    }
    if (read !== sizeBytes) throw new Error(`${name} has changed while it was read`);
    const tail = buildFileTail(entry, limit);
    yield tail;
    entries.push(entry);
    position += head.length + read + tail.length;
  }
  yield buildDirectory(entries, position, limit);
}
