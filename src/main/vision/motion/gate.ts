/**
 * Decides whether a picture is worth an inference. The principle: while a picture is the same as the one last looked at, its
 * detections are the same too, so they are used again. Small changes add up until they open the gate; a look that found nothing new
 * makes it less sensitive there for a while (codec noise, leaves), a look that did keeps it open.
 */
import { LABEL_GROUP } from '../../../shared/domain-events.ts';
import { intersectionOverUnion } from '../../../shared/geometry.ts';
import type { Detection } from '../detector/detection.ts';
import { medianDifference } from './change.ts';
import type { Grey } from './grey.ts';

/** Grey levels by which a cell, averaged with its neighbours, must differ; finer than what is reported as motion. */
const FLOOR = 3.2;
const NOISE_FACTOR = 2.5;
const MIN_CELLS = 3;
/** What a look that found nothing new adds to the floor: everywhere, and in the cells that opened the gate; and the most of each. */
const LEARN = { everywhere: 0.4, here: 1.5, mostEverywhere: 4, mostHere: 9 };
const FORGET_MS = 30_000;
/** Grey levels too few to go on forgetting. */
const NOTHING = 0.01;
/** After a look that found something new, and while there is something, every picture is looked at for this long: tracks become sure. */
const HOLD_MS = 1000;
/** A tracked object that the last look missed keeps the gate open, but not for ever. */
const SEARCH_MS = 3000;
/** A look without any cause: soon after something was new more often, later less. By how long nothing was new. */
const KEEP_ALIVE = [
  { quietMs: 60_000, everyMs: 60_000 },
  { quietMs: 10_000, everyMs: 20_000 },
  { quietMs: 0, everyMs: 4000 },
] as const;
/** Detections this sure are compared from look to look; the same object overlaps itself at least this much. */
const COMPARED_SCORE = 0.3;
const FAINT_SCORE = 0.1;
const SAME_OVERLAP = 0.88;

export class InferenceGate {
  private seen: Float32Array | null = null;
  private seenMs = Number.NEGATIVE_INFINITY;
  private newsMs = Number.NEGATIVE_INFINITY;
  private searchSinceMs: number | null = null;
  private lastMs = 0;
  private everywhere = 0;
  private here = new Float32Array(0);
  /** Whether `here` holds anything. */
  private dampened = false;
  /** Cells that opened the gate for the look under way; null when something else did. */
  private opening: Uint8Array | null = null;
  private detections: readonly Detection[] = [];
  private width = 1;
  /** Filled anew for each picture: fresh arrays would cost more than what is computed in them. */
  private space: { differences: Float32Array; rows: Float32Array; most: Float32Array } | null = null;

  /** Whether to look at this picture; `missing`: an object being followed was not found in the last look. */
  decide(atMs: number, grey: Grey, noise: Float32Array, missing: boolean): boolean {
    this.forget(atMs, grey);
    const open = this.isOpen(atMs, grey, noise, missing);
    if (open) {
      this.seen = grey.values;
      this.seenMs = atMs;
    }
    return open;
  }

  /** Takes what the look that `decide` asked for has found. */
  learn(atMs: number, found: readonly Detection[]): void {
    const isNews = hasNews(this.detections, found);
    this.detections = found;
    if (isNews) this.newsMs = atMs;
    else if (this.opening) this.dampen(this.opening, found);
    this.opening = null;
  }

  private isOpen(atMs: number, grey: Grey, noise: Float32Array, missing: boolean): boolean {
    const { seen } = this;
    if (!seen || seen.length !== grey.values.length || atMs < this.seenMs) {
      this.newsMs = atMs;
      return true;
    }
    const quietMs = atMs - this.newsMs;
    if (quietMs <= HOLD_MS && this.detections.length > 0) return true;
    this.opening = this.changedCells(grey, seen, noise);
    if (this.opening) return true;
    this.searchSinceMs = missing ? (this.searchSinceMs ?? atMs) : null;
    if (this.searchSinceMs !== null && atMs - this.searchSinceMs <= SEARCH_MS) return true;
    const { everyMs } = KEEP_ALIVE.find((pace) => quietMs > pace.quietMs)!;
    return atMs - this.seenMs >= everyMs;
  }

  /** Cells whose neighbourhood differs from the picture last looked at, or null when there are too few. */
  private changedCells(grey: Grey, seen: Float32Array, noise: Float32Array): Uint8Array | null {
    const { width, height, values } = grey;
    const shift = medianDifference(values, seen);
    const floor = FLOOR + this.everywhere;
    const { differences, rows, most } = this.spaceFor(width, height);
    for (let y = 0, i = 0; y < height; y++) {
      let largest = 0;
      for (const end = i + width; i < end; i++) {
        const difference = values[i]! - seen[i]! - shift;
        const size = Math.abs(difference);
        // A masked cell (NaN) has not changed.
        differences[i] = size >= 0 ? difference : 0;
        if (size > largest) largest = size;
      }
      most[y] = largest;
    }
    let mask: Uint8Array | null = null;
    let count = 0;
    for (let y = 0; y < height; y++) {
      // No mean is larger than the largest: rows of a still picture take no more than this.
      if (Math.max(most[y - 1] ?? 0, most[y]!, most[y + 1] ?? 0) <= floor) continue;
      averageNeighbours(differences, width, height, y, rows);
      for (let x = 0, i = y * width; x < width; x++, i++) {
        const size = Math.abs(rows[x]!);
        if (size <= floor + this.here[i]! || size <= noise[i]! * NOISE_FACTOR) continue;
        mask ??= new Uint8Array(values.length);
        mask[i] = 1;
        count++;
      }
    }
    return count >= MIN_CELLS ? mask : null;
  }

  private spaceFor(width: number, height: number) {
    if (this.space?.differences.length !== width * height || this.space.rows.length !== width) {
      const array = (length: number) => new Float32Array(length);
      this.space = { differences: array(width * height), rows: array(width), most: array(height) };
    }
    return this.space;
  }

  /** Less sensitive where a change meant nothing, but never where an object is. */
  private dampen(opening: Uint8Array, found: readonly Detection[]): void {
    this.everywhere = Math.min(LEARN.mostEverywhere, this.everywhere + LEARN.everywhere);
    const { width } = this;
    const height = opening.length / width;
    const objects = found
      .filter((detection) => detection.confidence >= COMPARED_SCORE)
      .map((detection) => detection.box);
    for (let i = 0; i < opening.length; i++) {
      if (!opening[i]) continue;
      const x = ((i % width) + 0.5) / width;
      const y = (Math.floor(i / width) + 0.5) / height;
      const isObject = objects.some(
        (box) => x >= box.x && x <= box.x + box.width && y >= box.y && y <= box.y + box.height,
      );
      if (isObject) continue;
      this.here[i] = Math.min(LEARN.mostHere, this.here[i]! + LEARN.here);
      this.dampened = true;
    }
  }

  private forget(atMs: number, grey: Grey): void {
    if (this.here.length !== grey.values.length) this.here = new Float32Array(grey.values.length);
    this.width = grey.width;
    const kept = Math.exp(-Math.max(0, atMs - this.lastMs) / FORGET_MS);
    this.lastMs = atMs;
    this.everywhere *= kept;
    if (!this.dampened) return;
    let most = 0;
    for (let i = 0; i < this.here.length; i++) {
      this.here[i]! *= kept;
      most = Math.max(most, this.here[i]!);
    }
    this.dampened = most > NOTHING;
  }
}

/** Whether a sure detection has come, gone or moved between two looks. */
function hasNews(before: readonly Detection[], after: readonly Detection[]): boolean {
  return hasUnmatched(after, before) || hasUnmatched(before, after);
}

function hasUnmatched(these: readonly Detection[], those: readonly Detection[]): boolean {
  return these.some(
    (one) =>
      one.confidence >= COMPARED_SCORE &&
      !those.some(
        (other) =>
          other.confidence >= FAINT_SCORE &&
          LABEL_GROUP[other.label] === LABEL_GROUP[one.label] &&
          intersectionOverUnion(other.box, one.box) >= SAME_OVERLAP,
      ),
  );
}

/** Writes the means over 3x3 cells around those of row `y` (fewer at the edges are taken as zero): noise shrinks, what objects change does not. */
function averageNeighbours(
  values: Float32Array,
  width: number,
  height: number,
  y: number,
  means: Float32Array,
): void {
  const at = y * width;
  const above = y > 0 ? at - width : -1;
  const below = y + 1 < height ? at + width : -1;
  let before = 0;
  let here = columnSum(values, at, above, below, 0);
  for (let x = 0; x < width; x++) {
    const after = x + 1 < width ? columnSum(values, at, above, below, x + 1) : 0;
    means[x] = (before + here + after) / 9;
    before = here;
    here = after;
  }
}

function columnSum(values: Float32Array, at: number, above: number, below: number, x: number): number {
  return (above >= 0 ? values[above + x]! : 0) + values[at + x]! + (below >= 0 ? values[below + x]! : 0);
}
