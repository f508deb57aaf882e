/**
 * Removes the oldest footage: by age per camera, by bytes in all, and to keep a reserve free on the disk.
 * First the file, then its row: after a crash in between, the next run finds the row again and ends the work.
 */
import { rm, rmdir, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DAY_MS, type EpochRange } from '../../shared/units.ts';
import type { Ledger, SegmentFileFacts, SegmentIndex } from './segment-index.ts';

export interface StorageLimits {
  /** Of all recordings; null: none. */
  maxBytes: number | null;
  /** Reserve on the disk. */
  minFreeBytes: number;
}

export interface RetentionDeps {
  root: string;
  index: SegmentIndex;
  ledger: Ledger;
  limits(): StorageLimits;
  /** Days to keep, per camera. */
  cameras(): ReadonlyArray<{ cameraId: string; days: number }>;
  /** Free bytes of the disk; default: asks the system. */
  freeBytes?(root: string): Promise<number>;
}

/** Removed at once; between batches the limits are looked at again and other work gets its turn. */
const BATCH = 50;
/** Where something else fills the disk, the newest hour stays: deleting all footage would not free the reserve either. */
const KEPT_FROM_RESERVE_MS = 3_600_000;

/** One run. Returns how many files and bytes were removed. Throws when a file cannot be removed. */
export async function runRetention(
  deps: RetentionDeps,
  nowEpochMs: number,
): Promise<{ files: number; bytes: number }> {
  const done = { files: 0, bytes: 0 };
  const removed = new Map<string, EpochRange>();
  const remove = async (files: readonly SegmentFileFacts[]) => {
    for (const file of files) {
      await removeSegmentFile(deps.root, deps.index, file.path);
      if (file.stream === 'main') removed.set(file.cameraId, extend(removed.get(file.cameraId), file));
      done.files++;
      done.bytes += file.sizeBytes;
    }
  };
  try {
    for (const { cameraId, days } of deps.cameras()) {
      const endBeforeEpochMs = Math.floor(nowEpochMs - days * DAY_MS);
      for (;;) {
        const old = deps.index.listOldest({ cameraId, endBeforeEpochMs, limit: BATCH });
        await remove(old);
        if (old.length < BATCH) break;
      }
    }
    for (const { excess, endBeforeEpochMs } of [
      { excess: () => overMax(deps), endBeforeEpochMs: Number.MAX_SAFE_INTEGER },
      { excess: () => underReserve(deps), endBeforeEpochMs: nowEpochMs - KEPT_FROM_RESERVE_MS },
    ]) {
      for (;;) {
        const bytes = await excess();
        const oldest =
          bytes > 0 ? takeBytes(deps.index.listOldest({ limit: BATCH, endBeforeEpochMs }), bytes) : [];
        if (oldest.length === 0) break;
        await remove(oldest);
      }
    }
  } finally {
    for (const [cameraId, range] of removed) noteDeleted(deps, cameraId, range);
  }
  return done;
}

/** Removes a segment's file, then its row, then folders that became empty. */
export async function removeSegmentFile(
  root: string,
  index: Pick<SegmentIndex, 'removeSegment'>,
  path: string,
): Promise<void> {
  await rm(join(root, path), { force: true });
  index.removeSegment(path);
  for (let folder = dirname(path), level = 0; level < 3; folder = dirname(folder), level++) {
    try {
      await rmdir(join(root, folder));
    } catch {
      return; // not empty: the usual case
    }
  }
}

/** The first files that make up at least `bytes`. */
export function takeBytes<T extends { sizeBytes: number }>(files: readonly T[], bytes: number): T[] {
  const taken: T[] = [];
  let sum = 0;
  for (const file of files) {
    if (sum >= bytes) break;
    taken.push(file);
    sum += file.sizeBytes;
  }
  return taken;
}

export interface StorageForecast {
  bytesPerDay: number | null;
  daysLeft: number | null;
}

/** How fast recordings grow, from what was written since `earliestEpochMs`, and when the limits begin to bite. */
export function planForecast(
  written: { bytes: number; earliestEpochMs: number | null },
  space: StorageLimits & { usedBytes: number; freeBytes: number },
  nowEpochMs: number,
): StorageForecast {
  const spanMs = written.earliestEpochMs === null ? 0 : nowEpochMs - written.earliestEpochMs;
  if (spanMs < 60_000 || written.bytes === 0) return { bytesPerDay: null, daysLeft: null };
  const bytesPerDay = (written.bytes / spanMs) * DAY_MS;
  const room = Math.min(
    space.freeBytes - space.minFreeBytes,
    (space.maxBytes ?? Number.POSITIVE_INFINITY) - space.usedBytes,
  );
  return { bytesPerDay: Math.round(bytesPerDay), daysLeft: Math.max(0, room / bytesPerDay) };
}

function overMax({ index, limits }: RetentionDeps): number {
  const { maxBytes } = limits();
  return maxBytes === null ? 0 : index.usedBytes() - maxBytes;
}

async function underReserve({ root, limits, freeBytes = askFreeBytes }: RetentionDeps): Promise<number> {
  return limits().minFreeBytes - (await freeBytes(root));
}

export async function askFreeBytes(root: string): Promise<number> {
  const { bavail, bsize } = await statfs(root);
  return bavail * bsize;
}

function extend(range: EpochRange | undefined, file: SegmentFileFacts): EpochRange {
  const endEpochMs = file.startEpochMs + file.durationMs;
  if (!range) return { startEpochMs: file.startEpochMs, endEpochMs };
  return {
    startEpochMs: Math.min(range.startEpochMs, file.startEpochMs),
    endEpochMs: Math.max(range.endEpochMs, endEpochMs),
  };
}

/** The ledger gets one row for everything before the earliest footage that is left, however often retention runs. */
function noteDeleted({ index, ledger }: RetentionDeps, cameraId: string, removed: EpochRange): void {
  const { earliestEpochMs } = index.bounds({ cameraId, stream: 'main' });
  const before = earliestEpochMs ?? removed.endEpochMs;
  if (removed.startEpochMs < before) ledger.noteDeleted(cameraId, removed.startEpochMs, before);
}
