/**
 * Compares the whole archive with the index by names and sizes, while recording goes on: rows whose file has vanished go, files that the
 * index does not know come in, files of another size are read again. No file is read for more than its size unless it differs.
 */
import { readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { STREAM_KINDS } from '../../shared/domain-storage.ts';
import { MINUTE_MS } from '../../shared/units.ts';
import { parseSegmentPath } from '../media/segment.ts';
import { listCameraFolders } from './camera-file.ts';
import { noteLost } from './lost-footage.ts';
import { adoptSegment, listNames, type RecoveryReport, type SegmentFolder } from './recovery.ts';
import type { Ledger, SegmentIndex } from './segment-index.ts';

export interface ArchiveCheckDeps {
  volume: SegmentFolder;
  /** Whether the recording folder is there, asked just now: nothing is believed to have vanished with its drive. */
  isThere(): Promise<boolean>;
  index: Pick<SegmentIndex, 'listFiles' | 'nextPath' | 'putSegment' | 'removeSegment' | 'volumeOf'>;
  ledger: Pick<Ledger, 'listGaps' | 'putGap' | 'removeGap'>;
  /** Whose footage is left alone: their folder was not there when the program started, as when a drive is not. */
  away: ReadonlySet<string>;
  /** Files that changed since then are being written or have just been. */
  nowEpochMs(): number;
}

export interface ArchiveCheckReport extends RecoveryReport {
  files: number;
}

/** A file this young may be being written. */
const SETTLED_MS = 5 * MINUTE_MS;
const VANISHED = {
  cause: 'unknown',
  detail: 'The file of this recording has vanished: another program removed it.',
} as const;

/** Ends early, with what it has done, when the signal says so. Throws when the recordings folder cannot be read. */
export async function checkArchive(deps: ArchiveCheckDeps, signal: AbortSignal): Promise<ArchiveCheckReport> {
  const report: ArchiveCheckReport = { files: 0, repaired: 0, found: 0, removed: 0, cutBytes: 0 };
  for (const folder of await listAllFolders(deps)) {
    if (signal.aborted) break;
    await checkFolder(deps, folder, report, signal);
  }
  return report;
}

/** Cameras that the index knows and whose folder is in none of these recording folders. */
export async function listAwayCameras(
  volumes: readonly SegmentFolder[],
  index: Pick<SegmentIndex, 'listCameraIds'>,
): Promise<Set<string>> {
  const there = new Set<string>();
  for (const { path } of volumes)
    for (const id of await listCameraFolders(path).catch(() => [])) there.add(id);
  return new Set(index.listCameraIds().filter((cameraId) => !there.has(cameraId)));
}

/** Day folders, on the disk or in the index, ascending. */
async function listAllFolders({ volume, index, away }: ArchiveCheckDeps): Promise<string[]> {
  const root = volume.path;
  const folders = new Set<string>();
  for (const cameraId of await listCameraFolders(root)) {
    for (const stream of STREAM_KINDS)
      for (const folder of await listDays(root, `${cameraId}/${stream}`, 3)) folders.add(folder);
  }
  for (let path = index.nextPath(''); path !== null; ) {
    const folder = dirname(path);
    folders.add(folder);
    path = index.nextPath(`${folder}/\u{10ffff}`);
  }
  return [...folders].filter((folder) => !away.has(folder.slice(0, folder.indexOf('/')))).sort();
}

async function listDays(root: string, folder: string, depth: number): Promise<string[]> {
  if (depth === 0) return [folder];
  const days: string[] = [];
  for (const name of await listNames(join(root, folder)))
    if (/^\d+$/.test(name)) days.push(...(await listDays(root, `${folder}/${name}`, depth - 1)));
  return days;
}

async function checkFolder(
  { volume, isThere, index, ledger, nowEpochMs }: ArchiveCheckDeps,
  folder: string,
  report: ArchiveCheckReport,
  signal: AbortSignal,
): Promise<void> {
  // The names first: a row that is made meanwhile has no name yet, and is passed over below as what is being written.
  const names = (await readdir(join(volume.path, folder)).catch(emptyWhereGone)).sort();
  const rows = new Map(index.listFiles(`${folder}/`).map((row) => [row.path, row]));
  for (const name of names) {
    if (signal.aborted) return;
    const path = `${folder}/${name}`;
    if (!parseSegmentPath(path)) continue;
    report.files++;
    const row = rows.get(path);
    rows.delete(path);
    if (row && row.volumeId !== volume.id) continue; // a copy that a move has left, or the file that one is making
    const facts = await stat(join(volume.path, path)).catch(() => null); // removed meanwhile, by retention
    if (!facts || (row && (row.sizeBytes === facts.size || !row.closed))) continue;
    if (nowEpochMs() - facts.mtimeMs < SETTLED_MS) continue;
    const outcome = await adoptSegment(volume, path, { index, ledger }, report);
    if (outcome === 'adopted') report[row ? 'repaired' : 'found']++;
  }
  for (const row of rows.values()) {
    if (!row.closed || row.volumeId !== volume.id || (await exists(join(volume.path, row.path)))) continue;
    if (!(await isThere())) return;
    if (index.volumeOf(row.path) !== volume.id) continue; // moved meanwhile
    index.removeSegment(row.path);
    report.removed++;
    noteLost(ledger, row, VANISHED);
  }
}

function emptyWhereGone(error: NodeJS.ErrnoException): string[] {
  if (error.code === 'ENOENT') return [];
  throw error;
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => error.code !== 'ENOENT',
  );
}
