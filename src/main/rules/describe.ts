/** What a finding says of its object, and which picture shows it. Pure. */
import type { EventDetail, Finding } from '../../shared/domain-events.ts';
import { movementOf } from './approach.ts';
import { pathOf, type Sample, sightNear, type Trails } from './trail.ts';

/**
 * A finding's time and details but for its type. Its picture, and the box in it, are those of the sight nearest to `atMs`: the one that
 * made the finding certain may be of a good while later. `more` outranks what is said here.
 */
export function describe(
  atMs: number,
  sample: Sample,
  trails: Trails,
  more: EventDetail = {},
): Pick<Finding, 'atMs' | 'pictureMs' | 'detail'> {
  const trail = trails.get(sample.trackId);
  const movement = movementOf(trail?.recent ?? []);
  const shown = sightNear(atMs, sample, trail);
  return {
    atMs,
    pictureMs: shown.atMs,
    detail: {
      label: sample.label,
      trackId: sample.trackId,
      confidence: sample.confidence,
      box: shown.box,
      path: pathOf(trail),
      ...(movement ? { movement } : {}),
      ...more,
    },
  };
}
