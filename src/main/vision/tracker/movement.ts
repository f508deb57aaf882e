/** Whether a box has really moved, as against being drawn a little differently each time. Pure. */
import type { Box } from '../../../shared/geometry.ts';

/** A share of the object's size that no jitter of a still object reaches on opposite edges at once. */
const BEYOND_JITTER = 0.35;
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
  const across = common(box.x - origin.x, box.x + box.width - origin.x - origin.width) * aspectRatio;
  const down = common(box.y - origin.y, box.y + box.height - origin.y - origin.height);
  const shifted = Math.hypot(across, down) / (BEYOND_JITTER * size);
  const ratio = Math.min(box.width / origin.width, box.height / origin.height);
  const inverse = Math.min(origin.width / box.width, origin.height / box.height);
  return Math.max(shifted, Math.max(ratio, inverse) / GROWN);
}

/** The part of the movement that both edges share. */
function common(a: number, b: number): number {
  return a * b <= 0 ? 0 : Math.min(Math.abs(a), Math.abs(b));
}
