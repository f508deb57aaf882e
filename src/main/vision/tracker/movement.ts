/** Whether a box has really moved, as against being drawn a little differently each time. Pure. */
import type { Box } from '../../../shared/geometry.ts';
import { cutEdges } from './picture-edge.ts';

/** A share of the object's size that no jitter of a still object reaches on opposite edges at once. */
const BEYOND_JITTER = 0.35;
/** Where the picture's edge cuts the box only one edge can tell, and it must go this much further. */
const ONE_EDGE = 1.5;
const GROWN = 1.6;

/**
 * How far `box` has moved from `origin`, as a multiple of what counts as having moved (1 and more: moved).
 * Opposite edges must go the same way, so a box that is merely cut shorter or stretched has not moved;
 * an object that comes straight at the camera has, once its box has grown by `GROWN` both ways.
 */
export function displacement(origin: Box, box: Box, aspectRatio: number): number {
  const width = Math.max(origin.width, box.width);
  const height = Math.max(origin.height, box.height);
  const size = Math.sqrt(Math.max(width * aspectRatio * height, 1e-8));
  const was = cutEdges(origin);
  const is = cutEdges(box);
  const across = shift(
    { way: box.x - origin.x, was: was.left, is: is.left },
    { way: box.x + box.width - origin.x - origin.width, was: was.right, is: is.right },
  );
  const down = shift(
    { way: box.y - origin.y, was: was.top, is: is.top },
    { way: box.y + box.height - origin.y - origin.height, was: was.bottom, is: is.bottom },
  );
  const shifted = Math.hypot(across * aspectRatio, down) / (BEYOND_JITTER * size);
  if (was.any || is.any) return shifted;
  const grown = Math.min(box.width / origin.width, box.height / origin.height);
  const shrunk = Math.min(origin.width / box.width, origin.height / box.height);
  return Math.max(shifted, (Math.max(grown, shrunk) - 1) / (GROWN - 1));
}

/** How far a box has travelled as a whole (opposite edges alike), in its own sizes. */
export function travel(origin: Box, box: Box, aspectRatio: number): number {
  const size = Math.sqrt(
    Math.max(Math.max(origin.width, box.width) * aspectRatio * Math.max(origin.height, box.height), 1e-8),
  );
  const common = (low: number, high: number) =>
    low * high <= 0 ? 0 : Math.min(Math.abs(low), Math.abs(high));
  const across = common(box.x - origin.x, box.x + box.width - origin.x - origin.width);
  const down = common(box.y - origin.y, box.y + box.height - origin.y - origin.height);
  return Math.hypot(across * aspectRatio, down) / size;
}

interface EdgeWay {
  way: number;
  /** Cut by the picture's edge then, and now. */
  was: boolean;
  is: boolean;
}

/**
 * How far a pair of opposite edges has gone: what both share, or the way of one alone, discounted, where the picture's edge hides
 * the other's. An edge cut at both times tells nothing; one cut at one of them has gone at least as far as it seems.
 */
function shift(low: EdgeWay, high: EdgeWay): number {
  const shared = low.way * high.way <= 0 ? 0 : Math.min(Math.abs(low.way), Math.abs(high.way));
  const alone = (edge: EdgeWay, other: EdgeWay) =>
    (other.was || other.is) && !(edge.was && edge.is) ? Math.abs(edge.way) / ONE_EDGE : 0;
  return Math.max(shared, alone(low, high), alone(high, low));
}
