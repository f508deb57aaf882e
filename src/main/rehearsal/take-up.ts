/**
 * Going on with a search of the archive where it was left, as if it had never been: what the rules remember is kept, and whoever was
 * followed then is recognised in the analysis that has begun anew a little earlier. Pure but for its own memory.
 */
import { deserialize, serialize } from 'node:v8';
import { LABEL_GROUP, type Observation, type TrackedObject } from '../../shared/domain-events.ts';
import type { CameraState } from '../rules/step-camera.ts';

/** What is remembered of a search between two pictures. */
export interface SearchMemory {
  /** Time of the last picture that the rules have taken. */
  takenMs: number;
  state: CameraState;
  /** As the rules knew them in that picture. */
  tracks: TrackedObject[];
  /** Of all that the rules have known. */
  highestTrackId: number;
  /** The latest events that stand for a finding already. */
  claimed: string[];
}

/** Raised whenever what rules remember changes its shape: a memory of another one is not taken up. */
const SHAPE = 1;
/** Two sights of one object, one picture apart at most: their feet are nearer than this share of its height. */
const REACH = 0.5;

export function packMemory(memory: SearchMemory): Buffer {
  return serialize({ shape: SHAPE, memory });
}

/** Null for one that another version has left: the search then goes on with rules that remember nothing. */
export function unpackMemory(bytes: Uint8Array | null): SearchMemory | null {
  if (!bytes) return null;
  try {
    const packed = deserialize(bytes) as { shape: number; memory: SearchMemory };
    return packed.shape === SHAPE ? packed.memory : null;
  } catch {
    return null; // written by a newer V8
  }
}

export class TakeUp {
  private readonly memory: SearchMemory;
  /** Of the last picture before the rules go on. */
  private latest: readonly TrackedObject[] = [];
  /** Who is who: by the new analysis's trackIds, once the rules go on. */
  private known: Map<number, TrackedObject> | null = null;

  constructor(memory: SearchMemory) {
    this.memory = memory;
  }

  /** The next picture as the rules would have had it without the interruption; null for one that they have taken already. */
  take(observation: Observation): Observation | null {
    if (observation.atMs <= this.memory.takenMs) {
      this.latest = observation.tracks;
      return null;
    }
    const gone: number[] = [];
    if (!this.known) {
      this.known = recognise(this.latest, this.memory.tracks);
      const found = new Set([...this.known.values()].map(({ trackId }) => trackId));
      gone.push(...this.memory.tracks.map(({ trackId }) => trackId).filter((id) => !found.has(id)));
    }
    return {
      ...observation,
      tracks: observation.tracks.map((track) => this.rename(track)),
      endedTrackIds: [...gone, ...observation.endedTrackIds.map((id) => this.idOf(id))],
    };
  }

  private rename(track: TrackedObject): TrackedObject {
    const before = this.known?.get(track.trackId);
    if (!before) return { ...track, trackId: this.idOf(track.trackId) };
    return {
      ...track,
      trackId: before.trackId,
      firstSeenMs: before.firstSeenMs,
      maxConfidence: Math.max(before.maxConfidence, track.maxConfidence),
      hasMoved: before.hasMoved || track.hasMoved,
    };
  }

  private idOf(trackId: number): number {
    return this.known?.get(trackId)?.trackId ?? this.memory.highestTrackId + 1 + trackId;
  }
}

/** The nearest of the same kind are the same, one for one. */
function recognise(
  now: readonly TrackedObject[],
  before: readonly TrackedObject[],
): Map<number, TrackedObject> {
  const pairs = now
    .flatMap((one) => before.map((other) => ({ one, other, apart: distance(one, other) })))
    .filter(({ one, other, apart }) => LABEL_GROUP[one.label] === LABEL_GROUP[other.label] && apart < REACH)
    .sort((a, b) => a.apart - b.apart);
  const known = new Map<number, TrackedObject>();
  const taken = new Set<number>();
  for (const { one, other } of pairs) {
    if (known.has(one.trackId) || taken.has(other.trackId)) continue;
    known.set(one.trackId, other);
    taken.add(other.trackId);
  }
  return known;
}

/** Of their feet, in heights of the larger one. */
function distance(a: TrackedObject, b: TrackedObject): number {
  const apart = Math.hypot(a.foot.x - b.foot.x, a.foot.y - b.foot.y);
  return apart / Math.max(a.box.height, b.box.height, 0.001);
}
