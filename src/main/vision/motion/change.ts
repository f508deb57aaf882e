/** What changed between two grey pictures: a mask without speckles, its share and its regions. Pure. */
import type { Box } from '../../../shared/geometry.ts';
import type { Grey } from './grey.ts';

/** Every so manieth cell says as much about the whole; not a divisor of the usual width, so that columns take turns. */
const MEDIAN_STEP = 3;

/** The picture became lighter or darker as a whole by this much: the median difference of its cells. */
export function medianDifference(a: Float32Array, b: Float32Array): number {
  const counts = new Uint32Array(512);
  let known = 0;
  for (let i = 0; i < a.length; i += MEDIAN_STEP) {
    const difference = a[i]! - b[i]!;
    if (Number.isNaN(difference)) continue;
    counts[(difference + 255.5) | 0]!++;
    known++;
  }
  let seen = 0;
  for (let bin = 0; bin < counts.length; bin++) {
    seen += counts[bin]!;
    if (seen * 2 >= known) return known > 0 ? bin - 255 : 0;
  }
  return 0;
}

/**
 * Cells (1) that differ by more than `floor` and `noiseFactor` times their usual noise once the common shift in brightness is taken
 * off, and that have at least two changed neighbours: lone cells are noise. The mask is null where there are none.
 */
export function changedCells(
  now: Grey,
  before: Float32Array,
  noise: Float32Array,
  limits: { floor: number; noiseFactor: number },
): { mask: Uint8Array | null; count: number } {
  const { width, height, values } = now;
  const shift = medianDifference(values, before);
  let raw: Uint8Array | null = null;
  for (let i = 0; i < values.length; i++) {
    const difference = Math.abs(values[i]! - before[i]! - shift);
    if (difference > limits.floor && difference > noise[i]! * limits.noiseFactor) {
      raw ??= new Uint8Array(values.length);
      raw[i] = 1;
    }
  }
  if (!raw) return { mask: null, count: 0 };
  const mask = new Uint8Array(values.length);
  let count = 0;
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      if (raw[i] && neighbours(raw, x, y, width, height) >= 2) {
        mask[i] = 1;
        count++;
      }
    }
  }
  return { mask, count };
}

/** Boxes (fractions of the picture) around the connected regions of a mask, largest first, at most `most`. */
export function regionsOf(
  mask: Uint8Array,
  width: number,
  height: number,
  minCells: number,
  most: number,
): Box[] {
  const seen = new Uint8Array(mask.length);
  const regions: Array<{ box: Box; cells: number }> = [];
  for (let start = 0; start < mask.length; start++) {
    if (!mask[start] || seen[start]) continue;
    const region = floodFill(mask, seen, start, width, height);
    if (region.cells < minCells) continue;
    regions.push({
      cells: region.cells,
      box: {
        x: region.left / width,
        y: region.top / height,
        width: (region.right + 1 - region.left) / width,
        height: (region.bottom + 1 - region.top) / height,
      },
    });
  }
  return regions
    .sort((a, b) => b.cells - a.cells)
    .slice(0, most)
    .map((region) => region.box);
}

/** Marks everything connected with `start`; gaps of one cell do not separate, since noise tears objects apart. */
function floodFill(mask: Uint8Array, seen: Uint8Array, start: number, width: number, height: number) {
  const region = { left: width, right: 0, top: height, bottom: 0, cells: 0 };
  const open = [start];
  seen[start] = 1;
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const x = at % width;
    const y = (at - x) / width;
    region.left = Math.min(region.left, x);
    region.right = Math.max(region.right, x);
    region.top = Math.min(region.top, y);
    region.bottom = Math.max(region.bottom, y);
    region.cells++;
    for (let ny = Math.max(0, y - 2); ny <= Math.min(height - 1, y + 2); ny++) {
      for (let nx = Math.max(0, x - 2); nx <= Math.min(width - 1, x + 2); nx++) {
        const next = ny * width + nx;
        if (!mask[next] || seen[next]) continue;
        seen[next] = 1;
        open.push(next);
      }
    }
  }
  return region;
}

function neighbours(mask: Uint8Array, x: number, y: number, width: number, height: number): number {
  let count = 0;
  for (let ny = Math.max(0, y - 1); ny <= Math.min(height - 1, y + 1); ny++) {
    for (let nx = Math.max(0, x - 1); nx <= Math.min(width - 1, x + 1); nx++) count += mask[ny * width + nx]!;
  }
  return count - 1;
}
