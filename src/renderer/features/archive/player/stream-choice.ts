/**
 * Which recording of a camera is played: the main stream, or, while the connection does not keep up with it, the sub stream's. The main
 * stream is tried again from time to time, less and less often while that fails. Pure.
 */
import type { StreamKind } from '../../../../shared/domain-storage.ts';

/** Footage of the main stream, and how long its bytes were waited for. */
export interface Came {
  footageMs: number;
  waitedMs: number;
}

/** A piece may take this share of its own length. */
const TOO_SLOW = 0.9;
/** One slow piece may be chance. */
const SLOW_PIECES = 2;
/** Shorter than this, the way to the recorder outweighs the bytes. */
const LEAST_FOOTAGE_MS = 2000;
/** While a piece comes: after so long a wait, less than this share of it in footage. The first bytes, a key frame, are the heaviest. */
const SLOW_WHILE_COMING = [
  { waitedMs: 2000, share: 0.5 },
  { waitedMs: 6000, share: 0.9 },
];
const FIRST_PAUSE_MS = 60_000;
const LONGEST_PAUSE_MS = 600_000;

export class StreamChoice {
  private slowPieces = 0;
  private subSinceMs: number | null = null;
  private pauseMs = FIRST_PAUSE_MS;
  private triedAtMs = Number.NEGATIVE_INFINITY;
  /** Of pieces that were given up before they were whole. */
  private given: Came = { footageMs: 0, waitedMs: 0 };
  /** The main stream is asked for after a while of the sub stream's: by a short piece. */
  isTrying = false;

  /** What to ask for next. */
  at(nowMs: number): StreamKind {
    if (this.subSinceMs === null) return 'main';
    if (nowMs - this.subSinceMs < this.pauseMs) return 'sub';
    this.subSinceMs = null;
    // One more slow piece, and it is the sub stream again.
    this.slowPieces = SLOW_PIECES - 1;
    this.isTrying = true;
    this.triedAtMs = nowMs;
    return 'main';
  }

  /** Whether to give up the piece of the main stream that is coming, of which so much is there, played `rate` times as fast. */
  isTooSlow(came: Came, rate: number): boolean {
    return isSlow(came, rate) || isSlow(sum(this.given, came), rate);
  }

  /** A whole piece of the main stream took so long to come. */
  noteMain(footageMs: number, tookMs: number, rate: number, nowMs: number): void {
    const slow = tookMs * Math.max(1, rate) > footageMs * TOO_SLOW;
    if (!slow) this.given = { footageMs: 0, waitedMs: 0 };
    if (footageMs < LEAST_FOOTAGE_MS) return;
    this.slowPieces = slow ? this.slowPieces + 1 : 0;
    if (!slow) this.isTrying = false;
    if (this.slowPieces >= SLOW_PIECES) this.takeSub(nowMs);
  }

  /** The player no longer needs the piece that was coming. */
  noteGivenUp(came: Came, rate: number, nowMs: number): void {
    this.given = sum(this.given, came);
    if (isSlow(this.given, rate)) this.takeSub(nowMs);
  }

  /** The main stream does not come fast enough. */
  takeSub(nowMs: number): void {
    const failedTrial = nowMs - this.triedAtMs < FIRST_PAUSE_MS;
    this.pauseMs = failedTrial ? Math.min(LONGEST_PAUSE_MS, this.pauseMs * 2) : FIRST_PAUSE_MS;
    this.subSinceMs = nowMs;
    this.forget();
  }

  /** The sub stream is not recorded here. */
  noteNoSub(): void {
    this.subSinceMs = null;
    this.forget();
  }

  private forget(): void {
    this.slowPieces = 0;
    this.isTrying = false;
    this.given = { footageMs: 0, waitedMs: 0 };
  }
}

function isSlow({ footageMs, waitedMs }: Came, rate: number): boolean {
  const neededMs = waitedMs * Math.max(1, rate);
  return SLOW_WHILE_COMING.some((rule) => waitedMs >= rule.waitedMs && footageMs < neededMs * rule.share);
}

function sum(a: Came, b: Came): Came {
  return { footageMs: a.footageMs + b.footageMs, waitedMs: a.waitedMs + b.waitedMs };
}
