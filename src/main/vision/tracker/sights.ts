/** Where an object was seen before it was sure: told with its first report, so that rules know when and where it came. */
import type { Box, Point } from '../../../shared/geometry.ts';
import { cutEdges } from './picture-edge.ts';

export interface SeenPoint {
  atMs: number;
  foot: Point;
  box: Box;
}

export interface Sights {
  /** Has been in the report, so its end must be told. */
  reported: boolean;
  /** Sights before the confirmation; emptied when reported. */
  earlier: SeenPoint[];
}

const EARLIER_POINTS = 64;
const SAME_SIZE = 1.3;

/** Keeps the first sight and the latest ones, until the object is reported. */
export function rememberSight(sights: Sights, atMs: number, seen: Omit<SeenPoint, 'atMs'>): void {
  if (sights.reported) return;
  sights.earlier.push({ atMs, ...seen });
  if (sights.earlier.length > EARLIER_POINTS) sights.earlier.splice(1, 1);
}

/**
 * The sights before a time that lead up to the box it has now: a first one of quite another size was of somebody else too. What the
 * upper or lower edge of the picture cuts may grow: it comes in.
 */
export function sightsBefore(track: Sights & { height: number }, atMs: number): SeenPoint[] {
  let next = track.height;
  const sights = track.earlier.filter((point) => point.atMs < atMs);
  const doubtful = sights.findLastIndex(({ box }) => {
    const cut = cutEdges(box);
    const ratio = box.height / next;
    next = box.height;
    return ratio > SAME_SIZE || (ratio < 1 / SAME_SIZE && !cut.top && !cut.bottom);
  });
  return sights.slice(doubtful + 1);
}
