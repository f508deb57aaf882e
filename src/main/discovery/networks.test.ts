import type { NetworkInterfaceInfo } from 'node:os';
import { expect, test } from 'vitest';
import { isPrivate, localNetworks, networkOf } from './networks.ts';

function ipv4(address: string, cidr: string, internal = false): NetworkInterfaceInfo {
  return { address, cidr, internal, family: 'IPv4', netmask: '', mac: '' };
}

test('searches private networks of its own, each once, and no others', () => {
  const networks = localNetworks({
    lo: [ipv4('127.0.0.1', '127.0.0.1/8', true)],
    lan: [ipv4('192.168.1.20', '192.168.1.20/24')],
    wifi: [ipv4('192.168.1.30', '192.168.1.30/24')],
    public: [ipv4('203.0.113.5', '203.0.113.5/24')],
    none: undefined,
  });
  expect(networks.map(({ cidr }) => cidr)).toEqual(['192.168.1.0/24']);
  expect(networks[0]!.hosts).toHaveLength(253);
  expect(networks[0]!.hosts).not.toContain('192.168.1.20');
});

test('searches only the neighbours in a large network', () => {
  const [network] = localNetworks({ lan: [ipv4('10.4.200.7', '10.4.200.7/8')] });
  expect(network?.cidr).toBe('10.4.200.0/24');
  expect(network?.hosts[0]).toBe('10.4.200.1');
  expect(network?.hosts.at(-1)).toBe('10.4.200.254');
});

test('knows the hosts of small networks', () => {
  expect(networkOf('192.168.0.5', 30).hosts).toEqual(['192.168.0.6']);
  expect(networkOf('192.168.0.4', 31).hosts).toEqual(['192.168.0.5']);
});

test.each([
  ['10.0.0.1', true],
  ['172.16.0.1', true],
  ['172.32.0.1', false],
  ['192.168.255.255', true],
  ['169.254.1.1', true],
  ['8.8.8.8', false],
])('%s is private: %s', (address, expected) => {
  expect(isPrivate(address)).toBe(expected);
});
