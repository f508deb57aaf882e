/**
 * Which recording of a camera is played: the main stream, or, while the connection does not keep up with it, the sub stream's. The main
 * stream is tried again from time to time. Pure.
 */
import type { StreamKind } from '../../../../shared/domain-storage.ts';

/** A piece may take this share of its own length. */
const TOO_SLOW = 0.9;
/** One slow piece may be chance. */
const SLOW_PIECES = 2;
/** Shorter than this, the way to the recorder outweighs the bytes. */
const LEAST_FOOTAGE_MS = 2000;
const TRY_MAIN_AFTER_MS = 60_000;

export class StreamChoice {
  private slowPieces = 0;
  private subSinceMs: number | null = null;

  /** What to ask for next. */
  at(nowMs: number): StreamKind {
    if (this.subSinceMs === null || nowMs - this.subSinceMs < TRY_MAIN_AFTER_MS)
      return this.subSinceMs === null ? 'main' : 'sub';
    // One more slow piece, and it is the sub stream again.
    this.subSinceMs = null;
    this.slowPieces = SLOW_PIECES - 1;
    return 'main';
  }

  /** So much footage of the main stream, played `rate` times as fast, took so long to come. */
  noteMain(footageMs: number, tookMs: number, rate: number, nowMs: number): void {
    if (footageMs < LEAST_FOOTAGE_MS) return;
    const isSlow = tookMs * Math.max(1, rate) > footageMs * TOO_SLOW;
    this.slowPieces = isSlow ? this.slowPieces + 1 : 0;
    if (this.slowPieces >= SLOW_PIECES) this.subSinceMs = nowMs;
  }

  /** The sub stream is not recorded here. */
  noteNoSub(): void {
    this.subSinceMs = null;
    this.slowPieces = 0;
  }
}
