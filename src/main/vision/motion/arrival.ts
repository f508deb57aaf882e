/**
 * Notices who has come though nobody saw them come: where an object stands that has not been seen to move, the picture was another one
 * before it was first seen. What has always been there (a notice board taken for a person) looks as it did, in whatever light.
 */
import type { TrackedObject } from '../../../shared/domain-events.ts';
import type { Box } from '../../../shared/geometry.ts';
import { medianDifference } from './change.ts';
import type { Grey } from './grey.ts';

/** The picture from so long before the first sight is compared: one who comes is half there already when first seen. */
const BEFORE_MS = 1000;
const PAST_STEP_MS = 900;
const PAST_MS = 6000;
/** From when to when after the first sight; later the light has changed too much. */
const FROM_MS = 1000;
const UNTIL_MS = 15_000;
/** For how long the place must look another one: somebody who passes in front does not stay. */
const LASTING_MS = 1500;
/** Cells of the object's middle that tell something. */
const LEAST_CELLS = 24;
const MIDDLE = 0.7;
/** Mean difference in grey levels, and the correlation above which it is the same thing in another light. */
const LEAST_DIFFERENCE = 8;
const SAME = 0.5;
/** More of the picture changed than an object can: the light, or the camera. */
const NEW_SCENE = { levels: 10, share: 0.4, step: 5 };

type Still = Pick<TrackedObject, 'trackId' | 'box' | 'hasMoved' | 'firstSeenMs' | 'lastSeenMs'>;

interface Watched {
  before: Float32Array;
  otherSinceMs: number | null;
}

export class ArrivalWatch {
  private past: Array<{ atMs: number; values: Float32Array }> = [];
  private watched = new Map<number, Watched | null>();

  /** Takes a picture and the objects in it; returns the ids of those found to have come. Times ascend. */
  step(atMs: number, grey: Grey, objects: readonly Still[]): number[] {
    const arrived: number[] = [];
    const next = new Map<number, Watched | null>();
    for (const object of objects) {
      if (object.hasMoved) continue;
      const known = this.watched.get(object.trackId);
      const watched = known === undefined ? this.watch(object) : known;
      next.set(object.trackId, watched);
      if (watched && object.lastSeenMs === atMs && this.hasCome(watched, atMs, grey, object)) {
        arrived.push(object.trackId);
        next.set(object.trackId, null);
      }
    }
    this.watched = next;
    this.remember(atMs, grey);
    return arrived;
  }

  /** null: nothing is known of the time before it. */
  private watch(object: Still): Watched | null {
    const before = this.past.findLast(({ atMs }) => atMs <= object.firstSeenMs - BEFORE_MS);
    return before ? { before: before.values, otherSinceMs: null } : null;
  }

  private hasCome(watched: Watched, atMs: number, grey: Grey, object: Still): boolean {
    const age = atMs - object.firstSeenMs;
    if (age < FROM_MS || age > UNTIL_MS || watched.before.length !== grey.values.length) return false;
    if (!isOther(watched.before, grey, object.box)) {
      watched.otherSinceMs = null;
      return false;
    }
    watched.otherSinceMs ??= atMs;
    return atMs - watched.otherSinceMs >= LASTING_MS;
  }

  private remember(atMs: number, grey: Grey): void {
    const last = this.past.at(-1);
    if (last && atMs - last.atMs < PAST_STEP_MS) return;
    this.past = this.past.filter((each) => atMs - each.atMs <= PAST_MS);
    this.past.push({ atMs, values: grey.values });
  }
}

/** Whether the middle of the box shows something else than before, while the picture around it is the same. */
function isOther(before: Float32Array, { values, width, height }: Grey, box: Box): boolean {
  const shift = medianDifference(values, before);
  const left = Math.floor((box.x + (box.width * (1 - MIDDLE)) / 2) * width);
  const right = Math.ceil((box.x + (box.width * (1 + MIDDLE)) / 2) * width);
  const top = Math.floor((box.y + (box.height * (1 - MIDDLE)) / 2) * height);
  const bottom = Math.ceil((box.y + (box.height * (1 + MIDDLE)) / 2) * height);
  const sums = { count: 0, difference: 0, now: 0, was: 0, now2: 0, was2: 0, both: 0 };
  for (let y = Math.max(0, top); y < Math.min(height, bottom); y++) {
    for (let i = y * width + Math.max(0, left); i < y * width + Math.min(width, right); i++) {
      const now = values[i]!;
      const was = before[i]!;
      if (Number.isNaN(now) || Number.isNaN(was)) continue;
      sums.count++;
      sums.difference += Math.abs(now - was - shift);
      sums.now += now;
      sums.was += was;
      sums.now2 += now * now;
      sums.was2 += was * was;
      sums.both += now * was;
    }
  }
  const { count } = sums;
  if (count < LEAST_CELLS || sums.difference < LEAST_DIFFERENCE * count) return false;
  const covariance = sums.both / count - (sums.now * sums.was) / count ** 2;
  const spread = (square: number, sum: number) => Math.sqrt(Math.max(0, square / count - (sum / count) ** 2));
  const most = spread(sums.now2, sums.now) * spread(sums.was2, sums.was);
  if (covariance > SAME * most) return false;
  return !isNewScene(before, values, shift);
}

function isNewScene(before: Float32Array, values: Float32Array, shift: number): boolean {
  let known = 0;
  let changed = 0;
  for (let i = 0; i < values.length; i += NEW_SCENE.step) {
    const difference = Math.abs(values[i]! - before[i]! - shift);
    if (Number.isNaN(difference)) continue;
    known++;
    if (difference > NEW_SCENE.levels) changed++;
  }
  return changed > NEW_SCENE.share * known;
}
