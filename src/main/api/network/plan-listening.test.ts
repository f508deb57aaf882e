import { expect, test } from 'vitest';
import type { NetworkSettings } from '../../../shared/network.ts';
import {
  DEFAULT_SETTINGS,
  namesOfComputer,
  ownAddresses,
  placesOf,
  planSubstitutes,
  urlsOf,
} from './plan-listening.ts';

const info = (address: string, internal = false) => ({
  ...{ address, internal, netmask: '', mac: '', cidr: null },
  family: address.includes(':') ? ('IPv6' as const) : ('IPv4' as const),
  scopeid: 0,
});
const ADDRESSES = ownAddresses({
  lo: [info('127.0.0.1', true), info('::1', true)],
  eth0: [info('192.168.1.5'), info('fe80::1'), info('2001:db8::5')],
  eth1: [info('10.0.0.5')],
});
const settings = (change: Partial<NetworkSettings>): NetworkSettings => ({ ...DEFAULT_SETTINGS, ...change });
const hosts = (places: ReturnType<typeof placesOf>) =>
  places.map(({ host, port }) => `${host} ${port}`).join(', ');

test('addresses that others may reach are those of no loopback and no single link', () => {
  expect(ADDRESSES.map(({ address }) => address)).toEqual(['192.168.1.5', '2001:db8::5', '10.0.0.5']);
});

test('the whole network is both families, where there are both', () => {
  expect(hosts(placesOf(settings({})))).toBe('127.0.0.1 8480');
  expect(hosts(placesOf(settings({ reach: 'address', address: '10.0.0.5', port: 80 })))).toBe('10.0.0.5 80');
  const places = placesOf(settings({ reach: 'network' }));
  expect(hosts(places)).toBe('0.0.0.0 8480, :: 8480');
  expect(urlsOf(places, 'https', ADDRESSES)).toEqual([
    ...[
      'https://127.0.0.1:8480',
      'https://192.168.1.5:8480',
      'https://10.0.0.5:8480',
      'https://[2001:db8::5]:8480',
    ],
  ]);
});

test('where an address is gone, another of its interface is taken, but never another network', () => {
  const gone = settings({ reach: 'address', address: '192.168.1.9', port: 9000 });
  expect(planSubstitutes(gone, 'eth0', ADDRESSES).map(hosts)).toEqual([
    ...['192.168.1.5 9000', '2001:db8::5 9000', '192.168.1.9 8480', '192.168.1.9 0'],
    ...['127.0.0.1 9000', '127.0.0.1 8480', '127.0.0.1 0'],
  ]);
  expect(planSubstitutes(gone, 'eth7', ADDRESSES).map(hosts)[0]).toBe('192.168.1.9 8480');
  expect(planSubstitutes(settings({ reach: 'network' }), null, ADDRESSES).map(hosts)).toEqual([
    ...['0.0.0.0 0', '127.0.0.1 8480', '127.0.0.1 0'],
  ]);
});

test('a certificate is for every name of the computer', () => {
  expect(namesOfComputer('Recorder', ADDRESSES)).toEqual([
    ...[
      'recorder',
      'recorder.local',
      'localhost',
      '127.0.0.1',
      '::1',
      '192.168.1.5',
      '2001:db8::5',
      '10.0.0.5',
    ],
  ]);
  expect(namesOfComputer('nvr.example.test', [])).toEqual([
    'nvr.example.test',
    'localhost',
    '127.0.0.1',
    '::1',
  ]);
});
