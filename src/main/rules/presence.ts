/** Presence: a person, vehicle or animal was seen; once per object that has moved. Pure. */
import type { RuleInput, Sample } from './trail.ts';

/** trackIds that have been told of and are still followed. */
export type PresenceState = ReadonlySet<number>;

/** One step: the newest sight of each object that is new. */
export function stepPresence(
  state: PresenceState,
  input: RuleInput,
): { state: PresenceState; seen: Sample[] } {
  const next = new Set(state);
  const fresh = new Map<number, Sample>();
  for (const sample of input.samples) if (!state.has(sample.trackId)) fresh.set(sample.trackId, sample);
  for (const trackId of fresh.keys()) next.add(trackId);
  for (const { trackId } of input.ended) next.delete(trackId);
  return { state: next, seen: [...fresh.values()] };
}
