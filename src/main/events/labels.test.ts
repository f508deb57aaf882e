import { expect, test } from 'vitest';
import type { AccessFacts, EventDetail, EventType } from '../../shared/domain-events.ts';
import { labelsOfEvent } from './labels.ts';

const unlock: AccessFacts = {
  deviceId: 'd1',
  deviceName: 'Door',
  atMs: 0,
  eventType: 'entry unlocked',
  labels: ['South Entry', 'Building 5'],
  actorId: 'T.Smith0129486',
  actorName: 'Tester Smith',
  actorEmail: 'tsmith@example.test',
};
const tailgating = { mode: 'readers', windowSeconds: 6, peoplePerUnlock: 1, unlock, people: [] } as const;

test.each<[EventType, EventDetail, string[]]>([
  ['object', { label: 'person' }, ['human']],
  ['object', { label: 'truck', colour: 'red' }, ['vehicle', 'truck', 'red', '_color_red']],
  ['object', { label: 'bicycle' }, ['vehicle', 'bicycle']],
  ['object', { label: 'dog' }, ['pet', 'dog']],
  ['object', { label: 'person', movement: 'departing' }, ['human', 'departing']],
  ['motion', { zone: 'door' }, ['door']],
  ['motion', {}, []],
  ['line-crossing', { label: 'person', line: 'Enter', direction: 'forward' }, ['human', 'Enter', 'forward']],
  ['zone-enter', { label: 'car', zone: 'Yard' }, ['vehicle', 'car', 'Yard', 'approaching']],
  ['zone-leave', { label: 'person', zone: 'Yard' }, ['human', 'Yard', 'departing']],
  ['loitering', { label: 'person', zone: 'Yard' }, ['loitering', 'human', 'Yard']],
  ['crowd', { zone: 'Yard', count: 5 }, ['crowd', 'Yard']],
  ['sabotage', { sabotage: 'covered' }, ['sabotage', 'covered']],
  [
    'tailgating',
    { label: 'person', line: 'Enter', direction: 'forward', tailgating: { ...tailgating, people: [] } },
    ['tailgating', 'human', 'Enter', 'forward', 'Tester Smith', 'South Entry', 'Building 5'],
  ],
  [
    'access',
    { access: unlock },
    ['entry unlocked', 'South Entry', 'Building 5', 'T.Smith0129486', 'Tester Smith', 'tsmith@example.test'],
  ],
  [
    'access',
    { access: { ...unlock, eventType: null, labels: ['a', 'A', ' '], actorName: 'a' } },
    ['a', 'T.Smith0129486', 'tsmith@example.test'],
  ],
])('labels of %s %j', (type, detail, expected) => {
  expect(labelsOfEvent(type, detail)).toEqual(expected);
});
