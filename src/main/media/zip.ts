/** Writes a ZIP file entry by entry, stored and not compressed: pictures and videos do not get smaller. Up to 4 GiB. */
import type { FileHandle } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { AppError } from '../../shared/errors.ts';

interface Entry {
  name: Buffer;
  offset: number;
  size: number;
  crc: number;
  stamp: number;
}

const MAX_BYTES = 0xffff_ffff;
const MAX_ENTRIES = 0xffff;
/** Sizes follow the bytes; names are UTF-8. */
const FLAGS = 0x0808;
const VERSION = 20;

/** The caller opens and closes the file. */
export class ZipWriter {
  private readonly file: FileHandle;
  private readonly entries: Entry[] = [];
  private position = 0;

  constructor(file: FileHandle) {
    this.file = file;
  }

  /** Adds a file. Throws AppError `conflict` when the ZIP would become larger than the format allows. */
  async add(name: string, epochMs: number, bytes: AsyncIterable<Buffer> | Iterable<Buffer>): Promise<void> {
    if (this.entries.length >= MAX_ENTRIES)
      throw new AppError('conflict', 'These are more than 65,535 files: too many for one ZIP file.');
    const entry: Entry = {
      name: Buffer.from(name, 'utf8'),
      offset: this.position,
      size: 0,
      crc: 0,
      stamp: dosStamp(epochMs),
    };
    const head = Buffer.alloc(30);
    head.writeUInt32LE(0x0403_4b50, 0);
    head.writeUInt16LE(VERSION, 4);
    head.writeUInt16LE(FLAGS, 6);
    head.writeUInt32LE(entry.stamp, 10);
    head.writeUInt16LE(entry.name.length, 26);
    await this.write(Buffer.concat([head, entry.name]));
    for await (const chunk of bytes) {
      entry.crc = crc32(chunk, entry.crc);
      entry.size += chunk.length;
      await this.write(chunk);
    }
    const tail = Buffer.alloc(16);
    tail.writeUInt32LE(0x0807_4b50, 0);
    tail.writeUInt32LE(entry.crc, 4);
    tail.writeUInt32LE(entry.size, 8);
    tail.writeUInt32LE(entry.size, 12);
    await this.write(tail);
    this.entries.push(entry);
  }

  /** Writes the directory; returns the size of the file. */
  async finish(): Promise<number> {
    const start = this.position;
    for (const entry of this.entries) await this.write(directoryEntry(entry));
    const end = Buffer.alloc(22);
    end.writeUInt32LE(0x0605_4b50, 0);
    end.writeUInt16LE(this.entries.length, 8);
    end.writeUInt16LE(this.entries.length, 10);
    end.writeUInt32LE(this.position - start, 12);
    end.writeUInt32LE(start, 16);
    await this.write(end);
    return this.position;
  }

  private async write(bytes: Buffer): Promise<void> {
    if (this.position + bytes.length > MAX_BYTES)
      throw new AppError('conflict', 'This is more than 4 GB: too much for one ZIP file.');
    for (let at = 0; at < bytes.length; )
      at += (await this.file.write(bytes, at, bytes.length - at)).bytesWritten;
    this.position += bytes.length;
  }
}

function directoryEntry({ name, offset, size, crc, stamp }: Entry): Buffer {
  const head = Buffer.alloc(46);
  head.writeUInt32LE(0x0201_4b50, 0);
  head.writeUInt16LE(VERSION, 4);
  head.writeUInt16LE(VERSION, 6);
  head.writeUInt16LE(FLAGS, 8);
  head.writeUInt32LE(stamp, 12);
  head.writeUInt32LE(crc, 16);
  head.writeUInt32LE(size, 20);
  head.writeUInt32LE(size, 24);
  head.writeUInt16LE(name.length, 28);
  head.writeUInt32LE(offset, 42);
  return Buffer.concat([head, name]);
}

/** MS-DOS time (low half) and date, UTC, from 1980 on. */
function dosStamp(epochMs: number): number {
  const at = new Date(Math.max(epochMs, Date.UTC(1980, 0, 1)));
  const time = (at.getUTCHours() << 11) | (at.getUTCMinutes() << 5) | (at.getUTCSeconds() >> 1);
  const date = ((at.getUTCFullYear() - 1980) << 9) | ((at.getUTCMonth() + 1) << 5) | at.getUTCDate();
  return ((date << 16) | time) >>> 0;
}
