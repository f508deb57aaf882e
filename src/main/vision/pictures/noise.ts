/** Tells whether a camera's pictures are so noisy or dark that a detector sees more in them once they are smoothed. Pure but for its memory. */
import { lumaOf, type Picture } from './picture.ts';

/** Pixels are sampled this far apart, both ways. */
const GRID = 8;
/** Medians of what white noise of one standard deviation does to the second difference of neighbours, and from picture to picture. */
const SPATIAL = 1.65;
const TEMPORAL = 0.954;
const FOLLOW_MS = 2000;
/** Standard deviations of the noise, in luma steps, above which smoothing begins and below which it ends. */
const NOISY = 3;
const CLEAN = 2;
/** Luma that nearly all of the picture stays below at night, and above which it is day again; cameras and encoders lose detail there. */
const DARK = 120;
const BRIGHT = 132;
/** Share of the picture that lamps and reflections may take up. */
const LIGHTS = 0.02;
/** Passes of `Smoother`, measured on night variants: more for the dark alone takes small objects away. */
const PASSES = { noisy: 2, dark: 1, clear: 0 } as const;

export class NoiseMeter {
  /** Standard deviation of the noise, in luma steps. */
  level = 0;
  isNoisy = false;
  isDark = false;
  private brightest = 0;
  private previous: Uint8Array | null = null;
  private lastMs = 0;

  /** How often the picture should be smoothed for the detector. */
  get passes(): number {
    return this.isNoisy ? PASSES.noisy : this.isDark ? PASSES.dark : PASSES.clear;
  }

  /** Takes the next picture; times ascend. */
  step(picture: Picture): void {
    const { samples, spatial, brightest } = sample(picture);
    const { previous } = this;
    const known = previous !== null && previous.length === samples.length;
    // Texture looks like noise in one picture and stays in the next; what moves changes but is smooth: noise is what does both.
    const now = known ? Math.min(spatial, medianChange(samples, previous)) : spatial;
    const share = known ? 1 - Math.exp(-Math.max(0, picture.atMs - this.lastMs) / FOLLOW_MS) : 1;
    this.level += share * (now - this.level);
    this.isNoisy = this.level >= (this.isNoisy ? CLEAN : NOISY);
    this.brightest += share * (brightest - this.brightest);
    this.isDark = this.brightest < (this.isDark ? BRIGHT : DARK);
    this.previous = samples;
    this.lastMs = picture.atMs;
  }
}

function sample(picture: Picture): { samples: Uint8Array; spatial: number; brightest: number } {
  const luma = lumaOf(picture);
  const { width, height } = picture;
  const columns = Math.floor((width - 2) / GRID);
  const rows = Math.floor(height / GRID);
  if (columns < 1 || rows < 1) return { samples: new Uint8Array(0), spatial: 0, brightest: 255 };
  const samples = new Uint8Array(columns * rows);
  const counts = new Uint32Array(512);
  const lumas = new Uint32Array(256);
  for (let row = 0, i = 0; row < rows; row++) {
    let at = (row * GRID + (GRID >> 1)) * width + 1;
    for (let column = 0; column < columns; column++, i++, at += GRID) {
      samples[i] = luma[at]!;
      lumas[luma[at]!]!++;
      counts[Math.abs(luma[at - 1]! - 2 * luma[at]! + luma[at + 1]!)]!++;
    }
  }
  return {
    samples,
    spatial: quantile(counts, samples.length, 0.5) / SPATIAL,
    brightest: quantile(lumas, samples.length, 1 - LIGHTS),
  };
}

function medianChange(a: Uint8Array, b: Uint8Array): number {
  const counts = new Uint32Array(256);
  for (let i = 0; i < a.length; i++) counts[Math.abs(a[i]! - b[i]!)]!++;
  return quantile(counts, a.length, 0.5) / TEMPORAL;
}

function quantile(counts: Uint32Array, total: number, share: number): number {
  let seen = 0;
  for (let value = 0; value < counts.length; value++) {
    seen += counts[value]!;
    if (seen >= share * total) return value;
  }
  return 0;
}
