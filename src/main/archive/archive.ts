/** Everything recorded, as readers see it: timeline, media for players, single pictures, clips. */
import { join } from 'node:path';
import type { z } from 'zod';
import type { Bookmark } from '../../shared/bookmarks.ts';
import type {
  ArchiveBoundsSchema,
  ArchiveSegment,
  TimelineLane,
  TimelineMark,
  TimelineUpload,
} from '../../shared/contract-archive.ts';
import type { ExportJob } from '../../shared/contract-exports.ts';
import type { Alert, FootageLock, Gap, StreamKind } from '../../shared/domain-storage.ts';
import { AppError } from '../../shared/errors.ts';
import type { EpochRange } from '../../shared/units.ts';
import { endOfSegment, type SegmentRecord } from '../media/segment.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/log.ts';
import { Turns } from '../platform/turns.ts';
import type { Content } from '../store/uploads.ts';
import type { Audit } from './audit.ts';
import { writeClip } from './clip.ts';
import type { ClipRequest } from './clip-parts.ts';
import { Converter } from './converter.ts';
import { type DriveSystem, Drives } from './drives.ts';
import type { EvidenceSource } from './evidence-package.ts';
import type { ExportIndex } from './export-deps.ts';
import type { FootageKeeper } from './export-footage.ts';
import { ExportQueue } from './exports.ts';
import { type FootageQuery, type FootageSource, listFootage, listReadable, listSpans } from './footage.ts';
import { FrameReader, type FrameRequest } from './frame.ts';
import { type MediaAnswer, type MediaRequest, openMedia } from './media.ts';
import type { MotionGrids } from './motion-grids.ts';
import { MotionSearches } from './motion-search.ts';
import { buildUploadName } from './names.ts';
import { openPlayable } from './playable.ts';
import { listTimeline } from './timeline.ts';
import { findUpload, planUploads, readUploadPicture, type UploadSource } from './uploads.ts';

export interface ArchiveDeps {
  /** Exports are in a folder of it. */
  dataDir: string;
  /** Where footage lies. */
  volumes: {
    open: FootageSource['open'];
    absent: FootageSource['absent'];
    pathOf(segment: Pick<SegmentRecord, 'volumeId' | 'path'>): string;
    /** Absolute. */
    folders(): string[];
  };
  segments: Pick<FootageSource, 'listSegments' | 'listSpans' | 'nextStartEpochMs' | 'bounds'>;
  gaps: {
    listGaps(cameraId: string, fromEpochMs: number, toEpochMs: number, shortestMs: number): Gap[];
  };
  /** Absent: nothing is locked. */
  listLocks?(cameraId: string): FootageLock[];
  /** Of all cameras, those that overlap [from, to). Absent: there are none. */
  listBookmarks?(fromEpochMs: number, toEpochMs: number): Bookmark[];
  /** When the picture stood still or was black, in [from, to). Absent: it is not watched. */
  listPictureAlerts?(cameraId: string, fromEpochMs: number, toEpochMs: number): Alert[];
  /** Where something moved, as the analysis saw it. Absent: searches look at pictures alone. */
  motionGrids?: Pick<MotionGrids, 'search'>;
  uploads: UploadSource;
  exports: ExportIndex;
  /** Segments being written, up to the last frame on disk. */
  openSegments(cameraId: string, stream: StreamKind): SegmentRecord[];
  /** Null for a camera that is not known. */
  cameraName(cameraId: string): string | null;
  ffmpegPath: string;
  /** DejaVu Sans, for words in exported pictures. */
  fontPath: string;
  /** Absent: what is being exported may be deleted meanwhile. */
  keep?: FootageKeeper;
  evidence: Omit<EvidenceSource, 'listGaps'>;
  driveSystem: DriveSystem;
  audit: Audit;
  onExport(job: ExportJob): void;
  clock: Clock;
  log: Logger;
}

export class Archive {
  readonly exports: ExportQueue;
  readonly drives: Drives;
  readonly motionSearches: MotionSearches;
  private readonly deps: ArchiveDeps;
  private readonly footage: FootageSource;
  private readonly pictureTurns = new Turns({
    ...{ atOnce: 2, waiting: 40, refusal: 'Too many pictures are asked for at once.' },
  });
  private readonly frames: FrameReader;
  private readonly converter: Converter;

  constructor(deps: ArchiveDeps) {
    const { segments } = deps;
    this.deps = deps;
    this.footage = {
      open: (segment) => deps.volumes.open(segment),
      absent: () => deps.volumes.absent(),
      listSegments: (query) => segments.listSegments(query),
      listSpans: (query, joinMs) => segments.listSpans(query, joinMs),
      nextStartEpochMs: (...after) => segments.nextStartEpochMs(...after),
      bounds: (of) => segments.bounds(of),
      openSegments: (cameraId, stream) => deps.openSegments(cameraId, stream),
    };
    const { footage, pictureTurns: turns } = this;
    this.frames = new FrameReader({ footage, ffmpegPath: () => deps.ffmpegPath, turns });
    this.converter = new Converter({ footage, ffmpegPath: deps.ffmpegPath, log: deps.log });
    this.motionSearches = new MotionSearches({
      ...{ footage: this.footage, ffmpegPath: deps.ffmpegPath, log: deps.log },
      grids: deps.motionGrids ?? { search: function* () {} },
    });
    const { audit, evidence, exports: index, uploads, ffmpegPath, fontPath, cameraName, clock, log } = deps;
    this.drives = new Drives({
      system: deps.driveSystem,
      ownFolders: () => [deps.dataDir, ...deps.volumes.folders()],
      isBusy: (driveId) => this.exports.isBusy(driveId),
    });
    this.exports = new ExportQueue({
      ...{ footage: this.footage, uploads, index, drives: this.drives, ffmpegPath, fontPath },
      evidence: { ...evidence, listGaps: (...range) => deps.gaps.listGaps(...range, 0) },
      folder: join(deps.dataDir, 'exports'),
      ...{ cameraName, ...(deps.keep && { keep: deps.keep }) },
      noteAsked: (job, by) => {
        const { sequence, hash } = audit.noteExport('export-asked', job, by);
        return { sequence, hash };
      },
      noteEnded: (job) => {
        if (job.state === 'done') audit.noteExport('export-done', job);
        if (job.state === 'failed') audit.noteExport('export-failed', job);
        if (job.state === 'cancelled') audit.noteExport('export-cancelled', job);
      },
      ...{ clock, log, onChange: deps.onExport },
    });
  }

  start(): Promise<void> {
    return this.exports.start();
  }

  async stop(): Promise<void> {
    await Promise.all([this.exports.stop(), this.motionSearches.stop(), this.frames.stop()]);
  }

  timeline(
    query: { cameraIds: readonly string[]; fromEpochMs: number; toEpochMs: number; resolutionMs: number },
    listMarks: (cameraId: string) => TimelineMark[],
  ): TimelineLane[] {
    const { footage } = this;
    const { gaps, uploads } = this.deps;
    const { listLocks = () => [], listBookmarks = () => [], listPictureAlerts = () => [] } = this.deps;
    return listTimeline(
      {
        ...{ footage, uploads, listMarks, listLocks, listBookmarks, listPictureAlerts },
        listGaps: (...range) => gaps.listGaps(...range),
      },
      query,
    );
  }

  /** Earliest and latest recorded or uploaded time of these cameras (undefined: of all); what is being written counts from its start. */
  bounds(cameraIds?: readonly string[]): z.infer<typeof ArchiveBoundsSchema> {
    const { contents } = this.deps.uploads;
    const both = cameraIds?.flatMap((cameraId) => [
      this.footage.bounds({ cameraId, stream: 'main' }),
      contents.bounds(cameraId),
    ]) ?? [this.footage.bounds(), contents.bounds()];
    const starts = both.flatMap(({ earliestEpochMs }) => earliestEpochMs ?? []);
    const ends = both.flatMap(({ latestEpochMs }) => latestEpochMs ?? []);
    return {
      earliestEpochMs: starts.length > 0 ? Math.min(...starts) : null,
      latestEpochMs: ends.length > 0 ? Math.max(...ends) : null,
    };
  }

  segments(query: FootageQuery): ArchiveSegment[] {
    return listFootage(this.footage, query).map((segment) => ({
      startEpochMs: segment.startEpochMs,
      endEpochMs: endOfSegment(segment),
      videoCodecString: segment.videoCodecString,
      audioCodecString: segment.audioCodecString,
      width: segment.width,
      height: segment.height,
    }));
  }

  /** Recorded spans in a range, ascending, those closer together than `joinMs` joined; what is being written included. */
  spans(query: FootageQuery, joinMs: number): EpochRange[] {
    return listSpans(this.footage, query, joinMs);
  }

  /** The files that hold a range and can be read now, ascending, what is being written included; `path` is absolute. */
  files(query: FootageQuery) {
    return listReadable(this.footage, query).map((segment) => ({
      path: this.deps.volumes.pathOf(segment),
      startMs: segment.startEpochMs,
      endMs: endOfSegment(segment),
      width: segment.width,
      height: segment.height,
    }));
  }

  /** See `openMedia`; for players that decode H.264 alone `openPlayable`. `signal` says that the answer is no longer read. */
  media(request: MediaRequest & { decodes: 'any' | 'h264' }, signal: AbortSignal): Promise<MediaAnswer> {
    const { footage, converter } = this;
    return request.decodes === 'any'
      ? openMedia(footage, request)
      : openPlayable({ footage, converter }, request, signal);
  }

  /** See `FrameReader.read`; where nothing is recorded, what was uploaded for that time. */
  async frame(request: FrameRequest): Promise<Buffer> {
    try {
      return await this.frames.read(request);
    } catch (error) {
      if (!(error instanceof AppError) || error.kind !== 'not-found') throw error;
      const { cameraId, atEpochMs, width } = request;
      const upload = findUpload(this.deps.uploads, cameraId, atEpochMs);
      if (!upload || upload.startEpochMs > atEpochMs) throw error;
      return this.uploadPicture(upload.id, width, atEpochMs - upload.startEpochMs);
    }
  }

  /** The upload that shows a time, else the next one, else null. */
  upload(cameraId: string, atEpochMs: number): TimelineUpload | null {
    return findUpload(this.deps.uploads, cameraId, atEpochMs);
  }

  /** What was uploaded for an event, ascending. */
  uploadsOfEvent(eventId: string): TimelineUpload[] {
    return planUploads(this.deps.uploads.contents.ofEvent(eventId), 0);
  }

  /** A picture of an upload, upright; of a video at an offset. Throws AppError not-found. */
  uploadPicture(id: string, width: number, offsetMs = 0): Promise<Buffer> {
    const content = this.findContent(id);
    const { ffmpegPath, uploads } = this.deps;
    return this.pictureTurns.run(() => readUploadPicture(uploads, ffmpegPath, content, { offsetMs, width }));
  }

  /** The bytes of an upload; `name` says when it was taken. Throws AppError not-found. */
  uploadFile(id: string): { path: string; contentType: Content['contentType']; fileName: string } {
    const content = this.findContent(id);
    const { contentType, cameraId, atEpochMs, durationMs } = content;
    const cameraName = this.deps.cameraName(cameraId) ?? 'Camera';
    return {
      path: this.deps.uploads.path(content),
      contentType,
      fileName: buildUploadName(cameraName, { contentType, atEpochMs, durationMs }),
    };
  }

  /** Whose upload it is and what time it shows. Throws AppError not-found. */
  uploadRange(id: string): { cameraId: string; fromEpochMs: number; toEpochMs: number } {
    const { cameraId, atEpochMs, durationMs } = this.findContent(id);
    return { cameraId, fromEpochMs: atEpochMs, toEpochMs: atEpochMs + durationMs };
  }

  private findContent(id: string): Content {
    const content = this.deps.uploads.contents.get(id);
    if (!content) throw new AppError('not-found', 'This upload is no longer there.');
    return content;
  }

  /** Writes what is recorded as an MP4 to `path`. See `writeClip`. */
  clip(request: ClipRequest, path: string, signal?: AbortSignal): Promise<number> {
    return writeClip(this.footage, request, path, { isPassing: true, ...(signal && { signal }) });
  }
}
