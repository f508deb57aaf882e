/** Export jobs: one clip at a time, kept in the store, so that a restart takes up what was not finished. */
import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExportJob } from '../../shared/contract.ts';
import { AppError, messageOf } from '../../shared/errors.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/log.ts';
import type { Content } from '../store/uploads.ts';
import { MAX_CLIP_MS, writeClip } from './clip.ts';
import { type FootageSource, listFootage } from './footage.ts';
import { copyUpload, planUploadExport, type UploadSource } from './uploads.ts';

/** A job with what is needed to run it again. */
export interface StoredExport extends ExportJob {
  audio: boolean;
}

/** Where jobs are kept; the store implements it. */
export interface ExportIndex {
  putExport(job: StoredExport): void;
  removeExport(id: string): void;
  listExports(): StoredExport[];
}

export interface ExportQueueDeps {
  footage: FootageSource;
  uploads: UploadSource;
  index: ExportIndex;
  /** DATA/exports; made when needed. */
  folder: string;
  /** Null for a camera that is not known. */
  cameraName(cameraId: string): string | null;
  clock: Clock;
  log: Logger;
  /** After every change of a job, at most a few times a second for progress. */
  onChange(job: ExportJob): void;
}

/** Jobs waiting; further ones are refused. */
const MAX_WAITING = 100;
const PROGRESS_EVERY_MS = 250;

export class ExportQueue {
  private readonly deps: ExportQueueDeps;
  private readonly jobs = new Map<string, StoredExport>();
  private current: { id: string; abort: AbortController; done: Promise<void> } | null = null;
  private stopped = false;

  constructor(deps: ExportQueueDeps) {
    this.deps = deps;
  }

  /** Takes up jobs that the last run left. */
  async start(): Promise<void> {
    await mkdir(this.deps.folder, { recursive: true });
    for (const name of await readdir(this.deps.folder)) {
      if (name.endsWith('.partial')) await rm(join(this.deps.folder, name), { force: true });
    }
    for (const job of this.deps.index.listExports()) {
      const isLeft = job.state === 'running' || job.state === 'queued';
      this.jobs.set(job.id, isLeft ? { ...job, state: 'queued', progress: 0 } : job);
    }
    this.runNext();
  }

  /** Newest first. */
  list(): ExportJob[] {
    return [...this.jobs.values()].reverse().map(publicJob);
  }

  /** Throws AppError: not-found for an unknown camera, invalid-input for a range that makes no clip, rate-limited when too many wait. */
  create(input: { cameraId: string; fromEpochMs: number; toEpochMs: number; audio: boolean }): ExportJob {
    const cameraName = this.deps.cameraName(input.cameraId);
    if (cameraName === null) throw new AppError('not-found', 'This camera does not exist.');
    if (input.toEpochMs <= input.fromEpochMs)
      throw new AppError('invalid-input', 'The end of a clip must be later than its start.');
    if (input.toEpochMs - input.fromEpochMs > MAX_CLIP_MS)
      throw new AppError('invalid-input', 'A clip can be 12 hours long at most.');
    const waiting = [...this.jobs.values()].filter((job) => job.state === 'queued').length;
    if (waiting >= MAX_WAITING) throw new AppError('rate-limited', 'Too many exports are waiting.');
    const upload = this.uploadOf(input);
    const fromEpochMs = upload?.atEpochMs ?? Math.round(input.fromEpochMs);
    const toEpochMs = upload ? fromEpochMs + Math.max(1, upload.durationMs) : Math.round(input.toEpochMs);
    const job: StoredExport = {
      ...{
        id: randomUUID(),
        cameraId: input.cameraId,
        cameraName,
        fromEpochMs,
        toEpochMs,
        audio: input.audio,
      },
      ...{
        state: 'queued',
        progress: 0,
        problem: null,
        sizeBytes: null,
        createdEpochMs: this.deps.clock.epochMs(),
      },
      fileName: this.freeName(buildClipName(cameraName, fromEpochMs, toEpochMs)),
    };
    this.save(job);
    this.runNext();
    return publicJob(job);
  }

  /** Cancels a job that waits or runs; removes one that has ended, with its file. Throws AppError not-found. */
  async remove(id: string): Promise<void> {
    const job = this.find(id);
    if (job.state === 'queued') {
      this.save({ ...job, state: 'cancelled' });
    } else if (this.current?.id === id) {
      this.current.abort.abort(new Error('cancelled'));
      await this.current.done;
    } else {
      await rm(join(this.deps.folder, job.fileName), { force: true });
      this.jobs.delete(id);
      this.deps.index.removeExport(id);
    }
  }

  /** The finished file. Throws AppError: not-found, or conflict while it is not finished. */
  file(id: string): { path: string; fileName: string } {
    const job = this.find(id);
    if (job.state !== 'done') throw new AppError('conflict', 'This export is not finished.');
    return { path: join(this.deps.folder, job.fileName), fileName: job.fileName };
  }

  /** Ends the clip under way; the next start makes it again. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.current?.abort.abort(new Error('stopped'));
    await this.current?.done;
  }

  /** The uploaded video that is exported in place of footage; null where there is footage, or neither. */
  private uploadOf({
    cameraId,
    fromEpochMs,
    toEpochMs,
  }: Pick<StoredExport, 'cameraId' | 'fromEpochMs' | 'toEpochMs'>): Content | null {
    const { footage, uploads } = this.deps;
    if (listFootage(footage, { cameraId, stream: 'main', fromEpochMs, toEpochMs }).length > 0) return null;
    return planUploadExport(uploads, cameraId, fromEpochMs, toEpochMs);
  }

  private find(id: string): StoredExport {
    const job = this.jobs.get(id);
    if (!job) throw new AppError('not-found', 'This export does not exist.');
    return job;
  }

  private runNext(): void {
    if (this.current || this.stopped) return;
    const job = [...this.jobs.values()].find((candidate) => candidate.state === 'queued');
    if (!job) return;
    const abort = new AbortController();
    const done = this.run(job, abort.signal).finally(() => {
      this.current = null;
      this.runNext();
    });
    this.current = { id: job.id, abort, done };
  }

  private async run(job: StoredExport, signal: AbortSignal): Promise<void> {
    const running: StoredExport = { ...job, state: 'running', progress: 0, problem: null };
    this.save(running);
    let toldAtMs = this.deps.clock.monotonicMs();
    const onProgress = (progress: number) => {
      const now = this.deps.clock.monotonicMs();
      if (now - toldAtMs < PROGRESS_EVERY_MS) return;
      toldAtMs = now;
      running.progress = progress;
      this.jobs.set(job.id, { ...running });
      this.deps.onChange(publicJob(running));
    };
    try {
      await mkdir(this.deps.folder, { recursive: true });
      const path = join(this.deps.folder, job.fileName);
      const upload = this.uploadOf(job);
      const sizeBytes = upload
        ? await copyUpload(this.deps.uploads, upload, path)
        : await writeClip(this.deps.footage, job, path, { signal, onProgress });
      this.save({ ...running, state: 'done', progress: 1, sizeBytes });
    } catch (error) {
      if (this.stopped) return; // stays `running` in the store: the next start makes it again
      if (signal.aborted) this.save({ ...running, state: 'cancelled' });
      else {
        this.deps.log.warn({ exportId: job.id, problem: messageOf(error) }, 'export failed');
        this.save({ ...running, state: 'failed', problem: describeProblem(error) });
      }
    }
  }

  private save(job: StoredExport): void {
    this.jobs.set(job.id, job);
    this.deps.index.putExport(job);
    this.deps.onChange(publicJob(job));
  }

  private freeName(name: string): string {
    const taken = new Set([...this.jobs.values()].map((job) => job.fileName.toLowerCase()));
    for (let number = 1; ; number++) {
      const candidate = number === 1 ? name : name.replace(/\.mp4$/, ` (${number}).mp4`);
      if (!taken.has(candidate.toLowerCase())) return candidate;
    }
  }
}

/** `Front door 2026-11-20 14.03.05–14.04.00.mp4` in local time, fit for every file system. */
export function buildClipName(cameraName: string, fromEpochMs: number, toEpochMs: number): string {
  const [from, to] = [localTime(fromEpochMs), localTime(toEpochMs)];
  const end = from.day === to.day ? to.time : `${to.day} ${to.time}`;
  return `${buildNameStem(cameraName)} ${from.day} ${from.time}–${end}.mp4`;
}

/** The same of an uploaded video; `Front door 2026-11-20 14.03.05.jpg` of a picture. */
export function buildUploadName(
  cameraName: string,
  { contentType, atEpochMs, durationMs }: Pick<Content, 'contentType' | 'atEpochMs' | 'durationMs'>,
): string {
  if (contentType === 'video/mp4') return buildClipName(cameraName, atEpochMs, atEpochMs + durationMs);
  const { day, time } = localTime(atEpochMs);
  return `${buildNameStem(cameraName)} ${day} ${time}.jpg`;
}

function buildNameStem(cameraName: string): string {
  // Windows forbids these signs, and dots and blanks at an end.
  const name = cameraName
    .replaceAll(/[<>:"/\\|?*\p{Cc}]/gu, '_')
    .replaceAll(/^[. ]+|[. ]+$/g, '')
    .slice(0, 80);
  return name || 'Camera';
}

function localTime(epochMs: number): { day: string; time: string } {
  const at = new Date(epochMs);
  const two = (value: number) => String(value).padStart(2, '0');
  return {
    day: `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`,
    time: `${two(at.getHours())}.${two(at.getMinutes())}.${two(at.getSeconds())}`,
  };
}

function describeProblem(error: unknown): string {
  if (error instanceof AppError) return error.message;
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOSPC' ? 'The disk is full.' : `The clip could not be written: ${messageOf(error)}.`;
}

function publicJob({ audio: _, ...job }: StoredExport): ExportJob {
  return { ...job };
}
