import { expect, test } from 'vitest';
import { parseSearch, parseSpan } from './parse-search.ts';

/** A Wednesday, local time. */
const NOW = new Date(2026, 4, 13, 15, 30).getTime();
const at = (day: number, hour: number, minute = 0) => new Date(2026, 4, day, hour, minute).getTime();
const names = {
  cameras: [
    { id: 'f', name: 'front' },
    { id: 'fd', name: 'Front door' },
    { id: 'y', name: 'yard' },
  ],
  places: ['mailbox', 'Parking Lot'],
};

test.each<[text: string, cameraIds: string[], words: string[], span: [number, number] | null]>([
  [
    'front people approaching mailbox blue yesterday evening',
    ['f'],
    ['people', 'approaching', 'mailbox', 'blue'],
    [at(12, 17), at(12, 22)],
  ],
  ['FRONT DOOR red car', ['fd'], ['red', 'car'], null],
  ['front door and front', ['fd', 'f'], [], null],
  ['people in the parking lot on monday', [], ['Parking Lot', 'people'], [at(11, 0), at(12, 0)]],
  ['yard "tester smith" last 2 hours', ['y'], ['tester smith'], [at(13, 13, 30), NOW]],
  ['entry unlocked today', [], ['entry unlocked'], [at(13, 0), at(14, 0)]],
  ['dog 17:40', [], ['dog'], [at(12, 17, 25), at(12, 17, 55)]],
  ['frontier yards', [], ['frontier', 'yards'], null],
  ['  ', [], [], null],
])('%s', (text, cameraIds, words, span) => {
  expect(parseSearch(text, names, NOW)).toEqual({
    cameraIds,
    words,
    span: span && { fromEpochMs: span[0], toEpochMs: span[1] },
  });
});

test.each<[text: string, span: [number, number] | null]>([
  ['last night', [at(12, 22), at(13, 6)]],
  ['this morning', [at(13, 5), at(13, 12)]],
  ['tonight', [at(13, 22), at(14, 6)]],
  ['monday afternoon', [at(11, 12), at(11, 17)]],
  ['past 15 minutes', [at(13, 15, 15), NOW]],
  ['since 8am', [at(13, 8), NOW]],
  ['before yesterday', [0, at(12, 0)]],
  ['2026-05-01', [at(1, 0), at(2, 0)]],
  ['good evening', null],
  ['blue', null],
  ['5', null],
])('%s', (text, span) => {
  expect(parseSpan(text, NOW)).toEqual(span && { fromEpochMs: span[0], toEpochMs: span[1] });
});
