/** Carries out one export: plans its clips, writes them, makes a package of them where asked for, reads back what goes out of the house. */
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExportContent, ExportFile, ExportJob } from '../../shared/contract-exports.ts';
import type { WrittenFile } from './clip.ts';
import { writePackage } from './evidence-package.ts';
import { planContent, planNamedRange } from './export-content.ts';
import { listPieces, wantsCopy } from './export-pieces.ts';
import { inWordsOfDisk, planRoom, refuseWithoutRoom } from './export-room.ts';
import { checkWritten, finishWork, openWorkFolder, PARTIAL, type Target } from './export-target.ts';
import {
  type ExportRunDeps,
  Progress,
  packedClip,
  type RunControl,
  type WrittenPiece,
  writePieces,
} from './export-write.ts';
import { buildClipName } from './names.ts';

export interface MadeExport {
  name: string;
  files: ExportFile[];
  sizeBytes: number;
  contents: ExportContent[];
}

/** Writes the export below `target.root` and returns what it is called there. Throws AppError with what went wrong, or the signal's reason. */
export async function runExport(
  job: ExportJob,
  target: Target,
  deps: ExportRunDeps,
  control: RunControl,
): Promise<MadeExport> {
  const pieces = await listPieces(job, target, deps, control.signal);
  const estimate = pieces.reduce(
    (sum, piece) => sum + piece.estimatedBytes * (wantsCopy(job, piece) ? 2 : 1),
    0,
  );
  await mkdir(target.root, { recursive: true });
  await refuseWithoutRoom(planRoom(job, pieces, target.isRemovable), target, deps.folder);
  const folder = await openWorkFolder(target.root, job.name);
  try {
    const progress = new Progress(estimate * (target.isRemovable ? 2 : 1), control);
    const written = await writePieces(folder, pieces, { job, target, deps }, { ...control, progress });
    const files = new Map<string, WrittenFile>(
      written
        .flatMap((piece) => [piece, ...(piece.copy ? [piece.copy] : [])])
        .map((file) => [file.path, file]),
    );
    if (job.form === 'evidence') {
      const clips = written.map((piece) => packedClip(piece));
      const others = await writePackage(folder, job, clips, deps.evidence, deps.clock.epochMs());
      for (const [path, file] of others) files.set(path, file);
    }
    if (target.isRemovable) await checkAll(folder, files, { ...control, progress });
    control.signal.throwIfAborted();
    const isFolder = job.form === 'evidence' || files.size > 1;
    const name = await finishWork(target.root, folder, {
      name: isFolder ? job.name.replace(/\.mp4$/, '') : nameOf(job, written),
      files: [...files.keys()],
      isFolder,
    });
    return {
      name,
      files: [...files].map(([path, { sizeBytes }]) => ({ name: isFolder ? path : name, sizeBytes })),
      sizeBytes: [...files.values()].reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
      contents: job.cameras.map(({ id }) => contentOf(job, id, written)),
    };
  } catch (error) {
    await rm(folder, { recursive: true, force: true }).catch(() => {}); // the drive may be gone: it is told of below
    throw inWordsOfDisk(error, target.isRemovable ? target : null);
  }
}

/** Of the only file: the one that was set apart for the job, unless what is in it is another time, or of one of several cameras. */
function nameOf(job: ExportJob, [only]: readonly WrittenPiece[]): string {
  if (!only) return job.name;
  const own = only.clip ? planNamedRange(only.clip.facts, job) : job;
  const isAsAsked = own.fromEpochMs === job.fromEpochMs && own.toEpochMs === job.toEpochMs;
  if (isAsAsked && job.cameras.length === 1) return job.name;
  return buildClipName(only.camera.name, own.fromEpochMs, own.toEpochMs);
}

function contentOf(job: ExportJob, cameraId: string, written: readonly WrittenPiece[]): ExportContent {
  const own = written.filter(({ camera }) => camera.id === cameraId);
  const isUpload = own.some(({ clip }) => clip === null);
  const spans = own.flatMap(({ clip }) => clip?.facts.spans ?? []);
  return planContent(job, cameraId, isUpload ? null : spans);
}

async function checkAll(
  folder: string,
  files: ReadonlyMap<string, WrittenFile>,
  control: RunControl & { progress: Progress },
): Promise<void> {
  for (const [path, file] of files) {
    await control.gate();
    let read = 0;
    await checkWritten(join(folder, path + PARTIAL), path, file, {
      signal: control.signal,
      onRead: (bytes) => {
        read += bytes;
        control.progress.at('checking', read);
      },
    });
    control.progress.done(file.sizeBytes);
  }
}
