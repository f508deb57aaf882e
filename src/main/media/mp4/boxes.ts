/** ISO base media file format boxes: building and walking them. Knows structure, not what the boxes mean. */
import { AppError } from '../../../shared/errors.ts';

/** A box as it lies in a buffer; `start` is its first byte, `end` the one after its last. */
export interface Box {
  type: string;
  start: number;
  bodyStart: number;
  end: number;
}

/** A box of the given four-letter type around its parts. */
export function buildBox(type: string, ...parts: Buffer[]): Buffer {
  const size = parts.reduce((sum, part) => sum + part.length, 8);
  const header = Buffer.alloc(8);
  header.writeUInt32BE(size, 0);
  header.write(type, 4, 'latin1');
  return Buffer.concat([header, ...parts], size);
}

/** A box around parts that are left where they are: its head, then they. */
export function wrapBox(type: string, ...parts: Buffer[]): Buffer[] {
  const size = parts.reduce((sum, part) => sum + part.length, 8);
  return [Buffer.concat([uint32(size), Buffer.from(type, 'latin1')]), ...parts];
}

/** A box that begins with a version byte and 24 bits of flags. */
export function buildFullBox(type: string, version: number, flags: number, ...parts: Buffer[]): Buffer {
  return buildBox(type, uint32((version << 24) | flags), ...parts);
}

export function uint8(...values: number[]): Buffer {
  return Buffer.from(values);
}

export function uint16(...values: number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 2);
  values.forEach((value, index) => {
    bytes.writeUInt16BE(value & 0xffff, index * 2);
  });
  return bytes;
}

/** Takes signed values too: they are written as their 32 bits. */
export function uint32(...values: number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  values.forEach((value, index) => {
    bytes.writeUInt32BE(value >>> 0, index * 4);
  });
  return bytes;
}

export function uint64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(BigInt(value));
  return bytes;
}

/**
 * The header of the box at `start`, or null when fewer bytes than its header are there. `end` may lie beyond the buffer;
 * a size of 0 ("to the end of the file") gives the buffer's end. Throws AppError for impossible sizes.
 */
export function readBox(bytes: Buffer, start: number, limit = bytes.length): Box | null {
  if (start + 8 > limit) return null;
  const size32 = bytes.readUInt32BE(start);
  const type = bytes.toString('latin1', start + 4, start + 8);
  if (size32 === 1) {
    if (start + 16 > limit) return null;
    const size = Number(bytes.readBigUInt64BE(start + 8));
    if (size < 16 || !Number.isSafeInteger(size))
      throw damaged(`box ${JSON.stringify(type)} of ${size} bytes`);
    return { type, start, bodyStart: start + 16, end: start + size };
  }
  if (size32 !== 0 && size32 < 8) throw damaged(`box ${JSON.stringify(type)} of ${size32} bytes`);
  return { type, start, bodyStart: start + 8, end: size32 === 0 ? limit : start + size32 };
}

/** The boxes inside [start, end). Throws AppError when one reaches beyond. */
export function readBoxes(bytes: Buffer, start = 0, end = bytes.length): Box[] {
  const boxes: Box[] = [];
  for (let at = start; at < end; ) {
    const box = readBox(bytes, at, end);
    if (!box || box.end > end) throw damaged('a box reaches beyond its container');
    boxes.push(box);
    at = box.end;
  }
  return boxes;
}

/** The first box along a path of types, e.g. `findBox(moov, ['mvex', 'trex'])`; null when absent. */
export function findBox(bytes: Buffer, path: string[], start = 0, end = bytes.length): Box | null {
  let range = { bodyStart: start, end };
  let found: Box | null = null;
  for (const type of path) {
    found = readBoxes(bytes, range.bodyStart, range.end).find((box) => box.type === type) ?? null;
    if (!found) return null;
    range = found;
  }
  return found;
}

/** The error for bytes that are no sound MP4. */
export function damaged(what: string): AppError {
  return new AppError('invalid-input', `The MP4 data is damaged: ${what}.`);
}
