/**
 * Rehearsals: rules tried on footage before they are enabled. The footage is analysed once; what was seen is kept for a while, so that a
 * line that is moved is tried again at once. Nothing is stored, nobody is told.
 */
import { randomUUID } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { AppError, messageOf } from '../../shared/errors.ts';
import { MAX_REHEARSAL_MS, type Rehearsal, type RehearsalRules } from '../../shared/rehearsal.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/log.ts';
import { RuleRun } from '../rules/rule-run.ts';
import type { FootageFile } from '../vision/footage/analyze-footage.ts';
import { EarliestHits } from './earliest-hits.ts';
import { KeptObservations, rounded } from './kept-observations.ts';
import { type Analyser, type FootagePorts, sameAnalysis, toCameraRules, toVideoRules } from './ports.ts';

export interface RehearsalDeps extends FootagePorts {
  clock: Clock;
  log: Logger;
  /** Of compressed observations that one rehearsal keeps. */
  mostBytes?: number;
}

/** What is rehearsed on: recordings of the camera in a range, or a video. */
export type RehearsedFootage =
  | { kind: 'recorded'; fromEpochMs: number; toEpochMs: number }
  /** Its end is infinite where the file does not say how long it is. */
  | { kind: 'video'; file: FootageFile };

interface Job {
  id: string;
  cameraId: string;
  footage: RehearsedFootage;
  rules: RehearsalRules;
  state: Rehearsal['state'];
  problem: string | null;
  fromMs: number;
  toMs: number;
  reachedMs: number;
  startedMs: number;
  endedMs: number | null;
  seen: KeptObservations;
  run: RuleRun;
  hits: EarliestHits;
  analyser: Analyser | null;
  usedMs: number;
}

/** Each runs ffmpeg and a detector; the one unused for longest makes place. */
const MOST_JOBS = 2;
const UNUSED_MS = 15 * 60_000;
/** What is kept of the pictures of one: 12 h with a dozen people in view all the time. */
const MOST_BYTES = 96 * 1024 * 1024;
/** A report may let in somebody who crosses at the very start. */
const REPORTS_BEFORE_MS = 60_000;

export class Rehearsals {
  private readonly deps: RehearsalDeps;
  private readonly jobs = new Map<string, Job>();
  private readonly running = new Set<Promise<void>>();
  private cancelSweep: (() => void) | null = null;

  constructor(deps: RehearsalDeps) {
    this.deps = deps;
  }

  /** Begins one. Throws AppError: invalid-input for a range that cannot be, not-found where nothing is recorded, unavailable without a detector. */
  create(cameraId: string, footage: RehearsedFootage, rules: RehearsalRules): Rehearsal {
    const range = rangeOf(footage);
    if (range.toMs <= range.fromMs)
      throw new AppError('invalid-input', 'The end of the footage must be later than its start.');
    if (Number.isFinite(range.toMs) && range.toMs - range.fromMs > MAX_REHEARSAL_MS)
      throw new AppError('invalid-input', 'At most 12 hours can be rehearsed at once.');
    const job: Job = {
      ...{ id: randomUUID(), cameraId, footage, rules, ...range },
      ...{ state: 'running', problem: null, reachedMs: range.fromMs },
      ...{ seen: new KeptObservations(), hits: new EarliestHits() },
      ...{ startedMs: this.deps.clock.monotonicMs(), endedMs: null, usedMs: this.deps.clock.monotonicMs() },
      run: this.newRun(footage, rules),
      analyser: null,
    };
    this.begin(job);
    this.makePlace();
    return view(job);
  }

  /** Throws AppError not-found when it was removed, or not asked for in 15 minutes. */
  get(id: string): Rehearsal {
    return view(this.use(id));
  }

  /** Tries other rules on the same footage; what was analysed is analysed again only where the rules need it. Throws AppError not-found. */
  async change(id: string, rules: RehearsalRules): Promise<Rehearsal> {
    const job = this.use(id);
    if (!sameAnalysis(job.rules.analysis, rules.analysis)) {
      await this.remove(id);
      return this.create(job.cameraId, job.footage, rules);
    }
    job.rules = rules;
    const run = this.newRun(job.footage, rules);
    const hits = new EarliestHits();
    // What is seen meanwhile is taken too: the loop ends when it has caught up.
    for (let at = 0; at < job.seen.count; ) {
      const observations = await job.seen.from(at);
      for (const observation of observations) hits.add(run.observe(observation));
      at += observations.length;
      await nextTurn();
      if (job.rules !== rules || !this.jobs.has(id)) return view(job);
    }
    if (job.state === 'ended') hits.add(run.end(job.reachedMs));
    job.run = run;
    job.hits = hits;
    return view(job);
  }

  /** Ends and forgets one. Throws AppError not-found. */
  async remove(id: string): Promise<void> {
    const job = this.use(id);
    this.jobs.delete(id);
    await job.analyser?.stop();
  }

  /** Ends them all. */
  async stop(): Promise<void> {
    this.cancelSweep?.();
    await Promise.all([...this.jobs.keys()].map((id) => this.remove(id)));
    await Promise.all(this.running);
  }

  private begin(job: Job): void {
    const { footage, fromMs, toMs, rules } = job;
    const files = footage.kind === 'video' ? [footage.file] : this.deps.files(job.cameraId, fromMs, toMs);
    if (files.length === 0) throw new AppError('not-found', 'Nothing is recorded in this time.');
    // What is shown begins where there is something to see.
    job.fromMs = Math.max(fromMs, files[0]!.startMs);
    job.reachedMs = job.fromMs;
    job.analyser = this.deps.startAnalysis({
      ...{ files, fromMs, analysis: rules.analysis },
      toMs: Math.min(toMs, fromMs + MAX_REHEARSAL_MS),
    });
    this.jobs.set(job.id, job);
    const work = this.analyse(job, job.analyser).finally(() => this.running.delete(work));
    this.running.add(work);
  }

  private async analyse(job: Job, analyser: Analyser): Promise<void> {
    const { clock, log } = this.deps;
    try {
      for (let isLast = false; !isLast && this.jobs.get(job.id) !== undefined; ) {
        const batch = await analyser.next();
        for (const observation of batch.observations) {
          const kept = rounded(observation);
          job.seen.add(kept);
          job.hits.add(job.run.observe(kept));
        }
        await job.seen.pack();
        // Only a range whose end is known has been reached where no picture is.
        job.reachedMs = Number.isFinite(job.toMs)
          ? batch.reachedMs
          : (batch.observations.at(-1)?.atMs ?? job.reachedMs);
        job.problem ??= batch.problems[0] ?? null;
        isLast = batch.isLast || this.isFull(job);
      }
      job.hits.add(job.run.end(job.reachedMs));
      job.state = 'ended';
    } catch (error) {
      job.state = 'failed';
      job.problem = messageOf(error);
      if (this.jobs.has(job.id))
        log.warn({ cameraId: job.cameraId, problem: job.problem }, 'a rehearsal failed');
    } finally {
      job.endedMs = clock.monotonicMs();
      await analyser.stop();
    }
  }

  /** Whether no more can be kept: what there is up to here is then all that is tried. */
  private isFull(job: Job): boolean {
    if (job.seen.bytes < (this.deps.mostBytes ?? MOST_BYTES)) return false;
    const minutes = Math.floor((job.reachedMs - job.fromMs) / 60_000);
    const problem = `So much happens in it that only the first ${minutes} min were tried. Try the rest on its own.`;
    job.problem = job.problem ? `${problem} ${job.problem}` : problem;
    job.toMs = job.reachedMs;
    return true;
  }

  private newRun(footage: RehearsedFootage, given: RehearsalRules): RuleRun {
    if (footage.kind === 'video') return new RuleRun(toVideoRules(given), []);
    const { fromEpochMs, toEpochMs } = footage;
    const reports = this.deps.reports(given.readers, fromEpochMs - REPORTS_BEFORE_MS, toEpochMs);
    return new RuleRun(toCameraRules(given), reports);
  }

  private use(id: string): Job {
    const job = this.jobs.get(id);
    if (!job) throw new AppError('not-found', 'This rehearsal is over. Start it again.');
    job.usedMs = this.deps.clock.monotonicMs();
    return job;
  }

  private makePlace(): void {
    const byUse = [...this.jobs.values()].sort((a, b) => b.usedMs - a.usedMs);
    for (const job of byUse.slice(MOST_JOBS)) void this.remove(job.id);
    this.cancelSweep ??= this.deps.clock.after(UNUSED_MS, () => this.sweep());
  }

  /** Forgets what nobody has asked for in a while. */
  private sweep(): void {
    this.cancelSweep = null;
    const oldest = this.deps.clock.monotonicMs() - UNUSED_MS;
    for (const job of [...this.jobs.values()]) if (job.usedMs <= oldest) void this.remove(job.id);
    if (this.jobs.size > 0) this.cancelSweep = this.deps.clock.after(UNUSED_MS, () => this.sweep());
  }
}

function rangeOf(footage: RehearsedFootage): { fromMs: number; toMs: number } {
  return footage.kind === 'video'
    ? { fromMs: footage.file.startMs, toMs: footage.file.endMs }
    : { fromMs: footage.fromEpochMs, toMs: footage.toEpochMs };
}

function view(job: Job): Rehearsal {
  const { id, cameraId, state, problem, fromMs, toMs, reachedMs } = job;
  const hasEnd = Number.isFinite(toMs);
  const wallMs = job.endedMs === null ? null : job.endedMs - job.startedMs;
  return {
    ...{ id, cameraId, state, problem, fromMs },
    toMs: hasEnd ? toMs : reachedMs,
    pictures: job.seen.count,
    progress: state === 'ended' ? 1 : hasEnd ? (reachedMs - fromMs) / (toMs - fromMs) : null,
    speed: wallMs ? (reachedMs - fromMs) / wallMs : null,
    hits: [...job.hits.list],
  };
}
