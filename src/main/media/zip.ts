/** Writes a ZIP file entry by entry, stored and not compressed: pictures and videos do not get smaller. Up to 4 GiB. */
import type { FileHandle } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { AppError } from '../../shared/errors.ts';
import { buildDirectory, buildFileHead, buildFileTail, MAX_32, type ZipEntry } from './zip-records.ts';

const MAX_ENTRIES = 0xffff;

/** The caller opens and closes the file. */
export class ZipWriter {
  private readonly file: FileHandle;
  private readonly entries: ZipEntry[] = [];
  private position = 0;

  constructor(file: FileHandle) {
    this.file = file;
  }

  /** Adds a file. Throws AppError `conflict` when the ZIP would become larger than the format allows. */
  async add(name: string, epochMs: number, bytes: AsyncIterable<Buffer> | Iterable<Buffer>): Promise<void> {
    if (this.entries.length >= MAX_ENTRIES)
      throw new AppError('conflict', 'These are more than 65,535 files: too many for one ZIP file.');
    const entry: ZipEntry = { name, offset: this.position, size: 0, crc: 0, modifiedEpochMs: epochMs };
    await this.write(buildFileHead(entry));
    for await (const chunk of bytes) {
      entry.crc = crc32(chunk, entry.crc);
      entry.size += chunk.length;
      await this.write(chunk);
    }
    await this.write(buildFileTail(entry));
    this.entries.push(entry);
  }

  /** Writes the directory; returns the size of the file. */
  async finish(): Promise<number> {
    await this.write(buildDirectory(this.entries, this.position));
    return this.position;
  }

  private async write(bytes: Buffer): Promise<void> {
    if (this.position + bytes.length > MAX_32)
      throw new AppError('conflict', 'This is more than 4 GB: too much for one ZIP file.');
    for (let at = 0; at < bytes.length; )
      at += (await this.file.write(bytes, at, bytes.length - at)).bytesWritten;
    this.position += bytes.length;
  }
}
