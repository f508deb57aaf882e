/** When a trouble that lasts becomes an alert, and when it is over: a reducer in time units. Pure; knows nothing of cameras or disks. */
import type { AlertKind } from '../../shared/domain-storage.ts';

/** A trouble that holds at the moment. */
export interface Trouble {
  kind: AlertKind;
  /** null: of the recorder as a whole. */
  cameraId: string | null;
  words: string;
  advice: string;
  /** Since when, where that is known better than by looking; on the observation's clock. */
  sinceMs?: number;
}

export interface AlertTimings {
  /** A trouble is told once it has lasted this long. */
  raiseAfterMs: Record<AlertKind, number>;
  /** It is over once it has been away for this long: a shorter pause of it, as of a camera that comes and goes, is none. */
  overAfterMs: number;
}

export const ALERT_TIMINGS: AlertTimings = {
  raiseAfterMs: {
    'camera-offline': 30_000,
    'not-recording': 30_000,
    'picture-frozen': 30_000,
    'picture-black': 10_000,
    'disk-reserve': 120_000,
    'footage-short': 600_000,
    'folder-missing': 30_000,
  },
  overAfterMs: 5000,
};

export interface WatchedTrouble extends Trouble {
  sinceMs: number;
  /** When it was last seen. */
  lastMs: number;
  raised: boolean;
}

/** By `troubleKey`. */
export type AlertState = ReadonlyMap<string, WatchedTrouble>;

export interface AlertFinding {
  /** `reworded`: goes on, but for another reason. */
  change: 'raised' | 'reworded' | 'over';
  trouble: WatchedTrouble;
}

export function troubleKey({ kind, cameraId }: Pick<Trouble, 'kind' | 'cameraId'>): string {
  return `${kind} ${cameraId ?? ''}`;
}

/** Takes all troubles that hold at `atMs`; times ascend, on a clock that never steps. An alert that is over ended at its `lastMs`. */
export function stepAlerts(
  state: AlertState,
  observation: { atMs: number; troubles: readonly Trouble[] },
  timings: AlertTimings,
): { state: AlertState; findings: AlertFinding[] } {
  const { atMs } = observation;
  const next = new Map<string, WatchedTrouble>();
  const findings: AlertFinding[] = [];
  for (const trouble of observation.troubles) {
    const key = troubleKey(trouble);
    const before = state.get(key);
    const sinceMs = before?.sinceMs ?? Math.min(trouble.sinceMs ?? atMs, atMs);
    const isDue = atMs - sinceMs >= timings.raiseAfterMs[trouble.kind];
    const watched = { ...trouble, sinceMs, lastMs: atMs, raised: before?.raised === true || isDue };
    next.set(key, watched);
    if (watched.raised && !before?.raised) findings.push({ change: 'raised', trouble: watched });
    else if (watched.raised && before && before.words !== watched.words)
      findings.push({ change: 'reworded', trouble: watched });
  }
  for (const [key, before] of state) {
    if (next.has(key)) continue;
    if (atMs - before.lastMs < timings.overAfterMs) next.set(key, before);
    else if (before.raised) findings.push({ change: 'over', trouble: before });
  }
  return { state: next, findings };
}
