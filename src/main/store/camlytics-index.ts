/**
 * The events that Camlytics has a word for, in memory and in order of arrival: 24 bytes each, so that a page or a count over
 * 1,000,000 of them is a walk of a few milliseconds, whatever is asked for. Equal facts (camera, type, trigger, origin) are one
 * "combination". Built from the database in small steps; lost with the process.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Sql } from './database.ts';

export const CAMLYTICS_TYPES = [
  'TripwireCrossed',
  'Tailgating',
  'RegionJoin',
  'RegionLeave',
  'MotionInRegionOn',
  'Loitering',
  'CrowdOn',
  'Sabotage',
] as const;
export type CamlyticsType = (typeof CAMLYTICS_TYPES)[number];
export const CAMLYTICS_ORIGINS = ['Pedestrian', 'Vehicle', 'Unknown'] as const;
export type CamlyticsOrigin = (typeof CAMLYTICS_ORIGINS)[number];

/** What events have in common. */
export interface Combination {
  cameraId: string;
  type: CamlyticsType;
  /** The line or zone that raised it. */
  trigger: { kind: 'Line' | 'Zone'; name: string } | null;
  origin: CamlyticsOrigin;
}

export interface CamlyticsEvent extends Combination {
  sequence: number;
  startEpochMs: number;
  objectId: number | null;
}

export interface CamlyticsQuery {
  accepts(combination: Combination): boolean;
  /** Both included. */
  sinceEpochMs: number;
  untilEpochMs: number;
}

interface Row {
  sequence: number;
  camera_id: string;
  type: string;
  start_epoch_ms: number;
  line: string | null;
  zone: string | null;
  track_id: number | null;
  is_human: number;
  is_vehicle: number;
}

const TYPE_OF: Record<string, CamlyticsType> = {
  'line-crossing': 'TripwireCrossed',
  tailgating: 'Tailgating',
  'zone-enter': 'RegionJoin',
  'zone-leave': 'RegionLeave',
  motion: 'MotionInRegionOn',
  loitering: 'Loitering',
  crowd: 'CrowdOn',
  sabotage: 'Sabotage',
};
/** These are about people, whatever else is known. */
const OF_PEOPLE: readonly CamlyticsType[] = ['Tailgating', 'CrowdOn'];

/** Uploads are not analytics: `detail.upload` keeps them out. */
const COLUMNS = `sequence, camera_id, type, start_epoch_ms, json_extract(detail, '$.line') AS line, json_extract(detail, '$.zone') AS zone,
  json_extract(detail, '$.trackId') AS track_id, labels LIKE '%"human"%' OR labels LIKE '%"person"%' AS is_human,
  labels LIKE '%"vehicle"%' AS is_vehicle`;
const WHERE = `type IN (${Object.keys(TYPE_OF)
  .map((type) => `'${type}'`)
  .join(', ')}) AND json_extract(detail, '$.upload') IS NULL`;

const LOAD_STEP = 2000;
const FIRST_CAPACITY = 4096;
/** Combination of an event that is gone. */
const GONE = 0;
const NO_OBJECT = -1;

export class CamlyticsIndex {
  private readonly sql: Sql;
  private readonly ids = new Map<string, number>();
  private readonly combinations: Array<Combination | null> = [null];
  private count = 0;
  private sequences = new Float64Array(FIRST_CAPACITY);
  private starts = new Float64Array(FIRST_CAPACITY);
  private kinds = new Uint32Array(FIRST_CAPACITY);
  private objects = new Int32Array(FIRST_CAPACITY);
  private loading: Promise<void> | null = null;
  /** Events up to this sequence have been read. */
  private loadedTo = 0;
  private isLoaded = false;

  constructor(sql: Sql) {
    this.sql = sql;
  }

  /** Resolves when every stored event is in; begins to read them when first called. */
  ready(): Promise<void> {
    this.loading ??= this.load();
    return this.loading;
  }

  /** An event was stored, changed or removed. */
  changed(sequence: number): void {
    if (sequence > this.loadedTo) {
      // While the first reading is under way it will find the event itself.
      if (this.isLoaded) this.readStep(sequence);
      return;
    }
    const at = this.positionOf(sequence);
    const row = this.sql
      .prepare<[number], Row>(`SELECT ${COLUMNS} FROM events WHERE sequence = ? AND ${WHERE}`)
      .get(sequence);
    const isKnown = at < this.count && this.sequences[at] === sequence;
    if (row) this.put(row, at, isKnown);
    else if (isKnown) this.kinds[at] = GONE;
  }

  /** One stored event, read from the database: good inside the transaction that stores it. Null when Camlytics has no word for it. */
  read(sequence: number): CamlyticsEvent | null {
    const row = this.sql
      .prepare<[number], Row>(`SELECT ${COLUMNS} FROM events WHERE sequence = ? AND ${WHERE}`)
      .get(sequence);
    if (!row) return null;
    return {
      ...this.combinations[this.combinationId(row)]!,
      sequence,
      startEpochMs: row.start_epoch_ms,
      objectId: row.track_id === null ? null : row.track_id & 0x7fff_ffff,
    };
  }

  /** One page, in order of arrival; `desc` newest first. `after` is left out and so is what comes before it in that order. */
  page(
    query: CamlyticsQuery & { order: 'asc' | 'desc'; after: number | null; limit: number },
  ): CamlyticsEvent[] {
    const accepted = this.accepted(query);
    const found: CamlyticsEvent[] = [];
    const step = query.order === 'asc' ? 1 : -1;
    let at = query.order === 'asc' ? 0 : this.count - 1;
    if (query.after !== null)
      at = query.order === 'asc' ? this.positionOf(query.after + 1) : this.positionOf(query.after) - 1;
    for (; at >= 0 && at < this.count && found.length < query.limit; at += step) {
      if (accepted[this.kinds[at]!] === 0) continue;
      const startEpochMs = this.starts[at]!;
      if (startEpochMs < query.sinceEpochMs || startEpochMs > query.untilEpochMs) continue;
      found.push(this.event(at));
    }
    return found;
  }

  /** How many events there are of each combination. */
  countAll(query: CamlyticsQuery): Array<{ combination: Combination; count: number }> {
    const accepted = this.accepted(query);
    const counts = new Float64Array(this.combinations.length);
    const { sinceEpochMs, untilEpochMs } = query;
    const { kinds, starts, count } = this;
    for (let at = 0; at < count; at++) {
      const kind = kinds[at]!;
      if (accepted[kind] === 0) continue;
      const start = starts[at]!;
      if (start >= sinceEpochMs && start <= untilEpochMs) counts[kind]! += 1;
    }
    return this.combinations.flatMap((combination, kind) =>
      combination && counts[kind]! > 0 ? [{ combination, count: counts[kind]! }] : [],
    );
  }

  private accepted(query: CamlyticsQuery): Uint8Array {
    return Uint8Array.from(this.combinations, (combination) =>
      combination !== null && query.accepts(combination) ? 1 : 0,
    );
  }

  private event(at: number): CamlyticsEvent {
    const objectId = this.objects[at]!;
    return {
      ...this.combinations[this.kinds[at]!]!,
      sequence: this.sequences[at]!,
      startEpochMs: this.starts[at]!,
      objectId: objectId === NO_OBJECT ? null : objectId,
    };
  }

  private async load(): Promise<void> {
    while (this.readStep(Number.MAX_SAFE_INTEGER)) {
      await nextTurn();
      if (!this.sql.open) return;
    }
  }

  /** Reads on; false when nothing is left. */
  private readStep(upTo: number): boolean {
    const rows = this.sql
      .prepare<[number, number, number], Row>(
        `SELECT ${COLUMNS} FROM events NOT INDEXED WHERE sequence > ? AND sequence <= ? AND ${WHERE} ORDER BY sequence LIMIT ?`,
      )
      .all(this.loadedTo, upTo, LOAD_STEP);
    for (const row of rows) this.put(row, this.count, false);
    const isMore = rows.length === LOAD_STEP;
    if (isMore) this.loadedTo = rows.at(-1)!.sequence;
    else {
      const { newest } = this.sql
        .prepare<[], { newest: number | null }>('SELECT max(sequence) AS newest FROM events')
        .get()!;
      this.loadedTo = Math.max(
        this.loadedTo,
        rows.at(-1)?.sequence ?? 0,
        upTo < Number.MAX_SAFE_INTEGER ? upTo : (newest ?? 0),
      );
      this.isLoaded = true;
    }
    return isMore;
  }

  private put(row: Row, at: number, isKnown: boolean): void {
    if (!isKnown) this.makeRoom(at);
    this.sequences[at] = row.sequence;
    this.starts[at] = row.start_epoch_ms;
    this.kinds[at] = this.combinationId(row);
    this.objects[at] = row.track_id === null ? NO_OBJECT : row.track_id & 0x7fff_ffff;
  }

  private makeRoom(at: number): void {
    if (this.count === this.sequences.length) {
      const capacity = this.count * 2;
      this.sequences = grow(new Float64Array(capacity), this.sequences);
      this.starts = grow(new Float64Array(capacity), this.starts);
      this.kinds = grow(new Uint32Array(capacity), this.kinds);
      this.objects = grow(new Int32Array(capacity), this.objects);
    }
    for (const list of [this.sequences, this.starts, this.kinds, this.objects])
      list.copyWithin(at + 1, at, this.count);
    this.count += 1;
  }

  private combinationId(row: Row): number {
    const type = TYPE_OF[row.type]!;
    const trigger =
      row.line !== null
        ? { kind: 'Line' as const, name: row.line }
        : row.zone !== null
          ? { kind: 'Zone' as const, name: row.zone }
          : null;
    const isOfPeople = row.is_human === 1 || (row.is_vehicle === 0 && OF_PEOPLE.includes(type));
    const origin = isOfPeople ? 'Pedestrian' : row.is_vehicle === 1 ? 'Vehicle' : 'Unknown';
    const key = JSON.stringify([row.camera_id, type, trigger, origin]);
    const known = this.ids.get(key);
    if (known !== undefined) return known;
    this.combinations.push({ cameraId: row.camera_id, type, trigger, origin });
    this.ids.set(key, this.combinations.length - 1);
    return this.combinations.length - 1;
  }

  /** Of the first event at or after a sequence. */
  private positionOf(sequence: number): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.sequences[middle]! < sequence) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function grow<T extends Float64Array | Uint32Array | Int32Array>(larger: T, smaller: T): T {
  larger.set(smaller as never);
  return larger;
}
