/**
 * How far apart the analysed pictures usually are: patience in seconds must not be shorter than the wait for the next picture, whether
 * few are asked for or the machine manages no more. Pure.
 */

export interface PicturePace {
  lastMs: number;
  /** The last distances between pictures, ms, oldest first. */
  distancesMs: readonly number[];
}

export const unknownPace: PicturePace = { lastMs: Number.NEGATIVE_INFINITY, distancesMs: [] };

/** So many that two long pauses among them change nothing. */
const DISTANCES = 5;
/** One distance alone may be a pause. */
const LEAST_DISTANCES = 2;
/** Pictures rarer than this are too rare to follow anybody by. */
const LONGEST_MS = 3000;
/** One picture may be missed, and the next one come late. */
const PICTURES = 2.5;

/** Takes in the time of a picture; one that is not later than the last tells nothing. */
export function notePicture(pace: PicturePace, atMs: number): PicturePace {
  if (atMs <= pace.lastMs) return atMs < pace.lastMs ? { ...pace, lastMs: atMs } : pace;
  if (pace.lastMs === Number.NEGATIVE_INFINITY) return { ...pace, lastMs: atMs };
  return { lastMs: atMs, distancesMs: [...pace.distancesMs, atMs - pace.lastMs].slice(-DISTANCES) };
}

/** `patienceMs`, or as long as `pictures` of them usually take where that is longer. */
export function atLeastPictures(patienceMs: number, pace: PicturePace, pictures = PICTURES): number {
  const { distancesMs } = pace;
  if (distancesMs.length < LEAST_DISTANCES) return patienceMs;
  const usualMs = distancesMs.toSorted((a, b) => a - b)[(distancesMs.length - 1) >> 1]!;
  return Math.max(patienceMs, pictures * Math.min(usualMs, LONGEST_MS));
}
