/** Plane geometry on pictures. Coordinates are fractions of the picture unless a name says otherwise: x to the right, y down, 0..1. */

export interface Point {
  x: number;
  y: number;
}

/** Top-left corner and size. */
export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

export type Direction = 'forward' | 'backward';

/** Where an object stands: the middle of the bottom edge of its box. */
export function footPoint(box: Box): Point {
  return { x: box.x + box.width / 2, y: box.y + box.height };
}

/**
 * Which side of the directed line a→b the point lies on, in picture coordinates (y down):
 * negative on the left-hand side of somebody who walks from a to b, positive on the right-hand side, 0 on the line.
 * The value is twice the area of the triangle a, b, p.
 */
export function sideOfLine(a: Point, b: Point, p: Point): number {
  return (b.x - a.x) * (p.y - a.y) - (b.y - a.y) * (p.x - a.x);
}

/** Distance of p from the infinite line through a and b, signed like `sideOfLine`; in the unit of the points. */
export function signedDistance(a: Point, b: Point, p: Point): number {
  const length = Math.hypot(b.x - a.x, b.y - a.y);
  return length === 0 ? 0 : sideOfLine(a, b, p) / length;
}

/**
 * Where the movement from→to meets the segment a→b, as fractions along each (`movement`, `segment` in 0..1), or null.
 * Parallel movements never meet it.
 */
export function segmentIntersection(
  from: Point,
  to: Point,
  a: Point,
  b: Point,
): { movement: number; segment: number } | null {
  const dx = to.x - from.x;
  const dy = to.y - from.y;
  const ex = b.x - a.x;
  const ey = b.y - a.y;
  const denominator = dx * ey - dy * ex;
  if (denominator === 0) return null;
  const movement = ((a.x - from.x) * ey - (a.y - from.y) * ex) / denominator;
  const segment = ((a.x - from.x) * dy - (a.y - from.y) * dx) / denominator;
  return movement >= 0 && movement <= 1 && segment >= 0 && segment <= 1 ? { movement, segment } : null;
}

/** Whether p lies inside the polygon (even-odd rule; ray casting after W. R. Franklin, PNPOLY). */
export function polygonContains(points: readonly Point[], p: Point): boolean {
  let inside = false;
  for (let i = 0, j = points.length - 1; i < points.length; j = i++) {
    const a = points[i]!;
    const b = points[j]!;
    if (a.y > p.y !== b.y > p.y && p.x < ((b.x - a.x) * (p.y - a.y)) / (b.y - a.y) + a.x) inside = !inside;
  }
  return inside;
}

/** Area of a simple polygon in square units of its points (shoelace formula). */
export function polygonArea(points: readonly Point[]): number {
  let twice = 0;
  for (let i = 0; i < points.length; i++) {
    const a = points[i]!;
    const b = points[(i + 1) % points.length]!;
    twice += a.x * b.y - b.x * a.y;
  }
  return Math.abs(twice) / 2;
}

/** Whether two edges of the closed polygon cross each other. */
export function polygonCrossesItself(points: readonly Point[]): boolean {
  const n = points.length;
  for (let i = 0; i < n; i++) {
    for (let j = i + 2; j < n; j++) {
      if (i === 0 && j === n - 1) continue; // neighbours by closing
      if (segmentIntersection(points[i]!, points[(i + 1) % n]!, points[j]!, points[(j + 1) % n]!))
        return true;
    }
  }
  return false;
}

/** Intersection over union of two boxes, 0..1. */
export function intersectionOverUnion(a: Box, b: Box): number {
  const shared = intersectionArea(a, b);
  const union = a.width * a.height + b.width * b.height - shared;
  return union > 0 ? shared / union : 0;
}

export function intersectionArea(a: Box, b: Box): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return width > 0 && height > 0 ? width * height : 0;
}
