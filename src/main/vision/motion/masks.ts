/** Parts of a picture that are not looked at: cells without motion, and objects that stand in them. Pure but for what it remembers. */
import { type Point, polygonContains } from '../../../shared/geometry.ts';
import type { Detection } from '../detector/detection.ts';
import type { Grey } from './grey.ts';

type Polygon = { points: readonly Point[] };

export class Masks {
  private readonly polygons: readonly Polygon[];
  /** Masked cells of a grey picture of that size. */
  private cells: { width: number; height: number; masked: Uint32Array } | null = null;

  constructor(polygons: readonly Polygon[]) {
    this.polygons = polygons;
  }

  /** Whether nothing of the last picture was left to look at. */
  get hidesAll(): boolean {
    return this.cells !== null && this.cells.masked.length === this.cells.width * this.cells.height;
  }

  /** The picture without what is masked; the picture itself where nothing is. */
  hide(grey: Grey): Grey {
    if (this.polygons.length === 0) return grey;
    if (this.cells?.width !== grey.width || this.cells.height !== grey.height)
      this.cells = { width: grey.width, height: grey.height, masked: this.maskedCells(grey) };
    const values = grey.values.slice();
    for (const cell of this.cells.masked) values[cell] = Number.NaN;
    return { ...grey, values };
  }

  /** Detections whose foot point is not in a mask. */
  keep(detections: Detection[]): Detection[] {
    if (this.polygons.length === 0) return detections;
    // The lower border of the picture belongs to it: a foot cut by the edge is at exactly 1.
    return detections.filter(
      ({ box }) => !this.contains({ x: box.x + box.width / 2, y: Math.min(box.y + box.height, 0.9999) }),
    );
  }

  private contains(point: Point): boolean {
    return this.polygons.some(({ points }) => polygonContains(points, point));
  }

  private maskedCells({ width, height }: Grey): Uint32Array {
    const masked: number[] = [];
    for (let cell = 0; cell < width * height; cell++) {
      const x = ((cell % width) + 0.5) / width;
      const y = (Math.floor(cell / width) + 0.5) / height;
      if (this.contains({ x, y })) masked.push(cell);
    }
    return Uint32Array.from(masked);
  }
}
