/** The records of a ZIP file (PKWARE APPNOTE 6.3): stored files whose digest follows their bytes, in ZIP64 where 32 bits do not suffice. */

export interface ZipEntry {
  /** With `/`. */
  name: string;
  /** Of its head in the ZIP. */
  offset: number;
  size: number;
  crc: number;
  modifiedEpochMs: number;
}

export const MAX_32 = 0xffff_ffff;
/** Sizes follow the bytes; names are UTF-8. */
const FLAGS = 0x0808;
const VERSION = 20;
const VERSION_64 = 45;

/** Before the bytes of a file. `limit`: from this size or offset on, ZIP64. */
export function buildFileHead({ name, size, modifiedEpochMs }: ZipEntry, limit = MAX_32): Buffer {
  const isLarge = size >= limit;
  const bytes = Buffer.from(name, 'utf8');
  const extra = isLarge ? zip64Extra([size, size]) : Buffer.alloc(0);
  const head = Buffer.alloc(30);
  head.writeUInt32LE(0x0403_4b50, 0);
  head.writeUInt16LE(isLarge ? VERSION_64 : VERSION, 4);
  head.writeUInt16LE(FLAGS, 6);
  head.writeUInt32LE(dosStamp(modifiedEpochMs), 10);
  if (isLarge) head.fill(0xff, 18, 26);
  head.writeUInt16LE(bytes.length, 26);
  head.writeUInt16LE(extra.length, 28);
  return Buffer.concat([head, bytes, extra]);
}

/** After the bytes of a file. */
export function buildFileTail({ size, crc }: ZipEntry, limit = MAX_32): Buffer {
  const isLarge = size >= limit;
  const tail = Buffer.alloc(isLarge ? 24 : 16);
  tail.writeUInt32LE(0x0807_4b50, 0);
  tail.writeUInt32LE(crc, 4);
  if (isLarge) {
    tail.writeBigUInt64LE(BigInt(size), 8);
    tail.writeBigUInt64LE(BigInt(size), 16);
  } else {
    tail.writeUInt32LE(size, 8);
    tail.writeUInt32LE(size, 12);
  }
  return tail;
}

/** The end of a ZIP whose files take `position` bytes. */
export function buildDirectory(entries: readonly ZipEntry[], position: number, limit = MAX_32): Buffer {
  const directory = Buffer.concat(entries.map((entry) => directoryEntry(entry, limit)));
  const isLarge = position >= limit || directory.length >= limit || entries.length >= 0xffff;
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x0605_4b50, 0);
  end.writeUInt16LE(isLarge ? 0xffff : entries.length, 8);
  end.writeUInt16LE(isLarge ? 0xffff : entries.length, 10);
  end.writeUInt32LE(isLarge ? MAX_32 : directory.length, 12);
  end.writeUInt32LE(isLarge ? MAX_32 : position, 16);
  if (!isLarge) return Buffer.concat([directory, end]);
  const end64 = Buffer.alloc(56);
  end64.writeUInt32LE(0x0606_4b50, 0);
  end64.writeBigUInt64LE(44n, 4);
  end64.writeUInt16LE(VERSION_64, 12);
  end64.writeUInt16LE(VERSION_64, 14);
  end64.writeBigUInt64LE(BigInt(entries.length), 24);
  end64.writeBigUInt64LE(BigInt(entries.length), 32);
  end64.writeBigUInt64LE(BigInt(directory.length), 40);
  end64.writeBigUInt64LE(BigInt(position), 48);
  const locator = Buffer.alloc(20);
  locator.writeUInt32LE(0x0706_4b50, 0);
  locator.writeBigUInt64LE(BigInt(position + directory.length), 8);
  locator.writeUInt32LE(1, 16);
  return Buffer.concat([directory, end64, locator, end]);
}

function directoryEntry({ name, offset, size, crc, modifiedEpochMs }: ZipEntry, limit: number): Buffer {
  const isLarge = size >= limit || offset >= limit;
  const bytes = Buffer.from(name, 'utf8');
  const extra = isLarge ? zip64Extra([size, size, offset]) : Buffer.alloc(0);
  const head = Buffer.alloc(46);
  head.writeUInt32LE(0x0201_4b50, 0);
  head.writeUInt16LE(isLarge ? VERSION_64 : VERSION, 4);
  head.writeUInt16LE(isLarge ? VERSION_64 : VERSION, 6);
  head.writeUInt16LE(FLAGS, 8);
  head.writeUInt32LE(dosStamp(modifiedEpochMs), 12);
  head.writeUInt32LE(crc, 16);
  head.writeUInt32LE(isLarge ? MAX_32 : size, 20);
  head.writeUInt32LE(isLarge ? MAX_32 : size, 24);
  head.writeUInt16LE(bytes.length, 28);
  head.writeUInt16LE(extra.length, 30);
  head.writeUInt32LE(isLarge ? MAX_32 : offset, 42);
  return Buffer.concat([head, bytes, extra]);
}

function zip64Extra(values: readonly number[]): Buffer {
  const extra = Buffer.alloc(4 + 8 * values.length);
  extra.writeUInt16LE(0x0001, 0);
  extra.writeUInt16LE(8 * values.length, 2);
  for (const [index, value] of values.entries()) extra.writeBigUInt64LE(BigInt(value), 4 + 8 * index);
  return extra;
}

/** MS-DOS time (low half) and date, UTC, from 1980 on. */
function dosStamp(epochMs: number): number {
  const at = new Date(Math.max(epochMs, Date.UTC(1980, 0, 1)));
  const time = (at.getUTCHours() << 11) | (at.getUTCMinutes() << 5) | (at.getUTCSeconds() >> 1);
  const date = ((at.getUTCFullYear() - 1980) << 9) | ((at.getUTCMonth() + 1) << 5) | at.getUTCDate();
  return ((date << 16) | time) >>> 0;
}
