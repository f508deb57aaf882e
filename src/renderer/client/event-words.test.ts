import { expect, test } from 'vitest';
import type { EventDetail, EventType } from '../../shared/domain.ts';
import { hueOfEvent, hueOfLabel, titleOfEvent } from './event-words.ts';

const access = (eventType: 'entry unlocked' | 'forced open' | 'entry ajar'): EventDetail => ({
  access: { deviceId: 'd', deviceName: 'Front door', atMs: 0, eventType, labels: [], actorName: 'Ada' },
});

test.each<[EventType, EventDetail, string, string]>([
  ['tailgating', { line: 'Enter' }, 'Tailgating at Enter', 'alarm'],
  [
    'line-crossing',
    { label: 'person', line: 'Enter', direction: 'forward' },
    'Person crossed Enter, in',
    'person',
  ],
  ['zone-enter', { label: 'car', zone: 'Yard' }, 'Car entered Yard', 'vehicle'],
  [
    'loitering',
    { label: 'person', zone: 'Mat', dwellSeconds: 21.4 },
    'Person stayed in Mat for 21 s',
    'person',
  ],
  ['crowd', { count: 5, zone: 'Hall' }, '5 people in Hall', 'person'],
  ['motion', {}, 'Motion', 'motion'],
  ['sabotage', { sabotage: 'covered' }, 'Camera covered', 'degraded'],
  ['access', access('entry unlocked'), 'Front door unlocked by Ada', 'neutral'],
  ['access', access('forced open'), 'Front door forced open', 'alarm'],
  ['object', { label: 'dog' }, 'Dog', 'animal'],
])('%s', (type, detail, title, hue) => {
  expect(titleOfEvent({ type, detail })).toBe(title);
  expect(hueOfEvent({ type, detail })).toBe(hue);
});

test.each([
  ['person', 'person'],
  ['bicycle', 'vehicle'],
  ['cat', 'animal'],
  ['suitcase', 'motion'],
])('hueOfLabel %s', (label, hue) => {
  expect(hueOfLabel(label)).toBe(hue);
});
