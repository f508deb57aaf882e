/** The addresses of a camera's streams, for another camera of the same make at another host. Pure. */
import { MASKED_PASSWORD } from '../../../shared/contract-cameras.ts';

type MaskedSource = { main: string; sub: string | null; transport: 'tcp' | 'udp' };

const ADDRESS = /^(rtsps?:\/\/)(?:([^/?#@]*)@)?((?:\[[^\]]*\]|[^:/?#]*))((?::\d+)?.*)$/i;

/** Host of a stream's address; empty for what has none (files, demo scenes). */
export function hostOfSource(url: string): string {
  return ADDRESS.exec(url)?.[3] ?? '';
}

/** Same paths and user, another host and, where the address has one, another password. */
export function sourceAtHost(
  { main, sub, transport }: MaskedSource,
  host: string,
  password: string,
): { main: string; transport: 'tcp' | 'udp'; sub?: string } {
  const at = (url: string) => {
    const match = ADDRESS.exec(url);
    if (!match) return url;
    const user = match[2]?.replace(MASKED_PASSWORD, encodeURIComponent(password));
    const rest = match[4]!.replaceAll(MASKED_PASSWORD, encodeURIComponent(password));
    return `${match[1]}${user === undefined ? '' : `${user}@`}${host.trim()}${rest}`;
  };
  return { main: at(main), transport, ...(sub !== null && { sub: at(sub) }) };
}
