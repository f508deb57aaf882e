/** Carries out one export: plans its clips, writes them, makes a package of them where asked for, reads back what goes out of the house. */
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExportFile, ExportJob } from '../../shared/contract-exports.ts';
import type { WrittenFile } from './clip.ts';
import { writePackage } from './evidence-package.ts';
import { listPieces, wantsCopy } from './export-pieces.ts';
import {
  checkWritten,
  finishWork,
  openWorkFolder,
  PARTIAL,
  refuseWithoutSpace,
  type Target,
} from './export-target.ts';
import { type ExportRunDeps, Progress, packedClip, type RunControl, writePieces } from './export-write.ts';

/** Writes the export below `target.root` and returns what it is called there. Throws AppError with what went wrong, or the signal's reason. */
export async function runExport(
  job: ExportJob,
  target: Target,
  deps: ExportRunDeps,
  control: RunControl,
): Promise<{ name: string; files: ExportFile[]; sizeBytes: number }> {
  const pieces = await listPieces(job, target, deps, control.signal);
  const estimate = pieces.reduce(
    (sum, piece) => sum + piece.estimatedBytes * (wantsCopy(job, piece) ? 2 : 1),
    0,
  );
  await mkdir(target.root, { recursive: true });
  await refuseWithoutSpace(target, estimate);
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
      name: isFolder ? job.name.replace(/\.mp4$/, '') : job.name,
      files: [...files.keys()],
      isFolder,
    });
    return {
      name,
      files: [...files].map(([path, { sizeBytes }]) => ({ name: isFolder ? path : name, sizeBytes })),
      sizeBytes: [...files.values()].reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    };
  } catch (error) {
    await rm(folder, { recursive: true, force: true }).catch(() => {}); // the drive may be gone: it is told of below
    throw error;
  }
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
