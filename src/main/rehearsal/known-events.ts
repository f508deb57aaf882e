/** Which stored event something found later is. Pure: what makes running a backfill twice add nothing the second time. */
import { type Finding, LABEL_GROUP, type NvrEvent } from '../../shared/domain-events.ts';

/** Streams, pictures and models differ: the same crossing is seen up to this much earlier or later. */
export const SAME_MOMENT_MS = 2000;

/**
 * The event (of the same camera) that was found again: the same kind of thing, on the same line or zone, by the same kind of object, at
 * the same moment, the nearest of them; what lasts is the same where it overlaps. An event stands for one finding only: those in
 * `claimed` are others'. Null when it is new.
 */
export function findKnown(
  finding: Finding,
  events: readonly NvrEvent[],
  claimed: ReadonlySet<string>,
): NvrEvent | null {
  const distance = (event: NvrEvent) => Math.abs(event.endEpochMs - finding.atMs);
  return events
    .filter((event) => !claimed.has(event.id) && isSame(finding, event))
    .reduce<NvrEvent | null>((best, each) => (!best || distance(each) < distance(best) ? each : best), null);
}

function isSame(finding: Finding, event: NvrEvent): boolean {
  return (
    event.type === finding.type &&
    sameText(event.detail.line, finding.detail.line) &&
    sameText(event.detail.zone, finding.detail.zone) &&
    event.detail.direction === finding.detail.direction &&
    groupOf(event.detail.label) === groupOf(finding.detail.label) &&
    event.startEpochMs - SAME_MOMENT_MS <= finding.atMs &&
    (finding.startMs ?? finding.atMs) <= event.endEpochMs + SAME_MOMENT_MS
  );
}

function sameText(a: string | undefined, b: string | undefined): boolean {
  return a?.toLowerCase() === b?.toLowerCase();
}

function groupOf(label: Finding['detail']['label']): string | undefined {
  return label && LABEL_GROUP[label];
}
