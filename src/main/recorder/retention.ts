/**
 * Removes the oldest footage that no lock holds: by age and by bytes per camera, by bytes in all and in a recording folder, and to keep a
 * reserve free on each disk. What lies on a drive that is away or cannot be written is left alone, and not counted.
 * First the file, then its row: after a crash in between, the next run finds the row again and ends the work.
 */
import { rm, rmdir, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DAY_MS, type EpochRange, HOUR_MS } from '../../shared/units.ts';
import { freeRanges, LOCK_CAP_SHARE, planLimit } from './lock-plan.ts';
import type { Ledger, SegmentFileFacts, SegmentIndex } from './segment-index.ts';
import type { Volume } from './volume-plan.ts';

export interface StorageLimits {
  /** Of all recordings; null: none. */
  maxBytes: number | null;
  /** Reserve on each disk that has none of its own. */
  minFreeBytes: number;
  /** How much of what recordings may use may be locked, 0..1; default: `LOCK_CAP_SHARE`. */
  lockCapShare?: number;
}

/** What must stay, as retention sees it. */
export interface HeldFootage {
  /** Merged, ascending. */
  rangesOf(cameraId: string): readonly EpochRange[];
  holds(file: SegmentFileFacts): boolean;
  heldBytes(cameraId?: string): number;
}

/** A recording folder from which files can be removed. */
export type TrimmedVolume = Pick<Volume, 'id' | 'path' | 'minFreeBytes' | 'maxBytes'>;

export interface RetentionDeps {
  /** Those that are there and can be written. */
  volumes(): readonly TrimmedVolume[];
  index: SegmentIndex;
  ledger: Ledger;
  locks: HeldFootage;
  limits(): StorageLimits;
  /** Days and bytes to keep, per camera. */
  cameras(): ReadonlyArray<{ cameraId: string; days: number; maxBytes: number | null }>;
  /** Free bytes of the disk; default: asks the system. */
  freeBytes?(root: string): Promise<number>;
}

/** Removed at once; between batches the limits are looked at again and other work gets its turn. */
const BATCH = 50;
/** Where something else fills the disk, the newest hour stays: deleting all footage would not free the reserve either. */
const KEPT_FROM_RESERVE_MS = HOUR_MS;

/** One run. Returns how many files and bytes were removed. Throws when a file cannot be removed, after all the other limits have been kept. */
export async function runRetention(
  deps: RetentionDeps,
  nowEpochMs: number,
): Promise<{ files: number; bytes: number }> {
  const done = { files: 0, bytes: 0 };
  const removed = new Map<string, EpochRange[]>();
  const failures: unknown[] = [];
  const remove = async (files: readonly SegmentFileFacts[]) => {
    const before = done.files;
    for (const file of files) {
      const volume = deps.volumes().find(({ id }) => id === file.volumeId);
      if (!volume || deps.locks.holds(file)) continue; // gone or locked since it was listed
      if (!(await removeSegmentFile(volume, deps.index, file.path))) continue;
      if (file.stream === 'main') noteRange(removed, file);
      done.files++;
      done.bytes += file.sizeBytes;
    }
    return done.files - before;
  };
  try {
    for (const stage of stagesOf(deps, nowEpochMs)) {
      // One broken disk must not keep the others from being trimmed.
      await keepWithin(deps, stage, remove).catch((error: unknown) => failures.push(error));
    }
  } finally {
    for (const [cameraId, ranges] of removed) noteDeleted(deps, cameraId, ranges);
  }
  if (failures.length > 0) throw failures[0];
  return done;
}

async function keepWithin(
  deps: RetentionDeps,
  stage: Stage,
  /** How many could be. */
  remove: (files: readonly SegmentFileFacts[]) => Promise<number>,
): Promise<void> {
  for (;;) {
    const bytes = await stage.excess();
    if (bytes <= 0) return;
    const { endBeforeEpochMs, volumeIds } = stage;
    const oldest = takeBytes(listOldestFree(deps, stage.cameraIds(), endBeforeEpochMs, volumeIds), bytes);
    if (oldest.length === 0) return;
    if ((await remove(oldest)) === 0) return;
  }
}

interface Stage {
  /** Bytes that have to go: infinite where all has to that ends before the time. */
  excess(): number | Promise<number>;
  cameraIds(): readonly string[];
  endBeforeEpochMs: number;
  volumeIds: readonly number[];
}

function stagesOf(deps: RetentionDeps, nowEpochMs: number): Stage[] {
  const cameras = deps.cameras();
  const volumes = deps.volumes();
  const volumeIds = volumes.map(({ id }) => id);
  const all = () => deps.index.listCameraIds();
  const always = Number.MAX_SAFE_INTEGER;
  return [
    ...cameras.map(({ cameraId, days }) => ({
      excess: () => Number.POSITIVE_INFINITY,
      cameraIds: () => [cameraId],
      endBeforeEpochMs: Math.floor(nowEpochMs - days * DAY_MS),
      volumeIds,
    })),
    ...cameras.flatMap(({ cameraId, maxBytes }) =>
      maxBytes === null
        ? []
        : [
            {
              excess: () => overMax(deps, maxBytes, volumeIds, cameraId),
              cameraIds: () => [cameraId],
              ...{ endBeforeEpochMs: always, volumeIds },
            },
          ],
    ),
    {
      excess: () => overMax(deps, deps.limits().maxBytes, volumeIds),
      ...{ cameraIds: all, endBeforeEpochMs: always, volumeIds },
    },
    ...volumes.flatMap((volume): Stage[] => [
      {
        excess: () => (volume.maxBytes === null ? 0 : usedIn(deps, volume) - volume.maxBytes),
        ...{ cameraIds: all, endBeforeEpochMs: always, volumeIds: [volume.id] },
      },
      {
        excess: () => underReserve(deps, volume),
        ...{ cameraIds: all, endBeforeEpochMs: nowEpochMs - KEPT_FROM_RESERVE_MS, volumeIds: [volume.id] },
      },
    ]),
  ];
}

/** The oldest closed segments of these cameras in these folders that no lock holds, ascending; not always as many as there are, but some while there are any. */
export function listOldestFree(
  { index, locks }: Pick<RetentionDeps, 'index' | 'locks'>,
  cameraIds: readonly string[],
  endBeforeEpochMs: number,
  volumeIds: readonly number[],
): SegmentFileFacts[] {
  const found: SegmentFileFacts[] = [];
  let reachedEpochMs = Number.POSITIVE_INFINITY;
  // Of every camera a share of the batch: what lies behind the end of a share that is full cannot be compared with the others yet.
  const limit = Math.max(5, Math.ceil(BATCH / Math.max(1, cameraIds.length)));
  for (const cameraId of cameraIds) {
    const free = freeRanges(locks.rangesOf(cameraId), { startEpochMs: 0, endEpochMs: endBeforeEpochMs });
    for (const range of free) {
      const files = index.listOldest({
        cameraId,
        startFromEpochMs: range.startEpochMs,
        // The last one may end just where a lock begins.
        endBeforeEpochMs: range.endEpochMs === endBeforeEpochMs ? endBeforeEpochMs : range.endEpochMs + 1,
        volumeIds,
        limit,
      });
      found.push(...files);
      const reached = reachOf(files, limit);
      if (reached === null) continue;
      reachedEpochMs = Math.min(reachedEpochMs, reached);
      break;
    }
  }
  return found
    .filter((file) => file.startEpochMs <= reachedEpochMs)
    .sort((a, b) => a.startEpochMs - b.startEpochMs);
}

/** Start of the last segment up to which a listing per stream is sure to be whole; null when it has come to its end. */
function reachOf(files: readonly SegmentFileFacts[], limit: number): number | null {
  const full = (['main', 'sub'] as const)
    .map((stream) => files.filter((file) => file.stream === stream))
    .filter((own) => own.length >= limit);
  return full.length === 0 ? null : Math.min(...full.map((own) => own.at(-1)?.startEpochMs ?? 0));
}

/**
 * Removes a segment's file, then its row, then folders that became empty. False where the segment is moved to another folder meanwhile:
 * there it stays. Throws what the disk says.
 */
async function removeSegmentFile(
  { id, path: folder }: TrimmedVolume,
  index: Pick<SegmentIndex, 'removeSegment' | 'volumeOf'>,
  path: string,
): Promise<boolean> {
  const isThere = () => index.volumeOf(path) === id;
  if (!isThere()) return false;
  await rm(join(folder, path), { force: true });
  if (!isThere()) return false;
  index.removeSegment(path);
  await removeEmptyFolders(folder, path);
  return true;
}

/** Removes the folders of a day, a month and a year that a file's going has left empty. */
export async function removeEmptyFolders(root: string, path: string): Promise<void> {
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

function overMax(
  { index, locks, limits }: RetentionDeps,
  maxBytes: number | null,
  volumeIds: readonly number[],
  cameraId?: string,
): number {
  if (maxBytes === null) return 0;
  return (
    index.usedBytes({ cameraId, volumeIds }) -
    planLimit(maxBytes, locks.heldBytes(cameraId), limits().lockCapShare ?? LOCK_CAP_SHARE)
  );
}

function usedIn({ index }: RetentionDeps, { id }: TrimmedVolume): number {
  return index.usedBytes({ volumeIds: [id] });
}

async function underReserve(
  { limits, freeBytes = askFreeBytes }: RetentionDeps,
  { minFreeBytes, path }: TrimmedVolume,
): Promise<number> {
  return (minFreeBytes ?? limits().minFreeBytes) - (await freeBytes(path));
}

export async function askFreeBytes(root: string): Promise<number> {
  const { bavail, bsize } = await statfs(root);
  return bavail * bsize;
}

/** Segments that lie closer together than this have nothing between them. */
const BORDER_MS = 200;

/** Adds a removed segment; one that follows on the last range makes it longer. */
function noteRange(
  removed: Map<string, EpochRange[]>,
  { cameraId, startEpochMs, durationMs }: SegmentFileFacts,
): void {
  const ranges = removed.get(cameraId) ?? [];
  const last = ranges.at(-1);
  const endEpochMs = startEpochMs + durationMs;
  if (last && startEpochMs >= last.startEpochMs && startEpochMs - last.endEpochMs < BORDER_MS)
    last.endEpochMs = Math.max(last.endEpochMs, endEpochMs);
  else ranges.push({ startEpochMs, endEpochMs });
  removed.set(cameraId, ranges);
}

/** The ledger gets one row for every hole that removing has made, up to the footage on both sides, however often retention runs. */
function noteDeleted(
  { index, ledger }: RetentionDeps,
  cameraId: string,
  removed: readonly EpochRange[],
): void {
  const ranges = [...removed].sort((a, b) => a.startEpochMs - b.startEpochMs);
  let notedUntilEpochMs = 0;
  for (const { startEpochMs } of ranges) {
    if (startEpochMs < notedUntilEpochMs) continue;
    const after = index.newestEndEpochMs(cameraId, 'main', startEpochMs);
    const before =
      index.nextStartEpochMs(cameraId, 'main', startEpochMs) ??
      Math.max(...ranges.map((range) => range.endEpochMs));
    if (startEpochMs < before) ledger.noteDeleted(cameraId, startEpochMs, before, after ?? 0);
    notedUntilEpochMs = before;
  }
}
