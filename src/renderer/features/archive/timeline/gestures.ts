/** Pointer, wheel and fingers on the timeline, told apart and handed on: drag pans, a tap seeks, wheel zooms, two fingers pinch. */
import { type Hit, momentOf } from './hit.ts';
import { timeAtX, unseenMs, wheelFactor } from './scale.ts';
import type { TimelineController } from './timeline-controller.ts';

export interface GestureTarget {
  controller: TimelineController;
  /** `withinMs`: nobody sees the difference to what lies so much earlier. */
  seek(epochMs: number, lane: number | null, withinMs: number): void;
  hover(point: { x: number; y: number; hit: Hit } | null): void;
}

/** A finger trembles: below this a press is a tap. */
const TAP_SLOP_PX = 5;

/** Listens on `element`, for the wheel also on what lies over it in `host`, until the returned function is called. */
export function listenForGestures(
  element: HTMLElement,
  host: HTMLElement,
  target: GestureTarget,
): () => void {
  const { controller } = target;
  const pointers = new Map<number, { x: number; y: number }>();
  let pressed: { x: number; y: number; moved: boolean; multi: boolean } | null = null;

  const place = (event: MouseEvent) => {
    const box = element.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const onDown = (event: PointerEvent) => {
    if (event.button !== 0) return;
    element.setPointerCapture(event.pointerId);
    pointers.set(event.pointerId, place(event));
    pressed = { ...place(event), moved: false, multi: pointers.size > 1 };
  };
  const onMove = (event: PointerEvent) => {
    const now = place(event);
    const before = pointers.get(event.pointerId);
    if (!before || !pressed) {
      if (event.pointerType !== 'touch') target.hover({ ...now, hit: controller.hit(now.x, now.y) });
      controller.hover(event.pointerType === 'touch' ? null : now.x);
      return;
    }
    const other = [...pointers.entries()].find(([id]) => id !== event.pointerId)?.[1];
    if (other) {
      controller.pinch([other.x, before.x], [other.x, now.x]);
      pressed.moved = true;
    } else if (pressed.moved || Math.abs(now.x - pressed.x) > TAP_SLOP_PX) {
      controller.pan(now.x - (pressed.moved ? before.x : pressed.x));
      pressed.moved = true;
      target.hover(null);
      controller.hover(null);
    }
    pointers.set(event.pointerId, now);
  };
  const onUp = (event: PointerEvent) => {
    const tapped = pressed && !pressed.moved && !pressed.multi && pointers.has(event.pointerId);
    pointers.delete(event.pointerId);
    if (pointers.size === 0) pressed = null;
    if (!tapped || event.type !== 'pointerup') return;
    const now = place(event);
    const hit = controller.hit(now.x, now.y, event.pointerType === 'touch' ? 12 : 6);
    const epochMs = momentOf(hit, timeAtX(controller.view, now.x));
    const withinMs = hit.kind === 'recorded' ? unseenMs(controller.view.msPerPixel) : 0;
    target.seek(epochMs, 'lane' in hit ? hit.lane : null, withinMs);
  };
  const onLeave = () => {
    target.hover(null);
    controller.hover(null);
  };
  const onWheel = (event: WheelEvent) => {
    const { x } = place(event);
    const sideways = Math.abs(event.deltaX) > Math.abs(event.deltaY);
    if (event.shiftKey || sideways) {
      controller.pan(-(sideways ? event.deltaX : event.deltaY));
    } else {
      controller.zoom(wheelFactor(event.deltaY * (event.ctrlKey ? 4 : 1), event.deltaMode), x);
    }
    event.preventDefault();
    target.hover(null);
  };

  element.addEventListener('pointerdown', onDown);
  element.addEventListener('pointermove', onMove);
  element.addEventListener('pointerup', onUp);
  element.addEventListener('pointercancel', onUp);
  element.addEventListener('pointerleave', onLeave);
  host.addEventListener('wheel', onWheel, { passive: false });
  return () => {
    element.removeEventListener('pointerdown', onDown);
    element.removeEventListener('pointermove', onMove);
    element.removeEventListener('pointerup', onUp);
    element.removeEventListener('pointercancel', onUp);
    element.removeEventListener('pointerleave', onLeave);
    host.removeEventListener('wheel', onWheel);
  };
}
