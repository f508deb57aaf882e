/** Rectangles on a picture, in fractions of it. Pure. */

interface Region {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Smaller than this hides nothing and was not meant. */
const SMALLEST = 0.02;

/** Between two corners, within the picture; null while it is too small. */
export function regionBetween(a: { x: number; y: number }, b: { x: number; y: number }): Region | null {
  const [left, right] = [within(Math.min(a.x, b.x)), within(Math.max(a.x, b.x))];
  const [top, bottom] = [within(Math.min(a.y, b.y)), within(Math.max(a.y, b.y))];
  const region = { x: left, y: top, width: right - left, height: bottom - top };
  return region.width < SMALLEST || region.height < SMALLEST ? null : region;
}

export function moveRegion<R extends Region>(region: R, dx: number, dy: number): R {
  return {
    ...region,
    x: Math.min(Math.max(0, region.x + dx), 1 - region.width),
    y: Math.min(Math.max(0, region.y + dy), 1 - region.height),
  };
}

/** Moves the lower right corner. */
export function resizeRegion<R extends Region>(region: R, dx: number, dy: number): R {
  return {
    ...region,
    width: Math.min(Math.max(SMALLEST, region.width + dx), 1 - region.x),
    height: Math.min(Math.max(SMALLEST, region.height + dy), 1 - region.y),
  };
}

function within(value: number): number {
  return Math.min(1, Math.max(0, value));
}
