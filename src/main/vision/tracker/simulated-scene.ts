/** For tests: objects that move through a picture, and what a detector that is not perfect would report of them. Seeded, so repeatable. */
import type { ObjectLabel } from '../../../shared/domain-events.ts';
import { type Box, intersectionArea, intersectionOverUnion, type Point } from '../../../shared/geometry.ts';
import type { Detection } from '../detector/detection.ts';

export interface Mover {
  label: ObjectLabel;
  width: number;
  height: number;
  /** Foot point at a time in seconds; null while it is not there. */
  at(seconds: number): Point | null;
}

export interface Imperfection {
  /** Usual score, share of pictures in which it is much lower, and jitter of the box's edges as a share of its size. */
  score: number;
  miss: number;
  jitter: number;
  /** A still look-alike and stray faint detections beside the objects. */
  clutter: boolean;
}

export const USUAL: Imperfection = { score: 0.7, miss: 0.07, jitter: 0.03, clutter: true };

/** Uniform in 0..1 (mulberry32). */
export function randomSource(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Walkers and cars that pass from side to side at all depths; some stop on their way, some of those turn back. */
export function passersBy(
  seed: number,
  count: number,
  seconds: number,
  kind: 'cars' | 'people' | 'mixed',
): Mover[] {
  const random = randomSource(seed);
  return Array.from({ length: count }, () => {
    const isCar = kind === 'cars' || (kind === 'mixed' && random() < 0.2);
    const enter = random() * (seconds - 8);
    const fromLeft = random() < 0.5;
    const depth = 0.25 + 0.7 * random();
    const height = (isCar ? 0.14 : 0.22) * (0.3 + depth * 1.2);
    const width = (height * (isCar ? 2.6 : 0.4)) / (16 / 9);
    const speed = (isCar ? 0.25 + 0.5 * random() : 0.05 + 0.07 * random()) * (0.4 + depth);
    const stop = !isCar && random() < 0.3 ? 0.3 + 0.4 * random() : null;
    const stopSeconds = 2 + 6 * random();
    const turnsBack = stop !== null && random() < 0.3;
    const way = (passed: number): number => {
      if (stop === null || passed < stop / speed) return passed * speed;
      const after = Math.max(0, passed - stop / speed - stopSeconds) * speed;
      return turnsBack ? stop - after : stop + after;
    };
    return {
      label: isCar ? 'car' : 'person',
      width,
      height,
      at(now) {
        const gone = now < enter ? -1 : way(now - enter);
        if (gone < 0 || gone > 1 + width) return null;
        return { x: fromLeft ? gone - width / 2 : 1 + width / 2 - gone, y: 0.25 + 0.7 * depth };
      },
    };
  });
}

/** Groups of two to four who walk side by side, one group after the other. */
export function groups(seed: number, count: number): Mover[] {
  const random = randomSource(seed);
  return Array.from({ length: count }, (_, group) => {
    const size = 2 + Math.floor(random() * 3);
    const fromLeft = random() < 0.5;
    const speed = 0.1 + 0.05 * random();
    return Array.from({ length: size }, (_, member): Mover => {
      // Side by side on the ground: behind each other in the picture, a little apart.
      const [behind, aside] = [member * (0.06 + 0.02 * random()), member * 0.035 + 0.02 * random()];
      return {
        label: 'person',
        width: 0.07,
        height: 0.3,
        at(now) {
          const gone = (now - group * 14) * speed - aside;
          if (gone < -0.035 || gone > 1.035) return null;
          return { x: fromLeft ? gone : 1 - gone, y: 0.9 - behind };
        },
      };
    });
  }).flat();
}

/** What the detector reports, picture by picture: nearer objects hide those behind them, and non-maximum suppression has its say. */
export function detectMovers(
  movers: readonly Mover[],
  options: { seed: number; fps: number; seconds: number } & Imperfection,
): Array<{ atMs: number; detections: Detection[] }> {
  const random = randomSource(options.seed);
  const pictures = [];
  for (let i = 0; i < options.seconds * options.fps; i++) {
    const now = i / options.fps;
    const detections = [...detectVisible(movers, now, options, random)];
    if (options.clutter) detections.push(...clutter(random));
    pictures.push({ atMs: Math.round(now * 1000), detections: suppress(detections) });
  }
  return pictures;
}

function* detectVisible(
  movers: readonly Mover[],
  now: number,
  { score, miss, jitter }: Imperfection,
  random: () => number,
): Generator<Detection> {
  const there = movers.flatMap((mover) => {
    const foot = mover.at(now);
    return foot ? [{ mover, foot }] : [];
  });
  const nearer: Box[] = [];
  for (const { mover, foot } of there.sort((a, b) => b.foot.y - a.foot.y)) {
    const box = clip(foot.x - mover.width / 2, foot.y - mover.height, foot.x + mover.width / 2, foot.y);
    if (box.width < 0.25 * mover.width || box.height <= 0) continue;
    const area = box.width * box.height;
    const hidden = Math.max(0, ...nearer.map((other) => intersectionArea(box, other) / area));
    nearer.push(box);
    let confidence = score + 0.12 * normal(random) - 0.8 * hidden;
    if (random() < miss) confidence -= 0.45;
    if (confidence < 0.1) continue;
    confidence = Math.min(0.95, confidence);
    const spread = jitter * (confidence < 0.4 ? 2 : 1);
    const [dx, dy] = [spread * box.width, spread * box.height];
    const legs = hidden > 0.3 && random() < 0.5 ? 0.3 * box.height * hidden : 0;
    const drawn = clip(
      box.x + dx * normal(random),
      box.y + dy * normal(random),
      box.x + box.width + dx * normal(random),
      box.y + box.height + dy * normal(random) - legs,
    );
    const label = mover.label === 'car' && random() < 0.1 ? 'truck' : mover.label;
    if (drawn.width > 0 && drawn.height > 0) yield { label, confidence, box: drawn };
  }
}

function clutter(random: () => number): Detection[] {
  const found: Detection[] = [];
  if (random() < 0.5) {
    const box = {
      x: 0.62 + 0.002 * normal(random),
      y: 0.3,
      width: 0.03,
      height: 0.12 * (1 + 0.1 * normal(random)),
    };
    found.push({ label: 'person', confidence: 0.3 + 0.3 * random(), box });
  }
  if (random() < 0.2) {
    const box = { x: random() * 0.9, y: random() * 0.8, width: 0.05, height: 0.2 };
    found.push({ label: 'person', confidence: 0.1 + 0.35 * random() ** 2, box });
  }
  return found;
}

function suppress(detections: Detection[]): Detection[] {
  const kept: Detection[] = [];
  for (const one of detections.sort((a, b) => b.confidence - a.confidence)) {
    const isPerson = one.label === 'person';
    const covered = kept.some(
      (other) => (other.label === 'person') === isPerson && intersectionOverUnion(other.box, one.box) > 0.45,
    );
    if (!covered) kept.push(one);
  }
  return kept;
}

function clip(left: number, top: number, right: number, bottom: number): Box {
  const x = Math.max(0, left);
  const y = Math.max(0, top);
  return { x, y, width: Math.min(1, right) - x, height: Math.min(1, bottom) - y };
}

function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(random() + 1e-12)) * Math.cos(2 * Math.PI * random());
}
