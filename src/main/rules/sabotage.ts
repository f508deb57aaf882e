/** Sabotage: the picture is covered, blinded, defocused or turned away for 3 s; once until it is normal again. Pure. */
import type { SabotageKind } from '../../shared/domain-events.ts';

export interface SabotageState {
  sinceMs: number | null;
  normalSinceMs: number | null;
  told: boolean;
}

export const noSabotage: SabotageState = { sinceMs: null, normalSinceMs: null, told: false };

const LASTING_MS = 3000;
/** A normal picture or two in between does not start the clock again; before another is told it must be normal for longer. */
const FLICKER_MS = 600;
const NORMAL_MS = 2000;

/** One step; `sabotage` is set in the step in which it has lasted long enough. */
export function stepSabotage(
  state: SabotageState,
  kind: SabotageKind | null,
  atMs: number,
): { state: SabotageState; sabotage: { startMs: number; kind: SabotageKind } | null } {
  if (kind === null) {
    if (state.sinceMs === null) return { state: noSabotage, sabotage: null };
    const normalSinceMs = state.normalSinceMs ?? atMs;
    const over = atMs - normalSinceMs >= (state.told ? NORMAL_MS : FLICKER_MS);
    return { state: over ? noSabotage : { ...state, normalSinceMs }, sabotage: null };
  }
  const sinceMs = state.sinceMs ?? atMs;
  const due = !state.told && atMs - sinceMs >= LASTING_MS;
  return {
    state: { sinceMs, normalSinceMs: null, told: state.told || due },
    sabotage: due ? { startMs: sinceMs, kind } : null,
  };
}
