/** Line crossing: the foot point's path crosses the segment, once per pass. Pure; one state per line. */
import type { Line } from '../../shared/domain-camera.ts';
import { type Direction, type Point, signedDistance } from '../../shared/geometry.ts';
import type { RuleInput, Sample } from './trail.ts';

export interface Crossing {
  direction: Direction;
  /** When the path met the line, interpolated between the sights before and after. */
  atMs: number;
  /** The sight that made it certain. */
  sample: Sample;
}

interface Step {
  atMs: number;
  foot: Point;
  /** Signed distance from the line; positive on the right-hand side. */
  distance: number;
  /** How far from the line is clearly off it, for this object's size. */
  margin: number;
}

interface Walker {
  /** The side it was last clearly on: 1 right, -1 left, 0 not known yet. */
  side: -1 | 0 | 1;
  /** Sights since it was last clearly on that side, that one included. */
  steps: readonly Step[];
}

export type LineState = ReadonlyMap<number, Walker>;

/** Clear of the line: shares of the box's width (for movement across the picture) and height (up and down). */
const CLEAR_OF_WIDTH = 0.2;
const CLEAR_OF_HEIGHT = 0.08;
const LEAST_CLEAR = 0.004;
/** An object that appears this share of the margin before the line comes from that side; one that vanishes so far behind has crossed. */
const APPEARED = 0.2;
const VANISHED = 0.35;
const MOST_STEPS = 64;
/** How far beyond an end point the path may pass and still count, in fractions of the picture. */
const END_SLACK = 0.005;

/** The state before anything was seen. */
export const noWalkers: LineState = new Map();

/**
 * One step. A crossing counts when the object is clearly on the other side than it clearly was on before, so jitter on the line
 * and turning back on it count nothing; its time is that of the path on the line. One that vanishes just behind the line has crossed.
 */
export function stepLine(
  state: LineState,
  line: Line,
  input: RuleInput,
): { state: LineState; crossings: Crossing[] } {
  const next = new Map(state);
  const crossings: Crossing[] = [];
  const [a, b] = line.points as [Point, Point];
  for (const sample of input.samples) {
    const walker = next.get(sample.trackId) ?? { side: 0, steps: [] };
    const { walker: moved, crossing } = advance(walker, stepAt(sample, a, b), a, b);
    next.set(sample.trackId, moved);
    if (crossing) crossings.push({ ...crossing, sample });
  }
  for (const sample of input.ended) {
    const walker = next.get(sample.trackId);
    next.delete(sample.trackId);
    const crossing = walker && vanishing(walker, a, b);
    if (crossing) crossings.push({ ...crossing, sample });
  }
  return { state: next, crossings };
}

function stepAt(sample: Sample, a: Point, b: Point): Step {
  const length = Math.hypot(b.x - a.x, b.y - a.y);
  const normal = { x: Math.abs(b.y - a.y) / length, y: Math.abs(b.x - a.x) / length };
  const margin =
    normal.x * CLEAR_OF_WIDTH * sample.box.width + normal.y * CLEAR_OF_HEIGHT * sample.box.height;
  return {
    atMs: sample.atMs,
    foot: sample.foot,
    distance: signedDistance(a, b, sample.foot),
    margin: Math.max(LEAST_CLEAR, margin),
  };
}

function advance(
  walker: Walker,
  step: Step,
  a: Point,
  b: Point,
): { walker: Walker; crossing: Omit<Crossing, 'sample'> | null } {
  const steps = [...walker.steps, step];
  if (steps.length > MOST_STEPS) steps.splice(1, 1);
  const clear = Math.abs(step.distance) >= step.margin;
  if (!clear) return { walker: { side: walker.side, steps }, crossing: null };
  const side = step.distance > 0 ? 1 : -1;
  const from = walker.side || startSide(steps);
  const crossing = from === -side ? crossingOf(steps, side, a, b) : null;
  return { walker: { side, steps: [step] }, crossing };
}

/** The side on which an object appeared that was not clearly on either. */
function startSide(steps: readonly Step[]): number {
  const first = steps[0]!;
  return Math.abs(first.distance) >= APPEARED * first.margin ? Math.sign(first.distance) : 0;
}

/** The crossing of an object that was clearly on one side and last seen behind the line, but not far behind. */
function vanishing({ side, steps }: Walker, a: Point, b: Point): Omit<Crossing, 'sample'> | null {
  const last = steps.at(-1);
  if (!last || side === 0 || Math.abs(last.distance) < VANISHED * last.margin) return null;
  return Math.sign(last.distance) === -side ? crossingOf(steps, side > 0 ? -1 : 1, a, b) : null;
}

/** Where the path last went over to `side`, if that was between the line's ends. */
function crossingOf(
  steps: readonly Step[],
  side: 1 | -1,
  a: Point,
  b: Point,
): Omit<Crossing, 'sample'> | null {
  for (let i = steps.length - 1; i > 0; i--) {
    const before = steps[i - 1]!;
    const after = steps[i]!;
    if (before.distance * side > 0 || after.distance * side <= 0) continue;
    const share = before.distance / (before.distance - after.distance);
    const at = {
      x: before.foot.x + share * (after.foot.x - before.foot.x),
      y: before.foot.y + share * (after.foot.y - before.foot.y),
    };
    if (!isOnSegment(at, a, b)) return null;
    return {
      direction: side > 0 ? 'forward' : 'backward',
      atMs: Math.round(before.atMs + share * (after.atMs - before.atMs)),
    };
  }
  return null;
}

function isOnSegment(p: Point, a: Point, b: Point): boolean {
  const length = Math.hypot(b.x - a.x, b.y - a.y);
  const along = ((p.x - a.x) * (b.x - a.x) + (p.y - a.y) * (b.y - a.y)) / length;
  return along >= -END_SLACK && along <= length + END_SLACK;
}
