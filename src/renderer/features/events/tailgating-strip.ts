/** Lays a tailgating's facts out on a short time axis. Pure; shares are 0..1 of the axis. */
import type { TailgatingFacts } from '../../../shared/domain-events.ts';
import { isUnlockRunOut } from '../../../shared/tailgating-words.ts';

export interface StripPoint {
  key: string;
  kind: 'unlock' | 'admitted' | 'tailgater';
  atMs: number;
  share: number;
  /** Another point is so near that this one stands a row higher. */
  above: boolean;
  words: string;
  /** '+2.1 s' after the unlock, or after the first person. */
  offsetWords: string;
}

export interface StripPlan {
  reason: string;
  points: StripPoint[];
  window: { from: number; to: number; words: string } | null;
}

const NEAR_SHARE = 0.05;

export function planStrip(facts: TailgatingFacts): StripPlan {
  const people = [...facts.people].sort((a, b) => a.crossedAtMs - b.crossedAtMs);
  const zeroMs = facts.unlock?.atMs ?? people[0]?.crossedAtMs ?? 0;
  const windowMs = facts.windowSeconds * 1000;
  const endMs = Math.max(zeroMs + windowMs, people.at(-1)?.crossedAtMs ?? zeroMs);
  const marginMs = Math.max(500, (endMs - zeroMs) * 0.08);
  const shareOf = (atMs: number) => (atMs - zeroMs + marginMs) / (endMs - zeroMs + 2 * marginMs);
  const points: StripPoint[] = [];
  const add = (point: Omit<StripPoint, 'share' | 'above' | 'offsetWords'>) => {
    const share = shareOf(point.atMs);
    const last = points.at(-1);
    const above = last !== undefined && share - last.share < NEAR_SHARE && !last.above;
    const offsetMs = point.atMs - zeroMs;
    points.push({
      ...point,
      share,
      above,
      offsetWords: offsetMs === 0 ? '' : `+${(offsetMs / 1000).toFixed(1)} s`,
    });
  };
  if (facts.unlock) {
    const who = facts.unlock.actorName ?? facts.unlock.actorEmail ?? 'Somebody';
    add({
      key: 'unlock',
      kind: 'unlock',
      atMs: facts.unlock.atMs,
      words: `${who} unlocked ${facts.unlock.deviceName}`,
    });
  }
  people.forEach((person, index) => {
    const nth = people.length > 1 ? `Person ${index + 1}` : 'A person';
    add({
      key: `person-${person.trackId}`,
      kind: person.admitted ? 'admitted' : 'tailgater',
      atMs: person.crossedAtMs,
      words: `${nth} went through, ${person.admitted ? 'let in' : 'not let in'}`,
    });
  });
  const hasWindow = facts.unlock !== null || facts.mode === 'no-readers';
  return {
    reason: reasonWords(facts),
    points,
    window: hasWindow
      ? { from: shareOf(zeroMs), to: shareOf(zeroMs + windowMs), words: windowWords(facts) }
      : null,
  };
}

function windowWords(facts: TailgatingFacts): string {
  if (facts.mode === 'no-readers') return `${facts.windowSeconds} s behind another`;
  const people = facts.peoplePerUnlock === 1 ? 'one person' : `${facts.peoplePerUnlock} people`;
  return `lets ${people} in for ${facts.windowSeconds} s`;
}

function reasonWords(facts: TailgatingFacts): string {
  if (facts.mode === 'no-readers') return `Somebody followed another person within ${facts.windowSeconds} s.`;
  if (!facts.unlock) return 'Somebody went through without any unlock.';
  if (isUnlockRunOut(facts))
    return `Somebody went through after the unlock had run out (${facts.windowSeconds} s).`;
  const allowed = facts.peoplePerUnlock === 1 ? 'one person' : `${facts.peoplePerUnlock} people`;
  return `The unlock was for ${allowed}; ${facts.people.length} went through.`;
}
