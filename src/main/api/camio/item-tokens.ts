/** Tokens that open one content item for an hour, and URLs made with them. Nothing of them is stored: they are signed. */
import { timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { HOUR_MS } from '../../../shared/units.ts';
import type { CamioDeps } from './ports.ts';

type SignDeps = Pick<CamioDeps, 'clock'> & { engine: Pick<CamioDeps['engine'], 'sign'> };

export function makeItemToken(deps: SignDeps, itemId: string): string {
  const expires = Math.floor((deps.clock.epochMs() + HOUR_MS) / 1000).toString(36);
  return `${expires}.${signature(deps, itemId, expires)}`;
}

export function isItemToken(deps: SignDeps, itemId: string, token: string): boolean {
  const [, expires, given] = /^([0-9a-z]{1,10})\.([\w-]{20,100})$/.exec(token) ?? [];
  if (!expires || !given) return false;
  const [a, b] = [Buffer.from(signature(deps, itemId, expires)), Buffer.from(given)];
  const fits = a.length === b.length && timingSafeEqual(a, b);
  return fits && Number.parseInt(expires, 36) * 1000 > deps.clock.epochMs();
}

/** Opens without a header, for an hour. */
export function itemUrl(deps: SignDeps, request: FastifyRequest, itemId: string): string {
  const token = encodeURIComponent(makeItemToken(deps, itemId));
  return `${request.protocol}://${request.host}/api/content/items/${encodeURIComponent(itemId)}?access_token=${token}`;
}

function signature(deps: SignDeps, itemId: string, expires: string): string {
  return Buffer.from(deps.engine.sign(`content ${itemId} ${expires}`), 'hex').toString('base64url');
}
