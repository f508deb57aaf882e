/** Footage that is stored apart from the stream that goes on: groups of pictures from memory, as one segment of their own. */
import type { Fragment, StreamDescription } from '../media/fragment.ts';
import type { SegmentRecord } from '../media/segment.ts';
import { type NewSegment, SegmentFile } from './segment-file.ts';

/** Begins with a key frame and has no holes. */
export interface LateFootage {
  description: StreamDescription;
  fragments: readonly Fragment[];
}

/** Writes the whole segment and puts it on the disk. Throws what the disk says; what has been written plays. */
export async function writeLateSegment(
  of: Pick<NewSegment, 'place' | 'isTaken' | 'cameraId' | 'stream'>,
  { description, fragments }: LateFootage,
): Promise<SegmentRecord | null> {
  const first = fragments.find(({ track, keyframe }) => track === 'video' && keyframe);
  if (!first) return null;
  const segment = await SegmentFile.create({
    ...of,
    description,
    startEpochMs: first.captureEpochMs,
    videoBase: first.decodeTime,
  });
  try {
    for (const fragment of fragments) {
      if (fragment.track === 'video' || !segment.isBefore(fragment)) segment.add(fragment);
    }
    await segment.flush();
    await segment.sync();
  } finally {
    await segment.close();
  }
  return segment.record;
}
