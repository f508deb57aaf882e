import { expect, test } from 'vitest';
import { findLink, parseLink, parsePlace } from './place.ts';

const ID = '3f0c2b8e-1d2a-4c5b-9e8f-001122334455';

test.each([
  ['threshold-nvr://live', '/live'],
  ['threshold-nvr://live/', '/live'],
  [`threshold-nvr://live?camera=${ID.toUpperCase()}`, `/live?camera=${ID}`],
  [`threshold-nvr://events/${ID}`, `/events/${ID}`],
  [`threshold-nvr://cameras/${ID}?delete=1#x`, `/cameras/${ID}`],
  [
    `threshold-nvr://archive?camera=${ID}&at=2026-11-28T22:00:00Z`,
    `/archive?camera=${ID}&at=${Date.UTC(2026, 10, 28, 22)}`,
  ],
  ['threshold-nvr://archive?at=1700000000000&then=wipe', '/archive?at=1700000000000'],
  ['threshold-nvr://settings', '/settings'],
])('%s leads to %s', (link, place) => expect(parseLink(link)).toBe(place));

test.each([
  'threshold-nvr://',
  'threshold-nvr://app/v1/cameras',
  'threshold-nvr://events/../settings/x',
  'threshold-nvr://events/1',
  `threshold-nvr://live/${ID}`,
  'threshold-nvr://live?camera=javascript:alert(1)',
  'threshold-nvr://archive?at=tomorrow',
  'threshold-nvr://archive?at=99999999999999999',
  'threshold-nvr://owner:secret@live',
  'threshold-nvr://live:8480',
  'https://live',
  'javascript:alert(1)',
  `threshold-nvr://live?camera=${'a'.repeat(600)}`,
  'threshold-nvr:%',
])('%s leads nowhere', (link) => expect(parseLink(link)).toBeNull());

test('a page never leads out of the app', () => {
  expect(parsePlace('//evil.example/live')).toBeNull();
  expect(parsePlace('live')).toBeNull();
  expect(parsePlace('/')).toBeNull();
  expect(parsePlace('/cameras/new')).toBeNull();
});

test('the link among the arguments of a second start is found', () => {
  expect(findLink(['electron', '--hidden', 'threshold-nvr://health'])).toBe('/health');
  expect(findLink(['electron', 'threshold-nvr://nothing', 'threshold-nvr://health'])).toBeNull();
  expect(findLink(['electron', '/tmp/x'])).toBeNull();
});
