/** Events as marks on a lane: which hue, which row wins, how close ones are thinned. Pure. */

import type { TimelineMark } from '../../../../shared/contract-archive.ts';
import type { EventType } from '../../../../shared/domain-events.ts';
import { hueOfKind } from '../../../client/event-words.ts';

export type MarkKind = 'person' | 'vehicle' | 'animal' | 'motion' | 'alarm' | 'access' | 'camera';

/** Higher is drawn over lower. */
export const KIND_ORDER: Record<MarkKind, number> = {
  motion: 0,
  access: 1,
  animal: 2,
  vehicle: 3,
  person: 4,
  camera: 5,
  alarm: 6,
};

export function markKind(type: EventType, label: string | null | undefined): MarkKind {
  const hue = hueOfKind(type, label || null);
  if (type === 'access' && hue !== 'alarm') return 'access';
  return hue === 'degraded' ? 'camera' : (hue as MarkKind);
}

/** Marks in drawing order, joined where they would lie over each other: the strongest kind stands for all. */
export function thinMarks(marks: readonly TimelineMark[], stepMs: number): TimelineMark[] {
  if (stepMs <= 0) return [...marks];
  const cells = new Map<string, TimelineMark>();
  for (const mark of marks) {
    const kind = markKind(mark.type, mark.label);
    const key = `${kind}:${Math.floor(mark.startEpochMs / stepMs)}`;
    const found = cells.get(key);
    cells.set(key, found ? { ...found, count: found.count + mark.count } : mark);
  }
  return [...cells.values()].sort(
    (a, b) =>
      KIND_ORDER[markKind(a.type, a.label)] - KIND_ORDER[markKind(b.type, b.label)] ||
      a.startEpochMs - b.startEpochMs,
  );
}

/** The next mark after (step 1) or before (step -1) a time; marks need no order. */
export function neighbourMark(
  marks: readonly TimelineMark[],
  epochMs: number,
  step: 1 | -1,
): TimelineMark | null {
  let best: TimelineMark | null = null;
  for (const mark of marks) {
    const ahead = (mark.startEpochMs - epochMs) * step;
    if (ahead <= 0) continue;
    if (!best || ahead < (best.startEpochMs - epochMs) * step) best = mark;
  }
  return best;
}
