/**
 * Time to pixels and back for everything drawn along a time axis. Pure; knows nothing of canvases, lanes or events.
 * x is in CSS pixels from the left edge of the lanes.
 */
import { DAY_MS, type EpochRange } from '../../../../shared/units.ts';

export interface TimeView {
  centreEpochMs: number;
  msPerPixel: number;
  widthPx: number;
}

/** About two years across a wide window down to single frames. */
export const MAX_MS_PER_PIXEL = (730 * DAY_MS) / 1000;
export const MIN_MS_PER_PIXEL = 1;

/** As many pixels off nobody sees at which the pointer is. */
const CLOSE_PX = 4;
const LONGEST_OFF_MS = 60_000;

/** By how much a picture may be off the moment that is pointed at, ms. */
export function unseenMs(msPerPixel: number): number {
  return Math.min(LONGEST_OFF_MS, Math.round(CLOSE_PX * msPerPixel));
}

export function xOfTime(view: TimeView, epochMs: number): number {
  return view.widthPx / 2 + (epochMs - view.centreEpochMs) / view.msPerPixel;
}

export function timeAtX(view: TimeView, x: number): number {
  return view.centreEpochMs + (x - view.widthPx / 2) * view.msPerPixel;
}

export function visibleRange(view: TimeView): EpochRange {
  const half = (view.widthPx / 2) * view.msPerPixel;
  return { startEpochMs: view.centreEpochMs - half, endEpochMs: view.centreEpochMs + half };
}

/** Zooms by `factor` (> 1: closer) so that the time below `x` stays below it. */
export function zoomAbout(view: TimeView, x: number, factor: number): TimeView {
  const msPerPixel = clampScale(view.msPerPixel / factor);
  const anchor = timeAtX(view, x);
  return { ...view, msPerPixel, centreEpochMs: anchor - (x - view.widthPx / 2) * msPerPixel };
}

/** Moves the view's content by `dx` pixels: positive shows earlier times. */
export function panBy(view: TimeView, dx: number): TimeView {
  return { ...view, centreEpochMs: view.centreEpochMs - dx * view.msPerPixel };
}

/** The view that shows `range` with `margin` (share of the width) free on each side. */
export function fitRange(widthPx: number, range: EpochRange, margin = 0.05): TimeView {
  const usable = Math.max(1, widthPx * (1 - 2 * margin));
  const duration = Math.max(1, range.endEpochMs - range.startEpochMs);
  return {
    widthPx,
    msPerPixel: clampScale(duration / usable),
    centreEpochMs: range.startEpochMs + (range.endEpochMs - range.startEpochMs) / 2,
  };
}

/** Two fingers: the times below them before stay below them after. */
export function pinch(view: TimeView, before: [number, number], after: [number, number]): TimeView {
  const spreadBefore = Math.abs(before[1] - before[0]);
  const spreadAfter = Math.abs(after[1] - after[0]);
  if (spreadBefore < 1 || spreadAfter < 1) return view;
  const middleBefore = (before[0] + before[1]) / 2;
  const middleAfter = (after[0] + after[1]) / 2;
  return panBy(zoomAbout(view, middleBefore, spreadAfter / spreadBefore), middleAfter - middleBefore);
}

/** Keeps the centre between the ends of what can be looked at. */
export function clampCentre(view: TimeView, bounds: EpochRange): TimeView {
  const centreEpochMs = Math.min(Math.max(view.centreEpochMs, bounds.startEpochMs), bounds.endEpochMs);
  return centreEpochMs === view.centreEpochMs ? view : { ...view, centreEpochMs };
}

export function clampScale(msPerPixel: number): number {
  return Math.min(Math.max(msPerPixel, MIN_MS_PER_PIXEL), MAX_MS_PER_PIXEL);
}

/** The factor of one wheel event; trackpads send many small deltas, mice a few large ones. */
export function wheelFactor(deltaY: number, deltaMode: number): number {
  const pixels = deltaMode === 1 ? deltaY * 16 : deltaMode === 2 ? deltaY * 400 : deltaY;
  return 2 ** (-Math.min(Math.max(pixels, -240), 240) / 200);
}
