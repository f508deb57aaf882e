/** Events as marks on a lane: where they would lie over each other, one stands for all. Pure. */
import type { TimelineMark } from '../../../../shared/contract-archive.ts';
import { KIND_ORDER, markKind } from '../../../../shared/mark-kind.ts';

/** A mark and its neighbour this far apart can be told from each other. */
export const MARK_STEP_PX = 4;

/** Ascending marks, those of one step joined: the strongest kind stands for all of them, and counts them. */
export function thinMarks(marks: readonly TimelineMark[], stepMs: number): TimelineMark[] {
  const ascending = marks.toSorted((a, b) => a.startEpochMs - b.startEpochMs);
  if (stepMs <= 0) return ascending;
  const thinned: TimelineMark[] = [];
  let step = Number.NaN;
  for (const mark of ascending) {
    const own = Math.floor(mark.startEpochMs / stepMs);
    const last = thinned.at(-1);
    if (!last || own !== step) thinned.push(mark);
    else {
      const stronger = kindOrder(mark) > kindOrder(last) ? mark : last;
      thinned[thinned.length - 1] = { ...stronger, count: last.count + mark.count };
    }
    step = own;
  }
  return thinned;
}

function kindOrder({ type, label }: TimelineMark): number {
  return KIND_ORDER[markKind(type, label)];
}
