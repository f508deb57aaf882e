/** Signing in and out, and the first run. */
import { randomInt } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ROLE_WORDS } from '../../../shared/accounts.ts';
import { AccountInputSchema, type SessionView, SignInInputSchema } from '../../../shared/contract.ts';
import { AppError } from '../../../shared/errors.ts';
import { HandoverInputSchema } from '../../../shared/network.ts';
import { MINUTE_MS, SECOND_MS } from '../../../shared/units.ts';
import type { Audit } from '../../archive/audit.ts';
import type { Clock } from '../../platform/clock.ts';
import { hashPassword, verifyPassword } from '../../settings/password.ts';
import { type Account, type AccountStore, SESSION_MS } from '../../store/accounts.ts';
import { type Authenticator, isLocal, sessionCookieOf } from '../authentication.ts';
import { RateLimitError } from '../errors.ts';
import { addressKey, FailureCounts } from '../rate-limits.ts';

export interface SessionRouteDeps {
  authenticator: Authenticator;
  accounts: AccountStore;
  setupCode: SetupCode;
  /** Whose one-time ticket it is, at an address that the recorder has moved to; null: nobody's. */
  takeTicket?(ticket: string, socket: object): number | null;
  audit: Pick<Audit, 'note'>;
  version: string;
  clock: Clock;
}

/** Wrong passwords (or setup codes) of one address before it has to wait. */
const MAX_WRONG = 10;
/** Passwords compared at once: each holds a core, memory, and one of the few threads that recordings are written with. */
const MAX_COMPARING = 2;

export function registerSessionRoutes(app: FastifyInstance, deps: SessionRouteDeps): void {
  const wrong = new FailureCounts({ limit: MAX_WRONG, windowMs: 5 * MINUTE_MS, clock: deps.clock });
  let comparing = 0;

  app.get(
    '/session',
    { config: { open: true } },
    (request): SessionView => view(request, request.principal?.account ?? null),
  );

  app.post('/setup', { config: { open: true } }, async (request, reply) => {
    const input = AccountInputSchema.parse(request.body);
    refuseBlocked(request);
    if (deps.accounts.first()) throw new AppError('conflict', 'There already is an account: please sign in.');
    if (!isLocal(request) && !deps.setupCode.fits(input.setupCode ?? '')) {
      noteWrong(request);
      throw new AppError(
        'forbidden',
        'The setup code is wrong. It stands in the file setup-code of the data folder.',
      );
    }
    const passwordHash = await hashPassword(input.password);
    if (deps.accounts.first()) throw new AppError('conflict', 'There already is an account: please sign in.');
    const account = deps.accounts.add(input.email, passwordHash, deps.clock.epochMs());
    deps.setupCode.remove();
    deps.audit.note('account-added', { actor: account.email, address: request.ip }, [], {
      detail: `${account.email}, the first account: ${ROLE_WORDS[account.role]}`,
    });
    return signIn(request, reply, account);
  });

  app.post('/session', { config: { open: true } }, async (request, reply) => {
    const input = SignInInputSchema.parse(request.body);
    refuseBlocked(request);
    if (comparing >= MAX_COMPARING) throw new RateLimitError(1);
    comparing += 1;
    const account = deps.accounts.byEmail(input.email);
    const right = await verifyPassword(input.password, account?.passwordHash ?? null).finally(() => {
      comparing -= 1;
    });
    if (!account || !right) {
      noteWrong(request);
      // Only for accounts that there are: nobody fills the log with names.
      if (account) deps.audit.note('sign-in-refused', { actor: account.email, address: request.ip }, []);
      throw new AppError('unauthenticated', 'The e-mail address or the password is wrong.');
    }
    wrong.forgive(addressKey(request.ip));
    return signIn(request, reply, account);
  });

  app.delete('/session', { config: { open: true } }, (request, reply) => {
    if (request.principal?.kind === 'session') deps.accounts.closeSession(request.principal.sessionToken);
    return reply
      .clearCookie(sessionCookieOf(request), { path: '/', secure: request.protocol === 'https' })
      .code(204)
      .send();
  });

  app.post('/session/handover', { config: { open: true } }, (request, reply) => {
    const { ticket } = HandoverInputSchema.parse(request.body);
    const accountId = deps.takeTicket?.(ticket, request.raw.socket) ?? null;
    const account = accountId === null ? null : deps.accounts.byId(accountId);
    if (!account) throw new AppError('unauthenticated', 'This link no longer signs in: please sign in.');
    return signIn(request, reply, account);
  });

  function signIn(request: FastifyRequest, reply: FastifyReply, account: Account): SessionView {
    const token = deps.accounts.openSession(account.id, deps.clock.epochMs());
    deps.audit.note('signed-in', { actor: account.email, address: request.ip }, []);
    reply.setCookie(sessionCookieOf(request), token, {
      path: '/',
      httpOnly: true,
      sameSite: 'strict',
      secure: request.protocol === 'https',
      maxAge: SESSION_MS / SECOND_MS,
    });
    return view(request, account);
  }

  function view(request: FastifyRequest, account: Account | null): SessionView {
    const setup = deps.accounts.first() === null;
    return {
      state: setup ? 'setup' : account === null ? 'signed-out' : 'signed-in',
      email: account?.email ?? null,
      role: account?.role ?? null,
      version: deps.version,
      setupCodeNeeded: setup && !isLocal(request),
    };
  }

  function refuseBlocked(request: FastifyRequest): void {
    const seconds = wrong.blockedSeconds(addressKey(request.ip));
    if (seconds > 0) throw new RateLimitError(seconds, 'Too many wrong attempts: please wait a few minutes.');
  }

  function noteWrong(request: FastifyRequest): void {
    wrong.fail(addressKey(request.ip));
  }
}

/** The code that lets another machine make the first account; a file that only who can read the data folder knows. */
export class SetupCode {
  private readonly path: string;

  constructor(dataDir: string) {
    this.path = join(dataDir, 'setup-code');
  }

  /** Writes a code unless there is one. */
  ensure(): void {
    if (!existsSync(this.path)) {
      const digits = Array.from({ length: 12 }, () => randomInt(10)).join('');
      writeFileSync(this.path, `${digits.replace(/(\d{4})(?=\d)/g, '$1-')}\n`, { mode: 0o600 });
    }
  }

  fits(code: string): boolean {
    const digits = (text: string) => text.replaceAll(/\D/g, '');
    return (
      existsSync(this.path) &&
      digits(code).length > 0 &&
      digits(readFileSync(this.path, 'utf8')) === digits(code)
    );
  }

  remove(): void {
    rmSync(this.path, { force: true });
  }
}
