import { expect, it } from 'vitest';
import { moveBy, nextZoom, transformOf, WHOLE_PICTURE, zoomAt } from './picture-zoom.ts';

it('zooms about a point, which stays where it is', () => {
  const point = { x: 0.25, y: 0.75 };
  const zoom = zoomAt(zoomAt(WHOLE_PICTURE, 2, point), 2, point);
  expect(zoom.scale).toBe(4);
  expect(zoom.x + point.x / zoom.scale).toBeCloseTo(point.x);
  expect(zoom.y + point.y / zoom.scale).toBeCloseTo(point.y);
  expect(transformOf({ scale: 2, x: 0.5, y: 0 })).toBe('scale(2) translate(-50%, 0%)');
});

it('never shows what is beside the picture', () => {
  expect(zoomAt({ scale: 2, x: 0.5, y: 0.5 }, 0.1, { x: 0, y: 0 })).toEqual(WHOLE_PICTURE);
  expect(zoomAt(WHOLE_PICTURE, 100, { x: 1, y: 1 })).toEqual({ scale: 8, x: 0.875, y: 0.875 });
  expect(moveBy({ scale: 2, x: 0.25, y: 0.25 }, 9, -9)).toEqual({ scale: 2, x: 0, y: 0.5 });
  expect(moveBy({ scale: 2, x: 0.25, y: 0.25 }, 0.5, 0)).toEqual({ scale: 2, x: 0, y: 0.25 });
});

it('goes round by key', () => {
  const scales = [1, 2, 3, 4].reduce<number[]>((seen) => [...seen, 0], []);
  let zoom = WHOLE_PICTURE;
  expect(
    scales.map(() => {
      zoom = nextZoom(zoom);
      return zoom.scale;
    }),
  ).toEqual([2, 4, 8, 1]);
});
