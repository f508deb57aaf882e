/** Carries out one export: plans its clips, writes them, makes a package of them where asked for, reads back what goes out of the house. */
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type ExportFile, type ExportJob, isEncoded } from '../../shared/contract-exports.ts';
import { AppError } from '../../shared/errors.ts';
import { CLIPS_FOLDER } from '../../shared/evidence-files.ts';
import { endOfSegment } from '../media/segment.ts';
import type { Clock } from '../platform/clock.ts';
import type { Content } from '../store/uploads.ts';
import { type WriteOptions, type WrittenFile, writePlan } from './clip.ts';
import { type ClipPart, type ClipPlan, listParts, type PartLimits, planClip } from './clip-plan.ts';
import { encodePlan } from './encode-clip.ts';
import { type EvidenceSource, type PackedClip, writePackage } from './evidence-package.ts';
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
import { type FootageSource, listFootage, nextFootageEpochMs } from './footage.ts';
import { buildClipName, buildLocalIso, freeName } from './names.ts';
import { planUploadExport, type UploadSource } from './uploads.ts';

export interface ExportRunDeps {
  footage: FootageSource;
  uploads: UploadSource;
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

/** One file to be: a stretch of a camera's footage, or a video that was uploaded for its time. */
interface Piece {
  camera: ExportJob['cameras'][number];
  estimatedBytes: number;
  source: { part: ClipPart } | { upload: Content };
}

interface WrittenPiece extends WrittenFile {
  /** Within the working folder, without `.partial`. */
  path: string;
  camera: Piece['camera'];
  plan: ClipPlan | null;
}

/** A hole of this length, or as much of shorter ones together, ends a file whose pictures carry times. */
const HOLE_MS = 500;
/** H.264 for old players can be larger than H.265 was. */
const ENCODED_GROWTH = 3;

/** Writes the export below `target.root` and returns what it is called there. Throws AppError with what went wrong, or the signal's reason. */
export async function runExport(
  job: ExportJob,
  target: Target,
  deps: ExportRunDeps,
  control: RunControl,
): Promise<{ name: string; files: ExportFile[]; sizeBytes: number }> {
  const pieces = await listPieces(job, target, deps, control.signal);
  const estimate = pieces.reduce((sum, { estimatedBytes }) => sum + estimatedBytes, 0);
  await mkdir(target.root, { recursive: true });
  await refuseWithoutSpace(target, estimate);
  const folder = await openWorkFolder(target.root, job.name);
  try {
    const progress = new Progress(estimate * (target.isRemovable ? 2 : 1), control);
    const written = await writePieces(folder, job, pieces, target, deps, { ...control, progress });
    const files = new Map<string, WrittenFile>(written.map((piece) => [piece.path, piece]));
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

/** The uploaded video that is exported in place of footage; null where there is footage, or neither. Throws as `planUploadExport`. */
export function findUploadInstead(
  { footage, uploads }: Pick<ExportRunDeps, 'footage' | 'uploads'>,
  cameraId: string,
  { fromEpochMs, toEpochMs }: Pick<ExportJob, 'fromEpochMs' | 'toEpochMs'>,
): Content | null {
  if (listFootage(footage, { cameraId, stream: 'main', fromEpochMs, toEpochMs }).length > 0) return null;
  return planUploadExport(uploads, cameraId, fromEpochMs, toEpochMs);
}

async function listPieces(
  job: ExportJob,
  target: Target,
  deps: ExportRunDeps,
  signal: AbortSignal,
): Promise<Piece[]> {
  const limits = planLimits(job, target);
  const pieces: Piece[] = [];
  for (const camera of job.cameras) {
    const upload = job.form === 'clip' ? findUploadInstead(deps, camera.id, job) : null;
    if (upload) {
      pieces.push({ camera, source: { upload }, estimatedBytes: await sizeOf(deps.uploads.path(upload)) });
      continue;
    }
    const parts = await listParts(deps.footage, requestOf(job, camera.id), limits, signal);
    for (const part of parts)
      pieces.push({ camera, source: { part }, estimatedBytes: estimateBytes(part, job) });
  }
  if (pieces.length === 0) throw nothingThere(job, deps.footage);
  return pieces;
}

function requestOf(job: ExportJob, cameraId: string) {
  const { fromEpochMs, toEpochMs, options } = job;
  return { cameraId, fromEpochMs, toEpochMs, audio: options.audio && options.timeLapse === null };
}

function planLimits(job: ExportJob, { maxFileBytes }: Target): PartLimits {
  const maxBytes = maxFileBytes && (isEncoded(job.options) ? maxFileBytes / ENCODED_GROWTH : maxFileBytes);
  return {
    ...(maxBytes ? { maxBytes } : {}),
    ...(job.form === 'evidence' || job.options.caption ? { holeMs: HOLE_MS } : {}),
  };
}

function estimateBytes({ segments }: ClipPart, range: { fromEpochMs: number; toEpochMs: number }): number {
  return segments.reduce((sum, segment) => {
    const from = Math.max(segment.startEpochMs, range.fromEpochMs);
    const to = Math.min(endOfSegment(segment), range.toEpochMs);
    return sum + segment.sizeBytes * Math.min(1, Math.max(0, (to - from) / Math.max(1, segment.durationMs)));
  }, 0);
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
      hash: true,
    };
    const plan =
      'part' in piece.source
        ? await planClip(deps.footage, requestOf(job, piece.camera.id), piece.source.part, control.signal)
        : null;
    const { fromEpochMs, toEpochMs } = plan ?? job;
    const wanted = buildClipName(piece.camera.name, fromEpochMs, toEpochMs);
    const name = freeName(wanted, (one) =>
      written.some(({ path }) => path.toLowerCase() === `${inFolder}${one}`.toLowerCase()),
    );
    const path = `${inFolder}${name}`;
    const file = await writePiece(join(folder, path + PARTIAL), job, piece, plan, target, deps, options);
    written.push({ ...file, path, camera: piece.camera, plan });
    control.progress.done(piece.estimatedBytes);
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
  if (!isEncoded(job.options)) return writePlan(deps.footage, plan, path, options);
  const scratch = await mkdtemp(join(target.isRemovable ? tmpdir() : dirname(path), 'encode-'));
  try {
    const encoded = join(scratch, 'clip.mp4');
    const hidden = job.options.hidden.filter(({ cameraId }) => cameraId === piece.camera.id);
    const { ffmpegPath, fontPath } = deps;
    const how = { ffmpegPath, fontPath, folder: scratch, cameraName: piece.camera.name, hidden };
    await encodePlan(deps.footage, plan, encoded, { ...how, options: job.options }, options);
    if (target.isRemovable) return await copyFlushed(encoded, path, { signal: options.signal });
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

function packedClip({ path, camera, plan, sizeBytes, sha256 }: WrittenPiece): PackedClip {
  if (!plan) throw new AppError('internal', 'An uploaded video is no evidence of this recorder.');
  const first = plan.segments[0];
  return {
    ...{ cameraId: camera.id, sizeBytes, sha256 },
    clip: {
      path,
      fromEpochMs: plan.fromEpochMs,
      toEpochMs: plan.toEpochMs,
      videoCodec: first?.videoCodecString ?? '',
      audioCodec: plan.audio ? (first?.audioCodecString ?? null) : null,
      width: plan.video.size?.width ?? 0,
      height: plan.video.size?.height ?? 0,
    },
  };
}

/** Why there is nothing: not recorded, or from before what is still stored. */
function nothingThere(job: ExportJob, footage: FootageSource): AppError {
  const oldest = job.cameras
    .map(({ id }) => nextFootageEpochMs(footage, id, 'main', 0))
    .filter((at) => at !== null);
  if (oldest.length > 0 && oldest.every((at) => at >= job.toEpochMs))
    return new AppError(
      'not-found',
      `Nothing is stored of this time any more: the oldest footage is of ${wordsOf(Math.min(...oldest))}.`,
    );
  return new AppError('not-found', 'Nothing is recorded in this time.');
}

/** `2026-11-20 14:03:00 UTC+01:00` */
function wordsOf(epochMs: number): string {
  return buildLocalIso(epochMs).replace('T', ' ').replace(/\.\d+/, ' UTC');
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
