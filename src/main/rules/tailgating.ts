/**
 * Tailgating: more people cross a line in one direction than were let through. Pure; one state per line.
 * Consumes the line's crossings by people and the unlocks of the camera's readers; knows no pictures.
 */

import type { Line } from '../../shared/domain-camera.ts';
import type { AccessEvent, AccessFacts, TailgatingFacts } from '../../shared/domain-events.ts';
import type { Direction } from '../../shared/geometry.ts';
import type { PathPoint, Sample } from './trail.ts';

export interface Passage {
  trackId: number;
  atMs: number;
  direction: Direction;
  sample: Sample;
  path: PathPoint[];
}

interface Judged extends Passage {
  verdict: 'waiting' | 'admitted' | 'tailgater';
  /** Until when an unlock may still be reported. */
  dueMs: number;
}

interface Unlock {
  atMs: number;
  facts: AccessFacts;
  used: Record<Direction, number>;
}

export interface TailgatingState {
  unlocks: readonly Unlock[];
  passages: readonly Judged[];
}

export interface Tailgating {
  passage: Passage;
  facts: TailgatingFacts;
}

export const noPassages: TailgatingState = { unlocks: [], passages: [] };

/** A reader's report may come this much later than the person; nobody is judged before. */
export const GRACE_MS = 1500;
/** Passages and unlocks are kept this long beyond the window, for reports that come late and out of order. */
const KEEP_MS = 30_000;
const MOST_KEPT = 200;

type Rule = NonNullable<Line['tailgating']>;

/** Takes in an unlock: people who wait for one are admitted by it. Other reports of readers change nothing. */
export function stepUnlock(state: TailgatingState, rule: Rule, event: AccessEvent): TailgatingState {
  if (event.eventType !== 'entry unlocked') return state;
  const unlock: Unlock = { atMs: event.atMs, facts: factsOf(event), used: { forward: 0, backward: 0 } };
  const unlocks = [...state.unlocks, unlock].sort((a, b) => a.atMs - b.atMs).slice(-MOST_KEPT);
  return admit({ ...state, unlocks }, rule);
}

/** Takes in the people who crossed in this step and judges those whose time is up. `withReaders`: readers are assigned. */
export function stepTailgating(
  state: TailgatingState,
  rule: Rule,
  crossed: readonly Passage[],
  atMs: number,
  withReaders: boolean,
): { state: TailgatingState; tailgating: Tailgating[] } {
  const watched = crossed.filter(
    (passage) => rule.direction === 'both' || rule.direction === passage.direction,
  );
  const added = watched.map(
    (passage): Judged => ({ ...passage, verdict: 'waiting', dueMs: passage.atMs + GRACE_MS }),
  );
  const passages = [...state.passages, ...added].sort(inOrder);
  const current = { ...state, passages };
  const result = withReaders
    ? judgeByUnlocks(admit(current, rule), rule, atMs)
    : judgeByDistance(current, rule);
  return { state: forget(result.state, rule, atMs), tailgating: result.tailgating };
}

/** Each person takes the oldest unlock that is still valid for the moment of crossing and has a place left. */
function admit(state: TailgatingState, rule: Rule): TailgatingState {
  if (!state.passages.some((passage) => passage.verdict === 'waiting')) return state;
  const unlocks = state.unlocks.map((unlock) => ({ ...unlock, used: { ...unlock.used } }));
  const passages = state.passages.map((passage) => {
    if (passage.verdict !== 'waiting') return passage;
    const unlock = unlocks.find(
      (one) => covers(one, passage, rule) && one.used[passage.direction] < rule.peoplePerUnlock,
    );
    if (!unlock) return passage;
    unlock.used[passage.direction]++;
    return { ...passage, verdict: 'admitted' as const };
  });
  return { unlocks, passages };
}

function judgeByUnlocks(
  state: TailgatingState,
  rule: Rule,
  atMs: number,
): { state: TailgatingState; tailgating: Tailgating[] } {
  const overdue = state.passages.filter((passage) => passage.verdict === 'waiting' && atMs >= passage.dueMs);
  if (overdue.length === 0) return { state, tailgating: [] };
  const judged = new Set(overdue);
  const passages = state.passages.map((p) => (judged.has(p) ? { ...p, verdict: 'tailgater' as const } : p));
  const tailgating = overdue.map((passage) => {
    const unlock = state.unlocks.findLast((one) => covers(one, passage, rule)) ?? null;
    const together = unlock
      ? passages.filter((other) => other.direction === passage.direction && covers(unlock, other, rule))
      : passages.filter((other) => other.trackId === passage.trackId && other.atMs === passage.atMs);
    return { passage, facts: explain('readers', rule, unlock?.facts ?? null, together) };
  });
  return { state: { ...state, passages }, tailgating };
}

function judgeByDistance(
  state: TailgatingState,
  rule: Rule,
): { state: TailgatingState; tailgating: Tailgating[] } {
  const windowMs = rule.windowSeconds * 1000;
  const tailgating: Tailgating[] = [];
  const passages = state.passages.map((passage, index): Judged => {
    if (passage.verdict === 'tailgater') return passage;
    const ahead = state.passages.findLast(
      (other, at) =>
        at < index &&
        other.trackId !== passage.trackId &&
        other.direction === passage.direction &&
        passage.atMs - other.atMs <= windowMs,
    );
    if (!ahead) return { ...passage, verdict: 'admitted' };
    const judged: Judged = { ...passage, verdict: 'tailgater' };
    const first: Judged = { ...ahead, verdict: ahead.verdict === 'tailgater' ? 'tailgater' : 'admitted' };
    tailgating.push({ passage, facts: explain('no-readers', rule, null, [first, judged]) });
    return judged;
  });
  return { state: { ...state, passages }, tailgating };
}

function covers(unlock: Unlock, passage: Passage, rule: Rule): boolean {
  return unlock.atMs <= passage.atMs && passage.atMs <= unlock.atMs + rule.windowSeconds * 1000;
}

function explain(
  mode: TailgatingFacts['mode'],
  rule: Rule,
  unlock: AccessFacts | null,
  people: readonly Judged[],
): TailgatingFacts {
  return {
    mode,
    windowSeconds: rule.windowSeconds,
    peoplePerUnlock: rule.peoplePerUnlock,
    unlock,
    people: people.map(({ trackId, atMs, verdict, path }) => ({
      trackId,
      crossedAtMs: atMs,
      admitted: verdict === 'admitted',
      path,
    })),
  };
}

function forget(state: TailgatingState, rule: Rule, atMs: number): TailgatingState {
  const oldest = atMs - rule.windowSeconds * 1000 - KEEP_MS;
  return {
    unlocks: state.unlocks.filter((unlock) => unlock.atMs >= oldest),
    passages: state.passages.filter((passage) => passage.atMs >= oldest).slice(-MOST_KEPT),
  };
}

/** The reader's name is known outside; its id stands in. */
function factsOf(event: AccessEvent): AccessFacts {
  return { ...event, deviceName: event.deviceId };
}

function inOrder(a: Passage, b: Passage): number {
  return a.atMs - b.atMs || a.trackId - b.trackId;
}
