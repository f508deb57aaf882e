/** An alarm as one line for a notification of the system. Pure. */
import type { NvrEvent } from '../../shared/domain-events.ts';
import { tailgatingAnswer } from '../../shared/tailgating-words.ts';

export interface AlarmNotice {
  title: string;
  body: string;
  /** The event's page. */
  place: string;
}

/** Null for every event that is no alarm: alarms are tailgating and a door forced open, as everywhere in the UI. */
export function buildAlarmNotice(event: NvrEvent): AlarmNotice | null {
  const { type, detail } = event;
  const say = (title: string, body: string) => ({ title, body, place: `/events/${event.id}` });
  if (type === 'tailgating') {
    const answer = detail.tailgating && tailgatingAnswer(detail.tailgating, detail.direction);
    return say(`Tailgating, ${event.cameraName}`, answer ?? `On ${detail.line ?? 'a line'}`);
  }
  if (type === 'access' && detail.access?.eventType === 'forced open')
    return say(`Door forced open, ${event.cameraName}`, detail.access.deviceName);
  return null;
}
