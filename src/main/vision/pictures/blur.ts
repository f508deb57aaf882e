/** Tells whether a camera's pictures are so blurred (focus, dirt, a picture enlarged) that a detector sees more in them sharpened. */
import { lumaOf, type Picture } from './picture.ts';

/** Pixels over which an edge may rise, the least rise that is one (luma steps), and how far apart pixels are looked at. */
const REACH = 4;
const EDGE = 24;
const GRID = { across: 4, down: 8 } as const;
const MIN_EDGES = 16;
const BINS = 64;
const FOLLOW_MS = 3000;
/**
 * Share of the rise that the steepest step takes: 0.25 is a ramp, 1 an edge within a pixel. Footage in focus has 0.5 to 0.66, a blur
 * of two pixels makes 0.4 of it.
 */
const BLURRED = 0.42;
const SHARP = 0.47;

export class BlurMeter {
  isBlurred = false;
  private steepness: number | null = null;
  private lastMs = 0;

  /** Takes a picture; times ascend. A picture without edges says nothing. */
  step(picture: Picture): void {
    const now = edgeSteepness(picture);
    if (now === null) return;
    const share = 1 - Math.exp(-Math.max(0, picture.atMs - this.lastMs) / FOLLOW_MS);
    this.steepness = this.steepness === null ? now : this.steepness + share * (now - this.steepness);
    this.isBlurred = this.steepness < (this.isBlurred ? SHARP : BLURRED);
    this.lastMs = picture.atMs;
  }
}

/** Median over the picture's edges; null where there are too few. */
export function edgeSteepness(picture: Picture): number | null {
  const luma = lumaOf(picture);
  const { width, height } = picture;
  const counts = new Uint32Array(BINS + 1);
  let edges = 0;
  for (let y = GRID.down >> 1; y < height; y += GRID.down) {
    const end = (y + 1) * width - REACH;
    for (let i = y * width; i < end; i += GRID.across) {
      const rise = Math.abs(luma[i + REACH]! - luma[i]!);
      if (rise < EDGE) continue;
      let steepest = 0;
      for (let k = i; k < i + REACH; k++) steepest = Math.max(steepest, Math.abs(luma[k + 1]! - luma[k]!));
      counts[Math.min(BINS, Math.round((steepest / rise) * BINS))]!++;
      edges++;
    }
  }
  if (edges < MIN_EDGES) return null;
  let seen = 0;
  for (let bin = 0; bin <= BINS; bin++) {
    seen += counts[bin]!;
    if (2 * seen >= edges) return bin / BINS;
  }
  return null;
}
