/** What an event is called, which colour it has and when it happened: the same on every page. Pure. */
import { plural, t } from '@lingui/core/macro';
import type { NvrEvent } from '../../shared/domain-events.ts';
import { markKind } from '../../shared/mark-kind.ts';
import { tailgatingAnswer } from '../../shared/tailgating-words.ts';
import type { Hue } from '../ui/Badge.tsx';
import { COLOUR_WORDS, wordOfLabel } from './label-words.ts';
import { formatSpan } from './time-format.ts';

type EventFacts = Pick<NvrEvent, 'type' | 'detail'>;
type Direction = 'forward' | 'backward' | undefined;

/** One sentence without the camera and the time. */
export function eventWords(event: EventFacts): string {
  const { type, detail } = event;
  const who = subject(detail);
  const { zone } = detail;
  switch (type) {
    case 'object':
      return movementWords(who, detail.movement);
    case 'motion':
      return zone ? t`Motion in ${zone}` : t`Motion`;
    case 'line-crossing':
      return crossingWords(who, detail.line ?? t`a line`, detail.direction);
    case 'zone-enter':
      return t`${who} entered ${zone ?? t`a zone`}`;
    case 'zone-leave':
      return t`${who} left ${zone ?? t`a zone`}`;
    case 'loitering':
      return stayWords(who, zone, detail.dwellSeconds);
    case 'crowd':
      return crowdWords(detail.count, zone);
    case 'tailgating':
      return tailgatingWords(event);
    case 'sabotage':
      return SABOTAGE_WORDS[detail.sabotage ?? 'unknown'];
    case 'access':
      return accessWords(event);
  }
}

const SABOTAGE_WORDS: Record<NonNullable<NvrEvent['detail']['sabotage']> | 'unknown', string> = {
  covered: t`Camera covered`,
  blinded: t`Camera blinded`,
  defocused: t`Camera defocused`,
  turned: t`Camera turned away`,
  unknown: t`Camera tampered with`,
};

function movementWords(who: string, movement: NvrEvent['detail']['movement']): string {
  if (!movement) return t`${who} seen`;
  return movement === 'approaching' ? t`${who} approaching` : t`${who} departing`;
}

function crossingWords(who: string, line: string, direction: Direction): string {
  if (!direction) return t`${who} crossed ${line}`;
  return direction === 'forward' ? t`${who} crossed ${line} inwards` : t`${who} crossed ${line} outwards`;
}

function stayWords(who: string, zone: string | undefined, dwellSeconds: number | undefined): string {
  const span = dwellSeconds ? formatSpan(dwellSeconds * 1000) : null;
  if (zone) return span ? t`${who} stayed in ${zone} for ${span}` : t`${who} stayed in ${zone}`;
  return span ? t`${who} stayed for ${span}` : t`${who} stayed`;
}

function crowdWords(count: number | undefined, zone: string | undefined): string {
  if (count === undefined) return zone ? t`Many people in ${zone}` : t`Many people at once`;
  return zone
    ? plural(count, { one: `# person in ${zone}`, other: `# people in ${zone}` })
    : plural(count, { one: '# person at once', other: '# people at once' });
}

/** Forward is 'inwards': a line is drawn so that going in is forward, and the camera's page swaps it. */
export function directionWords(direction: Direction): string {
  if (!direction) return '';
  return direction === 'forward' ? t`inwards` : t`outwards`;
}

/** 'Tailgating: 1 person came in behind Ben'. */
function tailgatingWords({ detail }: EventFacts): string {
  const facts = detail.tailgating;
  if (!facts) return detail.line ? t`Tailgating on ${detail.line}` : t`Tailgating`;
  return t`Tailgating: ${tailgatingAnswer(facts, detail.direction)}`;
}

function accessWords({ detail }: EventFacts): string {
  const facts = detail.access;
  if (!facts) return t`Door reported`;
  const at = facts.deviceName;
  const who = facts.actorName ?? facts.actorEmail;
  if (facts.eventType === 'entry unlocked') return who ? t`${who} unlocked ${at}` : t`${at} unlocked`;
  if (facts.eventType === 'forced open') return t`${at} forced open`;
  if (facts.eventType === 'entry ajar') return t`${at} left open`;
  return `${at}: ${facts.labels.join(', ') || t`reported`}`;
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
  if (!label) return t`Something`;
  const word = wordOfLabel(label);
  return capital(colour && label !== 'person' ? t`${COLOUR_WORDS[colour]} ${word}` : word);
}
