/** What to do where the playhead stands at the end of what is buffered. Pure. */

/** A hole up to this length is closed without a word: the fragments of two segments rarely meet to the millisecond. */
const SILENT_HOLE_MS = 1500;
/** The feed meets a hole at its cursor, which may lie a little ahead of the playhead. */
const HOLE_REACH_MS = 500;

/** A stretch without footage that the feed has met; `nextEpochMs` null: until now. */
export interface MetHole {
  fromEpochMs: number;
  nextEpochMs: number | null;
}

export interface HoleSituation {
  seconds: number;
  isBuffered: boolean;
  /** Where the next buffered stretch begins. */
  nextSeconds: number | null;
  playing: boolean;
  /** Playing, and alone: longer holes are skipped too. */
  goesOver: boolean;
  baseEpochMs: number;
  hole: MetHole | null;
}

/** null: wait for footage. `told`: the hole is long enough to be spoken of. */
export type HolePlan =
  | { kind: 'jump'; toSeconds: number; told: boolean }
  | { kind: 'gap'; nextEpochMs: number | null }
  | null;

export function planHole(situation: HoleSituation): HolePlan {
  const { seconds, isBuffered, nextSeconds, playing, goesOver, baseEpochMs, hole } = situation;
  if (nextSeconds !== null) {
    const told = (nextSeconds - seconds) * 1000 > SILENT_HOLE_MS;
    if (told && !goesOver)
      return isBuffered ? null : { kind: 'gap', nextEpochMs: baseEpochMs + nextSeconds * 1000 };
    return playing || !isBuffered ? { kind: 'jump', toSeconds: nextSeconds, told } : null;
  }
  if (isBuffered || !hole) return null;
  const epochMs = baseEpochMs + seconds * 1000;
  const inHole =
    hole.fromEpochMs <= epochMs + HOLE_REACH_MS && (hole.nextEpochMs ?? Number.POSITIVE_INFINITY) > epochMs;
  return inHole ? { kind: 'gap', nextEpochMs: hole.nextEpochMs } : null;
}
