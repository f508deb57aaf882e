/** The answer to 'was anybody let in behind them', in words: on the event's page and in notifications. Pure. */
import type { NvrEvent, TailgatingFacts } from './domain-events.ts';

/** '1 person came in behind Ben'. */
export function tailgatingAnswer(facts: TailgatingFacts, direction: NvrEvent['detail']['direction']): string {
  const went = { forward: 'came in', backward: 'went out', none: 'came through' }[direction ?? 'none'];
  const count = facts.people.filter(({ admitted }) => !admitted).length || 1;
  const people = `${count === 1 ? '1 person' : `${count} people`} ${went}`;
  if (facts.mode === 'no-readers') return `${people} right behind another`;
  if (!facts.unlock) return `${people} without an unlock`;
  const who = facts.unlock.actorName ?? facts.unlock.actorEmail;
  if (isUnlockRunOut(facts)) return `${people} after ${who ? `${who}’s` : 'the'} unlock had run out`;
  return `${people} behind ${who ?? 'the one who unlocked'}`;
}

/** Whether somebody went through later than the unlock admits people. */
export function isUnlockRunOut({ unlock, people, windowSeconds }: TailgatingFacts): boolean {
  if (!unlock) return false;
  const endMs = unlock.atMs + windowSeconds * 1000;
  return people.some(({ admitted, crossedAtMs }) => !admitted && crossedAtMs > endMs);
}
