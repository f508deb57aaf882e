/** What an event is called, which colour it has and when it happened: the same on every page. Pure. */
import type { NvrEvent } from '../../shared/domain-events.ts';
import { markKind } from '../../shared/mark-kind.ts';
import { tailgatingAnswer } from '../../shared/tailgating-words.ts';
import type { Hue } from '../ui/Badge.tsx';
import { formatSpan } from './time-format.ts';

type EventFacts = Pick<NvrEvent, 'type' | 'detail'>;
type Direction = 'forward' | 'backward' | undefined;

/** One sentence without the camera and the time. */
export function eventWords(event: EventFacts): string {
  const { type, detail } = event;
  const who = subject(detail);
  const inZone = detail.zone ? ` in ${detail.zone}` : '';
  switch (type) {
    case 'object':
      return `${who} ${detail.movement ?? 'seen'}`;
    case 'motion':
      return `Motion${inZone}`;
    case 'line-crossing':
      return [who, 'crossed', detail.line ?? 'a line', directionWords(detail.direction)]
        .filter(Boolean)
        .join(' ');
    case 'zone-enter':
      return `${who} entered ${detail.zone ?? 'a zone'}`;
    case 'zone-leave':
      return `${who} left ${detail.zone ?? 'a zone'}`;
    case 'loitering':
      return `${who} stayed${inZone}${detail.dwellSeconds ? ` for ${formatSpan(detail.dwellSeconds * 1000)}` : ''}`;
    case 'crowd':
      return `${detail.count ?? 'Many'} people${inZone || ' at once'}`;
    case 'tailgating':
      return tailgatingWords(event);
    case 'sabotage':
      return `Camera ${detail.sabotage === 'turned' ? 'turned away' : (detail.sabotage ?? 'tampered with')}`;
    case 'access':
      return accessWords(event);
  }
}

/** Forward is 'inwards': a line is drawn so that going in is forward, and the camera's page swaps it. */
export function directionWords(direction: Direction): string {
  if (!direction) return '';
  return direction === 'forward' ? 'inwards' : 'outwards';
}

/** 'Tailgating: 1 person came in behind Ben'. */
function tailgatingWords({ detail }: EventFacts): string {
  const facts = detail.tailgating;
  if (!facts) return detail.line ? `Tailgating on ${detail.line}` : 'Tailgating';
  return `Tailgating: ${tailgatingAnswer(facts, detail.direction)}`;
}

function accessWords({ detail }: EventFacts): string {
  const facts = detail.access;
  if (!facts) return 'Door reported';
  const at = facts.deviceName;
  const who = facts.actorName ?? facts.actorEmail;
  if (facts.eventType === 'entry unlocked') return who ? `${who} unlocked ${at}` : `${at} unlocked`;
  if (facts.eventType === 'forced open') return `${at} forced open`;
  if (facts.eventType === 'entry ajar') return `${at} left open`;
  return `${at}: ${facts.labels.join(', ') || 'reported'}`;
}

/** When it happened: a tailgating begins with the unlock, but it happens when somebody goes through who was not let in. */
export function eventMoment(event: Pick<NvrEvent, 'startEpochMs' | 'detail'>): number {
  const refused = event.detail.tailgating?.people.filter(({ admitted }) => !admitted) ?? [];
  return refused.length > 0 ? Math.min(...refused.map(({ crossedAtMs }) => crossedAtMs)) : event.startEpochMs;
}

/** The colour an event has everywhere; red only for tailgating and forced open. */
export function eventHue({ type, detail }: EventFacts): Hue {
  const kind = markKind(type, detail.label ?? detail.access?.eventType ?? null);
  if (kind === 'access') return 'neutral';
  return kind === 'camera' ? 'degraded' : kind;
}

export function isAlarm(event: EventFacts): boolean {
  return eventHue(event) === 'alarm';
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The colour of a person's clothes is no name for a person. */
function subject({ label, colour }: NvrEvent['detail']): string {
  if (!label) return 'Something';
  return capital(colour && label !== 'person' ? `${colour} ${label}` : label);
}
