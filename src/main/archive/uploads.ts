/** Uploaded pictures and videos in the archive: where they lie on a camera's timeline, which one shows a time, and pictures of them. */

import type { TimelineUpload } from '../../shared/contract-archive.ts';
import { AppError } from '../../shared/errors.ts';
import { isWithin } from '../../shared/units.ts';
import { runFfmpeg } from '../media/ffmpeg.ts';
import { sharp } from '../platform/sharp.ts';
import type { Content, ContentStore } from '../store/uploads.ts';

/** What the archive needs of uploads. */
export interface UploadSource {
  contents: Pick<ContentStore, 'inRange' | 'firstAfter' | 'get' | 'ofEvent' | 'bounds'>;
  /** Where the bytes are. */
  path(content: Content): string;
}

/** A picture stands for itself so long, or until the next upload. */
const PICTURE_MS = 5000;
/** A lane shows at most this many uploads, the newest; zooming in shows the others. */
const MAX_SHOWN = 10_000;
const MAX_PIXELS = 100_000_000;

/** Ascending contents as spans of a lane; those of a kind that are closer together than `resolutionMs` are joined. Pure. */
export function planUploads(contents: readonly Content[], resolutionMs: number): TimelineUpload[] {
  const last = new Map<string, TimelineUpload>();
  const planned: TimelineUpload[] = [];
  for (const [index, { id, contentType, atEpochMs, durationMs }] of contents.entries()) {
    const next = contents.slice(index + 1, index + 20).find((later) => later.atEpochMs > atEpochMs);
    const pictureEnd = Math.min(atEpochMs + PICTURE_MS, next?.atEpochMs ?? Number.POSITIVE_INFINITY);
    const isPicture = contentType === 'image/jpeg';
    const endEpochMs = isPicture ? pictureEnd : atEpochMs + Math.max(1, durationMs);
    const before = last.get(contentType);
    if (before && resolutionMs > 0 && atEpochMs - before.endEpochMs < resolutionMs) {
      before.endEpochMs = Math.max(before.endEpochMs, endEpochMs);
      before.count++;
      continue;
    }
    const upload = { id, contentType, startEpochMs: atEpochMs, endEpochMs, count: 1 };
    planned.push(upload);
    last.set(contentType, upload);
  }
  return planned;
}

/** The upload that shows a time: a video before pictures, of these the latest; null where there is none. Pure. */
export function uploadAt(uploads: readonly TimelineUpload[], epochMs: number): TimelineUpload | null {
  const there = uploads.filter((upload) => isWithin(upload, epochMs));
  return there.find(({ contentType }) => contentType === 'video/mp4') ?? there.at(-1) ?? null;
}

/** A lane's uploads. */
export function listUploads(
  source: UploadSource,
  cameraId: string,
  fromEpochMs: number,
  toEpochMs: number,
  resolutionMs: number,
): TimelineUpload[] {
  const contents = source.contents.inRange(cameraId, fromEpochMs - PICTURE_MS, toEpochMs, MAX_SHOWN);
  return planUploads(contents, resolutionMs).filter(({ endEpochMs }) => endEpochMs > fromEpochMs);
}

/** The upload that shows a time, else the next one, else null. */
export function findUpload(source: UploadSource, cameraId: string, epochMs: number): TimelineUpload | null {
  const near = source.contents.inRange(cameraId, epochMs - PICTURE_MS, epochMs + PICTURE_MS, 1000);
  const shown = uploadAt(planUploads(near, 0), epochMs);
  if (shown) return shown;
  const next = source.contents.firstAfter(cameraId, epochMs);
  return next && (planUploads([next], 0)[0] ?? null);
}

/** A JPEG of an upload, of a video at an offset. Throws AppError not-found when the file is gone or cannot be decoded. */
export async function readUploadPicture(
  source: UploadSource,
  ffmpegPath: string,
  content: Content,
  { offsetMs, width }: { offsetMs: number; width: number },
): Promise<Buffer> {
  const path = source.path(content);
  if (content.contentType === 'image/jpeg') {
    const upright = sharp(path, { failOn: 'none', limitInputPixels: MAX_PIXELS }).autoOrient();
    return (content.rotation ? upright.rotate(content.rotation) : upright)
      .resize({ width, withoutEnlargement: true })
      .jpeg({ quality: 85 })
      .toBuffer()
      .catch((cause: unknown) => {
        throw new AppError('not-found', 'This uploaded picture is gone or damaged.', { cause });
      });
  }
  const { stdout } = await runFfmpeg(ffmpegPath, buildStillArguments(path, offsetMs, width), {
    timeoutMs: 15_000,
  });
  if (stdout.length === 0) throw new AppError('not-found', 'This uploaded video is gone or damaged.');
  return stdout;
}

/** One picture of a video file, `offsetMs` after its start. */
export function buildStillArguments(path: string, offsetMs: number, width: number): string[] {
  return [
    ...['-hide_banner', '-nostats', '-v', 'error', '-threads', '1', '-ss', (offsetMs / 1000).toFixed(3)],
    ...['-i', path, '-an', '-vf', `scale=min(${width}\\,iw):-2`, '-frames:v', '1'],
    ...['-q:v', '4', '-f', 'mjpeg', 'pipe:1'],
  ];
}

/**
 * The uploaded video that stands for a range without footage; null where nothing is uploaded.
 * Throws AppError (invalid-input) where there are only pictures, or several videos.
 */
export function planUploadExport(
  source: UploadSource,
  cameraId: string,
  fromEpochMs: number,
  toEpochMs: number,
): Content | null {
  const contents = source.contents.inRange(cameraId, fromEpochMs, toEpochMs, 100);
  const [video, ...others] = contents.filter(({ contentType }) => contentType === 'video/mp4');
  if (others.length > 0)
    throw new AppError(
      'invalid-input',
      `There is no footage in this time, but ${others.length + 1} uploaded videos. Select one of them: it is exported as it was uploaded.`,
    );
  if (!video && contents.length > 0)
    throw new AppError(
      'invalid-input',
      'There is no footage in this time, only uploaded pictures. Save them from their event.',
    );
  return video ?? null;
}
