/**
 * Motion in the pictures of one camera: change against a background that follows within seconds, with a noise level learned for each
 * cell, so that rain, leaves and compression are told from things that move. A change of light is taken over at once.
 */
import type { Observation } from '../../../shared/domain-events.ts';
import { changedCells, regionsOf } from './change.ts';
import type { Grey } from './grey.ts';

export type Motion = Observation['motion'];

/** How fast the background follows: still cells, and changed ones (what stops becomes background). */
const FOLLOW_MS = 2000;
const FOLLOW_CHANGED_MS = 4000;
const NOISE_MS = 4000;
/** Noise assumed before it is known, and the most that is believed; grey levels. */
const FIRST_NOISE = 2;
const MOST_NOISE = 12;
const REPORT = { floor: 9, noiseFactor: 5 };
const MIN_REGION_CELLS = 6;
const MOST_REGIONS = 20;
/** More than this at once is a change of light, a cut, or a camera that was moved: the background starts anew. */
const NEW_SCENE = 0.6;

export class MotionDetector {
  private background: Float32Array | null = null;
  private previous: Float32Array | null = null;
  private lastMs = 0;
  /** Mean change of each cell from picture to picture while nothing moves there; grey levels. Read by the gate. */
  noise = new Float32Array(0);

  /** Takes the next picture; times ascend. */
  step(atMs: number, grey: Grey): Motion {
    const { background, previous } = this;
    if (!background || !previous || background.length !== grey.values.length) return this.begin(atMs, grey);
    const elapsedMs = Math.max(0, atMs - this.lastMs);
    const { mask, count } = changedCells(grey, background, this.noise, REPORT);
    const ratio = count / grey.values.length;
    if (ratio > NEW_SCENE) this.background = grey.values.slice();
    else this.follow(grey.values, background, previous, mask, elapsedMs);
    this.previous = grey.values;
    this.lastMs = atMs;
    const boxes = mask ? regionsOf(mask, grey.width, grey.height, MIN_REGION_CELLS, MOST_REGIONS) : [];
    // Changed cells without a region of some size are still noise.
    return boxes.length > 0 ? { ratio, boxes } : { ratio: 0, boxes };
  }

  private begin(atMs: number, grey: Grey): Motion {
    this.background = grey.values.slice();
    this.previous = grey.values;
    this.noise = new Float32Array(grey.values.length).fill(FIRST_NOISE);
    this.lastMs = atMs;
    return { ratio: 0, boxes: [] };
  }

  private follow(
    now: Float32Array,
    background: Float32Array,
    previous: Float32Array,
    mask: Uint8Array | null,
    elapsedMs: number,
  ): void {
    const still = 1 - Math.exp(-elapsedMs / FOLLOW_MS);
    const changed = 1 - Math.exp(-elapsedMs / FOLLOW_CHANGED_MS);
    const learn = 1 - Math.exp(-elapsedMs / NOISE_MS);
    const { noise } = this;
    for (let i = 0; i < now.length; i++) {
      const value = now[i]!;
      const way = value - background[i]!;
      if (mask !== null && mask[i] === 1) {
        background[i]! += changed * way;
      } else {
        background[i]! += still * way;
        const jump = Math.min(MOST_NOISE, Math.abs(value - previous[i]!));
        noise[i]! += learn * (jump - noise[i]!);
      }
    }
  }
}
