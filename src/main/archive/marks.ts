/** Events as marks on the timeline: at most one per kind and step. Pure. */
import type { TimelineMark } from '../../shared/contract-archive.ts';
import type { NvrEvent } from '../../shared/domain-events.ts';

/** Kind: type and object label. The mark stands where the first of its events began and names that event. Ascending. */
export function planMarks(
  events: ReadonlyArray<Pick<NvrEvent, 'id' | 'type' | 'startEpochMs' | 'detail'>>,
  resolutionMs: number,
): TimelineMark[] {
  const marks = new Map<string, TimelineMark>();
  for (const { id, type, startEpochMs, detail } of events) {
    const label = detail.label ?? null;
    const step = resolutionMs > 0 ? Math.floor(startEpochMs / resolutionMs) : id;
    const key = `${type} ${label} ${step}`;
    const mark = marks.get(key);
    if (!mark) marks.set(key, { eventId: id, type, label, startEpochMs, count: 1 });
    else {
      mark.count++;
      if (startEpochMs < mark.startEpochMs) Object.assign(mark, { eventId: id, startEpochMs });
    }
  }
  return [...marks.values()].sort((a, b) => a.startEpochMs - b.startEpochMs);
}
