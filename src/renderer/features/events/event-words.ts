/** What an event says: its sentence, its kind's hue, its facts. Pure. */
import type { NvrEvent } from '../../../shared/domain.ts';
import { OBJECT_LABELS } from '../../../shared/domain.ts';
import type { Hue } from '../../ui/Badge.tsx';
import { markKind } from '../archive/timeline/marks.ts';
import { durationWords } from '../archive/timeline/selection.ts';

export interface Fact {
  name: string;
  value: string;
}

/** 'inwards' is what a line that is named for going in means by forward; other lines say it plainly. */
export function directionWords(
  line: string | undefined,
  direction: 'forward' | 'backward' | undefined,
): string {
  if (!direction) return '';
  const name = (line ?? '').toLowerCase();
  const outLine = /\b(exit|out|leave)\b/.test(name);
  const inLine = /\b(enter|entry|entrance|in)\b/.test(name);
  if (inLine || outLine) return (direction === 'forward') === inLine ? 'inwards' : 'outwards';
  return direction === 'forward' ? 'forwards' : 'backwards';
}

/** One sentence without the camera and the time. */
export function eventWords(event: Pick<NvrEvent, 'type' | 'detail'>): string {
  const { type, detail } = event;
  const who = subject(detail.label, detail.colour);
  switch (type) {
    case 'object':
      return `${who}${detail.movement ? ` ${detail.movement}` : ' seen'}`;
    case 'motion':
      return detail.zone ? `Motion in ${detail.zone}` : 'Motion';
    case 'line-crossing':
      return [who, 'crossed', detail.line ?? 'a line', directionWords(detail.line, detail.direction)]
        .filter(Boolean)
        .join(' ');
    case 'zone-enter':
      return `${who} entered ${detail.zone ?? 'a zone'}`;
    case 'zone-leave':
      return `${who} left ${detail.zone ?? 'a zone'}`;
    case 'loitering': {
      const stay =
        detail.dwellSeconds === undefined ? '' : ` for ${durationWords(detail.dwellSeconds * 1000)}`;
      return `${who} stayed${detail.zone ? ` in ${detail.zone}` : ''}${stay}`;
    }
    case 'crowd':
      return `${detail.count ?? 'Many'} people${detail.zone ? ` in ${detail.zone}` : ' at once'}`;
    case 'tailgating':
      return tailgatingWords(event);
    case 'sabotage':
      return `Camera ${detail.sabotage === 'turned' ? 'turned away' : (detail.sabotage ?? 'tampered with')}`;
    case 'access':
      return accessWords(event);
  }
}

/** 'Tailgating on Enter: 2 people on one unlock by Tester Smith'. */
function tailgatingWords({ detail }: Pick<NvrEvent, 'detail'>): string {
  const facts = detail.tailgating;
  const on = detail.line ? ` on ${detail.line}` : '';
  if (!facts) return `Tailgating${on}`;
  const count = facts.people.length;
  const people = `${count} ${count === 1 ? 'person' : 'people'}`;
  if (facts.mode === 'no-readers') return `Tailgating${on}: ${people} within ${facts.windowSeconds} s`;
  if (!facts.unlock) return `Tailgating${on}: ${people} without an unlock`;
  const who = facts.unlock.actorName ?? facts.unlock.actorEmail;
  return `Tailgating${on}: ${people} on one unlock${who ? ` by ${who}` : ''}`;
}

function accessWords({ detail }: Pick<NvrEvent, 'detail'>): string {
  const facts = detail.access;
  if (!facts) return 'Door reported';
  const at = facts.deviceName;
  const who = facts.actorName ?? facts.actorEmail;
  if (facts.eventType === 'entry unlocked') return who ? `${who} unlocked ${at}` : `${at} unlocked`;
  if (facts.eventType === 'forced open') return `${at} forced open`;
  if (facts.eventType === 'entry ajar') return `${at} left open`;
  return `${at}: ${facts.labels.join(', ') || 'reported'}`;
}

/** The one colour of the event's kind. */
export function eventHue(event: Pick<NvrEvent, 'type' | 'detail'>): Hue {
  const kind = markKind(event.type, event.detail.label ?? event.detail.access?.eventType);
  return kind === 'access' ? 'neutral' : kind === 'camera' ? 'degraded' : kind;
}

export function isAlarm(event: Pick<NvrEvent, 'type' | 'detail'>): boolean {
  return eventHue(event) === 'alarm';
}

/** Everything known about the event, for the list beside the picture; times are formatted by the caller. */
export function eventFacts(event: NvrEvent, formatTime: (epochMs: number) => string): Fact[] {
  const { detail } = event;
  const facts: Fact[] = [{ name: 'Camera', value: event.cameraName }];
  const add = (name: string, value: string | undefined | null) => {
    if (value) facts.push({ name, value });
  };
  add('Line', detail.line);
  add('Zone', detail.zone);
  add('Direction', capital(directionWords(detail.line, detail.direction)));
  add('Seen', detail.label ? capital(detail.label) : null);
  add('Colour', detail.colour && capital(detail.colour));
  add('Movement', detail.movement && capital(detail.movement));
  add('Confidence', detail.confidence === undefined ? null : `${Math.round(detail.confidence * 100)} %`);
  add('People', detail.count === undefined ? null : String(detail.count));
  add('Stayed', detail.dwellSeconds === undefined ? null : durationWords(detail.dwellSeconds * 1000));
  const access = detail.access ?? detail.tailgating?.unlock ?? null;
  if (access) {
    add('Unlocked by', access.actorName ?? access.actorEmail ?? 'Nobody named');
    add('Reader', access.deviceName);
    add('Unlocked at', formatTime(access.atMs));
    if (detail.tailgating)
      add('Unlock to crossing', durationWords(Math.max(0, event.startEpochMs - access.atMs)));
  } else if (detail.tailgating?.mode === 'readers') add('Unlock', 'None in the time before');
  if (event.endEpochMs - event.startEpochMs >= 1000)
    add('Lasted', durationWords(event.endEpochMs - event.startEpochMs));
  return facts;
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function subject(label: string | undefined, colour: string | undefined): string {
  const known = OBJECT_LABELS.some((item) => item === label) ? label! : 'object';
  return capital(colour && known !== 'person' ? `${colour} ${known}` : known);
}
