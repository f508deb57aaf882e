/** A decoded picture as the analysis handles it. */

/**
 * Planes of one byte per pixel, green, then blue, then red (ffmpeg's `gbrp`), rows top to bottom without padding: planes go into a
 * model's input without shuffling, and the green one is the grey picture for motion. `data` belongs to whoever holds the picture.
 */
export interface Picture {
  width: number;
  height: number;
  /** Time of this very frame: Unix epoch ms live, clip time in a file. */
  atMs: number;
  data: Uint8Array;
}

export const PLANE = { green: 0, blue: 1, red: 2 } as const;

/** One colour plane; shares memory with the picture. */
export function planeOf(picture: Picture, colour: keyof typeof PLANE): Uint8Array {
  const size = picture.width * picture.height;
  return picture.data.subarray(PLANE[colour] * size, (PLANE[colour] + 1) * size);
}

/** Bytes red, green, blue per pixel of a part of the picture (pixels; inside the picture). A new buffer. */
export function interleave(
  picture: Picture,
  part: { left: number; top: number; width: number; height: number } = {
    left: 0,
    top: 0,
    width: picture.width,
    height: picture.height,
  },
): Uint8Array {
  const [green, blue, red] = [planeOf(picture, 'green'), planeOf(picture, 'blue'), planeOf(picture, 'red')];
  const out = new Uint8Array(part.width * part.height * 3);
  let to = 0;
  for (let y = part.top; y < part.top + part.height; y++) {
    let from = y * picture.width + part.left;
    for (let x = 0; x < part.width; x++, from++) {
      out[to++] = red[from]!;
      out[to++] = green[from]!;
      out[to++] = blue[from]!;
    }
  }
  return out;
}
