/**
 * From observations to samples: what the rules look at. An object's sights count only once it has moved (still look-alikes never
 * raise events); from then on all that was seen of it before is looked at too, in order, at its own times. Pure.
 */
import type { ObjectLabel, Observation, TrackedObject } from '../../shared/domain-events.ts';
import type { Box, Point } from '../../shared/geometry.ts';

/** One object really seen at one time (never predicted). */
export interface Sample {
  trackId: number;
  label: ObjectLabel;
  confidence: number;
  atMs: number;
  foot: Point;
  box: Box;
}

export interface PathPoint {
  atMs: number;
  x: number;
  y: number;
}

export interface Trail {
  moved: boolean;
  last: Sample;
  firstSeenMs: number;
  /** Not yet looked at by the rules: sights before it had moved. */
  waiting: readonly Sample[];
  /** Sights of the last `PATH_MS`, thinned to about 5 a second. */
  recent: readonly Sample[];
}

export type Trails = ReadonlyMap<number, Trail>;

/** What one step of every rule gets: samples in order of time, and the objects that were given up after them. */
export interface RuleInput {
  atMs: number;
  samples: readonly Sample[];
  ended: readonly Sample[];
}

const PATH_MS = 10_000;
const PATH_STEP_MS = 190;
const WAITING_SAMPLES = 100;

/** Takes in one observation. `ended` of the result holds the last sight of each moved object that was given up. */
export function stepTrails(trails: Trails, observation: Observation): { trails: Trails; input: RuleInput } {
  const next = new Map(trails);
  const samples: Sample[] = [];
  for (const track of observation.tracks) {
    const before = next.get(track.trackId);
    const fresh = sightsOf(track, before);
    if (fresh.length === 0 && !(track.hasMoved && before && !before.moved)) continue;
    const waiting = limit([...(before?.waiting ?? []), ...fresh]);
    const trail: Trail = {
      moved: track.hasMoved,
      last: fresh.at(-1) ?? before!.last,
      firstSeenMs: track.firstSeenMs,
      waiting: track.hasMoved ? [] : waiting,
      recent: extend(before?.recent ?? [], fresh),
    };
    if (track.hasMoved) samples.push(...waiting);
    next.set(track.trackId, trail);
  }
  const ended: Sample[] = [];
  for (const id of observation.endedTrackIds) {
    const trail = next.get(id);
    if (trail?.moved) ended.push(trail.last);
    next.delete(id);
  }
  samples.sort((a, b) => a.atMs - b.atMs || a.trackId - b.trackId);
  return { trails: next, input: { atMs: observation.atMs, samples, ended } };
}

/** Everything that is still followed, ended now. */
export function endTrails(trails: Trails, atMs: number): RuleInput {
  const ended = [...trails.values()].filter((trail) => trail.moved).map((trail) => trail.last);
  return { atMs, samples: [], ended };
}

/** Foot points up to about now, oldest first. */
export function pathOf(trail: Trail | undefined): PathPoint[] {
  return (trail?.recent ?? []).map(({ atMs, foot }) => ({ atMs, x: round(foot.x), y: round(foot.y) }));
}

/** Of the sights that are still known of an object, `sample` among them, the one nearest to a time. */
export function sightNear(atMs: number, sample: Sample, trail: Trail | undefined): Sample {
  const distance = (sight: Sample) => Math.abs(sight.atMs - atMs);
  return (trail?.recent ?? []).reduce(
    (best, each) => (distance(each) < distance(best) ? each : best),
    sample,
  );
}

function sightsOf(track: TrackedObject, before: Trail | undefined): Sample[] {
  const { trackId, label, confidence } = track;
  const since = before?.last.atMs ?? Number.NEGATIVE_INFINITY;
  const earlier = (track.earlier ?? []).map((point) => ({ trackId, label, confidence, ...point }));
  const now = { trackId, label, confidence, atMs: track.lastSeenMs, foot: track.foot, box: track.box };
  // A hidden object that was never seen here before (the observation came in the middle) has nothing to show yet.
  return [...earlier, now].filter((sample) => sample.atMs > since);
}

/** Keeps the first sight and the latest ones. */
function limit(samples: Sample[]): Sample[] {
  return samples.length <= WAITING_SAMPLES ? samples : [samples[0]!, ...samples.slice(1 - WAITING_SAMPLES)];
}

function extend(recent: readonly Sample[], fresh: readonly Sample[]): Sample[] {
  const result = [...recent];
  for (const sample of fresh) {
    const beforeLast = result.at(-2);
    // The newest sight always stays; the one before it goes if it is too close to its predecessor.
    if (beforeLast && result.at(-1)!.atMs - beforeLast.atMs < PATH_STEP_MS) result.pop();
    result.push(sample);
  }
  const oldest = (result.at(-1)?.atMs ?? 0) - PATH_MS;
  return result.filter((sample) => sample.atMs >= oldest);
}

function round(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
