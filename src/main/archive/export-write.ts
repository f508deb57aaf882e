/** Writes the clips of an export into its working folder, as recorded or encoded anew. */
import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ExportJob, ExportOptions } from '../../shared/contract-exports.ts';
import { AppError } from '../../shared/errors.ts';
import { CLIPS_FOLDER, COPIES_FOLDER } from '../../shared/evidence-files.ts';
import type { Clock } from '../platform/clock.ts';
import {
  type ClipFacts,
  factsOf,
  planClip,
  type WriteOptions,
  type WrittenFile,
  writeOutlined,
} from './clip.ts';
import { type ClipOutline, outlineClip } from './clip-outline.ts';
import { encodePlan } from './encode-clip.ts';
import type { EvidenceSource, PackedClip } from './evidence-package.ts';
import { isChanged, type Piece, type PieceSource, wantsCopy } from './export-pieces.ts';
import { inWordsOfDisk } from './export-room.ts';
import { copyFlushed, PARTIAL, sizeOf, type Target } from './export-target.ts';
import { buildClipName, freeName } from './names.ts';

export interface ExportRunDeps extends PieceSource {
  evidence: EvidenceSource;
  ffmpegPath: string;
  /** DejaVu Sans. */
  fontPath: string;
  /** DATA/exports; made when needed. What ends in `.partial` in it is removed at the next start. */
  folder: string;
  clock: Clock;
}

export interface RunControl {
  signal: AbortSignal;
  gate(): Promise<void>;
  onProgress(step: ExportJob['step'], progress: number): void;
}

export interface WrittenPiece extends WrittenFile {
  /** Within the working folder, without `.partial`. */
  path: string;
  camera: Piece['camera'];
  /** Null for a video that was uploaded. */
  clip: { outline: ClipOutline; facts: ClipFacts } | null;
  /** Of evidence: the same for every player. */
  copy: (WrittenFile & { path: string }) | null;
}

const COPY_OPTIONS: ExportOptions = {
  ...{ audio: true, caption: false, hidden: [], timeLapse: null, compatible: true },
};

/** What a piece is written to: the job's options, the place, what is needed for it. */
interface Writing {
  job: ExportJob;
  target: Target;
  deps: ExportRunDeps;
}

/** Each under its name and `.partial`, which says what time it shows. */
export async function writePieces(
  folder: string,
  pieces: readonly Piece[],
  writing: Writing,
  control: RunControl & { progress: Progress },
): Promise<WrittenPiece[]> {
  const { job, target, deps } = writing;
  const written: WrittenPiece[] = [];
  const inFolder = job.form === 'evidence' ? `${CLIPS_FOLDER}/` : '';
  if (inFolder) await mkdir(join(folder, inFolder));
  for (const [index, piece] of pieces.entries()) {
    await control.gate();
    control.signal.throwIfAborted();
    const options: WriteOptions = {
      signal: control.signal,
      gate: () => control.gate(),
      onWritten: (bytes) => control.progress.at('writing', Math.min(bytes, piece.estimatedBytes)),
      hash: job.form === 'evidence' || target.isRemovable,
    };
    const draft = join(folder, `${inFolder}${index}${PARTIAL}`);
    const { file, clip } = await writePiece(draft, piece, writing, options);
    const { fromEpochMs, toEpochMs } = clip?.facts ?? job;
    const name = freeName(buildClipName(piece.camera.name, fromEpochMs, toEpochMs), (one) =>
      written.some(({ path }) => path.toLowerCase() === `${inFolder}${one}`.toLowerCase()),
    );
    const path = `${inFolder}${name}`;
    await rename(draft, join(folder, path + PARTIAL));
    control.progress.done(piece.estimatedBytes);
    let copy: WrittenPiece['copy'] = null;
    if (clip && wantsCopy(job, piece)) {
      const copyPath = `${COPIES_FOLDER}/${name}`;
      await mkdir(join(folder, COPIES_FOLDER), { recursive: true });
      const encoding = {
        ...{ target, deps },
        job: { ...job, options: { ...COPY_OPTIONS, audio: job.options.audio } },
      };
      const { file: encoded } = await encodePiece(
        join(folder, copyPath + PARTIAL),
        piece,
        clip.outline,
        encoding,
        options,
      );
      copy = { path: copyPath, ...encoded };
      control.progress.done(piece.estimatedBytes);
    }
    written.push({ ...file, path, camera: piece.camera, clip, copy });
  }
  return written;
}

type PieceResult = { file: WrittenFile } & Pick<WrittenPiece, 'clip'>;

async function writePiece(
  path: string,
  piece: Piece,
  writing: Writing,
  options: WriteOptions,
): Promise<PieceResult> {
  const { job, deps, target } = writing;
  if ('upload' in piece.source) {
    const from = deps.uploads.path(piece.source.upload);
    const file = await copyTo(target, from, path, options).catch((cause: NodeJS.ErrnoException) => {
      if (cause.code !== 'ENOENT') throw cause;
      throw new AppError('not-found', 'The uploaded video is no longer there.', { cause });
    });
    return { file, clip: null };
  }
  const { request, part } = piece.source;
  const outline = await outlineClip(deps.footage, request, part, options.signal);
  if (isChanged(job)) return encodePiece(path, piece, outline, writing, options);
  const { sizeBytes, sha256, ...facts } = await writeOutlined(deps.footage, outline, path, options);
  return { file: { sizeBytes, sha256 }, clip: { outline, facts } };
}

/** Encodes on the disk of the recorder, which the system's folder for such things may not be on, and brings the result to where it belongs. */
async function encodePiece(
  path: string,
  { camera }: Piece,
  outline: ClipOutline,
  { job, target, deps }: Writing,
  options: WriteOptions,
): Promise<PieceResult> {
  const scratch = join(target.isRemovable ? deps.folder : dirname(path), `encode-${randomUUID()}${PARTIAL}`);
  try {
    await mkdir(scratch, { recursive: true });
    const encoded = join(scratch, 'clip.mp4');
    const hidden = job.options.hidden.filter(({ cameraId }) => cameraId === camera.id);
    const { ffmpegPath, fontPath } = deps;
    const how = { ffmpegPath, fontPath, folder: scratch, cameraName: camera.name, hidden };
    const plan = await planClip(deps.footage, outline, options);
    await encodePlan(
      deps.footage,
      plan,
      encoded,
      { ...how, options: job.options },
      { ...options, hash: false },
    ).catch((error: unknown) => {
      throw inWordsOfDisk(error, null);
    });
    const clip = { outline, facts: factsOf(plan) };
    if (options.hash) return { file: await copyTo(target, encoded, path, { signal: options.signal }), clip };
    await rename(encoded, path);
    return { file: { sizeBytes: await sizeOf(path), sha256: '' }, clip };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Copies to `path` on the target. Throws an error with the code EFBIG, before it is tried, where that holds no file as large. */
async function copyTo(
  { maxFileBytes }: Target,
  from: string,
  path: string,
  options: Pick<WriteOptions, 'signal' | 'onWritten'>,
): Promise<WrittenFile> {
  if (maxFileBytes !== null && (await sizeOf(from)) > maxFileBytes)
    throw Object.assign(new Error('a file is larger than the target holds'), { code: 'EFBIG' });
  return copyFlushed(from, path, options);
}

/** A written piece as evidence. Throws AppError for an upload: that is no evidence of this recorder. */
export function packedClip({ path, camera, clip, copy, sizeBytes, sha256 }: WrittenPiece): PackedClip {
  if (!clip) throw new AppError('internal', 'An uploaded video is no evidence of this recorder.');
  const { outline, facts } = clip;
  const first = outline.segments[0];
  return {
    ...{ cameraId: camera.id, sizeBytes, sha256, copy },
    clip: {
      path,
      copy: copy?.path ?? null,
      fromEpochMs: facts.fromEpochMs,
      toEpochMs: facts.toEpochMs,
      videoCodec: first?.videoCodecString ?? '',
      audioCodec: facts.hasSound ? (first?.audioCodecString ?? null) : null,
      width: outline.tracks.video.width,
      height: outline.tracks.video.height,
    },
  };
}

/** Progress over several files, by bytes. */
export class Progress {
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
