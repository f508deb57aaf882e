/** Paints what stands on a lane: events and bookmarks. */
import { KIND_ORDER, type MarkKind, markKind } from '../../../../shared/mark-kind.ts';
import type { Painting } from './draw.ts';
import { BOOKMARK_HEIGHT_PX, LAYOUT } from './hit.ts';
import type { LaneData } from './lane-data.ts';
import { xOfTime } from './scale.ts';

/** What matters most comes last and lies on top. */
const KINDS = (Object.keys(KIND_ORDER) as MarkKind[]).sort((a, b) => KIND_ORDER[a] - KIND_ORDER[b]);

/** One path per kind: thousands of marks are painted in a few fills. */
export function paintMarks(
  ctx: CanvasRenderingContext2D,
  { view, palette }: Pick<Painting, 'view' | 'palette'>,
  lane: LaneData,
  { top, bottom }: { top: number; bottom: number },
): void {
  const places = new Map(KINDS.map((kind) => [kind, [] as number[]]));
  for (const mark of lane.marks) {
    const x = xOfTime(view, mark.startEpochMs);
    if (x < -6) continue;
    if (x > view.widthPx + 6) break;
    places.get(markKind(mark.type, mark.label))!.push(x);
  }
  for (const [kind, xs] of places) {
    if (xs.length === 0) continue;
    const [width, height] = kind === 'alarm' ? [5, bottom - top - 2] : [3, isLow(kind) ? 6 : 11];
    ctx.fillStyle = palette.marks[kind];
    ctx.beginPath();
    for (const x of xs) ctx.roundRect(x - width / 2, bottom - height, width, height, width / 2);
    ctx.fill();
  }
}

function isLow(kind: MarkKind): boolean {
  return kind === 'motion' || kind === 'access';
}

/** A flag at the moment, or at the start of a line along the top of the lane. */
export function paintBookmarks(
  ctx: CanvasRenderingContext2D,
  { view, palette }: Pick<Painting, 'view' | 'palette'>,
  lane: LaneData,
  top: number,
): void {
  for (const { startEpochMs, endEpochMs, colour } of lane.bookmarks) {
    const from = xOfTime(view, startEpochMs);
    const to = xOfTime(view, endEpochMs);
    if (to < -BOOKMARK_HEIGHT_PX || from > view.widthPx) continue;
    ctx.fillStyle = palette.bookmarks[colour];
    if (to > from)
      ctx.fillRect(Math.max(-4, from), top, Math.min(view.widthPx + 4, to) - Math.max(-4, from), 2);
    ctx.beginPath();
    ctx.moveTo(from, top);
    ctx.lineTo(from + BOOKMARK_HEIGHT_PX, top);
    ctx.lineTo(from + BOOKMARK_HEIGHT_PX - 2.5, top + BOOKMARK_HEIGHT_PX / 2);
    ctx.lineTo(from + BOOKMARK_HEIGHT_PX, top + BOOKMARK_HEIGHT_PX);
    ctx.lineTo(from, top + BOOKMARK_HEIGHT_PX);
    ctx.closePath();
    ctx.fill();
    ctx.fillRect(from, top, 1.5, LAYOUT.laneHeightPx - LAYOUT.barHeightPx);
  }
}
