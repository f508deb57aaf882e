/** Which pieces of the timeline to ask the engine for, and how the answers become lanes. Pure. */
import type { Bookmark } from '../../../../shared/bookmarks.ts';
import type { TimelineLane, TimelineMark, TimelineUpload } from '../../../../shared/contract-archive.ts';
import type { Alert, FootageLock, Gap } from '../../../../shared/domain-storage.ts';
import type { EpochRange } from '../../../../shared/units.ts';
import { MARK_STEP_PX, thinMarks } from './marks.ts';
import { type TimeView, visibleRange } from './scale.ts';
import { clipSpans, type Hole, holesOf, mergeSpans, type Span } from './spans.ts';

/** A lane ready to draw. */
export interface LaneData {
  cameraId: string;
  spans: readonly Span[];
  gaps: readonly Gap[];
  holes: readonly Hole[];
  locks: readonly FootageLock[];
  bookmarks: readonly Bookmark[];
  marks: readonly TimelineMark[];
  /** The picture was frozen or black. */
  pictureAlerts: readonly Alert[];
  uploads: readonly TimelineUpload[];
}

/** One request's worth: a stretch of time at one resolution. */
export interface Tile extends EpochRange {
  resolutionMs: number;
}

const TILE_WIDTH_PX = 1024;

/** The power of two at or below the scale: at least one answer per pixel. */
export function resolutionFor(msPerPixel: number): number {
  return 2 ** Math.floor(Math.log2(Math.max(1, msPerPixel)));
}

/** Tiles that cover the view and `marginShare` of it on both sides, the visible ones first. */
export function planTiles(view: TimeView, marginShare = 0.25): Tile[] {
  const resolutionMs = resolutionFor(view.msPerPixel);
  const lengthMs = resolutionMs * TILE_WIDTH_PX;
  const range = visibleRange(view);
  const margin = (range.endEpochMs - range.startEpochMs) * marginShare;
  const first = Math.floor((range.startEpochMs - margin) / lengthMs);
  const last = Math.floor((range.endEpochMs + margin) / lengthMs);
  const tiles: Tile[] = [];
  for (let index = first; index <= last; index++) {
    tiles.push({ resolutionMs, startEpochMs: index * lengthMs, endEpochMs: (index + 1) * lengthMs });
  }
  const distance = (tile: Tile) => Math.abs((tile.startEpochMs + tile.endEpochMs) / 2 - view.centreEpochMs);
  return tiles.sort((a, b) => distance(a) - distance(b));
}

export function tileKey(tile: Tile, cameraIds: readonly string[]): string {
  return `${tile.resolutionMs}:${tile.startEpochMs}:${cameraIds.join(',')}`;
}

export interface TileAnswer {
  tile: Tile;
  lanes: readonly TimelineLane[];
}

/** Joins the answers of neighbouring tiles into one lane per camera, in the order asked for. */
export function joinTiles(
  answers: readonly TileAnswer[],
  cameraIds: readonly string[],
  range: EpochRange,
  nowEpochMs: number,
): LaneData[] {
  return cameraIds.map((cameraId) => {
    const spans: Span[] = [];
    const gaps = new Map<string, Gap>();
    const locks = new Map<string, FootageLock>();
    const bookmarks = new Map<string, Bookmark>();
    const marks = new Map<string, TimelineMark>();
    const pictureAlerts = new Map<number, Alert>();
    const uploads = new Map<string, TimelineUpload>();
    let resolutionMs = 0;
    for (const { tile, lanes } of answers) {
      const lane = lanes.find((item) => item.cameraId === cameraId);
      if (!lane) continue;
      resolutionMs = Math.max(resolutionMs, tile.resolutionMs);
      spans.push(...clipSpans(lane.spans, tile));
      for (const gap of lane.gaps) gaps.set(`${gap.startEpochMs}:${gap.cause}`, gap);
      for (const lock of lane.locks) locks.set(lock.id, lock);
      for (const bookmark of lane.bookmarks) bookmarks.set(bookmark.id, bookmark);
      for (const alert of lane.pictureAlerts) pictureAlerts.set(alert.id, alert);
      for (const upload of lane.uploads) uploads.set(upload.id, upload);
      for (const mark of lane.marks) {
        const inside = mark.startEpochMs >= tile.startEpochMs && mark.startEpochMs < tile.endEpochMs;
        if (inside) marks.set(mark.eventId, mark);
      }
    }
    const merged = mergeSpans(spans, 1);
    const allGaps = [...gaps.values()].sort((a, b) => a.startEpochMs - b.startEpochMs);
    return {
      cameraId,
      spans: merged,
      gaps: allGaps,
      holes: holesOf(merged, allGaps, range, nowEpochMs),
      locks: [...locks.values()],
      bookmarks: [...bookmarks.values()],
      marks: thinMarks([...marks.values()], resolutionMs * MARK_STEP_PX),
      pictureAlerts: [...pictureAlerts.values()],
      uploads: [...uploads.values()].sort((a, b) => a.startEpochMs - b.startEpochMs),
    };
  });
}

/** The range that a set of tiles covers. */
export function rangeOfTiles(tiles: readonly Tile[]): EpochRange {
  return {
    startEpochMs: Math.min(...tiles.map((tile) => tile.startEpochMs)),
    endEpochMs: Math.max(...tiles.map((tile) => tile.endEpochMs)),
  };
}
