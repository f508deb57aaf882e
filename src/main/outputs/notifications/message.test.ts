import { expect, test } from 'vitest';
import type { NvrEvent } from '../../../shared/domain-events.ts';
import type { Alert } from '../../../shared/domain-storage.ts';
import { mailText, messageOfAlert, messageOfEvent, withUntold } from './message.ts';

function event(change: Partial<NvrEvent>): NvrEvent {
  return {
    ...{ id: 'e', sequence: 1, cameraId: 'c', cameraName: 'Yard', type: 'motion', labels: [], detail: {} },
    ...{ startEpochMs: 0, endEpochMs: 0, hasSnapshot: false },
    ...change,
  };
}

test.each<[Partial<NvrEvent>, string, string]>([
  [{ type: 'object', detail: { label: 'person' } }, 'Yard: Person was seen', ''],
  [{ type: 'line-crossing', detail: { label: 'car', line: 'Gate' } }, 'Yard: Car crossed a line', 'Gate.'],
  [{ type: 'zone-enter', detail: { zone: 'Lawn' } }, 'Yard: Somebody or something went into a zone', 'Lawn.'],
  [{ type: 'motion' }, 'Yard: Motion', ''],
])('says %o', (change, title, body) => {
  expect(messageOfEvent(event(change))).toMatchObject({
    title,
    body,
    place: '/events/e',
    shownAnyway: 'nowhere',
  });
});

const ALERT: Alert = {
  ...{ id: 1, kind: 'disk-reserve', cameraId: null, cameraName: null, startEpochMs: 0, endEpochMs: 1000 },
  ...{ words: 'The disk is full.', advice: 'Make room.', acknowledgedEpochMs: null },
};

test('says that an alert began and that it is over', () => {
  expect(messageOfAlert(ALERT, 'raised')).toMatchObject({
    ...{ title: 'Recorder: The disk is full.', body: 'Make room.', place: '/health', atEpochMs: 0 },
  });
  expect(messageOfAlert({ ...ALERT, cameraId: 'c', cameraName: 'Yard' }, 'over')).toMatchObject({
    ...{
      title: 'Yard: back to normal',
      body: 'It was: The disk is full.',
      place: '/cameras/c',
      atEpochMs: 1000,
    },
  });
});

test('says how many were not told, and why a mail comes', () => {
  const message = withUntold(messageOfAlert(ALERT, 'raised'), 1);
  expect(message.body).toBe('Make room. 1 more of the incident before was not told one by one.');
  expect(mailText(message, 'Night')).toMatch(/because of the rule “Night”\.$/);
});
