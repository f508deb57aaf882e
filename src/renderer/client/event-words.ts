/** What an event is called and which colour it has: the same words and hues on every page. */
import { LABEL_GROUP, type NvrEvent, type ObjectLabel } from '../../shared/domain.ts';
import type { Hue } from '../ui/Badge.tsx';

type EventFacts = Pick<NvrEvent, 'type' | 'detail'>;

const OBJECT_WORDS: Record<ObjectLabel, string> = {
  person: 'Person',
  bicycle: 'Bicycle',
  car: 'Car',
  motorcycle: 'Motorcycle',
  bus: 'Bus',
  truck: 'Truck',
  cat: 'Cat',
  dog: 'Dog',
};

/** 'Tailgating at Enter', 'Person crossed Enter, in'. No time, no camera. */
export function titleOfEvent({ type, detail }: EventFacts): string {
  const who = detail.label ? OBJECT_WORDS[detail.label] : 'Something';
  const zone = detail.zone ? ` ${detail.zone}` : '';
  switch (type) {
    case 'tailgating':
      return detail.line ? `Tailgating at ${detail.line}` : 'Tailgating';
    case 'line-crossing':
      return `${who} crossed ${detail.line ?? 'a line'}${detail.direction ? `, ${wordOfDirection(detail.direction)}` : ''}`;
    case 'zone-enter':
      return `${who} entered${zone}`;
    case 'zone-leave':
      return `${who} left${zone}`;
    case 'loitering':
      return `${who} stayed${zone ? ` in${zone}` : ''}${detail.dwellSeconds ? ` for ${Math.round(detail.dwellSeconds)} s` : ''}`;
    case 'crowd':
      return `${detail.count ?? 'Several'} people${zone ? ` in${zone}` : ''}`;
    case 'sabotage':
      return detail.sabotage ? `Camera ${detail.sabotage}` : 'Camera tampered with';
    case 'motion':
      return zone ? `Motion in${zone}` : 'Motion';
    case 'access':
      return titleOfAccess(detail);
    case 'object':
      return who;
  }
}

/** The colour an event has everywhere; red only for tailgating and forced open. */
export function hueOfEvent({ type, detail }: EventFacts): Hue {
  if (type === 'tailgating' || detail.access?.eventType === 'forced open') return 'alarm';
  if (type === 'sabotage' || detail.access?.eventType === 'entry ajar') return 'degraded';
  if (type === 'access') return 'neutral';
  if (type === 'motion') return 'motion';
  return hueOfLabel(detail.label ?? 'person');
}

export function hueOfLabel(label: string): Hue {
  const group = label in LABEL_GROUP ? LABEL_GROUP[label as ObjectLabel] : null;
  if (group === 'person') return 'person';
  if (group === 'pet') return 'animal';
  return group === null ? 'motion' : 'vehicle';
}

/** Forward is 'in', backward 'out': a line is drawn so that entering is forward, and can be swapped. */
export function wordOfDirection(direction: 'forward' | 'backward'): 'in' | 'out' {
  return direction === 'forward' ? 'in' : 'out';
}

function titleOfAccess({ access }: EventFacts['detail']): string {
  if (!access) return 'Reader reported';
  const by = access.actorName ?? access.actorEmail;
  if (access.eventType === 'forced open') return `${access.deviceName} forced open`;
  if (access.eventType === 'entry ajar') return `${access.deviceName} left open`;
  if (access.eventType === 'entry unlocked') return `${access.deviceName} unlocked${by ? ` by ${by}` : ''}`;
  return `${access.deviceName}: ${access.labels.join(', ') || 'event'}`;
}
