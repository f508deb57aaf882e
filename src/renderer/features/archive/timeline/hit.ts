/** What lies below the pointer on the timeline. Pure; the same layout numbers drive the drawing. */

import type { Bookmark } from '../../../../shared/bookmarks.ts';
import type { TimelineMark, TimelineUpload } from '../../../../shared/contract-archive.ts';
import type { Alert, FootageLock, Gap } from '../../../../shared/domain-storage.ts';
import { KIND_ORDER, markKind } from '../../../../shared/mark-kind.ts';
import { type EpochRange, isWithin } from '../../../../shared/units.ts';
import type { LaneData } from './lane-data.ts';
import { type TimeView, timeAtX, xOfTime } from './scale.ts';
import { type Hole, spanAt } from './spans.ts';

export interface TimelineLayout {
  rulerHeightPx: number;
  laneHeightPx: number;
  laneGapPx: number;
  /** Height of the recorded bar at the bottom of a lane; marks stand above it. */
  barHeightPx: number;
}

export const LAYOUT: TimelineLayout = { rulerHeightPx: 28, laneHeightPx: 36, laneGapPx: 4, barHeightPx: 12 };

/** Of the flag at a lane's top. */
export const BOOKMARK_HEIGHT_PX = 8;

/** Even a picture of a moment can be seen and pointed at. */
export const UPLOAD_WIDTH_PX = 4;

export type Hit =
  | { kind: 'handle'; edge: 'start' | 'end' }
  | { kind: 'ruler'; epochMs: number }
  | { kind: 'mark'; lane: number; epochMs: number; mark: TimelineMark }
  | { kind: 'bookmark'; lane: number; epochMs: number; bookmark: Bookmark }
  | { kind: 'upload'; lane: number; epochMs: number; upload: TimelineUpload }
  | { kind: 'gap'; lane: number; epochMs: number; hole: Hole }
  | { kind: 'recorded'; lane: number; epochMs: number; locks: FootageLock[]; pictureAlerts: Alert[] }
  | { kind: 'nothing'; lane: number; epochMs: number; gap: Gap | null };

export interface Scene {
  view: TimeView;
  lanes: readonly LaneData[];
  selection: EpochRange | null;
}

export function totalHeight(laneCount: number, layout = LAYOUT): number {
  return layout.rulerHeightPx + laneCount * (layout.laneHeightPx + layout.laneGapPx);
}

export function laneTop(index: number, layout = LAYOUT): number {
  return layout.rulerHeightPx + index * (layout.laneHeightPx + layout.laneGapPx);
}

export function laneAt(y: number, laneCount: number, layout = LAYOUT): number {
  const index = Math.floor((y - layout.rulerHeightPx) / (layout.laneHeightPx + layout.laneGapPx));
  return Math.min(Math.max(index, 0), Math.max(0, laneCount - 1));
}

/** `reachPx`: how far off a handle or mark still counts; larger for fingers. */
export function hitTest(scene: Scene, x: number, y: number, reachPx = 6, layout = LAYOUT): Hit {
  const handle = handleAt(scene, x, Math.max(reachPx, 8));
  if (handle) return { kind: 'handle', edge: handle };
  const epochMs = timeAtX(scene.view, x);
  if (y < layout.rulerHeightPx) return { kind: 'ruler', epochMs };
  const lane = laneAt(y, scene.lanes.length, layout);
  const data = scene.lanes[lane];
  if (!data) return { kind: 'nothing', lane, epochMs, gap: null };
  const bookmark =
    y < laneTop(lane, layout) + BOOKMARK_HEIGHT_PX + 2 && bookmarkAt(scene.view, data, x, reachPx);
  if (bookmark) return { kind: 'bookmark', lane, epochMs, bookmark };
  const mark = markAt(scene.view, data, x, reachPx);
  if (mark) return { kind: 'mark', lane, epochMs, mark };
  const upload = uploadAt(scene.view, data, x);
  if (upload) return { kind: 'upload', lane, epochMs, upload };
  if (spanAt(data.spans, epochMs)) {
    const locks = data.locks.filter((lock) => isWithin(lock, epochMs));
    // An alert too short for the scale is drawn a few pixels wide, and can be pointed at.
    const slackMs = 3 * scene.view.msPerPixel;
    const pictureAlerts = data.pictureAlerts.filter(
      (alert) =>
        alert.startEpochMs - slackMs <= epochMs &&
        epochMs <= (alert.endEpochMs ?? Number.POSITIVE_INFINITY) + slackMs,
    );
    return { kind: 'recorded', lane, epochMs, locks, pictureAlerts };
  }
  // A gap thinner than the reach can still be pointed at.
  const slackMs = 2 * scene.view.msPerPixel;
  const hole = data.holes.find(
    (item) => item.startEpochMs - slackMs <= epochMs && item.endEpochMs + slackMs >= epochMs,
  );
  return hole ? { kind: 'gap', lane, epochMs, hole } : { kind: 'nothing', lane, epochMs, gap: null };
}

/** Where a click leads: to the start of a mark or bookmark, and into an upload even where it is drawn wider than it lasts. */
export function momentOf(hit: Hit, epochMs: number): number {
  if (hit.kind === 'mark') return hit.mark.startEpochMs;
  if (hit.kind === 'bookmark') return hit.bookmark.startEpochMs;
  if (hit.kind !== 'upload') return epochMs;
  return Math.min(Math.max(epochMs, hit.upload.startEpochMs), hit.upload.endEpochMs - 1);
}

function handleAt(scene: Scene, x: number, reachPx: number): 'start' | 'end' | null {
  if (!scene.selection) return null;
  const toStart = Math.abs(xOfTime(scene.view, scene.selection.startEpochMs) - x);
  const toEnd = Math.abs(xOfTime(scene.view, scene.selection.endEpochMs) - x);
  if (Math.min(toStart, toEnd) > reachPx) return null;
  return toStart <= toEnd ? 'start' : 'end';
}

/** The flag counts, and the line of a range. The one that begins last lies on top. */
function bookmarkAt(view: TimeView, data: LaneData, x: number, reachPx: number): Bookmark | null {
  const met = data.bookmarks.filter(
    ({ startEpochMs, endEpochMs }) =>
      x >= xOfTime(view, startEpochMs) - reachPx &&
      x <= Math.max(xOfTime(view, endEpochMs), xOfTime(view, startEpochMs) + BOOKMARK_HEIGHT_PX) + 2,
  );
  return met.reduce<Bookmark | null>(
    (last, one) => (last && last.startEpochMs > one.startEpochMs ? last : one),
    null,
  );
}

/** Uploads are drawn at least UPLOAD_WIDTH_PX wide, and met as they are drawn. */
function uploadAt(view: TimeView, data: LaneData, x: number): TimelineUpload | null {
  const met = data.uploads.filter((upload) => {
    const from = xOfTime(view, upload.startEpochMs);
    return x >= from - 1 && x <= Math.max(xOfTime(view, upload.endEpochMs), from + UPLOAD_WIDTH_PX) + 1;
  });
  return met.at(-1) ?? null;
}

function markAt(view: TimeView, data: LaneData, x: number, reachPx: number): TimelineMark | null {
  let best: TimelineMark | null = null;
  let bestScore = Number.NEGATIVE_INFINITY;
  for (const mark of data.marks) {
    const distance = Math.abs(xOfTime(view, mark.startEpochMs) - x);
    if (distance > reachPx) continue;
    // The nearest wins, but an alarm wins over a motion mark a pixel nearer.
    const score = KIND_ORDER[markKind(mark.type, mark.label)] - distance * 1.5;
    if (score > bestScore) {
      best = mark;
      bestScore = score;
    }
  }
  return best;
}
