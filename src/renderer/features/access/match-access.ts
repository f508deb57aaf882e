/** Who went through on whose unlock: joins what readers reported with who crossed the lines of one door. Pure. */
import { t } from '@lingui/core/macro';
import type { Camera } from '../../../shared/domain-camera.ts';
import type { NvrEvent } from '../../../shared/domain-events.ts';

export type Guard = Pick<Camera, 'lines' | 'readers'>;

export interface Passage {
  crossing: NvrEvent;
  /** `free`: this line or direction needs no unlock. */
  state: 'admitted' | 'tailgating' | 'free';
  unlock: NvrEvent | null;
  /** The event that explains it. */
  tailgating: NvrEvent | null;
}

export interface DoorDay {
  unlocks: NvrEvent[];
  passages: Passage[];
  /** Doors forced or left open. */
  alarms: NvrEvent[];
  tailgatings: NvrEvent[];
}

/** Two reports of the same crossing are never further apart. */
const SAME_CROSSING_MS = 1500;
const DEFAULT_WINDOW_SECONDS = 6;

/** Joins the reports of one camera. Each unlock admits so many people for so long; the first through take it first. */
export function matchDoor(
  reports: { unlocks: readonly NvrEvent[]; crossings: readonly NvrEvent[]; tailgatings: readonly NvrEvent[] },
  guard: Guard,
): DoorDay {
  const byTime = (a: NvrEvent, b: NvrEvent) => a.startEpochMs - b.startEpochMs;
  const unlocks = reports.unlocks
    .filter((event) => event.detail.access?.eventType === 'entry unlocked')
    .sort(byTime);
  const alarms = reports.unlocks
    .filter((event) => event.detail.access?.eventType !== 'entry unlocked')
    .sort(byTime);
  const tailgatings = [...reports.tailgatings].sort(byTime);
  const used = new Map<string, number>();
  const passages = [...reports.crossings].sort(byTime).map((crossing): Passage => {
    const tailgating = tailgatings.find((event) => refused(event, crossing)) ?? null;
    if (tailgating)
      return { crossing, state: 'tailgating', unlock: unlockOf(tailgating, unlocks), tailgating };
    const rule = guard.lines.find((line) => line.name === crossing.detail.line)?.tailgating;
    const guarded =
      rule &&
      guard.readers.length > 0 &&
      (rule.direction === 'both' || rule.direction === crossing.detail.direction);
    const windowMs = (rule?.windowSeconds ?? DEFAULT_WINDOW_SECONDS) * 1000;
    const unlock =
      unlocks.find((candidate) => {
        const ageMs = crossing.startEpochMs - candidate.startEpochMs;
        return (
          ageMs >= 0 && ageMs <= windowMs && (used.get(candidate.id) ?? 0) < (rule?.peoplePerUnlock ?? 1)
        );
      }) ?? null;
    if (!guarded || !unlock) return { crossing, state: 'free', unlock: null, tailgating: null };
    used.set(unlock.id, (used.get(unlock.id) ?? 0) + 1);
    return { crossing, state: 'admitted', unlock, tailgating: null };
  });
  return { unlocks, passages, alarms, tailgatings };
}

/** Whether the tailgating names this crossing among those that were not let in. */
function refused(tailgating: NvrEvent, crossing: NvrEvent): boolean {
  const people = tailgating.detail.tailgating?.people ?? [];
  return people.some(
    (person) =>
      !person.admitted &&
      person.trackId === crossing.detail.trackId &&
      Math.abs(person.crossedAtMs - crossing.startEpochMs) < SAME_CROSSING_MS,
  );
}

function unlockOf(tailgating: NvrEvent, unlocks: readonly NvrEvent[]): NvrEvent | null {
  const facts = tailgating.detail.tailgating?.unlock;
  if (!facts) return null;
  return unlocks.find((unlock) => unlock.detail.access?.atMs === facts.atMs) ?? null;
}

export function actorOf(unlock: NvrEvent): string {
  const facts = unlock.detail.access;
  return facts?.actorName ?? facts?.actorEmail ?? t`Unknown person`;
}
