/** The queue of exports: one at a time, kept in the store, so that a restart takes up what was not finished. */
import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExportJob } from '../../shared/contract-exports.ts';
import { AppError, messageOf } from '../../shared/errors.ts';
import type { Asker, ExportQueueDeps } from './export-deps.ts';
import { keepFootageOf } from './export-footage.ts';
import { type ExportInput, refuseBadInput } from './export-input.ts';
import { findUploadInstead } from './export-pieces.ts';
import { runExport } from './export-run.ts';
import { PARTIAL, type Target } from './export-target.ts';
import { Gate } from './gate.ts';
import { buildClipName, buildFolderName, freeName } from './names.ts';

interface Run {
  abort: AbortController;
  gate: Gate;
  done: Promise<void>;
}

/** Jobs waiting; further ones are refused. */
const MAX_WAITING = 100;
const PROGRESS_EVERY_MS = 250;

export class ExportQueue {
  private readonly deps: ExportQueueDeps;
  private readonly jobs = new Map<string, ExportJob>();
  /** Those that were begun: the one at work, and paused ones. */
  private readonly runs = new Map<string, Run>();
  private activeId: string | null = null;
  private stopped = false;

  constructor(deps: ExportQueueDeps) {
    this.deps = deps;
  }

  /** Takes up jobs that the last run left. */
  async start(): Promise<void> {
    await mkdir(this.deps.folder, { recursive: true });
    for (const name of await readdir(this.deps.folder)) {
      if (name.endsWith(PARTIAL)) await rm(join(this.deps.folder, name), { recursive: true, force: true });
    }
    for (const job of this.deps.index.listExports()) {
      const isLeft = job.state === 'running' || job.state === 'queued';
      this.jobs.set(job.id, isLeft ? { ...job, state: 'queued', progress: 0 } : job);
    }
    this.runNext();
  }

  /** Newest first. */
  list(): ExportJob[] {
    return [...this.jobs.values()].reverse().map((job) => ({ ...job }));
  }

  /**
   * Throws AppError: not-found for an unknown camera or drive, invalid-input for what makes no export, rate-limited when too many wait.
   */
  async create(input: ExportInput, by: Asker): Promise<ExportJob> {
    const { driveId, form, options } = input;
    const cameras = [...new Set(input.cameraIds)].map((id) => {
      const name = this.deps.cameraName(id);
      if (name === null) throw new AppError('not-found', 'This camera does not exist.');
      return { id, name };
    });
    refuseBadInput(input);
    const waiting = [...this.jobs.values()].filter((job) => job.state === 'queued').length;
    if (waiting >= MAX_WAITING) throw new AppError('rate-limited', 'Too many exports are waiting.');
    const range = this.rangeOf(input, cameras);
    const drive = driveId === null ? null : { id: driveId, name: await this.deps.drives.nameOf(driveId) };
    const names = cameras.map(({ name }) => name);
    const wanted =
      form === 'clip' && names.length === 1
        ? buildClipName(names[0] as string, range.fromEpochMs, range.toEpochMs)
        : buildFolderName(form, names, range.fromEpochMs, range.toEpochMs);
    const job: ExportJob = {
      ...{ id: randomUUID(), cameras, ...range, form, reason: input.reason, options, drive },
      ranges: input.ranges?.map((part) => ({ ...part, cameraId: part.cameraId.toLowerCase() })) ?? null,
      ...{ createdBy: by.actor },
      ...{ auditLine: null, state: 'queued', step: 'writing', progress: 0, problem: null },
      ...{ name: this.freeName(wanted), files: [], sizeBytes: null, contents: null },
      createdEpochMs: this.deps.clock.epochMs(),
    };
    job.auditLine = this.deps.noteAsked(job, by);
    this.save(job);
    this.runNext();
    return { ...job };
  }

  /** What runs stops where it is, and the next one is begun. Throws AppError: not-found, or conflict for what has ended. */
  pause(id: string): ExportJob {
    const job = this.find(id);
    if (job.state !== 'running' && job.state !== 'queued')
      throw new AppError('conflict', 'Only an export that waits or runs can be paused.');
    this.runs.get(id)?.gate.shut();
    this.save({ ...job, state: 'paused' });
    if (this.activeId === id) this.activeId = null;
    this.runNext();
    return this.find(id);
  }

  /** Puts it back into the queue. Throws AppError: not-found, or conflict for what is not paused. */
  resume(id: string): ExportJob {
    const job = this.find(id);
    if (job.state !== 'paused') throw new AppError('conflict', 'This export is not paused.');
    this.save({ ...job, state: 'queued' });
    this.runNext();
    return this.find(id);
  }

  /** Cancels a job that waits, runs or is paused; removes one that has ended, with the files that the engine keeps. Throws AppError not-found. */
  async remove(id: string): Promise<void> {
    const job = this.find(id);
    const run = this.runs.get(id);
    if (run) {
      run.abort.abort(new Error('cancelled'));
      run.gate.open();
      await run.done;
    } else if (job.state === 'queued' || job.state === 'paused') {
      this.end({ ...job, state: 'cancelled' });
    } else {
      if (!job.drive) await rm(join(this.deps.folder, job.name), { recursive: true, force: true });
      this.jobs.delete(id);
      this.deps.index.removeExport(id);
    }
  }

  /** The finished files that the engine keeps. Throws AppError: not-found, or conflict while there are none. */
  files(id: string): { name: string; isFolder: boolean; files: Array<{ path: string; name: string }> } {
    const job = this.find(id);
    if (job.drive) throw new AppError('conflict', `This export is on the drive “${job.drive.name}”.`);
    if (job.state !== 'done') throw new AppError('conflict', 'This export is not finished.');
    const isFolder = !(job.files.length === 1 && job.files[0]?.name === job.name);
    const root = isFolder ? join(this.deps.folder, job.name) : this.deps.folder;
    return {
      ...{ name: job.name, isFolder },
      files: job.files.map(({ name }) => ({ name, path: join(root, name) })),
    };
  }

  /** Something is being written to a drive, or waits to be. */
  isBusy(driveId: string): boolean {
    const isUnderWay = ({ id, state }: ExportJob) =>
      state === 'running' || state === 'queued' || this.runs.has(id);
    return [...this.jobs.values()].some((job) => job.drive?.id === driveId && isUnderWay(job));
  }

  /** Ends what is under way; the next start makes it again. */
  async stop(): Promise<void> {
    this.stopped = true;
    for (const { abort, gate } of this.runs.values()) {
      abort.abort(new Error('stopped'));
      gate.open();
    }
    await Promise.all([...this.runs.values()].map(({ done }) => done));
  }

  /** Where a single camera's uploaded video stands in for footage, its own time. */
  private rangeOf(
    input: ExportInput,
    cameras: ExportJob['cameras'],
  ): Pick<ExportJob, 'fromEpochMs' | 'toEpochMs'> {
    const range = { fromEpochMs: Math.round(input.fromEpochMs), toEpochMs: Math.round(input.toEpochMs) };
    const [only, another] = cameras;
    if (!only || another || input.ranges || input.form === 'evidence') return range;
    const upload = findUploadInstead(this.deps, only.id, range);
    if (!upload) return range;
    return { fromEpochMs: upload.atEpochMs, toEpochMs: upload.atEpochMs + Math.max(1, upload.durationMs) };
  }

  private find(id: string): ExportJob {
    const job = this.jobs.get(id);
    if (!job) throw new AppError('not-found', 'This export does not exist.');
    return job;
  }

  private runNext(): void {
    if (this.activeId !== null || this.stopped) return;
    const job = [...this.jobs.values()].find((candidate) => candidate.state === 'queued');
    if (!job) return;
    this.activeId = job.id;
    this.save({ ...job, state: 'running', problem: null });
    const paused = this.runs.get(job.id);
    if (paused) {
      paused.gate.open();
      return;
    }
    const abort = new AbortController();
    const gate = new Gate();
    const done = this.run(job.id, abort.signal, gate).finally(() => {
      this.runs.delete(job.id);
      if (this.activeId === job.id) this.activeId = null;
      this.runNext();
    });
    this.runs.set(job.id, { abort, gate, done });
  }

  private async run(id: string, signal: AbortSignal, gate: Gate): Promise<void> {
    let toldAtMs = this.deps.clock.monotonicMs();
    const onProgress = (step: ExportJob['step'], progress: number) => {
      const now = this.deps.clock.monotonicMs();
      const job = this.find(id);
      if (now - toldAtMs < PROGRESS_EVERY_MS && step === job.step) return;
      toldAtMs = now;
      this.jobs.set(id, { ...job, step, progress });
      this.deps.onChange({ ...job, step, progress });
    };
    const job = this.find(id);
    try {
      const target = job.drive ? await this.deps.drives.target(job.drive.id) : this.ownTarget();
      const made = await runExport(job, target, this.deps, {
        ...{ signal, onProgress },
        gate: () => gate.pass(),
      });
      this.end({ ...this.find(id), ...made, state: 'done', step: 'writing', progress: 1 });
    } catch (error) {
      if (this.stopped) return; // stays as it is in the store: the next start makes it again
      if (signal.aborted) this.end({ ...this.find(id), state: 'cancelled' });
      else {
        const problem = await this.describeProblem(job, error);
        this.deps.log.warn({ exportId: id, problem, cause: messageOf(error) }, 'export failed');
        this.end({ ...this.find(id), state: 'failed', problem });
      }
    }
  }

  private ownTarget(): Target {
    const root = this.deps.folder;
    return { root, place: "the recorder's disk", maxFileBytes: null, isRemovable: false };
  }

  private async describeProblem(job: ExportJob, error: unknown): Promise<string> {
    if (job.drive && !(await this.deps.drives.isThere(job.drive.id)))
      return `The drive “${job.drive.name}” was not there until the end. What is on it of this export is not complete and is named so. Plug it in and export again.`;
    if (error instanceof AppError) return error.message;
    return `The export could not be written: ${messageOf(error)}.`;
  }

  private end(job: ExportJob): void {
    this.save(job);
    this.deps.noteEnded(job);
  }

  private save(job: ExportJob): void {
    this.jobs.set(job.id, job);
    this.deps.index.putExport(job);
    this.keepFootage(job);
    this.deps.onChange({ ...job });
  }

  private keepFootage(job: ExportJob): void {
    const { keep, clock, log } = this.deps;
    if (keep && !keepFootageOf(job, keep, clock.epochMs()))
      log.info({ exportId: job.id }, 'an export is too large to keep its footage from being deleted');
  }

  private freeName(name: string): string {
    const taken = new Set([...this.jobs.values()].map((job) => job.name.toLowerCase()));
    return freeName(name, (candidate) => taken.has(candidate.toLowerCase()));
  }
}
