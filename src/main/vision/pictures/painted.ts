/** For tests: pictures painted pixel by pixel, in the planes that the decoder delivers. */
import { type Picture, pictureBytes } from './picture.ts';

/** `colour` gives red, green and blue (0..255) of a pixel. */
export function paintPicture(
  width: number,
  height: number,
  atMs: number,
  colour: (x: number, y: number) => readonly number[],
): Picture {
  const data = new Uint8Array(pictureBytes(width, height));
  const chromaWidth = Math.ceil(width / 2);
  const blueAt = width * height;
  const redAt = blueAt + chromaWidth * Math.ceil(height / 2);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [red, green, blue] = colour(x, y) as [number, number, number];
      const luma = 0.299 * red + 0.587 * green + 0.114 * blue;
      data[y * width + x] = Math.round(16 + (luma * 219) / 255);
      if (x % 2 || y % 2) continue;
      const at = (y >> 1) * chromaWidth + (x >> 1);
      data[blueAt + at] = Math.round(128 + ((blue - luma) * 224) / 255 / 1.772);
      data[redAt + at] = Math.round(128 + ((red - luma) * 224) / 255 / 1.402);
    }
  }
  return { width, height, atMs, data };
}

/** About normal, standard deviation 1, repeatable. */
export function noiseSource(seed: number): () => number {
  let state = seed;
  const uniform = () => {
    state = (state * 1_664_525 + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  return () => (uniform() + uniform() + uniform() + uniform() - 2) * Math.sqrt(3);
}
