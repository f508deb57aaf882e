/** Where to listen by the settings, where instead, and which addresses that makes. Pure. */
import type { NetworkInterfaceInfo } from 'node:os';
import type { NetworkSettings, NetworkView } from '../../../shared/network.ts';
import type { Place } from './listeners.ts';

export type OwnAddress = NetworkView['addresses'][number];

/** Where a change is to be reached. */
export interface NewAddress {
  scheme: 'http' | 'https';
  port: number;
  /** Host and port are the command line's, as before. */
  isFlag: boolean;
  fingerprint: string | null;
}

export const THIS_COMPUTER = '127.0.0.1';
const DEFAULT_PORT = 8480;
/** What is done while nothing was chosen. */
export const DEFAULT_SETTINGS: NetworkSettings = {
  reach: 'computer',
  address: null,
  port: DEFAULT_PORT,
  certificate: 'none',
  plainHttp: 'redirect',
};

/** The addresses that other computers may reach: neither loopback nor those of IPv6 that hold on one link only. */
export function ownAddresses(interfaces: NodeJS.Dict<NetworkInterfaceInfo[]>): OwnAddress[] {
  return Object.entries(interfaces).flatMap(([interfaceName, infos]) =>
    (infos ?? [])
      .filter(({ internal, address }) => !internal && !/^fe[89ab]/i.test(address))
      .map(({ address }) => ({ address, interfaceName })),
  );
}

export function placesOf({ reach, address, port }: NetworkSettings): Place[] {
  if (reach === 'computer') return [{ host: THIS_COMPUTER, port }];
  if (reach === 'address' && address !== null) return [{ host: address, port }];
  const ipv4 = { host: '0.0.0.0', port };
  // Two that pick a free port each would not pick the same.
  return port === 0 ? [ipv4] : [ipv4, { host: '::', port, ipv6Only: true, optional: true }];
}

/**
 * What to try, in this order, where the places of the settings cannot be had. Never more than was chosen is opened: another address of
 * the same interface, another port, and at last this computer alone.
 */
export function planSubstitutes(
  settings: NetworkSettings,
  interfaceName: string | null,
  addresses: readonly OwnAddress[],
): Place[][] {
  const beside =
    settings.reach === 'address'
      ? addresses.filter((one) => one.interfaceName === interfaceName && one.address !== settings.address)
      : [];
  const familyFirst = beside.toSorted(
    (a, b) =>
      Number(isOtherFamily(a.address, settings.address)) - Number(isOtherFamily(b.address, settings.address)),
  );
  const ports = [...new Set([settings.port, DEFAULT_PORT, 0])];
  return [
    ...familyFirst.map(({ address }) => placesOf({ ...settings, address })),
    ...ports.slice(1).map((port) => placesOf({ ...settings, port })),
    ...ports.map((port) => placesOf({ ...settings, reach: 'computer', port })),
  ];
}

/** Every address under which a browser finds the places. */
export function urlsOf(
  places: readonly Place[],
  scheme: 'http' | 'https',
  addresses: readonly OwnAddress[],
): string[] {
  const urls = places.flatMap(({ host, port }) => {
    if (host === '0.0.0.0')
      return [
        THIS_COMPUTER,
        ...addresses.flatMap(({ address }) => (address.includes(':') ? [] : address)),
      ].map((address) => urlOf(scheme, address, port));
    if (host === '::')
      return addresses
        .filter(({ address }) => address.includes(':'))
        .map(({ address }) => urlOf(scheme, address, port));
    return [urlOf(scheme, host, port)];
  });
  return [...new Set(urls)];
}

export function urlOf(scheme: string, host: string, port: number): string {
  return `${scheme}://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** What a certificate of this computer is for. */
export function namesOfComputer(hostName: string, addresses: readonly OwnAddress[]): string[] {
  const known = /^[a-z0-9.-]+$/i.test(hostName) ? [hostName.toLowerCase()] : [];
  const local = known
    .filter((name) => !name.includes('.') && name !== 'localhost')
    .map((name) => `${name}.local`);
  return [
    ...new Set([
      ...known,
      ...local,
      'localhost',
      THIS_COMPUTER,
      '::1',
      ...addresses.map(({ address }) => address),
    ]),
  ];
}

function isOtherFamily(address: string, than: string | null): boolean {
  return address.includes(':') !== (than ?? '').includes(':');
}
