/** Which events matter more, and which belong to one visit: what keeps walls and strips of events readable. Pure. */
import type { Camera } from '../../shared/domain-camera.ts';
import { EVENT_TYPES, type EventType, type NvrEvent } from '../../shared/domain-events.ts';

/** What needs somebody; of what doors report, all but unlocks. An entry into an intrusion zone is one too. */
const INCIDENT_TYPES: readonly EventType[] = ['tailgating', 'loitering', 'crowd', 'sabotage', 'access'];
/** Hidden unless asked for: they come with nearly every passer-by. */
const MINOR_TYPES: readonly EventType[] = ['zone-enter', 'zone-leave', 'motion'];
const NOTABLE_TYPES: readonly EventType[] = EVENT_TYPES.filter((type) => !MINOR_TYPES.includes(type));

/** How much is shown: what needs somebody, one picture of everybody who came by too, or every single event. */
export const EVENT_LEVELS = ['incidents', 'visits', 'everything'] as const;
export type EventLevel = (typeof EVENT_LEVELS)[number];

/** The part of a camera that says what is an intrusion on it. */
export type ZonedCamera = Pick<Camera, 'id' | 'zones'>;

/** From the least to the most telling, of events of one visit. */
const RANK: readonly EventType[] = [
  'motion',
  'zone-leave',
  'object',
  'zone-enter',
  'line-crossing',
  'crowd',
  'loitering',
  'access',
  'sabotage',
  'tailgating',
];

/** Tracks are numbered afresh when the engine starts: the same number much later is somebody else. */
const ONE_VISIT_MS = 120_000;

/** The types to ask the engine for, a few more than are shown: `isOnLevel` decides about each. Empty: all. */
export function typesOfLevel(level: EventLevel, cameras: readonly ZonedCamera[]): EventType[] {
  if (level === 'everything') return [];
  const guarded = cameras.some(({ zones }) => zones.some(({ intrusion }) => intrusion));
  return [
    ...(level === 'incidents' ? INCIDENT_TYPES : NOTABLE_TYPES),
    ...(guarded ? ['zone-enter' as const] : []),
  ];
}

export function isOnLevel(
  level: EventLevel,
  event: Pick<NvrEvent, 'type' | 'detail' | 'cameraId'>,
  cameras: readonly ZonedCamera[],
): boolean {
  const { type, detail } = event;
  if (level === 'everything') return true;
  if (type === 'zone-enter') {
    const camera = cameras.find(({ id }) => id === event.cameraId);
    return camera?.zones.some(({ name, intrusion }) => intrusion && name === detail.zone) ?? false;
  }
  if (level === 'visits') return NOTABLE_TYPES.includes(type);
  if (type === 'access') return ['forced open', 'entry ajar'].includes(detail.access?.eventType ?? '');
  return INCIDENT_TYPES.includes(type);
}

/** One object's way through one camera's picture. */
export interface Visit {
  /** The most telling event of it. */
  event: NvrEvent;
  /** The others, in the order given. */
  others: NvrEvent[];
}

/** Joins the events of one object on one camera; the order (newest first) is that of the events that stand for each. */
export function groupVisits(events: readonly NvrEvent[]): Visit[] {
  const open = new Map<string, { visit: Visit; oldestMs: number }>();
  const visits: Visit[] = [];
  for (const event of events) {
    const { trackId } = event.detail;
    const key = `${event.cameraId}/${trackId}`;
    const found = trackId === undefined ? undefined : open.get(key);
    if (!found || found.oldestMs - event.startEpochMs > ONE_VISIT_MS) {
      const visit = { event, others: [] };
      visits.push(visit);
      if (trackId !== undefined) open.set(key, { visit, oldestMs: event.startEpochMs });
      continue;
    }
    found.oldestMs = Math.min(found.oldestMs, event.startEpochMs);
    const { visit } = found;
    const better = rankOf(event) > rankOf(visit.event);
    visit.others.push(better ? visit.event : event);
    if (better) visit.event = event;
  }
  return visits.sort(
    ({ event: a }, { event: b }) => b.startEpochMs - a.startEpochMs || b.sequence - a.sequence,
  );
}

function rankOf(event: NvrEvent): number {
  return RANK.indexOf(event.type);
}
