import { expect, test } from 'vitest';
import type { FoundDevice } from '../../../../shared/onboarding.ts';
import { placeOf, searchWords, suggestDeviceName, titleOf } from './device-words.ts';

function device(facts: Partial<FoundDevice>): FoundDevice {
  return {
    ...{
      id: '10.0.0.5',
      host: '10.0.0.5',
      name: null,
      maker: null,
      model: null,
      onvif: true,
      rtspPort: null,
    },
    ...{ state: 'found', problem: null, streams: null, cameraName: null },
    ...facts,
  };
}

test.each([
  [device({}), '10.0.0.5', '10.0.0.5'],
  [device({ maker: 'Acme', model: 'D1' }), 'Acme D1', '10.0.0.5'],
  [device({ name: 'Yard', maker: 'Acme', model: 'D1' }), 'Yard', '10.0.0.5, Acme D1'],
  [device({ name: 'Acme D1', maker: 'Acme', model: 'D1', id: '10.0.0.5:81' }), 'Acme D1', '10.0.0.5:81'],
])('names and places %o', (found, title, place) => {
  expect(titleOf(found)).toBe(title);
  expect(placeOf(found)).toBe(place);
});

test('suggests names that are free', () => {
  expect(suggestDeviceName(device({ name: 'Yard' }), [])).toBe('Yard');
  expect(suggestDeviceName(device({ name: 'Yard' }), ['yard', 'Yard 2'])).toBe('Yard 3');
  expect(suggestDeviceName(device({}), [])).toBe('Camera 10.0.0.5');
});

test('says what the search does', () => {
  const view = { networks: ['10.0.0.0/24'], addressesDone: 20, addressesTotal: 253, devices: [device({})] };
  expect(searchWords({ ...view, state: 'running' })).toBe(
    'Searching 10.0.0.0/24: 20 of 253 addresses, 1 device found',
  );
  expect(searchWords({ ...view, state: 'done' })).toBe('1 device found in 10.0.0.0/24.');
  expect(searchWords({ ...view, state: 'done', networks: [] })).toContain('no private network');
});
