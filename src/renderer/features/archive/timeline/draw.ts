/** Paints the timeline. Only what is in view is touched, so that a frame costs the same for a minute and for a year. */
import type { EpochRange } from '../../../../shared/units.ts';
import { paintBookmarks, paintMarks } from './draw-marks.ts';
import { LAYOUT, laneTop, totalHeight, UPLOAD_WIDTH_PX } from './hit.ts';
import type { LaneData } from './lane-data.ts';
import type { Palette } from './palette.ts';
import { type TimeView, visibleRange, xOfTime } from './scale.ts';
import { firstEndingAfter } from './spans.ts';
import { ticksOf } from './ticks.ts';

/** What a search found of a camera. */
export interface FoundMotion {
  cameraId: string;
  hits: readonly EpochRange[];
}

export interface Painting {
  view: TimeView;
  lanes: readonly LaneData[];
  /** Cameras that are shown above: their lanes are stronger. */
  shownCameraIds: readonly string[];
  selection: EpochRange | null;
  found: FoundMotion | null;
  playheadEpochMs: number;
  nowEpochMs: number;
  hoverX: number | null;
  palette: Palette;
  hatch: CanvasPattern | null;
}

export function paintTimeline(ctx: CanvasRenderingContext2D, painting: Painting): void {
  const { view, lanes, palette } = painting;
  const height = totalHeight(lanes.length);
  ctx.clearRect(0, 0, view.widthPx, height + 100);
  paintTicks(ctx, painting, height);
  for (const [index, lane] of lanes.entries()) paintLane(ctx, painting, lane, index);
  const nowX = xOfTime(view, painting.nowEpochMs);
  if (nowX < view.widthPx) {
    ctx.fillStyle = palette.lineStrong;
    ctx.fillRect(Math.round(nowX), LAYOUT.rulerHeightPx - 6, 1, height);
  }
  if (painting.selection) paintSelection(ctx, painting, painting.selection, height);
  if (painting.hoverX !== null) {
    ctx.fillStyle = palette.textFaint;
    ctx.fillRect(Math.round(painting.hoverX), 0, 1, height);
  }
  paintPlayhead(ctx, painting, height);
}

function paintTicks(ctx: CanvasRenderingContext2D, { view, palette }: Painting, height: number): void {
  ctx.font = `500 11px ${palette.font}`;
  ctx.textBaseline = 'middle';
  ctx.textAlign = 'left';
  for (const tick of ticksOf(view)) {
    const x = Math.round(xOfTime(view, tick.epochMs));
    if (tick.label === null) {
      ctx.fillStyle = palette.line;
      ctx.fillRect(x, LAYOUT.rulerHeightPx - 5, 1, 5);
      continue;
    }
    ctx.fillStyle = tick.boundary ? palette.lineStrong : palette.line;
    ctx.fillRect(x, tick.boundary ? 0 : LAYOUT.rulerHeightPx - 10, 1, height);
    ctx.fillStyle = tick.boundary ? palette.text : palette.textQuiet;
    ctx.fillText(tick.label, x + 5, 10);
  }
}

function paintLane(ctx: CanvasRenderingContext2D, painting: Painting, lane: LaneData, index: number): void {
  const { view, palette } = painting;
  const top = laneTop(index);
  const barTop = top + LAYOUT.laneHeightPx - LAYOUT.barHeightPx;
  const shown = painting.shownCameraIds.includes(lane.cameraId);
  const range = visibleRange(view);
  ctx.fillStyle = palette.line;
  ctx.fillRect(0, top + LAYOUT.laneHeightPx + LAYOUT.laneGapPx / 2, view.widthPx, 1);

  ctx.fillStyle = shown ? palette.recordedStrong : palette.recorded;
  for (let i = firstEndingAfter(lane.spans, range.startEpochMs); i < lane.spans.length; i++) {
    const [start, end] = lane.spans[i]!;
    if (start > range.endEpochMs) break;
    const x = Math.max(-4, xOfTime(view, start));
    const width = Math.min(view.widthPx + 4, xOfTime(view, end)) - x;
    roundedBar(ctx, x, barTop, Math.max(1, width), LAYOUT.barHeightPx);
  }
  for (const hole of lane.holes) {
    if (hole.endEpochMs < range.startEpochMs || hole.startEpochMs > range.endEpochMs) continue;
    const x = Math.max(-1, xOfTime(view, hole.startEpochMs));
    const width = Math.min(view.widthPx + 1, xOfTime(view, hole.endEpochMs)) - x;
    // Where nothing was to be recorded the lane stays empty: hatching is for footage that is missing.
    if (width < 0.75 || hole.gap?.cause === 'no-event') continue;
    ctx.fillStyle = painting.hatch ?? palette.hatch;
    ctx.fillRect(x, barTop, Math.max(1.5, width), LAYOUT.barHeightPx);
  }
  paintUploads(ctx, painting, lane, barTop);
  paintPictureAlerts(ctx, painting, lane, barTop + LAYOUT.barHeightPx);
  if (painting.found?.cameraId === lane.cameraId) paintFound(ctx, painting, painting.found.hits, barTop);
  paintLocks(ctx, painting, lane, barTop);
  paintMarks(ctx, painting, lane, { top, bottom: barTop - 3 });
  paintBookmarks(ctx, painting, lane, top);
}

/** A line along the foot of the bar: there is footage, but it shows nothing. */
function paintPictureAlerts(
  ctx: CanvasRenderingContext2D,
  { view, palette, nowEpochMs }: Painting,
  lane: LaneData,
  bottom: number,
): void {
  ctx.fillStyle = palette.degraded;
  for (const { startEpochMs, endEpochMs } of lane.pictureAlerts) {
    const from = Math.max(-4, xOfTime(view, startEpochMs));
    const to = Math.min(view.widthPx + 4, xOfTime(view, endEpochMs ?? nowEpochMs));
    if (to < 0 || from > view.widthPx) continue;
    ctx.fillRect(from, bottom - 4, Math.max(3, to - from), 4);
  }
}

/** A slim bar in the accent's hue inside the place of footage: of what was sent, not recorded. */
function paintUploads(
  ctx: CanvasRenderingContext2D,
  { view, palette }: Painting,
  lane: LaneData,
  barTop: number,
): void {
  for (const upload of lane.uploads) {
    const from = Math.max(-4, xOfTime(view, upload.startEpochMs));
    const to = Math.min(view.widthPx + 4, xOfTime(view, upload.endEpochMs));
    if (to < 0 || from > view.widthPx) continue;
    const width = Math.max(UPLOAD_WIDTH_PX - 1, to - from - 1);
    // A hair of the surface around it keeps it apart from footage below and from its neighbours.
    ctx.fillStyle = palette.surface;
    roundedBar(ctx, from - 1, barTop + 2, width + 2, LAYOUT.barHeightPx - 4);
    ctx.fillStyle = palette.uploaded;
    roundedBar(ctx, from, barTop + 3, width, LAYOUT.barHeightPx - 6);
  }
}

/** Over the whole bar, in the hue of what can be gone to. */
function paintFound(
  ctx: CanvasRenderingContext2D,
  { view, palette }: Painting,
  hits: readonly EpochRange[],
  barTop: number,
): void {
  ctx.fillStyle = palette.accent;
  for (const { startEpochMs, endEpochMs } of hits) {
    const from = Math.max(-4, xOfTime(view, startEpochMs));
    const to = Math.min(view.widthPx + 4, xOfTime(view, endEpochMs));
    if (to < 0 || from > view.widthPx) continue;
    ctx.fillRect(from, barTop, Math.max(2, to - from), LAYOUT.barHeightPx);
  }
}

/** A line along the bar with ends that reach into it, like a bracket over what is kept. */
function paintLocks(
  ctx: CanvasRenderingContext2D,
  { view, palette }: Painting,
  lane: LaneData,
  barTop: number,
): void {
  ctx.fillStyle = palette.text;
  for (const lock of lane.locks) {
    const from = Math.max(-4, xOfTime(view, lock.startEpochMs));
    const to = Math.min(view.widthPx + 4, xOfTime(view, lock.endEpochMs));
    if (to < 0 || from > view.widthPx) continue;
    const width = Math.max(3, to - from);
    ctx.fillRect(from, barTop - 1, width, 2);
    ctx.fillRect(from, barTop - 1, 1.5, 6);
    ctx.fillRect(from + width - 1.5, barTop - 1, 1.5, 6);
  }
}

function paintSelection(
  ctx: CanvasRenderingContext2D,
  { view, palette }: Painting,
  selection: EpochRange,
  height: number,
): void {
  const from = xOfTime(view, selection.startEpochMs);
  const to = xOfTime(view, selection.endEpochMs);
  ctx.fillStyle = palette.accentSoft;
  ctx.fillRect(from, 0, to - from, height);
  ctx.fillStyle = palette.accent;
  ctx.fillRect(from, LAYOUT.rulerHeightPx - 2, to - from, 2);
}

function paintPlayhead(
  ctx: CanvasRenderingContext2D,
  { view, palette, playheadEpochMs }: Painting,
  height: number,
): void {
  const x = Math.round(xOfTime(view, playheadEpochMs));
  if (x < -8 || x > view.widthPx + 8) return;
  ctx.fillStyle = palette.text;
  ctx.fillRect(x - 0.75, LAYOUT.rulerHeightPx - 8, 1.5, height - LAYOUT.rulerHeightPx + 8);
  ctx.beginPath();
  ctx.moveTo(x - 5, LAYOUT.rulerHeightPx - 10);
  ctx.lineTo(x + 5, LAYOUT.rulerHeightPx - 10);
  ctx.lineTo(x + 5, LAYOUT.rulerHeightPx - 6);
  ctx.lineTo(x, LAYOUT.rulerHeightPx - 1);
  ctx.lineTo(x - 5, LAYOUT.rulerHeightPx - 6);
  ctx.closePath();
  ctx.fill();
}

function roundedBar(
  ctx: CanvasRenderingContext2D,
  x: number,
  y: number,
  width: number,
  height: number,
): void {
  if (width < 4) {
    ctx.fillRect(x, y, width, height);
    return;
  }
  ctx.beginPath();
  ctx.roundRect(x, y, width, height, 2);
  ctx.fill();
}

/** Diagonal lines for gaps: a pattern that scales with the screen's density. */
export function hatchPattern(
  ctx: CanvasRenderingContext2D,
  palette: Palette,
  pixelRatio: number,
): CanvasPattern | null {
  const size = 6 * pixelRatio;
  const tile = document.createElement('canvas');
  tile.width = size;
  tile.height = size;
  const pen = tile.getContext('2d')!;
  pen.strokeStyle = palette.hatch;
  pen.lineWidth = 1.25 * pixelRatio;
  pen.beginPath();
  for (const shift of [-size, 0, size]) {
    pen.moveTo(shift, size);
    pen.lineTo(shift + size, 0);
  }
  pen.stroke();
  const pattern = ctx.createPattern(tile, 'repeat');
  pattern?.setTransform(new DOMMatrix().scale(1 / pixelRatio));
  return pattern;
}
