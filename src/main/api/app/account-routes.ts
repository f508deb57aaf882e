/** Accounts for the UI: made, changed and removed by administrators; each changes its own password. Every change is in the audit log. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import {
  AccountChangeSchema,
  type AccountView,
  NewAccountSchema,
  OwnPasswordSchema,
  ROLE_WORDS,
} from '../../../shared/accounts.ts';
import { AppError } from '../../../shared/errors.ts';
import type { Audit } from '../../archive/audit.ts';
import type { Clock } from '../../platform/clock.ts';
import { hashPassword } from '../../settings/password.ts';
import type { Account, AccountStore } from '../../store/accounts.ts';
import type { CameraStore } from '../../store/cameras.ts';
import type { PasswordConfirmation } from '../confirm-password.ts';
import { viewerOf } from '../viewer.ts';
import type { OpenConnections } from './open-connections.ts';
import { forAdministrators, forViewers } from './rights.ts';

export interface AccountRouteDeps {
  accounts: AccountStore;
  cameras: CameraStore;
  connections: OpenConnections;
  confirmation: PasswordConfirmation;
  audit: Pick<Audit, 'note'>;
  clock: Clock;
}

const ParamsSchema = z.object({ id: z.coerce.number().int() });

export function registerAccountRoutes(app: FastifyInstance, deps: AccountRouteDeps): void {
  const { accounts, connections, audit, clock } = deps;

  app.get('/accounts', forAdministrators, () => accounts.list().map(view));

  app.post('/accounts', forAdministrators, async (request, reply) => {
    const { email, password, ...rights } = NewAccountSchema.parse(request.body);
    const account = accounts.add(email, await hashPassword(password), clock.epochMs(), rights);
    audit.note('account-added', viewerOf(request), account.cameraIds ?? [], { detail: describe(account) });
    return reply.code(201).send(view(account));
  });

  app.patch('/accounts/:id', forAdministrators, async (request) => {
    const { password, ...change } = AccountChangeSchema.parse(request.body);
    const { id } = find(request);
    const passwordHash = password === undefined ? null : await hashPassword(password);
    const before = find(request);
    const { role = before.role, cameraIds = before.cameraIds } = change;
    accounts.setRights(id, { role, cameraIds });
    if (passwordHash !== null) accounts.setPasswordHash(id, passwordHash);
    connections.cut(id, request);
    const after = find(request);
    const detail = `${describe(after)}${passwordHash === null ? '' : ', with a new password'}`;
    audit.note('account-changed', viewerOf(request), after.cameraIds ?? [], { detail });
    return view(after);
  });

  app.delete('/accounts/:id', forAdministrators, (request, reply) => {
    const account = find(request);
    accounts.remove(account.id);
    connections.cut(account.id, request);
    audit.note('account-removed', viewerOf(request), [], { detail: account.email });
    return reply.code(204).send();
  });

  app.put('/session/password', forViewers, async (request, reply) => {
    const { current, password } = OwnPasswordSchema.parse(request.body);
    const { principal } = request;
    if (principal?.kind !== 'session') throw new AppError('unauthenticated', 'Please sign in.');
    const { account, sessionToken } = principal;
    await deps.confirmation.require(request, current);
    accounts.setPasswordHash(account.id, await hashPassword(password), sessionToken);
    connections.cut(account.id, request, sessionToken);
    audit.note('password-changed', viewerOf(request), []);
    return reply.code(204).send();
  });

  function find(request: FastifyRequest): Account {
    const account = accounts.byId(ParamsSchema.parse(request.params).id);
    if (!account) throw new AppError('not-found', 'There is no such account.');
    return account;
  }

  /** As 'guard@example.test, an operator of 2 cameras'. */
  function describe({ email, role, cameraIds }: Account): string {
    const cameras = cameraIds?.length === 1 ? '1 camera' : `${cameraIds?.length ?? 'all'} cameras`;
    return `${email}, ${ROLE_WORDS[role]} of ${cameras}`;
  }
}

function view({ passwordHash: _, ...account }: Account): AccountView {
  return { ...account, cameraIds: account.cameraIds && [...account.cameraIds] };
}
