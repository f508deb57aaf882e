/** Motion: pixels change in a zone or in the picture, objects or not; told once per incident. Pure; one state per area. */
import type { Zone } from '../../shared/domain-camera.ts';
import { type Box, polygonContains } from '../../shared/geometry.ts';
import { atLeastPictures, type PicturePace } from '../../shared/picture-pace.ts';

export interface MotionState {
  /** Start of the motion that is going on or has just begun. */
  sinceMs: number | null;
  lastMs: number;
  told: boolean;
}

export const noMotion: MotionState = { sinceMs: null, lastMs: Number.NEGATIVE_INFINITY, told: false };

/** A single changed picture (a flash, a compression pulse) is no motion. */
const LASTING_MS = 350;
/** Motion this soon (or in the next picture or two) after the first belongs to it before it is told; after it is told, `QUIET_MS` ends an incident. */
const PAUSE_MS = 1200;
const QUIET_MS = 10_000;

/** One step; `startMs` is set in the step in which a new incident is certain. */
export function stepMotion(
  state: MotionState,
  moving: boolean,
  atMs: number,
  pace: PicturePace,
): { state: MotionState; startMs: number | null } {
  const over = atMs - state.lastMs > (state.told ? QUIET_MS : atLeastPictures(PAUSE_MS, pace));
  const current = over ? noMotion : state;
  if (!moving) return { state: current, startMs: null };
  const sinceMs = current.sinceMs ?? atMs;
  const due = !current.told && atMs - sinceMs >= LASTING_MS;
  return { state: { sinceMs, lastMs: atMs, told: current.told || due }, startMs: due ? sinceMs : null };
}

/** Whether any changed region reaches into the zone. */
export function movesIn(zone: Zone, boxes: readonly Box[]): boolean {
  return boxes.some((box) => zone.polygons.some((polygon) => touches(polygon.points, box)));
}

/** Sampled: a corner of the polygon in the box, or a point of a 5 x 5 grid over the box in the polygon. */
function touches(points: readonly { x: number; y: number }[], box: Box): boolean {
  const inBox = points.some(
    (p) => p.x >= box.x && p.x <= box.x + box.width && p.y >= box.y && p.y <= box.y + box.height,
  );
  if (inBox) return true;
  for (let i = 0; i < 5; i++) {
    for (let j = 0; j < 5; j++) {
      const p = { x: box.x + (box.width * (i + 0.5)) / 5, y: box.y + (box.height * (j + 0.5)) / 5 };
      if (polygonContains(points, p)) return true;
    }
  }
  return false;
}
