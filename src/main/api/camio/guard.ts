/** Who may ask what of the Camio API, in the order that all APIs share: path, credentials, rate, method, scope; then `:token` and `user`. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../../../shared/errors.ts';
import type { AccountStore } from '../../store/accounts.ts';
import type { TokenStore } from '../../store/tokens.ts';
import { type Authenticator, refuseUnsupportedMethod, tokenValue } from '../authentication.ts';

/**
 * `user`: an OAuth token; `open`: nobody is asked; `shared`: an OAuth token or view tokens;
 * `upload`: an OAuth token, or the upload token in the path or header.
 */
export type Access = 'user' | 'open' | 'shared' | 'upload';

/** `json`: JSON; `optional`: JSON or nothing, which is an empty object; `loose`: JSON, a form or nothing. */
export type BodyKind = 'json' | 'optional' | 'loose';

declare module 'fastify' {
  interface FastifyContextConfig {
    camioAccess?: Access;
    camioBody?: BodyKind;
  }
}

export function camioGuard(deps: { authenticator: Authenticator; tokens: TokenStore }) {
  const { authenticator, tokens } = deps;

  return async (request: FastifyRequest, _reply: FastifyReply): Promise<void> => {
    if (request.is404) return;
    const { token } = request.params as { token?: string };
    const access = request.routeOptions.config.camioAccess ?? 'user';
    if (access === 'open') {
      authenticator.admitAddress(request);
      refuseUnsupportedMethod(request);
      return;
    }
    if (access === 'upload' && admitUpload(request, token)) return;
    const oauth = authenticator.findToken(request);
    if (!oauth && access === 'shared' && hasViewTokens(request)) {
      authenticator.admitAddress(request);
      refuseUnsupportedMethod(request);
      return;
    }
    if (!oauth) throw authenticator.refusal(request);
    authenticator.admit(request, oauth);
    refuseUnsupportedMethod(request);
    authenticator.requireScope(oauth, 'user');
    if (token !== undefined && token !== 'me')
      throw new AppError('not-found', 'There is no such user: `me` is the one whose token this is.');
  };

  /** Whether the upload token lets this in. */
  function admitUpload(request: FastifyRequest, pathToken: string | undefined): boolean {
    const given = pathToken === 'me' ? tokenValue(request) : (pathToken ?? null);
    const upload = given === null ? null : tokens.find('upload', given);
    if (!upload) return false;
    authenticator.admit(request, upload);
    refuseUnsupportedMethod(request);
    return true;
  }
}

/** `user=EMAIL`: the own one has no effect, another is not found. */
export function checkUser(user: string | undefined, request: FastifyRequest, accounts: AccountStore): void {
  if (user === undefined || user.trim() === '') return;
  const own = (request.principal?.account ?? accounts.first())?.email;
  if (user.trim().toLowerCase() !== own?.toLowerCase())
    throw new AppError('not-found', 'There is no such user.');
}

function hasViewTokens(request: FastifyRequest): boolean {
  const { view_tokens: given } = request.query as { view_tokens?: unknown };
  return (Array.isArray(given) ? given.join(',') : String(given ?? '')).replaceAll(',', '').trim() !== '';
}
