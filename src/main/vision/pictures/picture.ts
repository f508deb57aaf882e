/** A decoded picture as the analysis handles it: as ffmpeg decodes it, so that what is never looked at is never converted. */

/**
 * Planes of one byte per sample, rows top to bottom without padding: luma (16 black, 235 white), then blue and red difference (128: none)
 * at half the width and height, rounded up (ffmpeg's `yuv420p`). `data` belongs to whoever holds the picture.
 */
export interface Picture {
  width: number;
  height: number;
  /** Time of this very frame: Unix epoch ms live, clip time in a file. */
  atMs: number;
  data: Uint8Array;
}

export interface Part {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** Grey levels 0..255 per step of luma. */
export const LUMA_SCALE = 255 / 219;
export const LUMA_BLACK = 16;

/** Bytes that a picture of this size takes. */
export function pictureBytes(width: number, height: number): number {
  return width * height + 2 * Math.ceil(width / 2) * Math.ceil(height / 2);
}

/** The brightness plane; shares memory with the picture. */
export function lumaOf(picture: Picture): Uint8Array {
  return picture.data.subarray(0, picture.width * picture.height);
}

/** The planes of blue and red difference, and their width; they share memory with the picture. */
export function chromaOf(picture: Picture): { blue: Uint8Array; red: Uint8Array; width: number } {
  const width = Math.ceil(picture.width / 2);
  const size = width * Math.ceil(picture.height / 2);
  const start = picture.width * picture.height;
  const { data } = picture;
  return {
    blue: data.subarray(start, start + size),
    red: data.subarray(start + size, start + 2 * size),
    width,
  };
}

/** Level 0..255 (not clipped) of a luma byte, and what the differences add to each channel (ITU-R BT.601). */
export const LEVEL = Int16Array.from({ length: 256 }, (_, y) => Math.round((y - LUMA_BLACK) * LUMA_SCALE));
export const RED_BY_RED = difference(1.402);
export const GREEN_BY_RED = difference(-0.714136);
export const GREEN_BY_BLUE = difference(-0.344136);
export const BLUE_BY_BLUE = difference(1.772);

/** Bytes red, green, blue per pixel of a part of the picture (pixels; inside the picture). A new buffer. */
export function toRgb(
  picture: Picture,
  part: Part = { left: 0, top: 0, width: picture.width, height: picture.height },
): Uint8ClampedArray {
  const luma = lumaOf(picture);
  const chroma = chromaOf(picture);
  const out = new Uint8ClampedArray(part.width * part.height * 3);
  let to = 0;
  for (let y = part.top; y < part.top + part.height; y++) {
    const row = y * picture.width;
    const chromaRow = (y >> 1) * chroma.width;
    for (let x = part.left; x < part.left + part.width; x++) {
      const level = LEVEL[luma[row + x]!]!;
      const blue = chroma.blue[chromaRow + (x >> 1)]!;
      const red = chroma.red[chromaRow + (x >> 1)]!;
      out[to++] = level + RED_BY_RED[red]!;
      out[to++] = level + GREEN_BY_RED[red]! + GREEN_BY_BLUE[blue]!;
      out[to++] = level + BLUE_BY_BLUE[blue]!;
    }
  }
  return out;
}

function difference(factor: number): Int16Array {
  return Int16Array.from({ length: 256 }, (_, byte) => Math.round((byte - 128) * factor * (255 / 224)));
}
