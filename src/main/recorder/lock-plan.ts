/** What locked ranges mean: what retention may take, what they may hold in all, and whether one more fits. Pure. */
import type { FootageLock } from '../../shared/domain-storage.ts';
import { AppError } from '../../shared/errors.ts';
import { type EpochRange, HOUR_MS } from '../../shared/units.ts';

/** Unless the owner says otherwise, locks may hold a quarter of what recordings may use. */
export const LOCK_CAP_SHARE = 0.25;

/** Ascending ranges that cover the same time; overlapping and touching ones are joined. */
export function mergeRanges(ranges: readonly EpochRange[]): EpochRange[] {
  const merged: EpochRange[] = [];
  for (const range of [...ranges].sort((a, b) => a.startEpochMs - b.startEpochMs)) {
    const last = merged.at(-1);
    if (last && range.startEpochMs <= last.endEpochMs)
      last.endEpochMs = Math.max(last.endEpochMs, range.endEpochMs);
    else merged.push({ startEpochMs: range.startEpochMs, endEpochMs: range.endEpochMs });
  }
  return merged;
}

/** A stretch in which segments may go: those that start at or after its start and end at or before its end. */
export function freeRanges(locked: readonly EpochRange[], within: EpochRange): EpochRange[] {
  const free: EpochRange[] = [];
  let from = within.startEpochMs;
  for (const { startEpochMs, endEpochMs } of locked) {
    if (startEpochMs >= within.endEpochMs) break;
    if (startEpochMs > from) free.push({ startEpochMs: from, endEpochMs: startEpochMs });
    from = Math.max(from, endEpochMs);
  }
  if (from < within.endEpochMs) free.push({ startEpochMs: from, endEpochMs: within.endEpochMs });
  return free;
}

/** Whether a range has a moment in common with one of the ranges. */
export function overlapsAny(
  ranges: readonly EpochRange[],
  { startEpochMs, endEpochMs }: EpochRange,
): boolean {
  return ranges.some((range) => range.startEpochMs < endEpochMs && range.endEpochMs > startEpochMs);
}

/** Footage of a camera that must stay, for ever (`expiresEpochMs` null) or until then. */
export type Hold = Pick<FootageLock, 'cameraId' | 'startEpochMs' | 'endEpochMs' | 'expiresEpochMs'>;

/** Of several cameras' holds, what they hold at a time: merged, by camera. */
export function heldRanges(locks: readonly Hold[], nowEpochMs: number): Map<string, EpochRange[]> {
  const byCamera = new Map<string, Hold[]>();
  for (const lock of locks) {
    if (isExpired(lock, nowEpochMs)) continue;
    byCamera.set(lock.cameraId, [...(byCamera.get(lock.cameraId) ?? []), lock]);
  }
  return new Map([...byCamera].map(([cameraId, own]) => [cameraId, mergeRanges(own)]));
}

export function isExpired({ expiresEpochMs }: Hold, nowEpochMs: number): boolean {
  return expiresEpochMs !== null && expiresEpochMs <= nowEpochMs;
}

/** How many bytes locks may hold: a share of what recordings may use. */
export function planLockCap(space: {
  maxBytes: number | null;
  minFreeBytes: number;
  lockCapShare?: number;
  usedBytes: number;
  freeBytes: number;
}): number {
  const { maxBytes, lockCapShare = LOCK_CAP_SHARE } = space;
  const onDisk = Math.max(0, space.usedBytes + space.freeBytes - space.minFreeBytes);
  return Math.floor(Math.min(maxBytes ?? Number.POSITIVE_INFINITY, onDisk) * lockCapShare);
}

/**
 * The limit that deleting goes by: where locks hold more than their share of it (it was lowered since), all other footage
 * keeps its own share; otherwise everything new would have to go at once.
 */
export function planLimit(maxBytes: number, lockedBytes: number, lockCapShare: number): number {
  return Math.max(maxBytes, lockedBytes + maxBytes * (1 - lockCapShare));
}

/** '4.2 GB', decimal units as disks are sold; for the words of a refusal. */
export function bytesInWords(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB', 'PB'];
  const unit = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  const value = bytes / 1000 ** unit;
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

/** A lock may reach this far into the future: enough for what follows an event, too little to lock all that is to come. */
const LONGEST_AHEAD_MS = HOUR_MS;

/** Throws AppError `invalid-input` for a range or an expiry that cannot be. */
export function refuseImpossible(
  {
    startEpochMs,
    endEpochMs,
    expiresEpochMs,
  }: Pick<FootageLock, 'startEpochMs' | 'endEpochMs' | 'expiresEpochMs'>,
  nowEpochMs: number,
): void {
  if (endEpochMs <= startEpochMs)
    throw new AppError('invalid-input', 'endEpochMs must be later than startEpochMs');
  if (endEpochMs > nowEpochMs + LONGEST_AHEAD_MS)
    throw new AppError('invalid-input', 'A lock can reach an hour into the future at most.');
  if (expiresEpochMs !== null && expiresEpochMs <= nowEpochMs) throw expiryInThePast();
}

export function expiryInThePast(): AppError {
  return new AppError('invalid-input', 'The expiry of a lock must be in the future.');
}
