/**
 * Takes noise out of a picture and leaves its edges: a bilateral filter (Tomasi and Manduchi 1998), across and then down, whose weights
 * go by a smoothed copy of the luma, since single pixels of a noisy picture say little about what belongs together. Small figures
 * that a plain blur would take away with the noise stay. Pure but for its buffers.
 */
import { lumaOf, type Picture } from './picture.ts';
import { Smoother } from './smooth.ts';

/** Levels of the smoothed copy over which pixels stop being alike, in standard deviations of the noise. */
const ALIKE = 0.6;
/** Weights of the next and second next pixel beside 256 for the pixel itself (a Gaussian of sigma 1.5). */
const NEAR = 205;
const FAR = 105;
/** Colour is coarse to a detector and noisier than luma: it is smoothed all over. */
const CHROMA_PASSES = 3;

/** Keeps its buffers from picture to picture: what it returns is valid until it is called again. */
export class Denoiser {
  private readonly smoother = new Smoother();
  private readonly guides = new Smoother();
  private rows = new Uint8Array(0);
  private sigma = 0;
  private readonly near = new Uint16Array(256);
  private readonly far = new Uint16Array(256);

  /** The picture without noise of this standard deviation (luma steps). */
  denoise(picture: Picture, sigma: number): Picture {
    const { width, height } = picture;
    this.weigh(Math.max(1, sigma));
    if (this.rows.length !== width * height) this.rows = new Uint8Array(width * height);
    const guide = this.guides.smoothLuma(picture);
    const result = this.smoother.smoothChroma(picture, CHROMA_PASSES);
    const { rows, near, far } = this;
    filterRows(lumaOf(picture), guide, rows, width, height, near, far);
    filterColumns(rows, guide, lumaOf(result), width, height, near, far);
    return result;
  }

  /** Weights by difference in luma; computed anew once the noise has changed by a tenth. */
  private weigh(sigma: number): void {
    if (Math.abs(sigma - this.sigma) < 0.1 * this.sigma) return;
    this.sigma = sigma;
    const spread = 2 * (ALIKE * sigma) ** 2;
    for (let difference = 0; difference < 256; difference++) {
      const alike = Math.exp(-(difference * difference) / spread);
      this.near[difference] = Math.round(NEAR * alike);
      this.far[difference] = Math.round(FAR * alike);
    }
  }
}

function filterRows(
  from: Uint8Array,
  guide: Uint8Array,
  to: Uint8Array,
  width: number,
  height: number,
  near: Uint16Array,
  far: Uint16Array,
): void {
  for (let y = 0; y < height; y++) {
    const first = y * width;
    const last = first + width - 1;
    const next = Math.min(last, first + 1);
    // Luma and guide of five neighbours, moved along the row.
    let b = from[first]!;
    let a = b;
    let c = b;
    let d = from[next]!;
    let guideB = guide[first]!;
    let guideA = guideB;
    let guideC = guideB;
    let guideD = guide[next]!;
    for (let i = first; i <= last; i++) {
      const at = i + 2 <= last ? i + 2 : last;
      const e = from[at]!;
      const guideE = guide[at]!;
      const weightA = far[Math.abs(guideA - guideC)]!;
      const weightB = near[Math.abs(guideB - guideC)]!;
      const weightD = near[Math.abs(guideD - guideC)]!;
      const weightE = far[Math.abs(guideE - guideC)]!;
      const sum = 256 * c + weightA * a + weightB * b + weightD * d + weightE * e;
      to[i] = sum / (256 + weightA + weightB + weightD + weightE) + 0.5;
      a = b;
      b = c;
      c = d;
      d = e;
      guideA = guideB;
      guideB = guideC;
      guideC = guideD;
      guideD = guideE;
    }
  }
}

function filterColumns(
  from: Uint8Array,
  guide: Uint8Array,
  to: Uint8Array,
  width: number,
  height: number,
  near: Uint16Array,
  far: Uint16Array,
): void {
  for (let y = 0; y < height; y++) {
    const row = (at: number) => (Math.max(0, Math.min(height - 1, at)) - y) * width;
    const [a, b, d, e] = [row(y - 2), row(y - 1), row(y + 1), row(y + 2)];
    const end = (y + 1) * width;
    for (let i = y * width; i < end; i++) {
      const centre = guide[i]!;
      const weightA = far[Math.abs(guide[i + a]! - centre)]!;
      const weightB = near[Math.abs(guide[i + b]! - centre)]!;
      const weightD = near[Math.abs(guide[i + d]! - centre)]!;
      const weightE = far[Math.abs(guide[i + e]! - centre)]!;
      const sum =
        256 * from[i]! +
        weightA * from[i + a]! +
        weightB * from[i + b]! +
        weightD * from[i + d]! +
        weightE * from[i + e]!;
      to[i] = sum / (256 + weightA + weightB + weightD + weightE) + 0.5;
    }
  }
}
