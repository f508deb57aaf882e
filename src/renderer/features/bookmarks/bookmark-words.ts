/** When a bookmark is, and where its footage is shown. Pure. */
import type { Bookmark } from '../../../shared/bookmarks.ts';
import { formatMoment } from '../../client/time-format.ts';
import { rangeWords } from '../locks/lock-words.ts';

export function bookmarkTimes(range: Pick<Bookmark, 'startEpochMs' | 'endEpochMs'>): string {
  return range.endEpochMs > range.startEpochMs ? rangeWords(range) : formatMoment(range.startEpochMs);
}

/** The archive's address at the start of a range, which is selected there; of a moment, at that. */
export function rangePath({
  cameraIds,
  startEpochMs,
  endEpochMs,
}: Pick<Bookmark, 'cameraIds' | 'startEpochMs' | 'endEpochMs'>): string {
  const until = endEpochMs > startEpochMs ? `&to=${Math.round(endEpochMs)}` : '';
  return `/archive?camera=${cameraIds.join(',')}&at=${Math.round(startEpochMs)}${until}`;
}
