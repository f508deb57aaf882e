/** A time axis in the page that zooms about the pointer and pans: for charts that are drawn by React, not on a canvas. */
import { type RefObject, useEffect, useRef, useState } from 'react';
import type { EpochRange } from '../../../shared/units.ts';
import {
  clampCentre,
  fitRange,
  panBy,
  pinch,
  type TimeView,
  wheelFactor,
  zoomAbout,
} from '../archive/timeline/scale.ts';

export interface TimeAxis {
  view: TimeView;
  zoom(factor: number): void;
  show(range: EpochRange): void;
}

/** `element` is the plot area; `range` what is shown first and again whenever its ends change. */
export function useTimeView(
  element: RefObject<HTMLElement | null>,
  range: EpochRange,
  bounds: EpochRange,
): TimeAxis {
  const [view, setView] = useState<TimeView>(() => fitRange(1000, range));
  const limits = useRef(bounds);
  limits.current = bounds;
  const change = useRef((next: (view: TimeView) => TimeView) =>
    setView((old) => clampCentre(next(old), limits.current)),
  );

  // biome-ignore lint/correctness/useExhaustiveDependencies: a range is compared by its ends
  useEffect(() => {
    setView((old) => fitRange(old.widthPx, range));
  }, [range.startEpochMs, range.endEpochMs]);

  useEffect(() => {
    const host = element.current;
    if (!host) return;
    const observer = new ResizeObserver(() => {
      const widthPx = Math.max(50, host.clientWidth);
      // The same stretch of time stays in view.
      setView((old) => ({ ...old, widthPx, msPerPixel: (old.msPerPixel * old.widthPx) / widthPx }));
    });
    observer.observe(host);
    const stopGestures = listen(host, (next) => change.current(next));
    return () => {
      observer.disconnect();
      stopGestures();
    };
  }, [element]);

  return {
    view,
    zoom: (factor) => change.current((old) => zoomAbout(old, old.widthPx / 2, factor)),
    show: (wanted) => change.current((old) => fitRange(old.widthPx, wanted)),
  };
}

function listen(host: HTMLElement, change: (next: (view: TimeView) => TimeView) => void): () => void {
  const pointers = new Map<number, number>();
  const xOf = (event: MouseEvent) => event.clientX - host.getBoundingClientRect().left;
  const onWheel = (event: WheelEvent) => {
    const sideways = Math.abs(event.deltaX) > Math.abs(event.deltaY);
    // Without a modifier the wheel scrolls the page of doors.
    if (!event.ctrlKey && !event.shiftKey && !event.altKey && !sideways) return;
    event.preventDefault();
    const x = xOf(event);
    if (event.ctrlKey || event.altKey)
      change((view) => zoomAbout(view, x, wheelFactor(event.deltaY * 3, event.deltaMode)));
    else change((view) => panBy(view, -(sideways ? event.deltaX : event.deltaY)));
  };
  const onDown = (event: PointerEvent) => {
    if (event.button === 0 && !(event.target as Element).closest('a, button'))
      pointers.set(event.pointerId, xOf(event));
  };
  const onMove = (event: PointerEvent) => {
    const before = pointers.get(event.pointerId);
    if (before === undefined) return;
    const now = xOf(event);
    const other = [...pointers].find(([id]) => id !== event.pointerId)?.[1];
    if (other === undefined) change((view) => panBy(view, now - before));
    else change((view) => pinch(view, [other, before], [other, now]));
    pointers.set(event.pointerId, now);
    if (!host.hasPointerCapture(event.pointerId)) host.setPointerCapture(event.pointerId);
  };
  const onUp = (event: PointerEvent) => pointers.delete(event.pointerId);
  host.addEventListener('wheel', onWheel, { passive: false });
  host.addEventListener('pointerdown', onDown);
  host.addEventListener('pointermove', onMove);
  host.addEventListener('pointerup', onUp);
  host.addEventListener('pointercancel', onUp);
  return () => {
    host.removeEventListener('wheel', onWheel);
    host.removeEventListener('pointerdown', onDown);
    host.removeEventListener('pointermove', onMove);
    host.removeEventListener('pointerup', onUp);
    host.removeEventListener('pointercancel', onUp);
  };
}
