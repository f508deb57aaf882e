/** Who a request comes from, for the audit log. */
import type { FastifyRequest } from 'fastify';
import type { Viewer } from '../archive/audit.ts';

/** The account of a session or token; behind an API with keys of its own, `otherwise`. */
export function viewerOf(request: FastifyRequest, otherwise = 'unknown'): Viewer {
  const { principal, ip: address } = request;
  if (principal?.kind === 'session')
    return { actor: principal.account.email, address, session: principal.sessionToken };
  if (principal?.kind === 'token') {
    const { token, account } = principal;
    const actor = [account?.email, token.name && `token “${token.name}”`].filter(Boolean).join(', ');
    return { actor: actor || otherwise, address, session: token.id };
  }
  return { actor: otherwise, address, session: otherwise };
}
