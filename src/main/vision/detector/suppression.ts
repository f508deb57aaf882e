/** Non-maximum suppression: of boxes that mean the same object, the surest stays. Pure. */
import { LABEL_GROUP } from '../../../shared/domain-events.ts';
import { intersectionOverUnion } from '../../../shared/geometry.ts';
import type { Detection } from './detection.ts';

/** Greedy suppression per label group (car, bus and truck compete with each other); surest first in the result, look-alikes after the others. */
export function suppressOverlaps(detections: readonly Detection[], maxOverlap = 0.45): Detection[] {
  const kept: Detection[] = [];
  for (const detection of [...detections].sort(inOrder)) {
    const group = LABEL_GROUP[detection.label];
    const covered = kept.some(
      (other) =>
        LABEL_GROUP[other.label] === group && intersectionOverUnion(other.box, detection.box) > maxOverlap,
    );
    if (!covered) kept.push(detection);
  }
  return kept;
}

/** What only looks like an object hides none. */
function inOrder(a: Detection, b: Detection): number {
  return Number(a.isLookAlike ?? false) - Number(b.isLookAlike ?? false) || b.confidence - a.confidence;
}
