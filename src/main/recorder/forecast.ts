/** How long the storage lasts at the pace of the last day. Pure. */
import { DAY_MS, MINUTE_MS } from '../../shared/units.ts';

export interface StorageForecast {
  bytesPerDay: number | null;
  /** Until the limits begin to delete the oldest footage. */
  daysLeft: number | null;
  /** How far back footage will reach once they do: what is locked takes its part of the room. */
  daysKept: number | null;
}

/** How fast recordings grow, from what was written since `earliestEpochMs`, when the limits begin to bite, and what they then leave. */
export function planForecast(
  written: { bytes: number; earliestEpochMs: number | null },
  space: {
    maxBytes: number | null;
    minFreeBytes: number;
    usedBytes: number;
    freeBytes: number;
    lockedBytes: number;
  },
  nowEpochMs: number,
): StorageForecast {
  const spanMs = written.earliestEpochMs === null ? 0 : nowEpochMs - written.earliestEpochMs;
  if (spanMs < MINUTE_MS || written.bytes === 0) return { bytesPerDay: null, daysLeft: null, daysKept: null };
  const bytesPerDay = (written.bytes / spanMs) * DAY_MS;
  const { usedBytes, freeBytes, minFreeBytes, lockedBytes } = space;
  const room = Math.min(
    space.maxBytes ?? Number.POSITIVE_INFINITY,
    Math.max(0, usedBytes + freeBytes - minFreeBytes),
  );
  return {
    bytesPerDay: Math.round(bytesPerDay),
    daysLeft: Math.max(0, (room - usedBytes) / bytesPerDay),
    daysKept: Math.max(0, (room - lockedBytes) / bytesPerDay),
  };
}
