/** When the first frame from some place in a segment on is shown: with B frames later than it is decoded. */
import type { FileHandle } from 'node:fs/promises';
import { readFragmentBlocks } from '../media/mp4/own-fragment.ts';
import type { SegmentRecord } from '../media/segment.ts';
import { epochMsOf } from './footage.ts';

/** Times asked for are whole milliseconds, ticks are finer. */
export const HALF_MS = 0.5;

/** Wall-clock time; `from` is a byte offset where a fragment begins. Null where there is no frame. */
export async function firstShown(
  file: FileHandle,
  segment: SegmentRecord,
  from: number,
): Promise<number | null> {
  for await (const { fragments } of readFragmentBlocks(file, { from, to: segment.sizeBytes })) {
    const first = fragments.find(({ track }) => track === 'video');
    if (first) return epochMsOf(segment, first.decodeTime + first.compositionOffset);
  }
  return null;
}
