/**
 * Decides whether a picture is worth an inference. The principle: while a picture is the same as the one last looked at, its
 * detections are the same too, so they are used again. Small changes add up until they open the gate, a change of light opens it once.
 */
import { changedCells } from './change.ts';
import type { Grey } from './grey.ts';

/** Finer than what is reported as motion: a missed object costs more than an inference. */
const SENSITIVE = { floor: 4, noiseFactor: 3.5 };
const MIN_CELLS = 3;
/** After a change every picture is looked at for this long, so that a track becomes sure and a flicker does no harm. */
const HOLD_MS = 1000;
/** A tracked object that the last look missed keeps the gate open, but not for ever. */
const SEARCH_MS = 3000;
/** A look without any cause: soon after a change more often, later less. */
const KEEP_ALIVE_MS = 2000;
const KEEP_ALIVE_LATER_MS = 5000;
const LATER_MS = 20_000;

export class InferenceGate {
  private seen: Float32Array | null = null;
  private seenMs = Number.NEGATIVE_INFINITY;
  private changedMs = Number.NEGATIVE_INFINITY;
  private searchSinceMs: number | null = null;

  /** Whether to look at this picture; `missing`: an object being followed was not found in the last look. */
  decide(atMs: number, grey: Grey, noise: Float32Array, missing: boolean): boolean {
    const open = this.isOpen(atMs, grey, noise, missing);
    if (open) {
      this.seen = grey.values;
      this.seenMs = atMs;
    }
    return open;
  }

  private isOpen(atMs: number, grey: Grey, noise: Float32Array, missing: boolean): boolean {
    const { seen } = this;
    if (!seen || seen.length !== grey.values.length || atMs < this.seenMs) {
      this.changedMs = atMs;
      return true;
    }
    if (changedCells(grey, seen, noise, SENSITIVE).count >= MIN_CELLS) {
      this.changedMs = atMs;
      return true;
    }
    this.searchSinceMs = missing ? (this.searchSinceMs ?? atMs) : null;
    if (this.searchSinceMs !== null && atMs - this.searchSinceMs <= SEARCH_MS) return true;
    const quietMs = atMs - this.changedMs;
    if (quietMs <= HOLD_MS) return true;
    return atMs - this.seenMs >= (quietMs > LATER_MS ? KEEP_ALIVE_LATER_MS : KEEP_ALIVE_MS);
  }
}
