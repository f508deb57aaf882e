/** Conversions of time. Names carry their unit: `…Ms` milliseconds, `…EpochMs` milliseconds since 1970 UTC, `…Seconds` seconds. */

export const SECOND_MS = 1000;
export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;

/** A half-open interval of wall-clock time. */
export interface EpochRange {
  startEpochMs: number;
  endEpochMs: number;
}

export function isWithin({ startEpochMs, endEpochMs }: EpochRange, epochMs: number): boolean {
  return startEpochMs <= epochMs && epochMs < endEpochMs;
}
