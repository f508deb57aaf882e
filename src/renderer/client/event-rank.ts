/** Which events matter more, and which belong to one visit: what keeps walls and strips of events readable. Pure. */
import { EVENT_TYPES, type EventType, type NvrEvent, type Zone } from '../../shared/domain.ts';

/** Hidden unless asked for: they come with nearly every passer-by. An entry into an intrusion zone is none of them. */
export const MINOR_TYPES: readonly EventType[] = ['zone-enter', 'zone-leave', 'motion'];
export const NOTABLE_TYPES: readonly EventType[] = EVENT_TYPES.filter((type) => !MINOR_TYPES.includes(type));

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

/** What the engine is asked for where only what is notable is shown; entries come too where a zone makes them an intrusion. */
export function notableTypes(cameras: ReadonlyArray<{ zones: readonly Zone[] }>): EventType[] {
  const guarded = cameras.some(({ zones }) => zones.some(({ intrusion }) => intrusion));
  return guarded ? [...NOTABLE_TYPES, 'zone-enter'] : [...NOTABLE_TYPES];
}

export function isNotable(
  event: Pick<NvrEvent, 'type' | 'detail' | 'cameraId'>,
  cameras: ReadonlyArray<{ id: string; zones: readonly Zone[] }>,
): boolean {
  if (event.type !== 'zone-enter') return !MINOR_TYPES.includes(event.type);
  const camera = cameras.find(({ id }) => id === event.cameraId);
  return camera?.zones.some(({ name, intrusion }) => intrusion && name === event.detail.zone) ?? false;
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
