/** Tells by how much a dark picture should be stretched for a detector, which learned from pictures of the day. Pure but for its memory. */
import { lumaOf, type Picture } from './picture.ts';

/** Pixels are sampled this far apart, both ways. */
const GRID = 8;
/** Share of the pixels beyond which lamps and the darkest corners do not count. */
const TAILS = 0.01;
/** Luma that the lightest part of the picture is brought to, and the most by which it is stretched for that. */
const LIGHT = 150;
const MOST_GAIN = 3;
/** A gain below this is not worth a pass over the picture. */
const LEAST_GAIN = 1.05;
const FOLLOW_MS = 2000;

export class ContrastMeter {
  private low: number | null = null;
  private high = 0;
  private lastMs = 0;

  /** Takes the next picture; times ascend. */
  step(picture: Picture): void {
    const { low, high } = range(picture);
    const share = this.low === null ? 1 : 1 - Math.exp(-Math.max(0, picture.atMs - this.lastMs) / FOLLOW_MS);
    this.low = (this.low ?? low) + share * (low - (this.low ?? low));
    this.high += share * (high - this.high);
    this.lastMs = picture.atMs;
  }

  /** By how much luma should be stretched; 1 where there is light enough. */
  get gain(): number {
    if (this.low === null) return 1;
    const gain = Math.min(MOST_GAIN, (LIGHT - this.low) / Math.max(1, this.high - this.low));
    return gain >= LEAST_GAIN ? gain : 1;
  }

  /** Luma for luma: the darkest stays, all above it is stretched by the gain. */
  table(): Uint8Array {
    const { gain } = this;
    const low = Math.round(this.low ?? 0);
    return Uint8Array.from({ length: 256 }, (_, luma) =>
      Math.max(0, Math.min(255, Math.round(low + (luma - low) * gain))),
    );
  }
}

/** Luma at both ends of the picture's range without its tails; a picture too small to tell has all of it. */
function range(picture: Picture): { low: number; high: number } {
  const luma = lumaOf(picture);
  const { width, height } = picture;
  const counts = new Uint32Array(256);
  let total = 0;
  for (let y = GRID >> 1; y < height; y += GRID) {
    for (let i = y * width + (GRID >> 1); i < (y + 1) * width; i += GRID, total++) counts[luma[i]!]!++;
  }
  if (total === 0) return { low: 0, high: 255 };
  const level = (share: number) => {
    let seen = 0;
    for (let value = 0; value < 256; value++) {
      seen += counts[value]!;
      if (seen >= share * total) return value;
    }
    return 255;
  };
  return { low: level(TAILS), high: level(1 - TAILS) };
}
