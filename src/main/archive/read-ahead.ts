/** Reads footage in large blocks, a few of them ahead of the one that is looked at, over the borders of files. */
import type { FileHandle } from 'node:fs/promises';
import { AppError } from '../../shared/errors.ts';

/** What is read of one file. */
export interface Stretch {
  open(): Promise<FileHandle>;
  /** Byte offsets; no further than the file goes. */
  from: number;
  to: number;
}

/** Bytes of a file. They are overwritten once the second block after this one is asked for; those before `start` are free to use. */
export interface Block {
  /** Of the stretch. */
  index: number;
  bytes: Buffer;
  start: number;
  end: number;
  /** Bytes of the stretch after this block. */
  left: number;
}

/** Free at the start of every block, for what was left of the one before. */
export const HEADROOM_BYTES = 4096;
const BLOCK_BYTES = 1024 * 1024;
/** Being read while one is looked at. */
const AHEAD = 3;

/** Throws AppError as `open` does, and `unavailable` where a file has become shorter. Closes what it opened. */
export async function* readAhead(stretches: readonly Stretch[]): AsyncGenerator<Block> {
  const opened = new Set<FileHandle>();
  const reads = planReads(stretches, opened);
  const buffers = Array.from({ length: AHEAD + 1 }, () =>
    Buffer.allocUnsafeSlow(HEADROOM_BYTES + BLOCK_BYTES),
  );
  const blocks: Array<Promise<Block>> = [];
  let [begun, isPlanned] = [0, false];
  try {
    while (true) {
      while (!isPlanned && blocks.length < AHEAD) {
        const next = await reads.next();
        isPlanned = next.done === true;
        if (next.done) break;
        const block = readBlock(next.value, buffers[begun++ % buffers.length] as Buffer, opened);
        block.catch(() => {}); // thrown where it is awaited
        blocks.push(block);
      }
      const block = blocks.shift();
      if (!block) return;
      yield await block;
    }
  } finally {
    await Promise.allSettled(blocks);
    for (const file of opened) await file.close();
  }
}

interface PlannedRead {
  file: FileHandle;
  index: number;
  position: number;
  length: number;
  left: number;
}

async function* planReads(
  stretches: readonly Stretch[],
  opened: Set<FileHandle>,
): AsyncGenerator<PlannedRead> {
  for (const [index, stretch] of stretches.entries()) {
    const file = await stretch.open();
    opened.add(file);
    const to = Math.min(stretch.to, (await file.stat()).size);
    for (let position = stretch.from; position < to; position += BLOCK_BYTES) {
      const length = Math.min(BLOCK_BYTES, to - position);
      yield { file, index, position, length, left: to - position - length };
    }
  }
}

async function readBlock(
  { file, index, position, length, left }: PlannedRead,
  bytes: Buffer,
  opened: Set<FileHandle>,
): Promise<Block> {
  const { bytesRead } = await file.read(bytes, HEADROOM_BYTES, length, position);
  if (bytesRead < length)
    throw new AppError('unavailable', 'A recording changed while it was being exported.');
  if (left === 0) {
    opened.delete(file);
    await file.close();
  }
  return { index, bytes, start: HEADROOM_BYTES, end: HEADROOM_BYTES + length, left };
}
