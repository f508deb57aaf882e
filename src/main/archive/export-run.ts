/** Carries out one export: plans its clips, writes them, makes a package of them where asked for, reads back what goes out of the house. */
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ExportFile, ExportJob, ExportOptions } from '../../shared/contract-exports.ts';
import { AppError } from '../../shared/errors.ts';
import { CLIPS_FOLDER, COPIES_FOLDER } from '../../shared/evidence-files.ts';
import type { Clock } from '../platform/clock.ts';
import { type WriteOptions, type WrittenFile, writePlan } from './clip.ts';
import { type ClipPlan, planClip } from './clip-plan.ts';
import { encodePlan } from './encode-clip.ts';
import { type EvidenceSource, type PackedClip, writePackage } from './evidence-package.ts';
import { isChanged, listPieces, type Piece, type PieceSource, wantsCopy } from './export-pieces.ts';
import {
  checkWritten,
  copyFlushed,
  finishWork,
  openWorkFolder,
  PARTIAL,
  refuseWithoutSpace,
  sizeOf,
  type Target,
} from './export-target.ts';
import { buildClipName, freeName } from './names.ts';

export interface ExportRunDeps extends PieceSource {
  evidence: EvidenceSource;
  ffmpegPath: string;
  /** DejaVu Sans. */
  fontPath: string;
  clock: Clock;
}

export interface RunControl {
  signal: AbortSignal;
  gate(): Promise<void>;
  onProgress(step: ExportJob['step'], progress: number): void;
}

interface WrittenPiece extends WrittenFile {
  /** Within the working folder, without `.partial`. */
  path: string;
  camera: Piece['camera'];
  plan: ClipPlan | null;
  /** Of evidence: the same for every player. */
  copy: (WrittenFile & { path: string }) | null;
}

const COPY_OPTIONS: ExportOptions = {
  ...{ audio: true, caption: false, hidden: [], timeLapse: null, compatible: true },
};

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
    const written = await writePieces(folder, job, pieces, target, deps, { ...control, progress });
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

async function writePieces(
  folder: string,
  job: ExportJob,
  pieces: readonly Piece[],
  target: Target,
  deps: ExportRunDeps,
  control: RunControl & { progress: Progress },
): Promise<WrittenPiece[]> {
  const written: WrittenPiece[] = [];
  const inFolder = job.form === 'evidence' ? `${CLIPS_FOLDER}/` : '';
  if (inFolder) await mkdir(join(folder, inFolder));
  for (const piece of pieces) {
    await control.gate();
    control.signal.throwIfAborted();
    const options: WriteOptions = {
      signal: control.signal,
      gate: () => control.gate(),
      onWritten: (bytes) => control.progress.at('writing', Math.min(bytes, piece.estimatedBytes)),
      hash: job.form === 'evidence' || target.isRemovable,
    };
    const plan =
      'part' in piece.source
        ? await planClip(deps.footage, piece.source.request, piece.source.part, control.signal)
        : null;
    const { fromEpochMs, toEpochMs } = plan ?? job;
    const wanted = buildClipName(piece.camera.name, fromEpochMs, toEpochMs);
    const name = freeName(wanted, (one) =>
      written.some(({ path }) => path.toLowerCase() === `${inFolder}${one}`.toLowerCase()),
    );
    const path = `${inFolder}${name}`;
    const file = await writePiece(join(folder, path + PARTIAL), job, piece, plan, target, deps, options);
    control.progress.done(piece.estimatedBytes);
    let copy: WrittenPiece['copy'] = null;
    if (plan && wantsCopy(job, piece)) {
      const copyPath = `${COPIES_FOLDER}/${name}`;
      await mkdir(join(folder, COPIES_FOLDER), { recursive: true });
      const encoding = {
        job: { ...job, options: { ...COPY_OPTIONS, audio: job.options.audio } },
        target,
        deps,
      };
      copy = {
        path: copyPath,
        ...(await encodePiece(join(folder, copyPath + PARTIAL), piece, plan, encoding, options)),
      };
      control.progress.done(piece.estimatedBytes);
    }
    written.push({ ...file, path, camera: piece.camera, plan, copy });
  }
  return written;
}

async function writePiece(
  path: string,
  job: ExportJob,
  piece: Piece,
  plan: ClipPlan | null,
  target: Target,
  deps: ExportRunDeps,
  options: WriteOptions,
): Promise<WrittenFile> {
  if ('upload' in piece.source) {
    const from = deps.uploads.path(piece.source.upload);
    return copyFlushed(from, path, options).catch((cause: NodeJS.ErrnoException) => {
      if (cause.code !== 'ENOENT') throw cause;
      throw new AppError('not-found', 'The uploaded video is no longer there.', { cause });
    });
  }
  if (!plan) throw new AppError('internal', 'A clip was not planned.');
  if (!isChanged(job)) return writePlan(deps.footage, plan, path, options);
  return encodePiece(path, piece, plan, { job, target, deps }, options);
}

/** Encodes on a disk of the recorder, and brings the result to where it belongs. */
async function encodePiece(
  path: string,
  { camera }: Piece,
  plan: ClipPlan,
  { job, target, deps }: { job: ExportJob; target: Target; deps: ExportRunDeps },
  options: WriteOptions,
): Promise<WrittenFile> {
  const scratch = await mkdtemp(join(target.isRemovable ? tmpdir() : dirname(path), 'encode-'));
  try {
    const encoded = join(scratch, 'clip.mp4');
    const hidden = job.options.hidden.filter(({ cameraId }) => cameraId === camera.id);
    const { ffmpegPath, fontPath } = deps;
    const how = { ffmpegPath, fontPath, folder: scratch, cameraName: camera.name, hidden };
    await encodePlan(
      deps.footage,
      plan,
      encoded,
      { ...how, options: job.options },
      { ...options, hash: false },
    );
    if (options.hash) return await copyFlushed(encoded, path, { signal: options.signal });
    await rename(encoded, path);
    return { sizeBytes: await sizeOf(path), sha256: '' };
  } finally {
    await rm(scratch, { recursive: true, force: true });
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

function packedClip({ path, camera, plan, copy, sizeBytes, sha256 }: WrittenPiece): PackedClip {
  if (!plan) throw new AppError('internal', 'An uploaded video is no evidence of this recorder.');
  const first = plan.segments[0];
  return {
    ...{ cameraId: camera.id, sizeBytes, sha256, copy },
    clip: {
      path,
      copy: copy?.path ?? null,
      fromEpochMs: plan.fromEpochMs,
      toEpochMs: plan.toEpochMs,
      videoCodec: first?.videoCodecString ?? '',
      audioCodec: plan.audio ? (first?.audioCodecString ?? null) : null,
      width: plan.video.size?.width ?? 0,
      height: plan.video.size?.height ?? 0,
    },
  };
}

/** Progress over several files, by bytes. */
class Progress {
  private readonly total: number;
  private readonly control: RunControl;
  private before = 0;

  constructor(total: number, control: RunControl) {
    this.total = Math.max(1, total);
    this.control = control;
  }

  at(step: ExportJob['step'], bytes: number): void {
    this.control.onProgress(step, Math.min(0.99, (this.before + bytes) / this.total));
  }

  done(bytes: number): void {
    this.before += bytes;
  }
}
