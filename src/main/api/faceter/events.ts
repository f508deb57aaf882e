/** Events in Faceter's words: which of them it sees, their attributes, and runs of them joined into one. */
import {
  type EventDetail,
  FACETER_EVENT_TYPES,
  type FaceterEventType,
  type NvrEvent,
} from '../../../shared/domain-events.ts';
import { HOUR_MS } from '../../../shared/units.ts';
import { stableUuid } from '../../platform/stable-uuid.ts';
import type { StoredCamera } from '../../store/cameras.ts';
import type { FaceterEventQuery, FaceterEventRow } from '../../store/faceter-events.ts';

export interface FaceterEvent {
  id: string;
  type: FaceterEventType;
  startEpochMs: number;
  endEpochMs: number;
  attributes: Record<string, string>;
  source: NvrEvent;
}

/** One or more events of one type, in order of time. */
export interface EventGroup {
  startEpochMs: number;
  endEpochMs: number;
  events: FaceterEvent[];
}

export interface GroupQuery {
  camera: Pick<StoredCamera, 'id' | 'zones'>;
  /** Null: all. */
  types: readonly FaceterEventType[] | null;
  fromEpochMs: number;
  toEpochMs: number;
  order: 'asc' | 'desc';
  /** 0: none are joined. */
  mergeMs: number;
  limit: number;
}

/** Events are not longer than this: so far back something may still reach into a group. */
const LONGEST_EVENT_MS = 12 * HOUR_MS;
const SMALLEST_PAGE = 128;

/** The first groups in the order asked for, and whether there are more. */
export function listGroups(
  page: (query: FaceterEventQuery) => FaceterEventRow[],
  query: GroupQuery,
): { groups: EventGroup[]; hasMore: boolean } {
  const { camera, types, fromEpochMs, toEpochMs, order, limit } = query;
  const wanted = types === null ? null : new Set(types);
  const groups: EventGroup[] = [];
  const pageSize = Math.max(SMALLEST_PAGE, limit + 1);
  let after: FaceterEventQuery['after'] = null;
  for (;;) {
    const rows = page({
      ...{ cameraId: camera.id, types: sourceTypes(types), fromEpochMs, toEpochMs, order, after },
      limit: pageSize,
    });
    for (const row of rows) {
      for (const event of projectEvent(row, camera))
        if (!wanted || wanted.has(event.type)) addToGroups(groups, event, query);
    }
    const last = rows.at(-1)?.event;
    if (!last || rows.length < pageSize || isEnough(groups, last.startEpochMs, query)) break;
    after = { startEpochMs: last.startEpochMs, sequence: last.sequence };
  }
  if (order === 'desc') groups.sort((a, b) => b.startEpochMs - a.startEpochMs);
  const shown = groups.slice(0, limit);
  for (const { events } of shown)
    events.sort((a, b) => a.startEpochMs - b.startEpochMs || a.source.sequence - b.source.sequence);
  return { groups: shown, hasMore: groups.length > limit };
}

/** What Faceter sees of a stored event: nothing, one event, or a crossing that is counted as well. */
export function projectEvent(
  { event, faceterType }: FaceterEventRow,
  camera: Pick<StoredCamera, 'zones'>,
): FaceterEvent[] {
  const { detail } = event;
  const seen: FaceterEvent = {
    id: event.id,
    type: faceterType,
    startEpochMs: event.startEpochMs,
    endEpochMs: event.endEpochMs,
    attributes: attributesOf(event),
    source: event,
  };
  if (detail.posted) return [seen];
  if (event.type === 'zone-enter' && !raisesIntrusion(detail, camera)) return [];
  if (event.type !== 'line-crossing' || detail.label !== 'person') return [seen];
  return [
    seen,
    {
      ...seen,
      id: stableUuid('people counting', event.id),
      type: 'PeopleCounting',
      attributes: { ...seen.attributes, count: '1' },
    },
  ];
}

/** Texts alone, as Faceter has them. */
export function attributesOf({ type, detail }: Pick<NvrEvent, 'type' | 'detail'>): Record<string, string> {
  if (detail.posted) return detail.posted.attributes;
  const { tailgating, access } = detail;
  const facts: Record<string, unknown> = {
    kind: kindOf(type, detail),
    label: detail.label,
    confidence: detail.confidence === undefined ? undefined : Math.round(detail.confidence * 1000) / 1000,
    line: detail.line,
    zone: detail.zone,
    direction: detail.direction,
    movement: detail.movement,
    colour: detail.colour,
    count: detail.count,
    dwellSeconds: detail.dwellSeconds,
    trackId: detail.trackId,
    actorId: access?.actorId ?? tailgating?.unlock?.actorId,
    actorName: access?.actorName ?? tailgating?.unlock?.actorName,
    actorEmail: access?.actorEmail ?? tailgating?.unlock?.actorEmail,
    labels: access && access.labels.length > 0 ? access.labels.join(', ') : undefined,
  };
  return Object.fromEntries(
    Object.entries(facts).flatMap(([name, value]) =>
      value === undefined || value === null ? [] : [[name, String(value)]],
    ),
  );
}

function kindOf(type: NvrEvent['type'], { access }: EventDetail): string | undefined {
  if (type === 'tailgating' || type === 'sabotage' || type === 'loitering' || type === 'crowd') return type;
  return type === 'access' ? (access?.eventType ?? 'access') : undefined;
}

function raisesIntrusion({ zone }: EventDetail, { zones }: Pick<StoredCamera, 'zones'>): boolean {
  const name = zone?.toLowerCase();
  return zones.some((one) => one.intrusion && one.name.toLowerCase() === name);
}

/** Crossings by people are counted too. */
function sourceTypes(types: readonly FaceterEventType[] | null): readonly FaceterEventType[] | null {
  if (types === null) return null;
  const wanted = new Set(types);
  if (wanted.has('PeopleCounting')) wanted.add('LineCrossing');
  return FACETER_EVENT_TYPES.filter((type) => wanted.has(type));
}

/** Events come in the order asked for; groups keep that order, but for joined ones that reach further back. */
function addToGroups(groups: EventGroup[], event: FaceterEvent, { mergeMs }: GroupQuery): void {
  const { startEpochMs, endEpochMs } = event;
  const joined = mergeMs > 0 ? recentGroups(groups, event, mergeMs) : [];
  if (joined.length === 0) {
    groups.push({ startEpochMs, endEpochMs, events: [event] });
    return;
  }
  const [first, ...others] = joined as [EventGroup, ...EventGroup[]];
  for (const other of others) {
    first.events.push(...other.events);
    groups.splice(groups.indexOf(other), 1);
  }
  first.events.push(event);
  first.startEpochMs = Math.min(...joined.map((group) => group.startEpochMs), startEpochMs);
  first.endEpochMs = Math.max(...joined.map((group) => group.endEpochMs), endEpochMs);
}

/** Groups that the event joins; those further away than any event is long are not looked at. */
function recentGroups(groups: readonly EventGroup[], event: FaceterEvent, mergeMs: number): EventGroup[] {
  const found: EventGroup[] = [];
  for (let at = groups.length - 1; at >= 0; at--) {
    const group = groups[at]!;
    if (Math.abs(group.startEpochMs - event.startEpochMs) > LONGEST_EVENT_MS + mergeMs) break;
    if (joins(group, event, mergeMs)) found.unshift(group);
  }
  return found;
}

function joins(group: EventGroup, event: FaceterEvent, mergeMs: number): boolean {
  if (group.events[0]!.type !== event.type) return false;
  return event.startEpochMs - group.endEpochMs <= mergeMs && group.startEpochMs - event.endEpochMs <= mergeMs;
}

/** Whether nothing that comes can change the first groups any more. */
function isEnough(groups: readonly EventGroup[], atEpochMs: number, query: GroupQuery): boolean {
  const { order, mergeMs, limit } = query;
  if (groups.length <= limit) return false;
  if (mergeMs === 0) return true;
  if (order === 'asc') return groups.slice(0, limit).every((group) => group.endEpochMs + mergeMs < atEpochMs);
  const settled = atEpochMs + mergeMs + LONGEST_EVENT_MS;
  return groups.filter((group) => group.startEpochMs > settled).length > limit;
}
