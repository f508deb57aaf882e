/** When an object that has been at rest, or may never have been one, has moved. Changes the track it is given; no I/O. */
import type { Box } from '../../../shared/geometry.ts';
import { displacement } from './movement.ts';

/** What is remembered of a track's rest. */
export interface Rest {
  /** Box where it was first seen; what "has moved" is measured from. */
  origin: Box;
  hasMoved: boolean;
  movedSinceMs: number | null;
  /** Sights at rest near its origin, and how far off it was last as a share of what counts as movement. */
  resting: number;
  lastWay: number;
  /** How the top edge has come up since `fromY`, sight by sight; null while it does not. */
  rise: Rise | null;
}

interface Rise {
  fromY: number;
  lastY: number;
  sights: number;
  largestStep: number;
}

/** Within this share of what counts as movement it rests; after so many sights at rest a jump is no movement. */
const RESTING = 0.6;
const RESTED = 4;
/** What nobody walks in a second, in the same measure, and how far a jump is in any case. */
const JUMP_PER_SECOND = 6.5;
const JUMP = 1.9;
/** What has rested for so many sights must go twice as far: in a row of parked cars the box wanders to the next. */
const LONG_RESTED = 40;

/** Somebody who comes up behind an edge: the box grows upwards by this share of its height in so many sights, none of them most of it. */
const RISEN = 0.4;
const RISING_SIGHTS = 5;
const LARGEST_STEP = 0.6;
/** How far the edge may fall back between two sights, as a share of the height. */
const SLIPPED = 0.02;

/**
 * Whether a person has come up from behind an edge (a counter, stairs, a parapet) that hides where they stand: only their top edge
 * moves then. A box that is drawn now with legs and now without jumps; one that comes up grows step by step.
 */
export function noteRise(track: Rest, atMs: number, box: Box): void {
  if (track.hasMoved) return;
  const before = track.rise;
  const goesOn = before !== null && box.y <= before.lastY + SLIPPED * box.height;
  const step = goesOn ? before.lastY - box.y : 0;
  track.rise = goesOn
    ? {
        fromY: before.fromY,
        lastY: Math.min(box.y, before.lastY),
        sights: before.sights + (step > 0 ? 1 : 0),
        largestStep: Math.max(before.largestStep, step),
      }
    : { fromY: box.y, lastY: box.y, sights: 0, largestStep: 0 };
  const { fromY, lastY, sights, largestStep } = track.rise;
  const risen = fromY - lastY;
  if (risen < RISEN * box.height || sights < RISING_SIGHTS || largestStep > LARGEST_STEP * risen) return;
  track.movedSinceMs ??= atMs;
  track.hasMoved = true;
}

/**
 * Decides whether it has moved: away from its origin at two sights in a row. A jump at once out of a longer rest is no movement but
 * a still neighbour taken for it (or another piece of the same look-alike): the origin is then where it jumped to. `seconds`: since the
 * sight before.
 */
export function noteMovement(
  track: Rest,
  atMs: number,
  box: Box,
  aspectRatio: number,
  seconds: number,
): void {
  if (track.hasMoved) return;
  const way = displacement(track.origin, box, aspectRatio);
  const isFast = way - track.lastWay >= Math.min(JUMP, JUMP_PER_SECOND * seconds);
  const jumped = way >= 1 && isFast && track.lastWay < RESTING && track.resting >= RESTED;
  track.lastWay = way;
  if (way < RESTING) track.resting++;
  if (jumped) {
    track.origin = box;
    track.lastWay = 0;
    // Who rested and walks off goes on from there, a neighbour stays: what was before says nothing any more.
    track.resting = 0;
  }
  const needed = 1 + Math.min(1, track.resting / LONG_RESTED);
  const far = displacement(track.origin, box, aspectRatio) >= needed;
  if (!far) track.movedSinceMs = null;
  else if (track.movedSinceMs === null) track.movedSinceMs = atMs;
  else track.hasMoved = true;
}
