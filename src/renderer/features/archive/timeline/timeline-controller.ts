/**
 * The moving part of the timeline: holds the view, follows the playhead, eases, and paints at most once per frame.
 * Gestures come from `gestures.ts`; React only mounts it.
 */
import { DAY_MS, type EpochRange, HOUR_MS } from '../../../../shared/units.ts';
import { type FoundMotion, hatchPattern, type Painting, paintTimeline } from './draw.ts';
import { type Hit, hitTest, totalHeight } from './hit.ts';
import type { LaneData } from './lane-data.ts';
import type { LaneSource } from './lane-source.ts';
import { onThemeChange, type Palette, readPalette } from './palette.ts';
import { clampCentre, fitRange, panBy, pinch, type TimeView, xOfTime, zoomAbout } from './scale.ts';

/** What the timeline reads from the page at each frame. */
export interface TimelineModel {
  cameraIds: readonly string[];
  shownCameraIds: readonly string[];
  playheadEpochMs: number;
  playing: boolean;
  selection: EpochRange | null;
  /** When a search found motion at a camera. */
  found: FoundMotion | null;
  earliestEpochMs: number | null;
}

export interface TimelineControllerDeps {
  host: HTMLElement;
  canvas: HTMLCanvasElement;
  lanes: LaneSource;
  model(): TimelineModel;
  now(): number;
  /** After each painting: overlays in the DOM take their places. */
  onPainted(view: TimeView, following: boolean): void;
}

/** Without a touch for so long, playing brings the playhead back to the middle. */
const RETURN_AFTER_MS = 4000;
const EASE_MS = 160;

export class TimelineController {
  readonly #deps: TimelineControllerDeps;
  readonly #ctx: CanvasRenderingContext2D;
  #view: TimeView = { centreEpochMs: 0, msPerPixel: (2 * HOUR_MS) / 1000, widthPx: 1000 };
  #following = true;
  #touchedAtMs = 0;
  #easing: { from: number; startedAtMs: number } | null = null;
  #frame = 0;
  #palette: Palette;
  #hatch: CanvasPattern | null = null;
  #pixelRatio = 0;
  #lanes: LaneData[] = [];
  #hoverX: number | null = null;
  #stops: Array<() => void> = [];

  constructor(deps: TimelineControllerDeps) {
    this.#deps = deps;
    this.#ctx = deps.canvas.getContext('2d')!;
    this.#palette = readPalette(deps.host);
  }

  start(): void {
    const observer = new ResizeObserver(() => this.#resize());
    observer.observe(this.#deps.host);
    const stopTheme = onThemeChange(() => {
      this.#palette = readPalette(this.#deps.host);
      this.#hatch = null;
      this.invalidate();
    });
    // The present moves on even when nobody touches anything.
    const timer = window.setInterval(() => this.invalidate(), 1000);
    this.#stops = [() => observer.disconnect(), stopTheme, () => window.clearInterval(timer)];
    this.#resize();
  }

  stop(): void {
    for (const stop of this.#stops) stop();
    cancelAnimationFrame(this.#frame);
  }

  get view(): TimeView {
    return this.#view;
  }

  get lanes(): readonly LaneData[] {
    return this.#lanes;
  }

  invalidate(): void {
    if (this.#frame === 0) this.#frame = requestAnimationFrame(() => this.#paint());
  }

  pan(dx: number): void {
    this.#touch(panBy(this.#view, dx));
  }

  /** Zooms about a point; about the playhead it stays in the middle. */
  zoom(factor: number, x?: number): void {
    if (x === undefined) {
      this.#view = zoomAbout(this.#view, this.#view.widthPx / 2, factor);
      this.invalidate();
    } else this.#touch(zoomAbout(this.#view, x, factor));
  }

  pinch(before: [number, number], after: [number, number]): void {
    this.#touch(pinch(this.#view, before, after));
  }

  show(range: EpochRange): void {
    this.#touch(fitRange(this.#view.widthPx, range));
  }

  /** Brings the playhead back to the middle, smoothly if it is near. */
  follow(): void {
    const target = this.#deps.model().playheadEpochMs;
    const jump = Math.abs(target - this.#view.centreEpochMs) / this.#view.msPerPixel;
    const calm = matchMedia('(prefers-reduced-motion: reduce)').matches || jump > 4 * this.#view.widthPx;
    this.#easing = calm ? null : { from: this.#view.centreEpochMs, startedAtMs: performance.now() };
    this.#following = true;
    this.invalidate();
  }

  hover(x: number | null): void {
    if (this.#hoverX === x) return;
    this.#hoverX = x;
    this.invalidate();
  }

  hit(x: number, y: number, reachPx?: number): Hit {
    const { selection } = this.#deps.model();
    return hitTest({ view: this.#view, lanes: this.#lanes, selection }, x, y, reachPx);
  }

  #touch(view: TimeView): void {
    const model = this.#deps.model();
    const now = this.#deps.now();
    this.#view = clampCentre(view, {
      startEpochMs: (model.earliestEpochMs ?? now) - DAY_MS,
      endEpochMs: now + Math.max(HOUR_MS / 60, view.msPerPixel * 200),
    });
    this.#following = false;
    this.#easing = null;
    this.#touchedAtMs = performance.now();
    this.invalidate();
  }

  #resize(): void {
    const { host, canvas, model } = this.#deps;
    const widthPx = Math.max(50, host.clientWidth);
    const heightPx = totalHeight(model().cameraIds.length);
    const ratio = window.devicePixelRatio || 1;
    const first = this.#pixelRatio === 0;
    if (canvas.width !== Math.round(widthPx * ratio) || canvas.height !== Math.round(heightPx * ratio)) {
      canvas.width = Math.round(widthPx * ratio);
      canvas.height = Math.round(heightPx * ratio);
      canvas.style.width = `${widthPx}px`;
      canvas.style.height = `${heightPx}px`;
    }
    if (ratio !== this.#pixelRatio) this.#hatch = null;
    this.#pixelRatio = ratio;
    const msPerPixel = first ? this.#firstLengthMs(widthPx) / widthPx : this.#view.msPerPixel;
    this.#view = { ...this.#view, widthPx, msPerPixel };
    this.invalidate();
  }

  /** Two hours, one on a narrow screen; less while there is little footage yet. */
  #firstLengthMs(widthPx: number): number {
    const { earliestEpochMs } = this.#deps.model();
    const longest = widthPx < 600 ? HOUR_MS : 2 * HOUR_MS;
    if (earliestEpochMs === null) return longest;
    return Math.min(longest, Math.max(HOUR_MS / 6, (this.#deps.now() - earliestEpochMs) * 2.2));
  }

  #paint(): void {
    this.#frame = 0;
    const model = this.#deps.model();
    if (totalHeight(model.cameraIds.length) !== parseFloat(this.#deps.canvas.style.height)) this.#resize();
    this.#place(model);
    this.#lanes = this.#deps.lanes.lanesFor(this.#view, model.cameraIds).lanes;
    this.#hatch ??= hatchPattern(this.#ctx, this.#palette, this.#pixelRatio);
    const painting: Painting = {
      view: this.#view,
      lanes: this.#lanes,
      shownCameraIds: model.shownCameraIds,
      selection: model.selection,
      found: model.found,
      playheadEpochMs: model.playheadEpochMs,
      nowEpochMs: this.#deps.now(),
      hoverX: this.#hoverX,
      palette: this.#palette,
      hatch: this.#hatch,
    };
    this.#ctx.setTransform(this.#pixelRatio, 0, 0, this.#pixelRatio, 0, 0);
    paintTimeline(this.#ctx, painting);
    this.#deps.onPainted(this.#view, this.#following);
  }

  /** Puts the centre where it belongs in this frame. */
  #place(model: TimelineModel): void {
    if (!this.#following && model.playing && performance.now() - this.#touchedAtMs > RETURN_AFTER_MS) {
      const x = xOfTime(this.#view, model.playheadEpochMs);
      if (x >= 0 && x <= this.#view.widthPx) this.follow();
    }
    if (!this.#following) return;
    let centreEpochMs = model.playheadEpochMs;
    if (this.#easing) {
      const share = Math.min(1, (performance.now() - this.#easing.startedAtMs) / EASE_MS);
      centreEpochMs = this.#easing.from + (centreEpochMs - this.#easing.from) * (1 - (1 - share) ** 3);
      if (share >= 1) this.#easing = null;
      else this.invalidate();
    }
    if (centreEpochMs !== this.#view.centreEpochMs) this.#view = { ...this.#view, centreEpochMs };
  }
}
