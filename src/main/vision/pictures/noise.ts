/** Tells how noisy a camera's pictures are, and whether a detector sees more in them without the noise. Pure but for its memory. */
import { lumaOf, type Picture } from './picture.ts';

/** Pixels are sampled this far apart, both ways. */
const GRID = 8;
/** Medians of what white noise of one standard deviation does to the second difference of neighbours, and from picture to picture. */
const SPATIAL = 1.65;
const TEMPORAL = 0.954;
const FOLLOW_MS = 2000;
/** Standard deviations of the noise, in luma steps, above which it is taken out and below which no longer. */
const NOISY = 3;
const CLEAN = 2;

export class NoiseMeter {
  /** Standard deviation of the noise, in luma steps. */
  level = 0;
  isNoisy = false;
  private previous: Uint8Array | null = null;
  private lastMs = 0;

  /** Takes the next picture; times ascend. */
  step(picture: Picture): void {
    const { samples, spatial } = sample(picture);
    const { previous } = this;
    const known = previous !== null && previous.length === samples.length;
    // Texture looks like noise in one picture and stays in the next; what moves changes but is smooth: noise is what does both.
    const now = known ? Math.min(spatial, medianChange(samples, previous)) : spatial;
    const share = known ? 1 - Math.exp(-Math.max(0, picture.atMs - this.lastMs) / FOLLOW_MS) : 1;
    this.level += share * (now - this.level);
    this.isNoisy = this.level >= (this.isNoisy ? CLEAN : NOISY);
    this.previous = samples;
    this.lastMs = picture.atMs;
  }
}

function sample(picture: Picture): { samples: Uint8Array; spatial: number } {
  const luma = lumaOf(picture);
  const { width, height } = picture;
  const columns = Math.floor((width - 2) / GRID);
  const rows = Math.floor(height / GRID);
  if (columns < 1 || rows < 1) return { samples: new Uint8Array(0), spatial: 0 };
  const samples = new Uint8Array(columns * rows);
  const counts = new Uint32Array(512);
  for (let row = 0, i = 0; row < rows; row++) {
    let at = (row * GRID + (GRID >> 1)) * width + 1;
    for (let column = 0; column < columns; column++, i++, at += GRID) {
      samples[i] = luma[at]!;
      counts[Math.abs(luma[at - 1]! - 2 * luma[at]! + luma[at + 1]!)]!++;
    }
  }
  return { samples, spatial: median(counts, samples.length) / SPATIAL };
}

function medianChange(a: Uint8Array, b: Uint8Array): number {
  const counts = new Uint32Array(256);
  for (let i = 0; i < a.length; i++) counts[Math.abs(a[i]! - b[i]!)]!++;
  return median(counts, a.length) / TEMPORAL;
}

function median(counts: Uint32Array, total: number): number {
  let seen = 0;
  for (let value = 0; value < counts.length; value++) {
    seen += counts[value]!;
    if (2 * seen >= total) return value;
  }
  return 0;
}
