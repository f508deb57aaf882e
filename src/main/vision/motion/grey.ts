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
  for (let row = 0; row < height; row++) {
    sums.fill(0);
    for (let y = row * block; y < (row + 1) * block; y++) addRow(sums, plane, y * picture.width, block);
    const from = row * width;
    for (let column = 0; column < width; column++) values[from + column] = sums[column]! * scale - black;
  }
  return { width, height, values };
}

function addRow(sums: Uint32Array, plane: Uint8Array, start: number, block: number): void {
  let at = start;
  if (block === 4) {
    // The usual size, unrolled: this loop sees every pixel of every picture.
    for (let column = 0; column < sums.length; column++, at += 4) {
      sums[column]! += plane[at]! + plane[at + 1]! + plane[at + 2]! + plane[at + 3]!;
    }
    return;
  }
  for (let column = 0; column < sums.length; column++) {
    let sum = 0;
    for (let i = 0; i < block; i++) sum += plane[at++]!;
    sums[column]! += sum;
  }
}
