/** Events and triggers in Camlytics' words. Pure. */
import { stableUuid } from '../../platform/stable-uuid.ts';
import type { CamlyticsEvent } from '../../store/camlytics-index.ts';
import { formatCamlyticsHookTime, formatCamlyticsTime } from '../wire-time.ts';
import type { WireEvent } from './schemas.ts';

/** The id of a line or zone: it follows from its name, so that old events keep theirs. */
export function triggerId(cameraId: string, trigger: { kind: 'Line' | 'Zone'; name: string }): string {
  return stableUuid('camlytics trigger', cameraId, trigger.kind, trigger.name.trim().toLowerCase());
}

export function buildEvent(event: CamlyticsEvent, locationId: number): WireEvent {
  return {
    id: int32(event.sequence),
    location_id: locationId,
    channel_id: event.cameraId,
    trigger_id: event.trigger ? triggerId(event.cameraId, event.trigger) : null,
    event_type: event.type,
    origin: event.origin,
    object_id: event.objectId,
    event_time: formatCamlyticsTime(event.startEpochMs),
    snapshot_id: int32(event.sequence),
    record_id: int32(Math.floor(event.startEpochMs / 1000)),
  };
}

/** What a webhook gets of an event. */
export function buildHookEvents(
  event: CamlyticsEvent,
  locationId: number,
): [Omit<WireEvent, 'id'> & { id: null }] {
  return [
    { ...buildEvent(event, locationId), id: null, event_time: formatCamlyticsHookTime(event.startEpochMs) },
  ];
}

function int32(value: number): number {
  return value | 0;
}
