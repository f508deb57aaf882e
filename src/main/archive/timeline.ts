/** What the timeline shows of cameras: recorded spans, gaps with their cause, locks, bookmarks, uploads, and marks that come from elsewhere. */
import type { Bookmark } from '../../shared/bookmarks.ts';
import type { TimelineLane, TimelineMark } from '../../shared/contract-archive.ts';
import type { Alert, FootageLock, Gap } from '../../shared/domain-storage.ts';
import { type FootageSource, listSpans } from './footage.ts';
import { listUploads, type UploadSource } from './uploads.ts';

export interface TimelineSource {
  footage: FootageSource;
  uploads: UploadSource;
  /** Those at least `shortestMs` long, and the one that lasts. */
  listGaps(cameraId: string, fromEpochMs: number, toEpochMs: number, shortestMs: number): Gap[];
  listLocks(cameraId: string): FootageLock[];
  /** Of all cameras, those that overlap [from, to). */
  listBookmarks(fromEpochMs: number, toEpochMs: number): Bookmark[];
  listPictureAlerts(cameraId: string, fromEpochMs: number, toEpochMs: number): Alert[];
  /** Events in the query's range as marks. */
  listMarks(cameraId: string): TimelineMark[];
}

/** Borders of segments are apart by less than this: never shown as a hole. */
const BORDER_MS = 1500;

/** Lanes in the order of `cameraIds`. Gaps shorter than a pixel are left out, except the one that lasts. */
export function listTimeline(
  source: TimelineSource,
  query: { cameraIds: readonly string[]; fromEpochMs: number; toEpochMs: number; resolutionMs: number },
): TimelineLane[] {
  const { fromEpochMs, toEpochMs, resolutionMs } = query;
  const absent = source.footage.absent();
  const isThere = (volumeId: number) => absent.every(({ id }) => id !== volumeId);
  const joinMs = Math.max(BORDER_MS, resolutionMs);
  const bookmarks = source.listBookmarks(fromEpochMs, toEpochMs);
  return query.cameraIds.map((cameraId) => ({
    cameraId,
    spans: listSpans(
      source.footage,
      { cameraId, stream: 'main', fromEpochMs, toEpochMs },
      joinMs,
      absent.length > 0 ? isThere : undefined,
    ).map(({ startEpochMs, endEpochMs }): [number, number] => [startEpochMs, endEpochMs]),
    gaps: [
      ...source.listGaps(cameraId, fromEpochMs, toEpochMs, resolutionMs),
      ...absent
        .flatMap((volume) => listAway(source.footage, { cameraId, fromEpochMs, toEpochMs }, volume, joinMs))
        .filter((gap) => gap.endEpochMs === null || gap.endEpochMs - gap.startEpochMs >= resolutionMs),
    ],
    locks: source
      .listLocks(cameraId)
      .filter((lock) => lock.startEpochMs < toEpochMs && lock.endEpochMs > fromEpochMs),
    bookmarks: bookmarks.filter(({ cameraIds }) => cameraIds.includes(cameraId)),
    marks: source.listMarks(cameraId),
    pictureAlerts: source.listPictureAlerts(cameraId, fromEpochMs, toEpochMs),
    uploads: listUploads(source.uploads, cameraId, fromEpochMs, toEpochMs, resolutionMs),
  }));
}

/** Footage on a drive that is away: stored, but not to be seen. */
function listAway(
  footage: FootageSource,
  range: { cameraId: string; fromEpochMs: number; toEpochMs: number },
  volume: { id: number; path: string },
  joinMs: number,
): Gap[] {
  return listSpans(footage, { ...range, stream: 'main' }, joinMs, (id) => id === volume.id).map((span) => ({
    ...span,
    cause: 'not-connected',
    detail: `It is on the drive “${volume.path}”, which is not connected.`,
  }));
}
