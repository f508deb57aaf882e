/**
 * Backfills: the rules that a camera has now, run over what it recorded earlier; what they find joins the archive's events. Jobs survive
 * a restart, run one at a time behind the live cameras, and add nothing twice.
 */
import { randomUUID } from 'node:crypto';
import type { Finding, NvrEvent } from '../../shared/domain-events.ts';
import { AppError, messageOf } from '../../shared/errors.ts';
import type { Backfill, BackfillInput, RehearsalRules } from '../../shared/rehearsal.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/log.ts';
import type { Snapshot } from '../vision/snapshot.ts';
import { findKnown, SAME_MOMENT_MS } from './known-events.ts';
import { type Analyser, type FootagePorts, toCameraRules } from './ports.ts';
import { SearchRun } from './search-run.ts';
import { packMemory, type SearchMemory, unpackMemory } from './take-up.ts';

/** Where jobs are kept; the store implements it. */
export interface BackfillIndex {
  putBackfill(job: Backfill): void;
  putBackfillMemory(id: string, memory: Buffer | null): void;
  backfillMemory(id: string): Buffer | null;
  removeBackfill(id: string): void;
  /** In the order in which they were asked for. */
  listBackfills(): Backfill[];
}

export interface BackfillDeps extends FootagePorts {
  index: BackfillIndex;
  /** Null for a camera that is not known. */
  camera(cameraId: string): (RehearsalRules & { name: string }) | null;
  /** Events of a camera that overlap [from, to]. */
  eventsBetween(cameraId: string, fromEpochMs: number, toEpochMs: number): NvrEvent[];
  /** Stores what was found, with its picture; tells nobody outside. */
  storeFinding(cameraId: string, finding: Finding, snapshot: Snapshot | null): Promise<NvrEvent>;
  clock: Clock;
  log: Logger;
}

const MOST_JOBS = 50;
/** Taken up again, a job looks at this much once more, so that whoever was followed is followed again when its rules go on. */
const TAKE_UP_MS = 20_000;
const REPORTS_BEFORE_MS = 60_000;
const SAVE_EVERY_MS = 2000;

/** The job under way. */
interface Current {
  id: string;
  analyser: Analyser | null;
  /** As of the last batch that was kept whole. */
  memory: SearchMemory | null;
  done: Promise<void>;
}

export class Backfills {
  private readonly deps: BackfillDeps;
  private readonly jobs = new Map<string, Backfill>();
  private current: Current | null = null;
  private stopped = false;

  constructor(deps: BackfillDeps) {
    this.deps = deps;
  }

  /** Takes up jobs that the last run left. */
  start(): void {
    for (const job of this.deps.index.listBackfills())
      this.jobs.set(job.id, job.state === 'running' ? { ...job, state: 'queued' } : job);
    this.runNext();
  }

  /** Newest first. */
  list(): Backfill[] {
    return [...this.jobs.values()].reverse();
  }

  /** Throws AppError: not-found for an unknown camera or where nothing is recorded, rate-limited when too many wait. */
  create({ cameraId, fromEpochMs, toEpochMs }: BackfillInput): Backfill {
    const camera = this.deps.camera(cameraId);
    if (!camera) throw new AppError('not-found', 'This camera does not exist.');
    if (this.deps.files(cameraId, fromEpochMs, toEpochMs).length === 0)
      throw new AppError('not-found', 'Nothing is recorded in this time.');
    if (this.jobs.size >= MOST_JOBS)
      throw new AppError(
        'rate-limited',
        'There are too many searches of the archive. Remove some that have ended.',
      );
    const job: Backfill = {
      ...{ id: randomUUID(), cameraId, cameraName: camera.name, fromEpochMs, toEpochMs },
      ...{ state: 'queued', reachedEpochMs: fromEpochMs, added: 0, known: 0, problem: null },
      createdEpochMs: this.deps.clock.epochMs(),
    };
    this.save(job);
    this.runNext();
    return job;
  }

  /** Throws AppError: not-found, conflict when it has ended. */
  async pause(id: string): Promise<Backfill> {
    const job = this.find(id);
    if (job.state !== 'queued' && job.state !== 'running')
      throw new AppError('conflict', 'This search of the archive is not running.');
    this.save({ ...job, state: 'paused' });
    await this.interrupt(id);
    return this.find(id);
  }

  /** Goes on where it was. Throws AppError: not-found, conflict when it is not paused and has not failed. */
  resume(id: string): Backfill {
    const job = this.find(id);
    if (job.state !== 'paused' && job.state !== 'failed')
      throw new AppError('conflict', 'This search of the archive is not paused.');
    this.save({ ...job, state: 'queued', problem: null });
    this.runNext();
    return this.find(id);
  }

  /** Cancels one that waits, runs or is paused; forgets one that has ended. What it found stays. Throws AppError not-found. */
  async remove(id: string): Promise<void> {
    const job = this.find(id);
    if (job.state === 'done' || job.state === 'failed' || job.state === 'cancelled') {
      this.jobs.delete(id);
      this.deps.index.removeBackfill(id);
      return;
    }
    this.save({ ...job, state: 'cancelled' });
    await this.interrupt(id);
  }

  /** Interrupts the job under way; the next start goes on with it. */
  async stop(): Promise<void> {
    this.stopped = true;
    if (this.current) await this.interrupt(this.current.id);
  }

  private async interrupt(id: string): Promise<void> {
    if (this.current?.id !== id) return;
    const { analyser, done } = this.current;
    await analyser?.stop();
    await done;
  }

  private runNext(): void {
    if (this.current || this.stopped) return;
    const job = [...this.jobs.values()].find((candidate) => candidate.state === 'queued');
    if (!job) return;
    this.save({ ...job, state: 'running' });
    const current: Current = { id: job.id, analyser: null, memory: null, done: Promise.resolve() };
    this.current = current;
    current.done = this.run(job.id, current).finally(() => {
      this.current = null;
      this.runNext();
    });
  }

  private async run(id: string, current: Current): Promise<void> {
    const isWanted = () => !this.stopped && this.jobs.get(id)?.state === 'running';
    try {
      current.memory = unpackMemory(this.deps.index.backfillMemory(id));
      current.analyser = this.startAnalysis(this.find(id), current.memory);
      await this.work(id, current, current.analyser, isWanted);
      if (isWanted()) this.change(id, { state: 'done', reachedEpochMs: this.find(id).toEpochMs });
    } catch (error) {
      // An analysis that was interrupted throws too: that is no failure.
      if (!isWanted()) return;
      this.deps.log.warn({ backfillId: id, problem: messageOf(error) }, 'a search of the archive failed');
      this.change(id, { state: 'failed', problem: messageOf(error) });
    } finally {
      // Where it is now, which was last saved a while ago, and what belongs to it.
      if (this.jobs.has(id)) this.change(id, {});
      this.saveMemory(id, current.memory);
      await current.analyser?.stop();
    }
  }

  /** Of a job that may go on; one that has ended remembers nothing. */
  private saveMemory(id: string, memory: SearchMemory | null): void {
    const state = this.jobs.get(id)?.state;
    const goesOn = memory && state !== 'done' && state !== 'cancelled';
    this.deps.index.putBackfillMemory(id, goesOn ? packMemory(memory) : null);
  }

  private startAnalysis(
    { cameraId, reachedEpochMs, fromEpochMs, toEpochMs }: Backfill,
    memory: SearchMemory | null,
  ): Analyser {
    const { camera, files, startAnalysis } = this.deps;
    const analysis = camera(cameraId)?.analysis;
    if (!analysis) throw new AppError('not-found', 'This camera does not exist any more.');
    const fromMs = Math.max(fromEpochMs, (memory?.takenMs ?? reachedEpochMs) - TAKE_UP_MS);
    return startAnalysis({ files: files(cameraId, fromMs, toEpochMs), fromMs, toMs: toEpochMs, analysis });
  }

  private async work(
    id: string,
    current: Current,
    analyser: Analyser,
    isWanted: () => boolean,
  ): Promise<void> {
    const { camera, reports, clock } = this.deps;
    const left = current.memory;
    const { cameraId, fromEpochMs, toEpochMs } = this.find(id);
    const rules = camera(cameraId)!;
    const run = new SearchRun(
      toCameraRules(rules),
      reports(rules.readers, fromEpochMs - REPORTS_BEFORE_MS, toEpochMs),
      left,
    );
    let savedMs = clock.monotonicMs();
    for (let isLast = false; !isLast && isWanted(); ) {
      const batch = await analyser.next();
      isLast = batch.isLast;
      const findings = batch.observations.flatMap((observation) => run.observe(observation));
      if (isLast) findings.push(...run.end(batch.reachedMs));
      for (const finding of findings) {
        if (!isWanted()) return;
        await this.keep(id, finding, analyser, run.claimed);
      }
      if (!isWanted()) return;
      const problem = this.find(id).problem ?? batch.problems[0] ?? null;
      const reachedEpochMs = Math.max(this.find(id).reachedEpochMs, Math.round(batch.reachedMs));
      this.jobs.set(id, { ...this.find(id), reachedEpochMs, problem });
      // Only what was kept whole is gone on from: what an interruption cuts short is looked at again.
      current.memory = run.remember();
      if (clock.monotonicMs() - savedMs < SAVE_EVERY_MS) continue;
      savedMs = clock.monotonicMs();
      this.saveMemory(id, current.memory);
      this.change(id, {});
    }
  }

  /** Stores what is new; counts what is known. */
  private async keep(id: string, finding: Finding, analyser: Analyser, claimed: Set<string>): Promise<void> {
    const { cameraId, added, known } = this.find(id);
    const { eventsBetween, storeFinding } = this.deps;
    const from = (finding.startMs ?? finding.atMs) - SAME_MOMENT_MS;
    const before = findKnown(finding, eventsBetween(cameraId, from, finding.atMs + SAME_MOMENT_MS), claimed);
    if (before) claimed.add(before.id);
    else {
      const { atMs, pictureMs = atMs, detail } = finding;
      const snapshot = await analyser.snapshot(pictureMs, detail.box ?? null);
      claimed.add((await storeFinding(cameraId, finding, snapshot)).id);
    }
    const job = this.find(id);
    this.jobs.set(id, before ? { ...job, known: known + 1 } : { ...job, added: added + 1 });
  }

  private find(id: string): Backfill {
    const job = this.jobs.get(id);
    if (!job) throw new AppError('not-found', 'This search of the archive does not exist.');
    return job;
  }

  private change(id: string, changes: Partial<Backfill>): void {
    this.save({ ...this.find(id), ...changes });
  }

  private save(job: Backfill): void {
    this.jobs.set(job.id, job);
    this.deps.index.putBackfill(job);
  }
}
