/**
 * Suspects a frozen picture from the sizes of encoded frames alone, at no cost. Pure.
 *
 * An encoder that gets the same picture again and again makes key frames of the same size and next to nothing in between. Of a real scene,
 * however still, each key frame encodes another pattern of sensor noise, and its size varies by far more than a few bytes. The suspicion is
 * confirmed by decoding two key frames (see `picture-watch.ts`): only pictures equal in every pixel are frozen.
 */

/** One key frame, and what came between it and the one before. Times on a clock that never steps. */
export interface KeyframeFacts {
  atMs: number;
  keyBytes: number;
  /** Mean size of the frames since the key frame before; null when there were none. */
  deltaBytes: number | null;
}

/** Key frames in a row that could show the same picture. */
export interface StillStreak {
  sinceMs: number;
  keyBytes: number;
  keyframes: number;
}

/** Identical pictures differ in the bits of the slice header alone. */
const SAME_SIZE_BYTES = 8;
/** Frames without any change: a few bytes of skipped blocks, and up to this much of container and messages. */
const EMPTY_DELTA_BYTES = 300;
const EMPTY_DELTA_SHARE = 0.02;

/** The streak with one more key frame; a new one begins where something changed. */
export function stepStill(streak: StillStreak | null, facts: KeyframeFacts): StillStreak {
  const { atMs, keyBytes, deltaBytes } = facts;
  const isEmpty =
    deltaBytes === null || deltaBytes <= Math.max(EMPTY_DELTA_BYTES, EMPTY_DELTA_SHARE * keyBytes);
  const isSame = streak !== null && Math.abs(keyBytes - streak.keyBytes) <= SAME_SIZE_BYTES;
  if (!streak || !isEmpty || !isSame) return { sinceMs: atMs, keyBytes, keyframes: 1 };
  return { ...streak, keyframes: streak.keyframes + 1 };
}
