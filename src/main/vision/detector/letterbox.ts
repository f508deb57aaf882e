/** Where a picture lies in a model's input: input size by the picture's shape, scaled picture top left, nothing distorted. Pure. */

export interface Letterbox {
  /** Model input in pixels. */
  inputWidth: number;
  inputHeight: number;
  /** The scaled picture inside it, from the top-left corner, in pixels. */
  pictureWidth: number;
  pictureHeight: number;
}

/** Pictures are not enlarged more than this: more pixels add cost and no detail. */
const MAX_ENLARGEMENT = 4;

/** The input for pictures of `width` x `height` in a model of fixed input size. */
export function fitPicture(
  width: number,
  height: number,
  inputWidth: number,
  inputHeight: number,
): Letterbox {
  const ratio = Math.min(inputWidth / width, inputHeight / height);
  return {
    inputWidth,
    inputHeight,
    pictureWidth: Math.max(1, Math.min(inputWidth, Math.round(width * ratio))),
    pictureHeight: Math.max(1, Math.min(inputHeight, Math.round(height * ratio))),
  };
}

/**
 * The input for pictures of `width` x `height` in a model of free input size: of all sizes that are multiples of `multiple` and hold at
 * most `maxPixels`, the one in which the picture is largest, and of those the smallest. 16:9 within 384x640 gives 640 wide, 384 high.
 */
export function planInput(width: number, height: number, maxPixels: number, multiple: number): Letterbox {
  const cells = Math.max(1, Math.floor(maxPixels / (multiple * multiple)));
  let best = { ratio: 0, columns: 1, rows: 1 };
  for (let columns = 1; columns <= cells; columns++) {
    for (let rows = 1; rows * columns <= cells; rows++) {
      const ratio = Math.min((columns * multiple) / width, (rows * multiple) / height, MAX_ENLARGEMENT);
      const same = Math.abs(ratio - best.ratio) < 1e-9;
      if (same ? rows * columns < best.rows * best.columns : ratio > best.ratio)
        best = { ratio, columns, rows };
    }
  }
  const inputWidth = best.columns * multiple;
  const inputHeight = best.rows * multiple;
  return {
    inputWidth,
    inputHeight,
    pictureWidth: Math.max(1, Math.min(inputWidth, Math.round(width * best.ratio))),
    pictureHeight: Math.max(1, Math.min(inputHeight, Math.round(height * best.ratio))),
  };
}
