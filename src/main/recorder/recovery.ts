/**
 * Brings index and files together again: after a crash only what was being written and the newest folders, for `reindex` everything.
 * Files are cut at their last whole fragment; nothing that plays is ever removed.
 */
import { readdir, rename, rm, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { STREAM_KINDS } from '../../shared/domain-storage.ts';
import { type ScanResult, scanSegmentFile } from '../media/mp4/segment-scan.ts';
import { parseSegmentPath, type SegmentRecord } from '../media/segment.ts';
import { noteFound } from './lost-footage.ts';
import type { Ledger, SegmentIndex } from './segment-index.ts';
import type { Volume } from './volume-plan.ts';

export interface RecoveryReport {
  /** Segments whose end was found and which are closed now. */
  repaired: number;
  /** Files that the index did not know. */
  found: number;
  /** Files without one whole frame, and rows without a file. */
  removed: number;
  /** Bytes cut off behind the last whole fragment. */
  cutBytes: number;
}

/** How many of a stream's newest day folders are compared with the index. */
const NEWEST_DAYS = 2;

/** A recording folder. */
export type SegmentFolder = Pick<Volume, 'id' | 'path'>;

/** While recording goes on: what a folder that was away needs, without what is being written. */
export interface LiveRepair {
  isWriting(path: string): boolean;
  /** Files that have been changed since are being written, or have been by this program: the index knows them. */
  changedBeforeEpochMs: number;
}

export interface AdoptionTarget {
  index: Pick<SegmentIndex, 'putSegment' | 'removeSegment'>;
  ledger: Pick<Ledger, 'listGaps' | 'putGap' | 'removeGap'>;
}

export interface RecoveryTarget extends AdoptionTarget {
  index: Pick<SegmentIndex, 'putSegment' | 'removeSegment' | 'listOpenSegments' | 'listPaths'>;
}

/** Repairs what a crash left in a recording folder, before anything is recorded into it. Throws when it cannot be read. */
export async function recoverSegments(
  volume: SegmentFolder,
  target: RecoveryTarget,
  live: LiveRepair | null = null,
): Promise<RecoveryReport> {
  const { index } = target;
  const report: RecoveryReport = { repaired: 0, found: 0, removed: 0, cutBytes: 0 };
  const left = index
    .listOpenSegments()
    .filter(({ volumeId, path }) => volumeId === volume.id && !live?.isWriting(path));
  for (const { path } of left) {
    const outcome = await adoptSegment(volume, path, target, report);
    report.repaired += outcome === 'adopted' ? 1 : 0;
  }
  const leftPaths = new Set(left.map((segment) => segment.path));
  for (const folder of await listNewestDays(volume.path)) {
    const known = new Set(index.listPaths(`${folder}/`));
    for (const name of await listNames(join(volume.path, folder))) {
      const path = `${folder}/${name}`;
      if (known.has(path) || leftPaths.has(path) || !parseSegmentPath(path)) continue;
      if (live && (await stat(join(volume.path, path))).mtimeMs >= live.changedBeforeEpochMs) continue;
      const outcome = await adoptSegment(volume, path, target, report);
      report.found += outcome === 'adopted' ? 1 : 0;
    }
  }
  return report;
}

/** Reads one file, cuts it where it is damaged, and gives its record; null when it is no segment with a whole frame. */
export async function readSegmentRecord(
  volume: SegmentFolder,
  path: string,
): Promise<{ record: SegmentRecord; damagedBytes: number } | { record: null; result: ScanResult | null }> {
  const named = parseSegmentPath(path);
  if (!named) return { record: null, result: null };
  const result = await scanSegmentFile(join(volume.path, path));
  if (!result.usable) return { record: null, result };
  return {
    record: { ...named, path, volumeId: volume.id, closed: true, ...result.facts },
    damagedBytes: result.fileBytes - result.facts.sizeBytes,
  };
}

/** All segment paths below the recordings folder, ascending. */
export async function* walkSegmentPaths(root: string, folder = ''): AsyncGenerator<string> {
  for (const name of await listNames(join(root, folder))) {
    const path = folder ? `${folder}/${name}` : name;
    if (parseSegmentPath(path)) yield path;
    else if (path.split('/').length <= 5 && !name.includes('.')) yield* walkSegmentPaths(root, path);
  }
}

/** Takes a file into the index as it is on the disk, cut at its last whole fragment; one without a whole frame goes. */
export async function adoptSegment(
  volume: SegmentFolder,
  path: string,
  { index, ledger }: AdoptionTarget,
  report: Pick<RecoveryReport, 'cutBytes' | 'removed'>,
): Promise<'adopted' | 'gone'> {
  const fullPath = join(volume.path, path);
  try {
    const read = await readSegmentRecord(volume, path);
    if (read.record) {
      if (read.damagedBytes > 0) await truncate(fullPath, read.record.sizeBytes);
      report.cutBytes += read.damagedBytes;
      index.putSegment(read.record);
      noteFound(ledger, read.record);
      return 'adopted';
    }
    await setAside(fullPath);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  index.removeSegment(path);
  report.removed++;
  return 'gone';
}

/** A file with a start but no whole frame is worthless; a larger one that cannot be read may not be ours to delete. */
async function setAside(fullPath: string): Promise<void> {
  const { size } = await stat(fullPath);
  if (size <= 64 * 1024) await rm(fullPath);
  else await rename(fullPath, `${fullPath}.damaged`);
}

async function listNewestDays(root: string): Promise<string[]> {
  const days: string[] = [];
  for (const cameraId of await listNames(root)) {
    for (const stream of STREAM_KINDS)
      days.push(...(await newestDaysBelow(root, `${cameraId}/${stream}`, 3)));
  }
  return days;
}

/** The newest folders `depth` levels below, newest first. */
async function newestDaysBelow(root: string, folder: string, depth: number): Promise<string[]> {
  if (depth === 0) return [folder];
  const found: string[] = [];
  for (const name of (await listNames(join(root, folder))).reverse()) {
    if (!/^\d+$/.test(name)) continue;
    found.push(...(await newestDaysBelow(root, `${folder}/${name}`, depth - 1)));
    if (found.length >= NEWEST_DAYS) break;
  }
  return found.slice(0, NEWEST_DAYS);
}

/** Sorted; empty where there is no such folder. */
export async function listNames(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    throw error;
  }
}
