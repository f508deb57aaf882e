/**
 * Searches what was recorded for motion in a part of the picture: first in the grids that the analysis left, then, for footage without
 * one, in its pictures. One search at a time; the others wait.
 */
import { randomUUID } from 'node:crypto';
import { AppError, messageOf } from '../../shared/errors.ts';
import type { Box } from '../../shared/geometry.ts';
import {
  MOST_HITS,
  type MotionHit,
  type MotionSearch,
  type MotionSearchInput,
} from '../../shared/motion-search.ts';
import type { EpochRange } from '../../shared/units.ts';
import { endOfSegment } from '../media/segment.ts';
import type { Logger } from '../platform/log.ts';
import { type FootageSource, joinRanges, listReadable, listSpans } from './footage.ts';
import type { MotionGrids } from './motion-grids.ts';
import { RecordedMotion } from './recorded-motion.ts';

export interface MotionSearchDeps {
  footage: FootageSource;
  grids: Pick<MotionGrids, 'search'>;
  ffmpegPath: string;
  log: Logger;
}

interface Run {
  search: MotionSearch;
  abort: AbortController;
}

const MOST_KEPT = 20;
const MOST_WAITING = 8;
/** Motion that pauses for less is one. */
const JOIN_MS = 4000;
/** Recorded time without a grid that is too short to hold a key frame. */
const LEAST_UNKNOWN_MS = 4000;
/** Segments listed at once. */
const WINDOW_MS = 3_600_000;

export class MotionSearches {
  private readonly deps: MotionSearchDeps;
  private readonly runs = new Map<string, Run>();
  private queue: Promise<void> = Promise.resolve();
  private stopped = false;

  constructor(deps: MotionSearchDeps) {
    this.deps = deps;
  }

  /** Throws AppError rate-limited when too many wait. */
  create(input: MotionSearchInput): MotionSearch {
    const waiting = [...this.runs.values()].filter(({ search }) => search.state === 'running');
    if (waiting.length >= MOST_WAITING) throw new AppError('rate-limited', 'Too many searches are running.');
    const run: Run = {
      search: {
        id: randomUUID(),
        ...input,
        state: 'running',
        problem: null,
        progress: 0,
        hits: [],
        full: false,
      },
      abort: new AbortController(),
    };
    this.runs.set(run.search.id, run);
    for (const [id, { search }] of this.runs) {
      if (this.runs.size <= MOST_KEPT) break;
      if (search.state !== 'running') this.runs.delete(id);
    }
    this.queue = this.queue.then(() => this.run(run));
    return { ...run.search };
  }

  /** Throws AppError not-found. */
  get(id: string): MotionSearch {
    return { ...this.find(id).search };
  }

  /** Stops it where it runs. Throws AppError not-found. */
  remove(id: string): void {
    this.find(id).abort.abort(new Error('cancelled'));
    this.runs.delete(id);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    for (const { abort } of this.runs.values()) abort.abort(new Error('stopped'));
    await this.queue;
  }

  private find(id: string): Run {
    const run = this.runs.get(id);
    if (!run) throw new AppError('not-found', 'This search is no longer there.');
    return run;
  }

  private async run({ search, abort }: Run): Promise<void> {
    if (this.stopped || abort.signal.aborted) return;
    try {
      const unknown = await this.searchGrids(search, abort.signal);
      await this.searchPictures(search, unknown, abort.signal);
      Object.assign(search, { state: 'done', progress: 1 });
    } catch (error) {
      if (abort.signal.aborted) return;
      const problem = error instanceof AppError ? error.message : 'The search failed.';
      this.deps.log.warn({ cameraId: search.cameraId, cause: messageOf(error) }, 'motion search failed');
      Object.assign(search, { state: 'failed', problem });
    }
  }

  /** Returns the recorded time that no grid tells of. */
  private async searchGrids(search: MotionSearch, signal: AbortSignal): Promise<EpochRange[]> {
    const { cameraId, box, fromEpochMs, toEpochMs } = search;
    const range = { startEpochMs: fromEpochMs, endEpochMs: toEpochMs };
    const analysed: EpochRange[] = [];
    for (const found of this.deps.grids.search(cameraId, box, range)) {
      analysed.push(...found.analysed);
      addHits(search, found.moved);
      await new Promise((resolve) => setImmediate(resolve));
      signal.throwIfAborted();
    }
    const recorded = listSpans(this.deps.footage, { cameraId, stream: 'main', fromEpochMs, toEpochMs }, 0);
    // Grids also tell of time in which nothing was recorded, e.g. around events: there is nothing to be shown.
    search.hits = search.hits.filter((hit) => recorded.some((span) => overlaps(span, hit)));
    const unknown = subtractRanges(recorded, joinRanges(analysed, LEAST_UNKNOWN_MS));
    search.progress = 1 - lengthOf(unknown) / Math.max(1, lengthOf(recorded));
    return unknown.filter((each) => each.endEpochMs - each.startEpochMs >= LEAST_UNKNOWN_MS);
  }

  private async searchPictures(
    search: MotionSearch,
    unknown: readonly EpochRange[],
    signal: AbortSignal,
  ): Promise<void> {
    const { footage, ffmpegPath } = this.deps;
    const { progress: begun, box, cameraId } = search;
    const motion = new RecordedMotion(footage, ffmpegPath);
    const total = Math.max(1, lengthOf(unknown));
    let done = 0;
    for (const range of unknown.flatMap((each) => cutRange(each, WINDOW_MS))) {
      const query = { cameraId, fromEpochMs: range.startEpochMs, toEpochMs: range.endEpochMs };
      for (const segment of listReadable(footage, { ...query, stream: 'main' })) {
        signal.throwIfAborted();
        if (search.full) return;
        let before = Math.max(segment.startEpochMs, range.startEpochMs);
        for (const { atEpochMs, boxes } of await motion.step(segment, range, signal)) {
          const hasMoved = boxes.some((each) => meets(each, box));
          if (hasMoved)
            addHits(search, [{ startEpochMs: before, endEpochMs: Math.max(before + 1, atEpochMs) }]);
          before = atEpochMs;
        }
        done +=
          Math.min(endOfSegment(segment), range.endEpochMs) -
          Math.max(segment.startEpochMs, range.startEpochMs);
        search.progress = Math.min(0.999, begun + ((1 - begun) * done) / total);
      }
    }
  }
}

function addHits(search: MotionSearch, found: readonly MotionHit[]): void {
  if (found.length === 0) return;
  const hits = [...search.hits, ...found].sort((a, b) => a.startEpochMs - b.startEpochMs);
  search.hits = joinRanges(hits, JOIN_MS).slice(0, MOST_HITS);
  search.full = search.hits.length >= MOST_HITS;
}

/** What of ascending ranges is not in others, which ascend too. */
export function subtractRanges(ranges: readonly EpochRange[], others: readonly EpochRange[]): EpochRange[] {
  const left: EpochRange[] = [];
  for (const { startEpochMs, endEpochMs } of ranges) {
    let at = startEpochMs;
    for (const other of others) {
      if (other.endEpochMs <= at) continue;
      if (other.startEpochMs >= endEpochMs) break;
      if (other.startEpochMs > at) left.push({ startEpochMs: at, endEpochMs: other.startEpochMs });
      at = other.endEpochMs;
    }
    if (at < endEpochMs) left.push({ startEpochMs: at, endEpochMs });
  }
  return left;
}

function cutRange({ startEpochMs, endEpochMs }: EpochRange, lengthMs: number): EpochRange[] {
  const count = Math.ceil((endEpochMs - startEpochMs) / lengthMs);
  return Array.from({ length: count }, (_, i) => ({
    startEpochMs: startEpochMs + i * lengthMs,
    endEpochMs: Math.min(endEpochMs, startEpochMs + (i + 1) * lengthMs),
  }));
}

function lengthOf(ranges: readonly EpochRange[]): number {
  return ranges.reduce((sum, { startEpochMs, endEpochMs }) => sum + endEpochMs - startEpochMs, 0);
}

function overlaps(a: EpochRange, b: EpochRange): boolean {
  return a.startEpochMs < b.endEpochMs && b.startEpochMs < a.endEpochMs;
}

function meets(a: Box, b: Box): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}
