/**
 * Judges whether a picture is black or of one colour, from a small grey copy of it; and when it is worth decoding one for that. Pure.
 * Night is not black: lamps, their glow and the noise of a lit scene leave structure, a covered lens or a dead sensor leaves none.
 */

/** Width and height of the grey copy: each cell is the mean of some 30 x 30 pixels of a large picture, so that noise is averaged out. */
export const GREY_WIDTH = 64;
export const GREY_HEIGHT = 36;
/** Cameras write their name and the time along the upper and the lower edge: what stands there does not count. */
const EDGE_ROWS = 6;
/** Grey levels around the median within which a dark picture has no structure; a bright one of one colour must be flatter. */
const DARK_SPREAD = 5;
const UNIFORM_SPREAD = 2;
/** Median grey level up to which a picture is dark; black is 0 or 16. */
const DARK_LEVEL = 40;
/** Share of cells that must lie within the spread. */
const FLAT_SHARE = 0.995;

/** `grey`: GREY_WIDTH x GREY_HEIGHT levels, 0..255, row by row. */
export function isBlackOrUniform(grey: Uint8Array): boolean {
  const inner = grey.subarray(EDGE_ROWS * GREY_WIDTH, (GREY_HEIGHT - EDGE_ROWS) * GREY_WIDTH);
  const median = inner.slice().sort()[inner.length >> 1] ?? 0;
  const spread = median <= DARK_LEVEL ? DARK_SPREAD : UNIFORM_SPREAD;
  let flat = 0;
  for (const level of inner) if (Math.abs(level - median) <= spread) flat++;
  return flat >= FLAT_SHARE * inner.length;
}

/** What the last look at a decoded picture said. */
export interface Look {
  atMs: number;
  keyBytes: number;
  isBlack: boolean;
}

/** A look costs some 0.3 s of one core at 1080p, most of it for starting ffmpeg: two while a picture may have become black, few otherwise. */
const SOON_MS = 4000;
/** While the picture is black. */
const AGAIN_MS = 8000;
/** A look without any cause. */
const SELDOM_MS = 600_000;
/** A key frame this much smaller than the one last looked at has lost much of its content. */
const SMALLER = 0.6;

export function wantsLook(last: Look | null, facts: { atMs: number; keyBytes: number }): boolean {
  if (!last) return true;
  const ageMs = facts.atMs - last.atMs;
  if (ageMs < SOON_MS) return false;
  if (last.isBlack) return ageMs >= AGAIN_MS;
  return facts.keyBytes < SMALLER * last.keyBytes || ageMs >= SELDOM_MS;
}
