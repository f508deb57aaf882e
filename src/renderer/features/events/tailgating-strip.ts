/** Lays a tailgating's facts out on a short time axis. Pure; shares are 0..1 of the axis. */

import { plural, t } from '@lingui/core/macro';
import type { TailgatingFacts } from '../../../shared/domain-events.ts';
import { isUnlockRunOut } from '../../../shared/tailgating-words.ts';
import { formatNumber } from '../../client/language.ts';

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
      offsetWords: offsetMs === 0 ? '' : t`+${formatNumber(offsetMs / 1000, { exactly: 1 })} s`,
    });
  };
  if (facts.unlock) {
    const who = facts.unlock.actorName ?? facts.unlock.actorEmail ?? t`Somebody`;
    add({
      key: 'unlock',
      kind: 'unlock',
      atMs: facts.unlock.atMs,
      words: t`${who} unlocked ${facts.unlock.deviceName}`,
    });
  }
  people.forEach((person, index) => {
    add({
      key: `person-${person.trackId}`,
      kind: person.admitted ? 'admitted' : 'tailgater',
      atMs: person.crossedAtMs,
      words: passageWords(person.admitted, people.length > 1 ? index + 1 : null),
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

/** `number`: which of several; null: the only one. */
function passageWords(admitted: boolean, number: number | null): string {
  if (number === null)
    return admitted ? t`A person went through, let in` : t`A person went through, not let in`;
  return admitted ? t`Person ${number} went through, let in` : t`Person ${number} went through, not let in`;
}

function windowWords(facts: TailgatingFacts): string {
  const { windowSeconds, peoplePerUnlock } = facts;
  if (facts.mode === 'no-readers') return t`${windowSeconds} s behind another`;
  return plural(peoplePerUnlock, {
    one: `lets one person in for ${windowSeconds} s`,
    other: `lets # people in for ${windowSeconds} s`,
  });
}

function reasonWords(facts: TailgatingFacts): string {
  if (facts.mode === 'no-readers')
    return t`Somebody followed another person within ${facts.windowSeconds} s.`;
  if (!facts.unlock) return t`Somebody went through without any unlock.`;
  if (isUnlockRunOut(facts))
    return t`Somebody went through after the unlock had run out (${facts.windowSeconds} s).`;
  const through = facts.people.length;
  return plural(facts.peoplePerUnlock, {
    one: `The unlock was for one person; ${through} went through.`,
    other: `The unlock was for # people; ${through} went through.`,
  });
}
