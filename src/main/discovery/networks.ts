/** Which addresses are searched: those beside this machine's own, in private networks only. Pure. */
import type { NetworkInterfaceInfo } from 'node:os';

export interface LocalNetwork {
  /** This machine's own address in it. */
  address: string;
  /** As 192.168.1.0/24. */
  cidr: string;
  /** Addresses to ask, this machine's own left out. */
  hosts: string[];
}

/** Of a larger network only the part around this machine's own address is searched. */
const SMALLEST_PREFIX = 24;
const MOST_NETWORKS = 4;

/** Private IPv4 networks (RFC 1918 and link-local) that this machine is in; of a large one the 254 addresses beside its own. */
export function localNetworks(interfaces: NodeJS.Dict<NetworkInterfaceInfo[]>): LocalNetwork[] {
  const networks = new Map<string, LocalNetwork>();
  for (const info of Object.values(interfaces).flatMap((all) => all ?? [])) {
    if (info.family !== 'IPv4' || info.internal || !isPrivate(info.address)) continue;
    const prefix = Math.max(SMALLEST_PREFIX, Number(info.cidr?.split('/')[1] ?? SMALLEST_PREFIX));
    const network = networkOf(info.address, prefix);
    if (!networks.has(network.cidr)) networks.set(network.cidr, network);
  }
  return [...networks.values()].slice(0, MOST_NETWORKS);
}

/** The addresses of the network of that prefix (24 to 32) around an address. */
export function networkOf(address: string, prefix: number): LocalNetwork {
  const size = 2 ** (32 - prefix);
  const first = Math.floor(numberOf(address) / size) * size;
  const own = numberOf(address);
  // The first and the last are no hosts, but in networks so small that they have no others.
  const [from, to] = size > 2 ? [first + 1, first + size - 2] : [first, first + size - 1];
  const hosts: string[] = [];
  for (let host = from; host <= to; host++) if (host !== own) hosts.push(textOf(host));
  return { address, cidr: `${textOf(first)}/${prefix}`, hosts };
}

export function isPrivate(address: string): boolean {
  const [a, b] = address.split('.').map(Number) as [number, number];
  return (
    a === 10 || (a === 172 && b >= 16 && b <= 31) || (a === 192 && b === 168) || (a === 169 && b === 254)
  );
}

function numberOf(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}

function textOf(number: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.');
}
