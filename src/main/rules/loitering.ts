/** Loitering: one object has been inside a zone for `loiteringSeconds`, once per stay. Pure; one state per zone. */
import type { RuleInput } from './trail.ts';
import type { Stay } from './zone-presence.ts';

/** Keys of the stays that have been told of. */
export type LoiteringState = ReadonlySet<string>;

export interface Loitering {
  /** When the time was up. */
  atMs: number;
  stay: Stay;
}

/**
 * One step over the stays of this moment; an object counts when it is seen after its time is up, however long it was hidden before.
 * `lost` are the stays that somebody may still take over: what was told of them stays told.
 */
export function stepLoitering(
  state: LoiteringState,
  seconds: number,
  stays: readonly Stay[],
  lost: readonly Stay[],
  input: Pick<RuleInput, 'atMs'>,
): { state: LoiteringState; loitering: Loitering[] } {
  const next = new Set(lost.map((stay) => stay.key).filter((key) => state.has(key)));
  const loitering: Loitering[] = [];
  for (const stay of stays) {
    const dueMs = stay.enteredAtMs + seconds * 1000;
    if (state.has(stay.key)) next.add(stay.key);
    else if (stay.last.atMs >= dueMs && input.atMs >= dueMs) {
      next.add(stay.key);
      loitering.push({ atMs: Math.round(dueMs), stay });
    }
  }
  return { state: next, loitering };
}
