/** Moving and describing lines and zones in a picture. Coordinates are fractions of the picture; pure. */
import { t } from '@lingui/core/macro';
import { type Point, polygonArea, polygonCrossesItself } from '../../../shared/geometry.ts';

/** Kept inside the picture and rounded to what a pointer can mean. */
export function clampPoint({ x, y }: Point): Point {
  return { x: round(Math.min(1, Math.max(0, x))), y: round(Math.min(1, Math.max(0, y))) };
}

/** All points moved together, as far as all of them stay inside the picture. */
export function movePoints(points: readonly Point[], dx: number, dy: number): Point[] {
  const xs = points.map(({ x }) => x);
  const ys = points.map(({ y }) => y);
  const safeDx = Math.min(1 - Math.max(...xs), Math.max(-Math.min(...xs), dx));
  const safeDy = Math.min(1 - Math.max(...ys), Math.max(-Math.min(...ys), dy));
  return points.map(({ x, y }) => clampPoint({ x: x + safeDx, y: y + safeDy }));
}

export function centreOf(points: readonly Point[]): Point {
  return {
    x: points.reduce((sum, { x }) => sum + x, 0) / points.length,
    y: points.reduce((sum, { y }) => sum + y, 0) / points.length,
  };
}

/**
 * Unit vector of the forward direction over the line a→b: towards the right-hand side of somebody who walks along it.
 * In a picture of that aspect (width ÷ height); the vector is in units of the picture's height.
 */
export function forwardNormal(a: Point, b: Point, aspect: number): Point {
  const dx = (b.x - a.x) * aspect;
  const dy = b.y - a.y;
  const length = Math.hypot(dx, dy) || 1;
  return { x: -dy / length, y: dx / length };
}

/** 'down the picture', 'up and to the left': where the forward direction of a line points. */
export function wordsOfForward(a: Point, b: Point, aspect: number): string {
  const { x, y } = forwardNormal(a, b, aspect);
  const [steep, flat] = [Math.abs(y) > 0.38, Math.abs(x) > 0.38];
  if (!steep) return x > 0 ? t`to the right` : t`to the left`;
  if (!flat) return y > 0 ? t`down the picture` : t`up the picture`;
  if (y > 0) return x > 0 ? t`down and to the right` : t`down and to the left`;
  return x > 0 ? t`up and to the right` : t`up and to the left`;
}

/** Why these points are no zone or mask, or null. */
export function problemOfPolygon(points: readonly Point[]): string | null {
  if (points.length < 3) return t`Three corners are needed.`;
  if (polygonCrossesItself(points)) return t`The edges cross each other. Move a corner.`;
  return polygonArea(points) < 0.0005 ? t`It is too small to catch anything.` : null;
}

export function rectangleOf(a: Point, b: Point): Point[] {
  return [
    { x: a.x, y: a.y },
    { x: b.x, y: a.y },
    { x: b.x, y: b.y },
    { x: a.x, y: b.y },
  ].map(clampPoint);
}

/** 'Line', 'Line 2', …: the first that is not taken. */
export function freeName(base: string, taken: ReadonlyArray<{ name: string }>): string {
  const lower = new Set(taken.map(({ name }) => name.toLowerCase()));
  if (!lower.has(base.toLowerCase())) return base;
  let count = 2;
  while (lower.has(`${base} ${count}`.toLowerCase())) count++;
  return `${base} ${count}`;
}

function round(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
