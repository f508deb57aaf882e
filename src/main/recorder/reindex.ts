/**
 * Makes the index anew from the files alone: day folder by day folder, so that an archive of any size fits into memory, and a run that is
 * broken off has done a part of the work. Locks and cameras are restored from what stands beside the footage.
 */
import { truncate } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { FootageLock, Gap } from '../../shared/domain-storage.ts';
import { messageOf } from '../../shared/errors.ts';
import { endOfSegment, type SegmentRecord } from '../media/segment.ts';
import { type CameraFacts, readCameraFile } from './camera-file.ts';
import { readLockFiles } from './lock-file.ts';
import { readSegmentRecord, type SegmentFolder, walkSegmentPaths } from './recovery.ts';

export interface ReindexTarget {
  /** Replaces all rows of a day folder, as far as they lie in these recording folders, in one transaction. */
  replaceFolder(folder: string, segments: readonly SegmentRecord[], volumeIds: readonly number[]): void;
  /** A second copy, which an interrupted move has left, is to be deleted. */
  noteLeftover(path: string, volumeId: number): void;
  /** The first indexed path behind a text; null at the end. */
  nextPath(after: string): string | null;
  listGaps(cameraId: string, fromEpochMs: number, toEpochMs: number): Gap[];
  putGap(cameraId: string, gap: Gap): void;
  listLocks(): FootageLock[];
  putLock(lock: FootageLock): void;
  /** Makes the camera known where it is not, without a source; whether it was not. */
  restoreCamera(camera: CameraFacts): boolean;
}

export interface ReindexReport {
  segments: number;
  bytes: number;
  /** Files that hold nothing that plays; left where they are. */
  unusable: number;
  /** Bytes cut off behind the last whole fragment. */
  cutBytes: number;
  unknownGaps: number;
  /** Locks that the database did not know. */
  restoredLocks: number;
  cameras: Array<{ cameraId: string; name: string | null; segments: number; restored: boolean }>;
}

export type ReindexProgress =
  | { event: 'progress'; segments: number; bytes: number; total: number; percent: number }
  | { event: 'problem'; path: string; message: string };

/** Holes between segments up to this long are the ordinary jitter of a border. */
const BORDER_MS = 1500;
const TELL_EVERY = 100;

/**
 * Reads every segment file of these recording folders, DATA/recordings first, and replaces what the index says of them. Throws when the
 * first one cannot be read.
 */
export async function reindexRecordings(
  volumes: readonly [SegmentFolder, ...SegmentFolder[]],
  target: ReindexTarget,
  onProgress: (progress: ReindexProgress) => void,
): Promise<ReindexReport> {
  const report: ReindexReport = {
    ...{ segments: 0, bytes: 0, unusable: 0, cutBytes: 0, unknownGaps: 0, restoredLocks: 0 },
    cameras: [],
  };
  report.restoredLocks = await restoreLocks(volumes[0].path, target, onProgress);
  const { folders, total } = await listFolders(volumes);
  const volumeIds = volumes.map(({ id }) => id);
  const counts = new Map<string, number>();
  const ends = new Map<string, number>();
  let done = 0;
  for (const folder of [...folders.keys()].sort()) {
    const byPath = new Map<string, SegmentRecord>();
    for (const { volume, path } of folders.get(folder) ?? []) {
      const record = await readOne(volume, path, report, onProgress);
      if (record) keepWhole(byPath, record, target);
      if (++done % TELL_EVERY === 0 || done === total) tell(report, done, total, onProgress);
    }
    const records = [...byPath.values()].sort((a, b) => a.startEpochMs - b.startEpochMs);
    target.replaceFolder(folder, records, volumeIds);
    const [first] = records;
    if (!first) continue;
    counts.set(first.cameraId, (counts.get(first.cameraId) ?? 0) + records.length);
    if (first.stream === 'main') report.unknownGaps += noteUnknownGaps(target, first.cameraId, records, ends);
  }
  dropVanished(target, folders, volumeIds);
  for (const [cameraId, segments] of [...counts].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const facts = await readFacts(volumes, cameraId);
    report.cameras.push({ cameraId, name: facts.name, segments, restored: target.restoreCamera(facts) });
  }
  return report;
}

async function readOne(
  volume: SegmentFolder,
  path: string,
  report: ReindexReport,
  onProgress: (progress: ReindexProgress) => void,
): Promise<SegmentRecord | null> {
  try {
    const read = await readSegmentRecord(volume, path);
    if (read.record) {
      if (read.damagedBytes > 0) await truncate(join(volume.path, path), read.record.sizeBytes);
      report.segments++;
      report.bytes += read.record.sizeBytes;
      report.cutBytes += read.damagedBytes;
      return read.record;
    }
    const message = read.result?.usable === false ? read.result.reason : 'not a segment';
    onProgress({ event: 'problem', path, message });
  } catch (error) {
    onProgress({ event: 'problem', path, message: messageOf(error) });
  }
  report.unusable++;
  return null;
}

function tell(
  { segments, bytes }: ReindexReport,
  done: number,
  total: number,
  onProgress: (progress: ReindexProgress) => void,
): void {
  onProgress({ event: 'progress', segments, bytes, total, percent: Math.floor((done / total) * 100) });
}

/** Where a move was interrupted a segment is there twice: the one that holds more stays, of the same the one in the later folder. */
function keepWhole(
  byPath: Map<string, SegmentRecord>,
  record: SegmentRecord,
  target: Pick<ReindexTarget, 'noteLeftover'>,
): void {
  const other = byPath.get(record.path);
  const kept = other && other.sizeBytes > record.sizeBytes ? other : record;
  byPath.set(record.path, kept);
  if (other) target.noteLeftover(record.path, (kept === other ? record : other).volumeId);
}

/** The segment paths of every day folder, and how many there are. */
async function listFolders(
  volumes: readonly SegmentFolder[],
): Promise<{ folders: Map<string, Array<{ volume: SegmentFolder; path: string }>>; total: number }> {
  const folders = new Map<string, Array<{ volume: SegmentFolder; path: string }>>();
  let total = 0;
  for (const volume of volumes) {
    for await (const path of walkSegmentPaths(volume.path)) {
      const folder = dirname(path);
      const files = folders.get(folder) ?? [];
      files.push({ volume, path });
      folders.set(folder, files);
      total++;
    }
  }
  return { folders, total };
}

/** Rows of folders that are not there any more. */
function dropVanished(
  target: ReindexTarget,
  seen: { has(folder: string): boolean },
  volumeIds: readonly number[],
): void {
  for (let path = target.nextPath(''); path !== null; ) {
    const folder = dirname(path);
    if (!seen.has(folder)) target.replaceFolder(folder, [], volumeIds);
    path = target.nextPath(`${folder}/\u{10ffff}`);
  }
}

async function readFacts(
  volumes: readonly [SegmentFolder, ...SegmentFolder[]],
  cameraId: string,
): Promise<CameraFacts> {
  const [first, ...others] = volumes;
  let facts = await readCameraFile(first.path, cameraId);
  for (const { path } of others) if (facts.name === null) facts = await readCameraFile(path, cameraId);
  return facts;
}

async function restoreLocks(
  root: string,
  target: ReindexTarget,
  onProgress: (progress: ReindexProgress) => void,
): Promise<number> {
  const known = new Set(target.listLocks().map(({ id }) => id));
  const { locks, unreadable } = await readLockFiles(root);
  for (const { cameraId, error } of unreadable)
    onProgress({ event: 'problem', path: `${cameraId}/locks.json`, message: messageOf(error) });
  const missing = locks.filter(({ id }) => !known.has(id));
  for (const lock of missing) target.putLock(lock);
  return missing.length;
}

/** Holes that the ledger has no cause for; what it knows stays. `ends`: where the footage of each camera has come to. */
function noteUnknownGaps(
  target: Pick<ReindexTarget, 'listGaps' | 'putGap'>,
  cameraId: string,
  segments: readonly SegmentRecord[],
  ends: Map<string, number>,
): number {
  let noted = 0;
  for (const segment of segments) {
    const startEpochMs = ends.get(cameraId) ?? segment.startEpochMs;
    const endEpochMs = segment.startEpochMs;
    ends.set(cameraId, endOfSegment(segment));
    if (
      endEpochMs - startEpochMs <= BORDER_MS ||
      target.listGaps(cameraId, startEpochMs, endEpochMs).length > 0
    )
      continue;
    target.putGap(cameraId, {
      startEpochMs,
      endEpochMs,
      cause: 'unknown',
      detail: 'Nothing is known of this time: the index was made anew.',
    });
    noted++;
  }
  return noted;
}
