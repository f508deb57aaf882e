/** Where the objects of an event are at a moment, for drawing over its clip. Pure; fractions of the picture. */
import type { NvrEvent } from '../../../shared/domain-events.ts';
import type { Box, Point } from '../../../shared/geometry.ts';

export interface PathPoint extends Point {
  atMs: number;
}

export interface DrawnTrack {
  id: string;
  path: readonly PathPoint[];
  /** Size of the object's box; null where only its feet are known. */
  size: { width: number; height: number } | null;
  alarm: boolean;
}

/** Every object whose path the event knows: the people of a tailgating, or the one object. */
export function tracksOf(event: Pick<NvrEvent, 'detail' | 'startEpochMs'>): DrawnTrack[] {
  const { detail } = event;
  const size = detail.box ? { width: detail.box.width, height: detail.box.height } : null;
  if (detail.tailgating) {
    return detail.tailgating.people.map((person) => ({
      id: String(person.trackId),
      path: person.path,
      size: person.trackId === detail.trackId ? size : null,
      alarm: !person.admitted,
    }));
  }
  if (detail.path && detail.path.length > 0) return [{ id: 'object', path: detail.path, size, alarm: false }];
  if (!detail.box) return [];
  const { x, y, width, height } = detail.box;
  return [
    {
      id: 'object',
      path: [{ atMs: event.startEpochMs, x: x + width / 2, y: y + height }],
      size,
      alarm: false,
    },
  ];
}

/** How long a point outside the known path still stands for the object. */
const HOLD_MS = 800;

/** The foot at that time between the points known, or null when the object is not in the picture then. */
export function footAt(path: readonly PathPoint[], atMs: number): Point | null {
  const first = path[0];
  const last = path.at(-1);
  if (!first || !last || atMs < first.atMs - HOLD_MS || atMs > last.atMs + HOLD_MS) return null;
  if (atMs <= first.atMs) return first;
  if (atMs >= last.atMs) return last;
  const next = path.findIndex((point) => point.atMs >= atMs);
  const before = path[next - 1]!;
  const after = path[next]!;
  const share = (atMs - before.atMs) / Math.max(1, after.atMs - before.atMs);
  return { x: before.x + (after.x - before.x) * share, y: before.y + (after.y - before.y) * share };
}

export function boxAt(track: DrawnTrack, foot: Point): Box | null {
  if (!track.size) return null;
  const { width, height } = track.size;
  return { x: foot.x - width / 2, y: foot.y - height, width, height };
}

/** `M0.1 0.2 L…` up to that time, ending at the foot itself. */
export function trailOf(path: readonly PathPoint[], atMs: number): string {
  const past = path.filter((point) => point.atMs <= atMs);
  const foot = footAt(path, atMs);
  const points: Point[] = foot ? [...past, foot] : past;
  return points.length < 2 ? '' : `M${points.map((point) => `${point.x} ${point.y}`).join(' L')}`;
}

/**
 * The arrow in the middle of a line that points the way `forward` goes, as an SVG path: from the left-hand side of somebody
 * who walks from its first to its second point to the right-hand side. `aspect`: width of the picture by its height.
 */
export function forwardArrow(a: Point, b: Point, aspect: number, length = 0.06): string {
  const dx = (b.x - a.x) * aspect;
  const dy = b.y - a.y;
  const norm = Math.hypot(dx, dy) || 1;
  const along = { x: dx / norm, y: dy / norm };
  // Turned a quarter clockwise as seen on the screen (y down): right of the walking direction.
  const ahead = { x: -along.y, y: along.x };
  const middle = { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
  const at = (forward: number, side: number) => {
    const x = middle.x + (ahead.x * forward + along.x * side) / aspect;
    const y = middle.y + ahead.y * forward + along.y * side;
    return `${x.toFixed(5)} ${y.toFixed(5)}`;
  };
  const head = length * 0.4;
  return `M${at(0, 0)}L${at(length, 0)}M${at(length - head, -head)}L${at(length, 0)}L${at(length - head, head)}`;
}
