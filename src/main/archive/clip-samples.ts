/** The samples of a clip out of its recordings, in file order and in one pass. */
import { HEAD_BYTES, readFragmentHead } from '../media/mp4/own-fragment.ts';
import type { SegmentRecord } from '../media/segment.ts';
import type { ClipOutline } from './clip-outline.ts';
import type { ClipTally } from './clip-tally.ts';
import { epochMsOf, type FootageSource } from './footage.ts';
import { type Block, readAhead, type Stretch } from './read-ahead.ts';

/** Sound stands in a file at most so long after the picture of its time. */
const SOUND_LATE_MS = 2000;

/**
 * Tells `tally` of every fragment and yields the data of those that it takes, many at a time; it may be none. What is yielded is overwritten
 * once the second one after it is asked for. Throws AppError as `FootageSource.open` does, and `unavailable` where a file has become shorter.
 */
export async function* readSamples(
  source: FootageSource,
  { segments, start, request }: ClipOutline,
  tally: ClipTally,
): AsyncGenerator<Buffer> {
  const stretches = segments.map(
    (segment, index): Stretch => ({
      open: () => source.open(segment),
      from: index === 0 ? start.offset : segment.initBytes,
      to: endIn(segment, request.toEpochMs),
    }),
  );
  let reader = new FragmentReader(tally);
  let current = -1;
  for await (const block of readAhead(stretches)) {
    if (block.index !== current) {
      current = block.index;
      tally.beginSegment(segments[current] as SegmentRecord);
      reader = new FragmentReader(tally);
    }
    yield reader.push(block);
  }
}

/** Byte offset in a segment after which nothing is of the range. */
function endIn(segment: SegmentRecord, toEpochMs: number): number {
  const after = segment.keyframes.find(({ time }) => epochMsOf(segment, time) > toEpochMs + SOUND_LATE_MS);
  return after?.offset ?? segment.sizeBytes;
}

/** Goes through the fragments of one segment, whose data may lie in several blocks. */
class FragmentReader {
  private readonly tally: ClipTally;
  /** Of the fragment's data, beyond the last block. */
  private dataLeft = 0;
  private isTaken = false;
  /** Start of a fragment's head, from the end of the last block. */
  private readonly headStart = Buffer.alloc(HEAD_BYTES);
  private headBytes = 0;
  /** No whole fragment follows: a crash cut the file off. */
  private isOver = false;

  constructor(tally: ClipTally) {
    this.tally = tally;
  }

  /** The data taken, moved together at the start of the block. */
  push({ bytes, start, end, left }: Block): Buffer {
    const from = start - this.headBytes;
    this.headStart.copy(bytes, from, 0, this.headBytes);
    this.headBytes = 0;
    let [at, used] = [from, from];
    while (at < end && !this.isOver) {
      if (this.dataLeft > 0) {
        const length = Math.min(this.dataLeft, end - at);
        if (this.isTaken) used += bytes.copy(bytes, used, at, at + length);
        at += length;
        this.dataLeft -= length;
        continue;
      }
      const fragment = readFragmentHead(bytes, at, end);
      if (fragment === 'more') {
        this.headBytes = bytes.copy(this.headStart, 0, at, end);
        break;
      }
      this.isOver = fragment === null || fragment.end > end + left;
      if (fragment === null || this.isOver) break;
      this.isTaken = this.tally.take(fragment);
      this.dataLeft = fragment.end - fragment.dataStart;
      at = fragment.dataStart;
    }
    return bytes.subarray(from, used);
  }
}
