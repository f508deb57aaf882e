/** Crowd: at least `crowdSize` people are inside a zone for 2 s; again only after it has fallen below. Pure; one state per zone. */

export interface CrowdState {
  sinceMs: number | null;
  belowSinceMs: number | null;
  told: boolean;
}

export const noCrowd: CrowdState = { sinceMs: null, belowSinceMs: null, told: false };

const LASTING_MS = 2000;
/** A person missed for a picture or two does not end a crowd. */
const FLICKER_MS = 600;

/** One step; `crowd` is set in the step in which it has lasted long enough. */
export function stepCrowd(
  state: CrowdState,
  crowdSize: number,
  people: number,
  atMs: number,
): { state: CrowdState; crowd: { startMs: number; count: number } | null } {
  if (people < crowdSize) {
    if (state.sinceMs === null) return { state: noCrowd, crowd: null };
    const belowSinceMs = state.belowSinceMs ?? atMs;
    return { state: atMs - belowSinceMs >= FLICKER_MS ? noCrowd : { ...state, belowSinceMs }, crowd: null };
  }
  const sinceMs = state.sinceMs ?? atMs;
  const due = !state.told && atMs - sinceMs >= LASTING_MS;
  return {
    state: { sinceMs, belowSinceMs: null, told: state.told || due },
    crowd: due ? { startMs: sinceMs, count: people } : null,
  };
}
