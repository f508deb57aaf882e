/** The filters of the wall of events, to and from the address and the engine's query. Pure. */

import { t } from '@lingui/core/macro';
import {
  EVENT_TYPES,
  type EventType,
  type NvrEvent,
  OBJECT_LABELS,
  type ObjectLabel,
} from '../../../shared/domain-events.ts';
import { labelKey } from '../../../shared/label-key.ts';
import {
  EVENT_LEVELS,
  type EventLevel,
  isOnLevel,
  typesOfLevel,
  type Visit,
  type ZonedCamera,
} from '../../client/event-rank.ts';
import type { TimeSpan } from '../../client/parse-search.ts';
import { addDays, startOfDay } from '../../client/time-format.ts';

export interface EventFilters {
  cameraIds: string[];
  types: EventType[];
  labels: ObjectLabel[];
  /** Labels of any kind that an event must have, all of them, as they were typed. */
  words: string[];
  /** Start in [from, to), within the days; null: any time. */
  span: TimeSpan | null;
  /** Local day, as its midnight; null: all days. */
  fromDayEpochMs: number | null;
  toDayEpochMs: number | null;
  /** Types that are chosen are shown whatever this says. */
  level: EventLevel;
}

export const TYPE_NAMES: Record<EventType, string> = {
  tailgating: t`Tailgating`,
  'line-crossing': t`Line crossed`,
  'zone-enter': t`Zone entered`,
  'zone-leave': t`Zone left`,
  loitering: t`Loitering`,
  crowd: t`Crowd`,
  object: t`Seen`,
  motion: t`Motion`,
  sabotage: t`Camera tampering`,
  access: t`Doors`,
};

export function parseFilters(query: URLSearchParams): EventFilters {
  const list = (...names: string[]) =>
    names.flatMap((name) => (query.get(name) ?? '').split(',')).filter((value) => value !== '');
  const day = (name: string) => {
    const value = Number(query.get(name) ?? Number.NaN);
    return Number.isFinite(value) ? startOfDay(value) : null;
  };
  return {
    cameraIds: list('camera', 'cameras'),
    types: list('types').filter((value) => EVENT_TYPES.some((type) => type === value)) as EventType[],
    labels: list('labels').filter((value) => OBJECT_LABELS.some((label) => label === value)) as ObjectLabel[],
    words: query.getAll('word').filter((word) => word.trim() !== ''),
    span: parseSpanValue(query.get('span')),
    fromDayEpochMs: day('from'),
    toDayEpochMs: day('to'),
    level: EVENT_LEVELS.find((level) => level === query.get('show')) ?? 'visits',
  };
}

export function buildFilterQuery(filters: EventFilters): string {
  const query = new URLSearchParams();
  if (filters.cameraIds.length > 0) query.set('cameras', filters.cameraIds.join(','));
  if (filters.types.length > 0) query.set('types', filters.types.join(','));
  if (filters.labels.length > 0) query.set('labels', filters.labels.join(','));
  for (const word of filters.words) query.append('word', word);
  if (filters.span) query.set('span', `${filters.span.fromEpochMs}_${filters.span.toEpochMs}`);
  if (filters.fromDayEpochMs !== null) query.set('from', String(filters.fromDayEpochMs));
  if (filters.toDayEpochMs !== null) query.set('to', String(filters.toDayEpochMs));
  if (filters.level !== 'visits') query.set('show', filters.level);
  return query.toString();
}

function parseSpanValue(text: string | null): TimeSpan | null {
  const [, from, to] = /^(\d{1,15})_(\d{1,15})$/.exec(text ?? '') ?? [];
  return from && to ? { fromEpochMs: Number(from), toEpochMs: Number(to) } : null;
}

/** The level that holds: chosen types are shown whole. */
function levelOf(filters: EventFilters): EventLevel {
  return filters.types.length > 0 ? 'everything' : filters.level;
}

/** What the engine is asked for, a little more than belongs on the wall; the last day counts whole. */
export function buildEngineQuery(filters: EventFilters, cameras: readonly ZonedCamera[]) {
  const orNothing = (values: readonly string[]) => (values.length > 0 ? values.join(',') : undefined);
  return {
    cameraIds: orNothing(filters.cameraIds),
    types: orNothing(filters.types.length > 0 ? filters.types : typesOfLevel(levelOf(filters), cameras)),
    labels: orNothing([...filters.labels, ...filters.words]),
    fromEpochMs: latest(filters.fromDayEpochMs, filters.span?.fromEpochMs),
    toEpochMs: earliest(
      filters.toDayEpochMs === null ? null : addDays(filters.toDayEpochMs, 1),
      filters.span?.toEpochMs,
    ),
  };
}

function latest(...times: Array<number | null | undefined>): number | undefined {
  const given = times.filter((time) => time != null);
  return given.length > 0 ? Math.max(...given) : undefined;
}

function earliest(...times: Array<number | null | undefined>): number | undefined {
  const given = times.filter((time) => time != null);
  return given.length > 0 ? Math.min(...given) : undefined;
}

/** Whether a new event belongs on the wall as it is filtered. */
export function fitsFilters(
  event: NvrEvent,
  filters: EventFilters,
  cameras: readonly ZonedCamera[],
): boolean {
  const { fromEpochMs, toEpochMs } = buildEngineQuery(filters, cameras);
  const oneOf = <T>(values: readonly T[], value: T | undefined) =>
    values.length === 0 || (value !== undefined && values.includes(value));
  return (
    oneOf(filters.cameraIds, event.cameraId) &&
    oneOf(filters.types, event.type) &&
    isOnLevel(levelOf(filters), event, cameras) &&
    (oneOf(filters.labels, event.detail.label) ||
      filters.labels.some((label) => event.labels.includes(label))) &&
    hasWords(event, filters.words) &&
    event.startEpochMs >= (fromEpochMs ?? Number.NEGATIVE_INFINITY) &&
    event.startEpochMs < (toEpochMs ?? Number.POSITIVE_INFINITY)
  );
}

function hasWords({ labels }: NvrEvent, words: readonly string[]): boolean {
  if (words.length === 0) return true;
  const keys = new Set(labels.map(labelKey));
  return words.every((word) => keys.has(labelKey(word)));
}

export interface HourGroup {
  hourEpochMs: number;
  dayEpochMs: number;
  /** The first group of its day. */
  opensDay: boolean;
  visits: Visit[];
}

/** Visits, newest first, by local hour; the hour that comes twice when clocks go back makes two groups. */
export function groupByHour(visits: readonly Visit[]): HourGroup[] {
  const groups: HourGroup[] = [];
  for (const visit of visits) {
    const { event } = visit;
    // By minutes past the hour, not by the calendar: an ambiguous local hour stays the one the event was in.
    const date = new Date(event.startEpochMs);
    const pastHourMs = (date.getMinutes() * 60 + date.getSeconds()) * 1000 + date.getMilliseconds();
    const start = event.startEpochMs - pastHourMs;
    const last = groups.at(-1);
    if (last && last.hourEpochMs === start) {
      last.visits.push(visit);
      continue;
    }
    const dayEpochMs = startOfDay(event.startEpochMs);
    groups.push({
      hourEpochMs: start,
      dayEpochMs,
      opensDay: last?.dayEpochMs !== dayEpochMs,
      visits: [visit],
    });
  }
  return groups;
}

/** New ones in their place by time (newest first), each id once; a later version replaces an earlier. */
export function mergeEvents(known: readonly NvrEvent[], added: readonly NvrEvent[]): NvrEvent[] {
  const byId = new Map(known.map((event) => [event.id, event]));
  for (const event of added) byId.set(event.id, event);
  return [...byId.values()].sort((a, b) => b.startEpochMs - a.startEpochMs || b.sequence - a.sequence);
}
