import { expect, test } from 'vitest';
import type { EventDetail, EventType, NvrEvent, TailgatingFacts } from '../../shared/domain-events.ts';
import { groupVisits } from './event-rank.ts';
import { directionWords, eventHue, eventMoment, eventWords } from './event-words.ts';

const access = (eventType: 'entry unlocked' | 'forced open' | 'entry ajar') => ({
  deviceId: 'd',
  deviceName: 'Front door',
  atMs: 0,
  eventType,
  labels: [],
  actorName: 'Ada',
});
const person = (trackId: number, crossedAtMs: number, admitted: boolean) => ({
  trackId,
  crossedAtMs,
  admitted,
  path: [],
});
const facts: TailgatingFacts = {
  mode: 'readers',
  windowSeconds: 6,
  peoplePerUnlock: 1,
  unlock: access('entry unlocked'),
  people: [person(1, 2100, true), person(2, 2800, false)],
};
const alone = { ...facts, people: [person(1, 9000, false)] };

test.each<[EventType, EventDetail, string, string]>([
  ['tailgating', { line: 'Enter' }, 'Tailgating on Enter', 'alarm'],
  [
    'tailgating',
    { direction: 'forward', tailgating: facts },
    'Tailgating: 1 person came in behind Ada',
    'alarm',
  ],
  [
    'tailgating',
    { direction: 'backward', tailgating: { ...alone, unlock: null } },
    'Tailgating: 1 person went out without an unlock',
    'alarm',
  ],
  [
    'tailgating',
    { tailgating: alone },
    'Tailgating: 1 person came through after Ada’s unlock had run out',
    'alarm',
  ],
  [
    'tailgating',
    { tailgating: { ...facts, mode: 'no-readers' } },
    'Tailgating: 1 person came through right behind another',
    'alarm',
  ],
  [
    'line-crossing',
    { label: 'person', line: 'Enter', direction: 'forward' },
    'Person crossed Enter inwards',
    'person',
  ],
  [
    'line-crossing',
    { label: 'car', colour: 'blue', line: 'Gate', direction: 'backward' },
    'Blue car crossed Gate outwards',
    'vehicle',
  ],
  ['zone-enter', { label: 'car', zone: 'Yard' }, 'Car entered Yard', 'vehicle'],
  [
    'loitering',
    { label: 'person', zone: 'Mat', dwellSeconds: 75 },
    'Person stayed in Mat for 1 min 15 s',
    'person',
  ],
  ['crowd', { count: 5, zone: 'Hall' }, '5 people in Hall', 'person'],
  ['motion', {}, 'Motion', 'motion'],
  ['sabotage', { sabotage: 'covered' }, 'Camera covered', 'degraded'],
  ['access', { access: access('entry unlocked') }, 'Ada unlocked Front door', 'neutral'],
  ['access', { access: access('forced open') }, 'Front door forced open', 'alarm'],
  ['object', { label: 'dog' }, 'Dog seen', 'animal'],
  ['object', { label: 'person', movement: 'approaching' }, 'Person approaching', 'person'],
])('%s', (type, detail, words, hue) => {
  expect(eventWords({ type, detail })).toBe(words);
  expect(eventHue({ type, detail })).toBe(hue);
});

test('a direction that is not known is not named', () => {
  expect(directionWords(undefined)).toBe('');
});

let count = 0;
function event(type: EventType, startEpochMs: number, detail: EventDetail = {}): NvrEvent {
  count++;
  return {
    id: `id-${count}`,
    sequence: count,
    cameraId: 'cam',
    cameraName: 'Door',
    type,
    startEpochMs,
    endEpochMs: startEpochMs,
    labels: [],
    detail,
    hasSnapshot: true,
  };
}

test('a tailgating happens when the one goes through who was not let in', () => {
  expect(eventMoment(event('tailgating', 0, { tailgating: facts }))).toBe(2800);
  expect(eventMoment(event('motion', 7))).toBe(7);
});

test('events of one object are one visit, told by the most telling', () => {
  const seen = event('object', 1000, { trackId: 1 });
  const crossed = event('line-crossing', 4000, { trackId: 1 });
  const other = event('object', 3000, { trackId: 2 });
  const unlocked = event('access', 2000);
  const muchEarlier = event('object', -500_000, { trackId: 1 });
  const visits = groupVisits([crossed, other, unlocked, seen, muchEarlier]);
  expect(visits.map((visit) => visit.event)).toEqual([crossed, other, unlocked, muchEarlier]);
  expect(visits[0]!.others).toEqual([seen]);
});
