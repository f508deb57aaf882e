/**
 * Exports that Faceter clients ask for: one clip or sound file at a time out of what is recorded, kept for a week, told of by a
 * callback through the outbox. Jobs outlive the program: the next start makes anew what was not finished.
 */
import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ArchiveSegment } from '../../shared/contract-archive.ts';
import { AppError, messageOf } from '../../shared/errors.ts';
import { DAY_MS, HOUR_MS } from '../../shared/units.ts';
import { runFfmpeg } from '../media/ffmpeg.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/log.ts';
import type { FaceterExport, FaceterExportStore } from '../store/faceter-exports.ts';

export interface FaceterExportsDeps {
  store: FaceterExportStore;
  archive: {
    clip(
      request: { cameraId: string; fromEpochMs: number; toEpochMs: number; audio: boolean },
      path: string,
      signal?: AbortSignal,
    ): Promise<number>;
    segments(query: {
      cameraId: string;
      stream: 'main';
      fromEpochMs: number;
      toEpochMs: number;
    }): ArchiveSegment[];
    frame(request: { cameraId: string; atEpochMs: number; width: number }): Promise<Buffer>;
  };
  /** Made when needed. */
  folder: string;
  ffmpegPath: string;
  /** Tells the client that its job has ended. */
  onEnd(job: FaceterExport): void;
  clock: Clock;
  log: Logger;
}

export type NewFaceterExport = Pick<
  FaceterExport,
  'keyId' | 'cameraId' | 'kind' | 'fromEpochMs' | 'durationSeconds' | 'audio' | 'callbackUrl' | 'baseUrl'
>;

const MAX_WAITING = 200;
const KEEP_MS = 7 * DAY_MS;
const PREVIEW_WIDTH = 640;
/** A day of sound takes a while. */
const SOUND_TIMEOUT_MS = 30 * 60_000;

export class FaceterExports {
  private readonly deps: FaceterExportsDeps;
  private readonly queue: FaceterExport[] = [];
  private current: { abort: AbortController; done: Promise<void> } | null = null;
  private cancelClean: (() => void) | null = null;
  private stopped = false;

  constructor(deps: FaceterExportsDeps) {
    this.deps = deps;
  }

  /** Takes up jobs that the last run left. */
  start(): void {
    for (const job of this.deps.store.unfinished()) this.queue.push({ ...job, status: 'Queued' });
    this.clean();
    this.runNext();
  }

  /** Breaks off the job under way; the next start makes it again. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.cancelClean?.();
    this.current?.abort.abort(new Error('stopped'));
    await this.current?.done;
  }

  /** Throws AppError `rate-limited` when too many wait. */
  create(input: NewFaceterExport): FaceterExport {
    const { store, clock } = this.deps;
    if (this.queue.length >= MAX_WAITING) throw new AppError('rate-limited', 'Too many exports are waiting.');
    const job: FaceterExport = {
      ...input,
      id: randomUUID(),
      status: 'Queued',
      errorMessage: null,
      hasPreview: false,
      createdEpochMs: clock.epochMs(),
      completedEpochMs: null,
    };
    store.put(job);
    this.queue.push(job);
    this.runNext();
    return job;
  }

  get(id: string): FaceterExport | null {
    return this.deps.store.get(id);
  }

  /** The finished video or sound. */
  filePath(job: Pick<FaceterExport, 'id' | 'kind'>): string {
    return join(this.deps.folder, `${job.id}.${job.kind === 'archive' ? 'mp4' : 'mp3'}`);
  }

  previewPath(job: Pick<FaceterExport, 'id'>): string {
    return join(this.deps.folder, `${job.id}.jpg`);
  }

  private runNext(): void {
    if (this.current || this.stopped) return;
    const job = this.queue.shift();
    if (!job) return;
    const abort = new AbortController();
    // In the next turn: the answer to who asked says that it is queued.
    const done = new Promise<void>((resolve) => setImmediate(resolve))
      .then(() => this.run(job, abort.signal))
      .finally(() => {
        this.current = null;
        this.runNext();
      });
    this.current = { abort, done };
  }

  private async run(job: FaceterExport, signal: AbortSignal): Promise<void> {
    const { store, clock, log, onEnd } = this.deps;
    try {
      if (signal.aborted) return;
      store.put({ ...job, status: 'Processing' });
      const problem = await this.make(job, signal).then(
        () => null,
        (error: unknown) => {
          if (!signal.aborted) log.warn({ exportId: job.id, problem: messageOf(error) }, 'an export failed');
          return error instanceof AppError ? error.message : 'The export could not be written.';
        },
      );
      if (signal.aborted) return;
      const hasPreview = problem === null && job.kind === 'archive' && (await this.makePreview(job));
      const ended: FaceterExport = {
        ...job,
        status: problem === null ? 'Completed' : 'Failed',
        errorMessage: problem,
        hasPreview,
        completedEpochMs: clock.epochMs(),
      };
      store.put(ended);
      onEnd(ended);
    } catch (error) {
      log.error({ err: error, exportId: job.id }, 'the outcome of an export could not be stored');
    }
  }

  private async make(job: FaceterExport, signal: AbortSignal): Promise<void> {
    const { archive, folder } = this.deps;
    await mkdir(folder, { recursive: true });
    const { cameraId, fromEpochMs } = job;
    const toEpochMs = fromEpochMs + job.durationSeconds * 1000;
    const segments = archive.segments({ cameraId, stream: 'main', fromEpochMs, toEpochMs });
    if (segments.length === 0) throw new AppError('not-found', 'Nothing is recorded in this time.');
    const isSilent = segments.every((segment) => segment.audioCodecString === null);
    if (job.kind === 'audio' && isSilent)
      throw new AppError('not-found', 'No sound is recorded in this time.');
    if (job.kind === 'archive') {
      await archive.clip({ cameraId, fromEpochMs, toEpochMs, audio: job.audio }, this.filePath(job), signal);
      return;
    }
    const clip = join(folder, `${job.id}.sound.mp4`);
    try {
      await archive.clip({ cameraId, fromEpochMs, toEpochMs, audio: true }, clip, signal);
      await this.encodeSound(clip, this.filePath(job), signal);
    } finally {
      await rm(clip, { force: true });
    }
  }

  private async encodeSound(clip: string, path: string, signal: AbortSignal): Promise<void> {
    const partial = `${path}.partial`;
    try {
      await runFfmpeg(this.deps.ffmpegPath, buildSoundArguments(clip, partial), {
        signal,
        timeoutMs: SOUND_TIMEOUT_MS,
      });
      if ((await stat(partial)).size === 0)
        throw new AppError('not-found', 'No sound is recorded in this time.');
      await rename(partial, path);
    } finally {
      await rm(partial, { force: true });
    }
  }

  private async makePreview(job: FaceterExport): Promise<boolean> {
    const { archive, log } = this.deps;
    try {
      const toEpochMs = job.fromEpochMs + job.durationSeconds * 1000;
      const range = { stream: 'main', fromEpochMs: job.fromEpochMs, toEpochMs } as const;
      const [first] = archive.segments({ cameraId: job.cameraId, ...range });
      const atEpochMs = Math.max(job.fromEpochMs, first?.startEpochMs ?? job.fromEpochMs);
      const picture = await archive.frame({ cameraId: job.cameraId, atEpochMs, width: PREVIEW_WIDTH });
      await writeFile(this.previewPath(job), picture);
      return true;
    } catch (error) {
      log.warn({ exportId: job.id, problem: messageOf(error) }, 'an export has no preview');
      return false;
    }
  }

  private clean(): void {
    for (const job of this.deps.store.removeBefore(this.deps.clock.epochMs() - KEEP_MS)) {
      for (const path of [this.filePath(job), this.previewPath(job)])
        rm(path, { force: true }).catch((error: unknown) =>
          this.deps.log.warn({ problem: messageOf(error) }, 'an old export could not be deleted'),
        );
    }
    this.cancelClean = this.deps.clock.after(HOUR_MS, () => this.clean());
  }
}

/** Sound alone as MP3; silence stands where the edit list says so. */
export function buildSoundArguments(clip: string, path: string): string[] {
  return [
    ...['-hide_banner', '-nostats', '-v', 'error', '-y', '-threads', '1', '-i', clip],
    ...['-map', '0:a:0', '-vn', '-c:a', 'libmp3lame', '-q:a', '4', '-f', 'mp3', path],
  ];
}
