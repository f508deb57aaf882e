/**
 * Who is asking. Checks come in the order that all APIs share: path (404), credentials (401), rate (429), method, scope (403);
 * only then is a body read. A request's `principal` is set once its credential is known to be good.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ROLE_WORDS } from '../../shared/accounts.ts';
import { AppError } from '../../shared/errors.ts';
import { MINUTE_MS } from '../../shared/units.ts';
import type { Clock } from '../platform/clock.ts';
import type { Account, AccountStore } from '../store/accounts.ts';
import type { StoredToken, TokenStore } from '../store/tokens.ts';
import { MethodError, RateLimitError } from './errors.ts';
import { addressKey, FailureCounts, TokenBuckets } from './rate-limits.ts';

export type Principal =
  | { kind: 'session'; account: Account; sessionToken: string }
  | { kind: 'token'; token: StoredToken; account: Account | null };

declare module 'fastify' {
  interface FastifyRequest {
    principal: Principal | null;
  }
  interface FastifyContextConfig {
    /** Set on the routes that answer unsupported methods: what the path does support. */
    unsupportedMethod?: { status: 400 | 405; allow: readonly string[] };
    /** No credential is needed. */
    open?: boolean;
    /** The body may take long to arrive. */
    longBody?: boolean;
  }
}

export const SESSION_COOKIE = 'threshold_session';
/** Over HTTPS: browsers keep it from everything else (RFC 6265bis, 4.1.3), and it does not stand in the way of the one for HTTP. */
const SECURE_SESSION_COOKIE = '__Host-threshold_session';

export function sessionCookieOf({ protocol }: Pick<FastifyRequest, 'protocol'>): string {
  return protocol === 'https' ? SECURE_SESSION_COOKIE : SESSION_COOKIE;
}

export interface AuthenticatorDeps {
  accounts: AccountStore;
  tokens: TokenStore;
  clock: Clock;
}

export class Authenticator {
  private readonly deps: AuthenticatorDeps;
  private readonly tokenRate: TokenBuckets;
  /** A page full of thumbnails is one click: the UI may ask for more at once. */
  private readonly sessionRate: TokenBuckets;
  private readonly failures: FailureCounts;

  constructor(deps: AuthenticatorDeps) {
    this.deps = deps;
    this.tokenRate = new TokenBuckets({ capacity: 600, refillPerSecond: 20, clock: deps.clock });
    this.sessionRate = new TokenBuckets({ capacity: 3000, refillPerSecond: 150, clock: deps.clock });
    this.failures = new FailureCounts({ limit: 300, windowMs: MINUTE_MS, clock: deps.clock });
  }

  /** An `onRequest` hook for APIs with header tokens; `scope` is what the token must allow. */
  tokenGuard(scope: string) {
    return async (request: FastifyRequest): Promise<void> => {
      if (request.is404 || request.routeOptions.config.open) return;
      const token = this.findToken(request);
      if (!token) throw this.refusal(request);
      this.admit(request, token);
      refuseUnsupportedMethod(request);
      this.requireScope(token, scope);
    };
  }

  /** Takes a request from the rate of a good token and makes the token its principal. Throws AppError `rate-limited`. */
  admit(request: FastifyRequest, token: StoredToken): void {
    this.spend(this.tokenRate, token.id);
    this.deps.tokens.touch(token, this.deps.clock.epochMs());
    request.principal = { kind: 'token', token, account: this.accountOf(token) };
  }

  /** Takes a request without a credential from the rate of its address. Throws AppError `rate-limited`. */
  admitAddress(request: FastifyRequest): void {
    this.spend(this.tokenRate, `address ${addressKey(request.ip)}`);
  }

  /** Takes a request from the rate of a key of another kind. Throws AppError `rate-limited`. */
  admitKey(key: string): void {
    this.spend(this.tokenRate, key);
  }

  /** An `onRequest` hook for the UI's own API: a session cookie, and no other origin. `admitted` sees who is let in, and may refuse. */
  sessionGuard(
    admitted: (account: Account, request: FastifyRequest, reply: FastifyReply) => void = () => {},
  ) {
    return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
      if (request.is404) return;
      const writes = request.method !== 'GET' && request.method !== 'HEAD';
      const upgrades = request.headers.upgrade !== undefined;
      if ((writes || upgrades) && !isSameOrigin(request)) {
        throw new AppError('forbidden', 'This request comes from another site.');
      }
      request.principal = this.sessionOf(request);
      if (request.routeOptions.config.open) return;
      if (request.principal?.kind !== 'session') throw new AppError('unauthenticated', 'Please sign in.');
      const { account } = request.principal;
      this.spend(this.sessionRate, String(account.id));
      refuseUnsupportedMethod(request);
      admitted(account, request, reply);
    };
  }

  /** The token of a request, from `Authorization: token T` or `Bearer T` (any case), on GET also `?access_token=T`; null if none is good. */
  findToken(request: FastifyRequest): StoredToken | null {
    const value = tokenValue(request);
    return value === null ? null : this.deps.tokens.find('api', value);
  }

  /**
   * Throws AppError `forbidden` when a token does not allow this, or belongs to an account that is no administrator: these APIs
   * reach the whole recorder, and a token does no more than its account.
   */
  requireScope(token: StoredToken, scope: string): void {
    if (!token.scopes.includes(scope))
      throw new AppError('forbidden', `This token lacks the scope ${scope}.`);
    const role = this.accountOf(token)?.role ?? 'administrator';
    if (role !== 'administrator')
      throw new AppError(
        'forbidden',
        `The account of this token is ${ROLE_WORDS[role]}. Only the token of an administrator may do this.`,
      );
  }

  /** Notes a failed authentication of the request's address: 401, or 429 after too many. */
  refusal(request: FastifyRequest, words = 'A valid access token is needed.'): AppError {
    const seconds = this.failures.fail(addressKey(request.ip));
    if (seconds > 0) return new RateLimitError(seconds, 'Too many failed authentications: try again later.');
    return new AppError('unauthenticated', words);
  }

  sessionOf(request: FastifyRequest): Principal | null {
    const sessionToken = request.cookies[sessionCookieOf(request)];
    if (!sessionToken) return null;
    const account = this.deps.accounts.bySession(sessionToken, this.deps.clock.epochMs());
    return account && { kind: 'session', account, sessionToken };
  }

  private accountOf(token: StoredToken): Account | null {
    return token.accountId === null ? this.deps.accounts.first() : this.deps.accounts.byId(token.accountId);
  }

  private spend(buckets: TokenBuckets, key: string): void {
    const seconds = buckets.take(key);
    if (seconds > 0) throw new RateLimitError(seconds);
  }
}

/**
 * Whether a request comes from a page of ours, or from no page at all. Browsers send `Origin` with every write and upgrade
 * that another site causes; programs send none, and carry no cookie unless they hold it themselves.
 */
export function isSameOrigin(request: FastifyRequest): boolean {
  const { origin, host } = request.headers;
  if (origin === undefined) {
    const site = request.headers['sec-fetch-site'];
    return site === undefined || site === 'same-origin' || site === 'none';
  }
  if (!URL.canParse(origin) || host === undefined) return false;
  const page = new URL(origin);
  // Over HTTP anybody on the way can be our own address. The other way round there may be a proxy that speaks HTTPS for us.
  if (request.protocol === 'https' && page.protocol !== 'https:') return false;
  return page.host === host.toLowerCase();
}

/** Whether the client runs on this very machine, asked it by a local name, and did not come through a proxy. */
export function isLocal(request: FastifyRequest): boolean {
  const { headers, ip } = request;
  if (headers['x-forwarded-for'] !== undefined || headers.forwarded !== undefined) return false;
  const fromHere = ip === '::1' || /^(::ffff:)?127\./i.test(ip);
  return fromHere && /^(localhost|127(\.\d+){3}|\[::1\])(:\d+)?$/i.test(headers.host ?? '');
}

/** The value of the header token, or on GET of `access_token`, good or not; null for none. */
export function tokenValue(request: FastifyRequest): string | null {
  const header = /^(?:token|bearer)\s+(\S+)\s*$/i.exec(request.headers.authorization ?? '')?.[1];
  if (header !== undefined) return header;
  if (request.method !== 'GET') return null;
  const query = request.query as Record<string, unknown> | undefined;
  return typeof query?.access_token === 'string' && query.access_token !== '' ? query.access_token : null;
}

/** Throws MethodError on the routes that answer what a path does not support. */
export function refuseUnsupportedMethod(request: FastifyRequest): void {
  const unsupported = request.routeOptions.config.unsupportedMethod;
  if (unsupported) throw new MethodError(unsupported.status, unsupported.allow);
}
