/** What an export is made of: one piece per file, and why there is none. */
import { type ExportJob, type ExportRange, isEncoded } from '../../shared/contract-exports.ts';
import { AppError } from '../../shared/errors.ts';
import { endOfSegment } from '../media/segment.ts';
import type { Content } from '../store/uploads.ts';
import { type ClipPart, type ClipRequest, HOLE_MS, listParts, type PartLimits } from './clip-parts.ts';
import { sizeOf, type Target } from './export-target.ts';
import { type FootageSource, listFootage, nextFootageEpochMs } from './footage.ts';
import { buildLocalIso } from './names.ts';
import { planUploadExport, type UploadSource } from './uploads.ts';

export interface PieceSource {
  footage: FootageSource;
  uploads: UploadSource;
}

/** One file to be: a stretch of a camera's footage, or a video that was uploaded for its time. */
export interface Piece {
  camera: ExportJob['cameras'][number];
  /** As recorded. */
  estimatedBytes: number;
  source: { part: ClipPart; request: ClipRequest } | { upload: Content };
}

/** H.264 for old players can be larger than H.265 was. */
export const ENCODED_GROWTH = 3;

/** The pictures themselves are changed; evidence has at most copies beside them. */
export function isChanged({ form, options }: Pick<ExportJob, 'form' | 'options'>): boolean {
  return form === 'clip' && isEncoded(options);
}

/** This piece of evidence gets a copy that every player takes. */
export function wantsCopy(
  { form, options }: Pick<ExportJob, 'form' | 'options'>,
  { source }: Piece,
): boolean {
  if (form !== 'evidence' || !options.compatible || !('part' in source)) return false;
  return !source.part.segments[0]?.videoCodecString.startsWith('avc1');
}

/** The uploaded video that is exported in place of footage; null where there is footage, or neither. Throws as `planUploadExport`. */
export function findUploadInstead(
  { footage, uploads }: PieceSource,
  cameraId: string,
  { fromEpochMs, toEpochMs }: Pick<ExportJob, 'fromEpochMs' | 'toEpochMs'>,
): Content | null {
  if (listFootage(footage, { cameraId, stream: 'main', fromEpochMs, toEpochMs }).length > 0) return null;
  return planUploadExport(uploads, cameraId, fromEpochMs, toEpochMs);
}

/** Throws AppError `not-found` when there is nothing at all. */
export async function listPieces(
  job: ExportJob,
  target: Target,
  deps: PieceSource,
  signal: AbortSignal,
): Promise<Piece[]> {
  const limits = planLimits(job, target);
  const pieces: Piece[] = [];
  for (const camera of job.cameras) {
    const upload = job.form === 'clip' && !job.ranges ? findUploadInstead(deps, camera.id, job) : null;
    if (upload) {
      pieces.push({ camera, source: { upload }, estimatedBytes: await sizeOf(deps.uploads.path(upload)) });
      continue;
    }
    for (const range of rangesOf(job, camera.id)) {
      const request = { ...range, audio: job.options.audio && job.options.timeLapse === null };
      for (const part of await listParts(deps.footage, request, limits, signal))
        pieces.push({ camera, source: { part, request }, estimatedBytes: estimateBytes(part, range) });
    }
  }
  if (pieces.length === 0) throw nothingThere(job, deps.footage);
  return pieces;
}

/** What is asked of one camera. */
export function rangesOf(
  { fromEpochMs, toEpochMs, ranges }: Pick<ExportJob, 'fromEpochMs' | 'toEpochMs' | 'ranges'>,
  cameraId: string,
): ExportRange[] {
  return ranges?.filter((part) => part.cameraId === cameraId) ?? [{ cameraId, fromEpochMs, toEpochMs }];
}

function planLimits(job: ExportJob, { maxFileBytes }: Target): PartLimits {
  const maxBytes =
    maxFileBytes && (isChanged(job) || job.options.compatible ? maxFileBytes / ENCODED_GROWTH : maxFileBytes);
  return {
    ...(maxBytes ? { maxBytes } : {}),
    // A hole, or as much of shorter ones together, ends a file whose pictures carry times.
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
