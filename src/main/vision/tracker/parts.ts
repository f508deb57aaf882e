/** A part of somebody that is detected as a person of its own: legs, or head and shoulders. Pure. */
import { LABEL_GROUP } from '../../../shared/domain-events.ts';
import { type Box, intersectionArea } from '../../../shared/geometry.ts';
import type { Detection } from '../detector/detection.ts';

const CONTAINED = 0.85;
/** The whole is this much surer, and the part this much smaller. */
const SURER = 1.4;
const SMALLER = 0.65;
/** How far off the middle of the whole a part may be, and its upper or lower edge off that of the whole; shares of the whole. */
const OFF_MIDDLE = 0.2;
const OFF_EDGE = 0.12;
/** A part is nearly as wide as the whole; a child in front of somebody is not. */
const LEAST_WIDTH = 0.5;

/** The detections without those that are part of a surer person. */
export function withoutParts(detections: readonly Detection[]): Detection[] {
  const people = detections.filter((detection) => LABEL_GROUP[detection.label] === 'person');
  return detections.filter(
    (detection) =>
      LABEL_GROUP[detection.label] !== 'person' ||
      !people.some(
        (whole) => whole.confidence >= SURER * detection.confidence && isPart(detection.box, whole.box),
      ),
  );
}

/** Whether the one box is what is seen of a person in the other: in its middle, and ending where it does, at the feet or at the head. */
export function isPart(part: Box, whole: Box): boolean {
  const area = part.width * part.height;
  const slack = OFF_EDGE * whole.height;
  const atHead = Math.abs(part.y - whole.y) < slack;
  const atFeet = Math.abs(part.y + part.height - whole.y - whole.height) < slack;
  return (
    atHead !== atFeet &&
    area < SMALLER * whole.width * whole.height &&
    part.width > LEAST_WIDTH * whole.width &&
    intersectionArea(part, whole) > CONTAINED * area &&
    Math.abs(middle(part) - middle(whole)) < OFF_MIDDLE * whole.width
  );
}

function middle(box: Box): number {
  return box.x + box.width / 2;
}
