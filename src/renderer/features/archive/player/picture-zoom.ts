/** Digital zoom: which part of a picture fills its frame. Pure. */

/** `x`, `y`: where the frame's top left corner lies in the picture, in fractions of it. `scale` 1: all of it. */
export interface PictureZoom {
  scale: number;
  x: number;
  y: number;
}

export const WHOLE_PICTURE: PictureZoom = { scale: 1, x: 0, y: 0 };
const MOST = 8;

/** The point of the frame (fractions of it) stays where it is. */
export function zoomAt(zoom: PictureZoom, factor: number, point: { x: number; y: number }): PictureZoom {
  const scale = Math.min(MOST, Math.max(1, zoom.scale * factor));
  const gain = 1 / zoom.scale - 1 / scale;
  return clamp({ scale, x: zoom.x + point.x * gain, y: zoom.y + point.y * gain });
}

/** Moves the picture below the frame by fractions of the frame. */
export function moveBy(zoom: PictureZoom, dx: number, dy: number): PictureZoom {
  return clamp({ ...zoom, x: zoom.x - dx / zoom.scale, y: zoom.y - dy / zoom.scale });
}

/** From the whole picture to its middle at 2, 4 and 8 times, and back. */
export function nextZoom(zoom: PictureZoom): PictureZoom {
  return zoom.scale >= MOST ? WHOLE_PICTURE : zoomAt(zoom, 2, { x: 0.5, y: 0.5 });
}

/** For an element of the frame's size with its transform's origin at the top left. */
export function transformOf({ scale, x, y }: PictureZoom): string {
  return `scale(${scale}) translate(${-x * 100}%, ${-y * 100}%)`;
}

function clamp({ scale, x, y }: PictureZoom): PictureZoom {
  const most = 1 - 1 / scale;
  return { scale, x: Math.min(most, Math.max(0, x)), y: Math.min(most, Math.max(0, y)) };
}
