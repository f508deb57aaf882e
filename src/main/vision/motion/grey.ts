/** Small grey pictures for motion and sabotage: luma averaged over square blocks. Pure. */
import { LUMA_BLACK, LUMA_SCALE, lumaOf, type Picture } from '../pictures/picture.ts';

/** One value 0..255 per cell, rows top to bottom; NaN where a mask says not to look. */
export interface Grey {
  width: number;
  height: number;
  values: Float32Array;
}

/** Cells across a wide picture; averaging over 4x4 pixels of a 640 wide one quarters its noise. */
const CELLS_ACROSS = 160;

/** Averages the picture down to about 160 cells along its longer side. */
export function shrinkToGrey(picture: Picture): Grey {
  const block = Math.max(1, Math.round(Math.max(picture.width, picture.height) / CELLS_ACROSS));
  const width = Math.max(1, Math.floor(picture.width / block));
  const height = Math.max(1, Math.floor(picture.height / block));
  const plane = lumaOf(picture);
  const scale = LUMA_SCALE / (block * block);
  const black = LUMA_BLACK * LUMA_SCALE;
  const values = new Float32Array(width * height);
  const sums = new Uint32Array(width);
  // The usual size, four bytes at once: this sees every pixel of every picture.
  const words = block === 4 && picture.width % 4 === 0 ? asWords(plane) : null;
  for (let row = 0; row < height; row++) {
    sums.fill(0);
    for (let y = row * block; y < (row + 1) * block; y++) {
      if (words) addWords(sums, words, (y * picture.width) >> 2);
      else addRow(sums, plane, y * picture.width, block);
    }
    if (words) for (let column = 0; column < width; column++) sums[column] = addLanes(sums[column]!);
    const from = row * width;
    for (let column = 0; column < width; column++) values[from + column] = sums[column]! * scale - black;
  }
  return { width, height, values };
}

function addRow(sums: Uint32Array, plane: Uint8Array, start: number, block: number): void {
  let at = start;
  for (let column = 0; column < sums.length; column++) {
    let sum = 0;
    for (let i = 0; i < block; i++) sum += plane[at++]!;
    sums[column]! += sum;
  }
}

/** The plane as words of four pixels; null where it does not lie so in memory. */
function asWords({ buffer, byteOffset, length }: Uint8Array): Uint32Array | null {
  return byteOffset % 4 === 0 ? new Uint32Array(buffer, byteOffset, length >> 2) : null;
}

/** Adds a row of words as two lanes of 16 bits each, the sum of two pixels in either: four rows stay below 2048. */
function addWords(sums: Uint32Array, words: Uint32Array, start: number): void {
  for (let column = 0; column < sums.length; column++) {
    const word = words[start + column]!;
    sums[column]! += (word & 0x00ff00ff) + ((word >>> 8) & 0x00ff00ff);
  }
}

function addLanes(lanes: number): number {
  return (lanes & 0xffff) + (lanes >>> 16);
}
