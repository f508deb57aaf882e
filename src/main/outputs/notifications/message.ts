/** What a notification says: of an event or an alert, as title, words and the page that shows more. Pure. */

import type { EventType, NvrEvent } from '../../../shared/domain-events.ts';
import type { Alert } from '../../../shared/domain-storage.ts';
import { buildAlarmNotice } from '../../events/alarm-notice.ts';

export interface Message {
  title: string;
  body: string;
  place: string;
  atEpochMs: number;
  /** Of the event; null for an alert. */
  eventId: string | null;
  /** Screens that show it without any rule: of alarms the desktop app, of alerts browsers too. */
  shownAnyway: 'nowhere' | 'desktop' | 'everywhere';
}

const EVENT_WORDS: Record<EventType, string> = {
  object: 'was seen',
  motion: 'Motion',
  'line-crossing': 'crossed a line',
  'zone-enter': 'went into a zone',
  'zone-leave': 'left a zone',
  loitering: 'is loitering',
  crowd: 'A crowd',
  tailgating: 'Tailgating',
  sabotage: 'The picture is covered, blinded or turned away',
  access: 'A door was reported',
};

export function messageOfEvent(event: NvrEvent): Message {
  const { id, type, cameraName, detail, startEpochMs } = event;
  const { label, line, zone, access } = detail;
  const who = label === undefined ? 'Somebody or something' : capital(label);
  const where = line ?? zone;
  const isAboutSomebody = ['object', 'line-crossing', 'zone-enter', 'zone-leave', 'loitering'].includes(type);
  const what =
    type === 'access' && access?.eventType
      ? `${capital(access.eventType)}: ${access.deviceName}${access.actorName ? `, ${access.actorName}` : ''}`
      : isAboutSomebody
        ? `${who} ${EVENT_WORDS[type]}`
        : EVENT_WORDS[type];
  return {
    title: `${cameraName}: ${what}`,
    body: where === undefined ? '' : `${where}.`,
    place: `/events/${id}`,
    ...{ atEpochMs: startEpochMs, eventId: id },
    shownAnyway: buildAlarmNotice(event) ? 'desktop' : 'nowhere',
  };
}

export function messageOfAlert(alert: Alert, change: 'raised' | 'over'): Message {
  const name = alert.cameraName ?? 'Recorder';
  return {
    title: change === 'raised' ? `${name}: ${alert.words}` : `${name}: back to normal`,
    body: change === 'raised' ? alert.advice : `It was: ${alert.words}`,
    place: alert.cameraId === null ? '/health' : `/cameras/${alert.cameraId}`,
    ...{ atEpochMs: change === 'raised' ? alert.startEpochMs : (alert.endEpochMs ?? 0), eventId: null },
    shownAnyway: 'everywhere',
  };
}

/** With what was kept back of the incident before. */
export function withUntold(message: Message, untold: number): Message {
  if (untold === 0) return message;
  const words = `${untold} more of the incident before ${untold === 1 ? 'was' : 'were'} not told one by one.`;
  return { ...message, body: `${message.body} ${words}`.trim() };
}

/** The body of a mail, plain text. */
export function mailText(message: Message, ruleName: string): string {
  const { body, atEpochMs } = message;
  const time = new Date(atEpochMs).toLocaleString(undefined, { dateStyle: 'full', timeStyle: 'long' });
  return [body, time, '', `Sent by Threshold NVR because of the rule “${ruleName}”.`]
    .filter((part, i) => part !== '' || i === 2)
    .join('\n');
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
