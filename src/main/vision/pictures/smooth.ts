/** Smooths a picture, or sharpens one against blur, with the binomial filter 1 4 6 4 1 across and down. Pure but for its buffers. */
import { chromaOf, lumaOf, type Picture } from './picture.ts';

/** Keeps its buffers from picture to picture: what it returns is valid until it is called again. */
export class Smoother {
  private data = new Uint8Array(0);
  private rows = new Uint8Array(0);

  /** The picture with each plane filtered `passes` times; one pass blurs as a Gaussian of sigma 1 does. */
  smooth(picture: Picture, passes: number): Picture {
    const result = this.smoothChroma(picture, passes);
    this.filter(lumaOf(picture), lumaOf(result), picture.width, picture.height, passes);
    return result;
  }

  /** The luma filtered once, without the rest of the picture. */
  smoothLuma(picture: Picture): Uint8Array {
    const to = lumaOf(this.target(picture));
    this.filter(lumaOf(picture), to, picture.width, picture.height, 1);
    return to;
  }

  /** A picture to fill: its colours are filtered, its luma holds anything. */
  smoothChroma(picture: Picture, passes: number): Picture {
    const result = this.target(picture);
    const from = chromaOf(picture);
    const to = chromaOf(result);
    const height = Math.ceil(picture.height / 2);
    this.filter(from.blue, to.blue, to.width, height, passes);
    this.filter(from.red, to.red, to.width, height, passes);
    return result;
  }

  /** The picture with the differences of its luma from a smoothed one added `gain` times (unsharp masking). */
  sharpen(picture: Picture, gain: number): Picture {
    const result = this.smooth(picture, SHARPEN_PASSES);
    const own = picture.data;
    const { data } = result;
    const lumaBytes = picture.width * picture.height;
    for (let i = 0; i < lumaBytes; i++) {
      const value = own[i]! + gain * (own[i]! - data[i]!);
      data[i] = value < 0 ? 0 : value > 255 ? 255 : value;
    }
    data.set(own.subarray(lumaBytes), lumaBytes);
    return result;
  }

  private target(picture: Picture): Picture {
    if (this.data.length !== picture.data.length) {
      this.data = new Uint8Array(picture.data.length);
      this.rows = new Uint8Array(picture.width * picture.height);
    }
    return { ...picture, data: this.data };
  }

  private filter(from: Uint8Array, to: Uint8Array, width: number, height: number, passes: number): void {
    for (let pass = 0; pass < passes; pass++) {
      filterRows(pass === 0 ? from : to, this.rows, width, height);
      filterColumns(this.rows, to, width, height);
    }
  }
}

/** Together a Gaussian of sigma 1.4. */
const SHARPEN_PASSES = 2;

function filterRows(from: Uint8Array, to: Uint8Array, width: number, height: number): void {
  for (let y = 0; y < height; y++) {
    const start = y * width;
    const last = start + width - 1;
    let b = from[start]!;
    let a = b;
    let c = b;
    let d = from[Math.min(last, start + 1)]!;
    for (let i = start; i <= last; i++) {
      const e = from[i + 2 <= last ? i + 2 : last]!;
      to[i] = (a + e + 4 * (b + d) + 6 * c + 8) >> 4;
      a = b;
      b = c;
      c = d;
      d = e;
    }
  }
}

function filterColumns(from: Uint8Array, to: Uint8Array, width: number, height: number): void {
  for (let y = 0; y < height; y++) {
    const row = (at: number) => Math.max(0, Math.min(height - 1, at)) * width;
    const [a, b, c, d, e] = [row(y - 2), row(y - 1), row(y), row(y + 1), row(y + 2)];
    const out = y * width;
    for (let x = 0; x < width; x++) {
      to[out + x] =
        (from[a + x]! + from[e + x]! + 4 * (from[b + x]! + from[d + x]!) + 6 * from[c + x]! + 8) >> 4;
    }
  }
}
