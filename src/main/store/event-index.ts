/**
 * An index of all events in memory: which events of these cameras carry all of these labels, in order of time. Labels, cameras and
 * interest are "terms"; time is cut into blocks of a few thousand events, and in each block a term is a set of bits. So a page costs at
 * most one AND per block, however common the labels are and however rarely they come together (1,000,000 events: well below 1 ms for
 * an empty result, and about 25 MB). Built from the database in small steps; lost with the process.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { labelKey } from '../../shared/label-key.ts';
import type { Sql } from './database.ts';
import { addTerm, type Block, emptyBlock, matches, type Plan, positionsOf, split } from './event-block.ts';

export interface IndexedEvent {
  sequence: number;
  cameraId: string;
  startEpochMs: number;
  /** 0..2. */
  interest: number;
  labels: readonly string[];
}

export interface EventQuery {
  /** Any of them; absent: all. */
  cameraIds?: readonly string[];
  /** All of them. */
  labels: readonly string[];
  minInterest: 0 | 1 | 2;
  /** Only events with a label. */
  labelled?: boolean;
  /** Start in [from, to). */
  fromEpochMs?: number;
  toEpochMs?: number;
  /** Only these events; absent: all. */
  sequences?: ReadonlySet<number>;
  order: 'asc' | 'desc';
}

export interface Found {
  sequence: number;
  startEpochMs: number;
}

const LOAD_STEP = 1000;

const LABELLED = 'labelled';

interface Row {
  sequence: number;
  camera_id: string;
  start_epoch_ms: number;
  interest: number;
  labels: string;
}

export class EventIndex {
  private readonly sql: Sql;
  private readonly termIds = new Map<string, number>();
  private blocks: Block[] = [];
  /** Events up to here are in the index; null before it is asked for. */
  private loadedTo: { startEpochMs: number; sequence: number } | null = null;
  private loading: Promise<void> | null = null;

  constructor(sql: Sql) {
    this.sql = sql;
  }

  /** Resolves when every stored event is in; begins to read them when first called. */
  ready(): Promise<void> {
    this.loading ??= this.load();
    return this.loading;
  }

  /** Takes a stored event. Before it has been read that far nothing happens: reading will find it. */
  add(event: IndexedEvent): void {
    const at = this.loadedTo;
    if (!at) return;
    const isBehind =
      event.startEpochMs < at.startEpochMs ||
      (event.startEpochMs === at.startEpochMs && event.sequence <= at.sequence);
    if (isBehind) this.insert(event);
  }

  remove(sequence: number, startEpochMs: number): void {
    const block = this.blocks[this.blockOf(startEpochMs)];
    if (!block) return;
    for (let at = 0; at < block.count; at++)
      if (block.sequences[at] === sequence) block.alive[at >>> 5]! &= ~(1 << (at & 31));
  }

  removeCamera(cameraId: string): void {
    const term = this.termIds.get(cameraTerm(cameraId));
    if (term === undefined) return;
    for (const block of this.blocks) {
      for (const at of positionsOf(block.terms.get(term))) block.alive[at >>> 5]! &= ~(1 << (at & 31));
      block.terms.delete(term);
    }
  }

  /** Events that fit, in order of time; events that start at once in order of arrival (desc: the last first). */
  *find(query: EventQuery): Generator<Found> {
    const plan = this.plan(query);
    if (!plan) return;
    const { fromEpochMs = Number.NEGATIVE_INFINITY, toEpochMs = Number.POSITIVE_INFINITY, order } = query;
    const step = order === 'asc' ? 1 : -1;
    let at =
      order === 'asc'
        ? Math.max(0, this.blockOf(fromEpochMs))
        : Number.isFinite(toEpochMs)
          ? this.blockOf(toEpochMs)
          : this.blocks.length - 1;
    for (; at >= 0 && at < this.blocks.length; at += step) {
      const block = this.blocks[at]!;
      if (block.low >= toEpochMs && order === 'asc') return;
      if (block.high < fromEpochMs && order === 'desc') return;
      const found: Found[] = [];
      for (const slot of matches(block, plan)) {
        const startEpochMs = block.starts[slot]!;
        const sequence = block.sequences[slot]!;
        if (startEpochMs < fromEpochMs || startEpochMs >= toEpochMs) continue;
        if (query.sequences && !query.sequences.has(sequence)) continue;
        found.push({ startEpochMs, sequence });
      }
      found.sort((a, b) => step * (a.startEpochMs - b.startEpochMs || a.sequence - b.sequence));
      yield* found;
    }
  }

  /** Terms that must all be there, and of which one must; null when nothing can fit. */
  private plan(query: EventQuery): Plan | null {
    const wanted = [
      ...query.labels.map((label) => labelTerm(labelKey(label))),
      ...(query.minInterest > 0 ? [interestTerm(query.minInterest)] : []),
      ...(query.labelled ? [LABELLED] : []),
    ];
    const all: number[] = [];
    for (const term of wanted) {
      const id = this.termIds.get(term);
      if (id === undefined) return null;
      if (!all.includes(id)) all.push(id);
    }
    if (!query.cameraIds) return { all, any: null };
    const any = query.cameraIds.flatMap((id) => this.termIds.get(cameraTerm(id)) ?? []);
    return any.length > 0 ? { all, any } : null;
  }

  private async load(): Promise<void> {
    this.loadedTo = { startEpochMs: Number.NEGATIVE_INFINITY, sequence: 0 };
    const read = this.sql.prepare<[number, number, number], Row>(
      `SELECT sequence, camera_id, start_epoch_ms, interest, labels FROM events
       WHERE (start_epoch_ms, sequence) > (?, ?) ORDER BY start_epoch_ms, sequence LIMIT ?`,
    );
    for (;;) {
      const { startEpochMs, sequence } = this.loadedTo;
      const from = Number.isFinite(startEpochMs) ? startEpochMs : Number.MIN_SAFE_INTEGER;
      const rows = read.all(from, sequence, LOAD_STEP);
      for (const row of rows) {
        this.insert({
          sequence: row.sequence,
          cameraId: row.camera_id,
          startEpochMs: row.start_epoch_ms,
          interest: row.interest,
          labels: JSON.parse(row.labels) as string[],
        });
      }
      const last = rows.at(-1);
      if (last) this.loadedTo = { startEpochMs: last.start_epoch_ms, sequence: last.sequence };
      if (rows.length < LOAD_STEP) break;
      await nextTurn();
      if (!this.sql.open) return;
    }
    this.loadedTo = { startEpochMs: Number.POSITIVE_INFINITY, sequence: 0 };
  }

  private insert(event: IndexedEvent): void {
    const block = this.blockFor(event.startEpochMs);
    const at = block.count++;
    block.starts[at] = event.startEpochMs;
    block.sequences[at] = event.sequence;
    block.low = Math.min(block.low, event.startEpochMs);
    block.high = Math.max(block.high, event.startEpochMs);
    block.alive[at >>> 5]! |= 1 << (at & 31);
    for (const term of termsOf(event)) addTerm(block, this.termId(term), at);
  }

  /** The block an event belongs in, with room for it. */
  private blockFor(startEpochMs: number): Block {
    const index = this.blockOf(startEpochMs);
    const block = this.blocks[Math.max(0, index)];
    if (!block) return this.push(emptyBlock(startEpochMs));
    if (block.count < block.capacity) return block;
    const isLast = index === this.blocks.length - 1;
    if (isLast && startEpochMs > block.high) return this.push(emptyBlock(startEpochMs));
    const parts = split(block);
    this.blocks.splice(Math.max(0, index), 1, ...parts);
    return this.blockFor(startEpochMs);
  }

  private push(block: Block): Block {
    this.blocks.push(block);
    return block;
  }

  /** The last block that begins at or before a time; -1 before the first. */
  private blockOf(startEpochMs: number): number {
    let low = 0;
    let high = this.blocks.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.blocks[middle]!.low <= startEpochMs) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  private termId(term: string): number {
    const known = this.termIds.get(term);
    if (known !== undefined) return known;
    const id = this.termIds.size;
    this.termIds.set(term, id);
    return id;
  }
}

function termsOf({ labels, cameraId, interest }: IndexedEvent): Set<string> {
  const terms = new Set([cameraTerm(cameraId), ...labels.map((label) => labelTerm(labelKey(label)))]);
  if (labels.length > 0) terms.add(LABELLED);
  for (let level = 1; level <= interest; level++) terms.add(interestTerm(level));
  return terms;
}

function cameraTerm(cameraId: string): string {
  return `camera ${cameraId}`;
}

function labelTerm(key: string): string {
  return `label ${key}`;
}

function interestTerm(level: number): string {
  return `interest ${level}`;
}
