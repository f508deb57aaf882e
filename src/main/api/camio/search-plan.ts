/** Pages of search results: events one by one, or gathered per camera and second or hour. Works on ids and times alone. */
import type { EventIndex, EventQuery, Found } from '../../store/event-index.ts';

export interface SearchPage<T> {
  entries: T[];
  more: boolean;
}

/** The events of one camera that start in one second or hour; its time is the first start. */
export interface Gathered {
  startEpochMs: number;
  /** Ascending. */
  events: Found[];
  cameraId: string;
  /** Start of the second or hour. */
  unitEpochMs: number;
}

/** Of several queries (share links) each event comes once. */
export function* findAny(index: EventIndex, queries: readonly EventQuery[]): Generator<Found> {
  if (queries.length === 1) {
    yield* index.find(queries[0]!);
    return;
  }
  const order = queries[0]?.order === 'asc' ? 1 : -1;
  const runs = queries.map((query) => index.find(query));
  const heads = runs.map((run) => run.next());
  let last = -1;
  for (;;) {
    let best = -1;
    for (const [i, head] of heads.entries()) {
      if (head.done) continue;
      const chosen = best < 0 ? null : (heads[best]!.value as Found);
      const isFirst =
        !chosen ||
        order * (head.value.startEpochMs - chosen.startEpochMs || head.value.sequence - chosen.sequence) < 0;
      if (isFirst) best = i;
    }
    if (best < 0) return;
    const found = heads[best]!.value as Found;
    heads[best] = runs[best]!.next();
    if (found.sequence !== last) yield found;
    last = found.sequence;
  }
}

/** The first `limit` events, and all that start together with the last of them: so paging by its date loses none. */
export function takePage(found: Iterable<Found>, limit: number): SearchPage<Found> {
  const entries: Found[] = [];
  for (const event of found) {
    if (entries.length >= limit && event.startEpochMs !== entries.at(-1)!.startEpochMs)
      return { entries, more: true };
    entries.push(event);
  }
  return { entries, more: false };
}

/**
 * The first `limit` gathered buckets that start before (desc) or after (asc) a date, in order of their starts, those with the start of
 * the last one included. A bucket holds all its events, on whichever side of the date. `run` gives events from a time on, in order.
 */
export function gatherPage(options: {
  run: (bound: { fromEpochMs?: number; toEpochMs?: number }) => Iterable<Found>;
  cameraOf: (sequence: number) => string | null;
  unitMs: number;
  order: 'asc' | 'desc';
  dateEpochMs: number | null;
  limit: number;
}): SearchPage<Gathered> {
  const { unitMs, order, dateEpochMs, limit } = options;
  const unitOf = (epochMs: number) => Math.floor(epochMs / unitMs) * unitMs;
  // From the border of the unit that the date falls in: its buckets have to be whole.
  const bound =
    dateEpochMs === null
      ? {}
      : order === 'asc'
        ? { fromEpochMs: unitOf(dateEpochMs) }
        : { toEpochMs: unitOf(dateEpochMs) + unitMs };
  const entries: Gathered[] = [];
  let unit = { at: Number.NaN, cameras: new Map<string, Found[]>() };
  const close = () => {
    const { at, cameras } = unit;
    const buckets = [...cameras].map(([cameraId, events]): Gathered => {
      events.sort((a, b) => a.startEpochMs - b.startEpochMs || a.sequence - b.sequence);
      return { cameraId, events, unitEpochMs: at, startEpochMs: events[0]!.startEpochMs };
    });
    const sign = order === 'asc' ? 1 : -1;
    buckets.sort((a, b) => sign * (a.startEpochMs - b.startEpochMs) || (a.cameraId < b.cameraId ? -1 : 1));
    entries.push(
      ...buckets.filter(
        ({ startEpochMs }) => dateEpochMs === null || sign * (startEpochMs - dateEpochMs) > 0,
      ),
    );
  };
  for (const event of options.run(bound)) {
    const at = unitOf(event.startEpochMs);
    if (unit.at !== at) {
      close();
      if (entries.length > limit) return cut(entries, limit);
      unit = { at, cameras: new Map() };
    }
    const cameraId = options.cameraOf(event.sequence);
    if (cameraId === null) continue;
    const events = unit.cameras.get(cameraId);
    if (events) events.push(event);
    else unit.cameras.set(cameraId, [event]);
  }
  close();
  return cut(entries, limit);
}

function cut(entries: Gathered[], limit: number): SearchPage<Gathered> {
  let end = Math.min(limit, entries.length);
  while (end < entries.length && entries[end]!.startEpochMs === entries[end - 1]!.startEpochMs) end += 1;
  return { entries: entries.slice(0, end), more: end < entries.length };
}
