/** How well a detection fits a track: the costs that the assignment is made by. Pure. */
import { LABEL_GROUP, type LabelGroup } from '../../../shared/domain-events.ts';
import { type Box, intersectionOverUnion } from '../../../shared/geometry.ts';
import type { Detection } from '../detector/detection.ts';
import { boxScale, isLeaving, isYoung, positionSigma, type Track, trackBox } from './track.ts';

/** Pairs at this cost or above are never made. */
export const NO_MATCH = 1;

/** How far off the prediction a detection may lie, in object sizes: a least, and a most however uncertain the track is. */
const GATE: Record<LabelGroup, { least: number; most: number }> = {
  person: { least: 0.5, most: 1.8 },
  cycle: { least: 0.6, most: 2.5 },
  vehicle: { least: 0.6, most: 2.5 },
  pet: { least: 0.7, most: 2.5 },
};
const SIGMAS = 2.2;
/** An object on its way out is not one that comes in beside it. */
const LEAVING_OVERLAP = 0.15;
/** The predicted place is preferred to the last one by this much. */
const STAYED_COST = 0.15;
const LARGEST_SIZE_RATIO = 2.2;
const LOW_STAGE_OVERLAP = 0.25;
/** A person in an odd posture or cut by the edge is 'dog' or 'cat' for a picture or two; taken only where nothing fits better. */
const MISTAKEN_COST = 0.15;

/**
 * Cost 0..1 of giving a detection to a track predicted to the same time, `NO_MATCH` where it cannot be the same object.
 * Mixes overlap, distance of the centres relative to what the track's uncertainty allows (fast objects at few pictures a second
 * do not overlap themselves), size, and how long the track has been hidden, so that a ghost never takes what a seen track claims.
 */
export function matchCost(
  track: Track,
  detection: Detection,
  atMs: number,
  aspectRatio: number,
  low: boolean,
): number {
  const group = LABEL_GROUP[detection.label];
  if (group !== track.group && !(track.group === 'person' && group === 'pet')) return NO_MATCH;
  const predicted = placeOf(track, trackBox(track), detection.box, aspectRatio);
  const last = isYoung(track) ? placeOf(track, track.lastBox, detection.box, aspectRatio) : predicted;
  const { overlap, distance } = last.distance + STAYED_COST < predicted.distance ? last : predicted;
  if (low && overlap < LOW_STAGE_OVERLAP) return NO_MATCH;
  if (distance >= 1 && overlap < LOW_STAGE_OVERLAP) return NO_MATCH;
  if (isLeaving(track) && overlap < LEAVING_OVERLAP) return NO_MATCH;
  const { box } = detection;
  const scale = boxScale(track.width, track.height, aspectRatio);
  const size = boxScale(box.width, box.height, aspectRatio).y / scale.y;
  const sizeRatio = Math.max(size, 1 / size);
  if (sizeRatio > LARGEST_SIZE_RATIO && overlap < 0.2) return NO_MATCH;
  const hidden = Math.min(1, (atMs - track.lastSeenMs) / 2000);
  const cost =
    0.45 * (1 - overlap) +
    0.3 * Math.min(1, distance) +
    0.12 * Math.min(1, Math.log(sizeRatio) / Math.log(LARGEST_SIZE_RATIO)) +
    0.08 * hidden +
    (track.confirmed ? 0 : 0.04) +
    (group === track.group ? 0 : MISTAKEN_COST);
  return Math.min(cost, NO_MATCH - 1e-6);
}

/** How a detection lies to where the track may be: overlap 0..1, and distance of the centres as a share of what is allowed. */
function placeOf(
  track: Track,
  expected: Box,
  box: Box,
  aspectRatio: number,
): { overlap: number; distance: number } {
  const scale = boxScale(track.width, track.height, aspectRatio);
  const dx = (box.x + box.width / 2 - expected.x - expected.width / 2) / scale.x;
  const dy = (box.y + box.height / 2 - expected.y - expected.height / 2) / scale.y;
  const { least, most } = GATE[track.group];
  const gate = Math.min(most, least + SIGMAS * positionSigma(track, aspectRatio));
  return { overlap: intersectionOverUnion(expected, box), distance: Math.hypot(dx, dy) / gate };
}
