/** Hooks and deliveries, OAuth clients, the upload token and embed keys, for the UI. Registered inside the authenticated scope. */
import { randomBytes } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import {
  DeliveryQuerySchema,
  type DeliveryView,
  EmbedKeyInputSchema,
  type EmbedKeyView,
  HookInputSchema,
  type HookView,
  OAuthClientInputSchema,
} from '../../../shared/contract-camio.ts';
import { AppError } from '../../../shared/errors.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Hook, HookStore } from '../../store/camio-hooks.ts';
import type { IntegrationStore } from '../../store/integrations.ts';
import type { Delivery, DeliveryState } from '../../store/outbox.ts';
import type { StoredToken, TokenStore } from '../../store/tokens.ts';
import { forAdministrators } from './rights.ts';

export interface CamioClientRouteDeps {
  hooks: HookStore;
  integrations: IntegrationStore;
  tokens: TokenStore;
  /** Newest first. */
  deliveries(filter: {
    kind?: 'camio-hook';
    target?: string;
    state?: DeliveryState;
    limit: number;
  }): Delivery[];
  /** Sends a made-up event to a hook. Throws AppError `not-found`. */
  sendTest(hookId: number): void;
  /** Forgets what is still to be told to a hook. */
  forgetHook(hookId: number): void;
  /** The one upload token; made when there is none. */
  uploadToken(): string;
  clock: Clock;
}

const NumberParams = z.object({ id: z.coerce.number().int() });
const TextParams = z.object({ id: z.string() });
const MOST_DELIVERIES = 100;

export function registerCamioClientRoutes(app: FastifyInstance, deps: CamioClientRouteDeps): void {
  registerHooks(app, deps);
  registerOAuthClients(app, deps);
  registerUploadToken(app, deps);
  registerEmbedKeys(app, deps);
}

function registerHooks(app: FastifyInstance, deps: CamioClientRouteDeps): void {
  const { hooks, clock } = deps;
  const view = ({ id, callbackUrl, query, cameraName }: Hook): HookView => {
    const [last] = deps.deliveries({ kind: 'camio-hook', target: String(id), limit: 1 });
    return { id, callbackUrl, query, cameraName, lastDelivery: last ? viewDelivery(last) : null };
  };
  const find = (params: unknown): Hook => {
    const hook = hooks.get(NumberParams.parse(params).id);
    if (!hook) throw new AppError('not-found', 'There is no such hook.');
    return hook;
  };

  app.get('/hooks', forAdministrators, () => hooks.list().map(view));

  app.post('/hooks', forAdministrators, (request, reply) => {
    const input = HookInputSchema.parse(request.body);
    const hook = hooks.add({ type: 'label_hit', ...input, cameraName: null }, clock.epochMs());
    return reply.code(201).send(view(hook));
  });

  app.delete('/hooks/:id', forAdministrators, (request, reply) => {
    const { id } = find(request.params);
    hooks.remove(id);
    deps.forgetHook(id);
    return reply.code(204).send();
  });

  app.post('/hooks/:id/test', forAdministrators, (request) => {
    const hook = find(request.params);
    deps.sendTest(hook.id);
    return view(hook);
  });

  app.get('/deliveries', forAdministrators, (request) => {
    const { state } = DeliveryQuerySchema.parse(request.query);
    return deps.deliveries({ ...(state && { state }), limit: MOST_DELIVERIES }).map(viewDelivery);
  });
}

function registerOAuthClients(app: FastifyInstance, { integrations, tokens }: CamioClientRouteDeps): void {
  app.get('/oauth-clients', forAdministrators, () => integrations.oauthClients());

  app.post('/oauth-clients', forAdministrators, (request, reply) => {
    const client = OAuthClientInputSchema.parse(request.body);
    if (integrations.oauthClient(client.clientId))
      throw new AppError('conflict', `There already is a client named ${client.clientId}.`);
    const clientSecret = randomBytes(32).toString('base64url');
    integrations.putOAuthClient({ ...client, clientSecret });
    return reply.code(201).send({ ...client, clientSecret });
  });

  app.delete('/oauth-clients/:id', forAdministrators, (request, reply) => {
    const { id } = TextParams.parse(request.params);
    if (!integrations.removeOAuthClient(id)) throw new AppError('not-found', 'There is no such client.');
    // What it was allowed ends with it.
    for (const token of tokens.list('api')) if (token.name === `OAuth: ${id}`) tokens.remove(token.id);
    return reply.code(204).send();
  });
}

function registerUploadToken(
  app: FastifyInstance,
  { tokens, uploadToken, clock }: CamioClientRouteDeps,
): void {
  const view = () => {
    const token = uploadToken();
    return { token, lastUsedEpochMs: tokens.find('upload', token)?.lastUsedEpochMs ?? null };
  };

  app.get('/upload-token', forAdministrators, view);

  app.post('/upload-token/rotate', forAdministrators, () => {
    tokens.setUploadToken(randomBytes(24).toString('base64url'), clock.epochMs());
    return view();
  });
}

function registerEmbedKeys(app: FastifyInstance, { tokens, clock }: CamioClientRouteDeps): void {
  const view = ({ id, name, createdEpochMs, lastUsedEpochMs }: StoredToken): EmbedKeyView => ({
    ...{ id, name, createdEpochMs, lastUsedEpochMs },
  });

  app.get('/embed-keys', forAdministrators, () => tokens.list('embed').map(view));

  app.post('/embed-keys', forAdministrators, (request, reply) => {
    const { name } = EmbedKeyInputSchema.parse(request.body);
    const key = randomBytes(16).toString('base64url');
    const stored = tokens.put({ kind: 'embed', name, scopes: [], token: key }, clock.epochMs());
    return reply.code(201).send({ ...view(stored), key });
  });

  app.delete('/embed-keys/:id', forAdministrators, (request, reply) => {
    const { id } = TextParams.parse(request.params);
    if (!tokens.list('embed').some((key) => key.id === id) || !tokens.remove(id))
      throw new AppError('not-found', 'There is no such key.');
    return reply.code(204).send();
  });
}

function viewDelivery(delivery: Delivery): DeliveryView {
  const { id, kind, target, state, attempts, createdEpochMs, finishedEpochMs, answerStatus, answer } =
    delivery;
  return {
    ...{ id, kind, target, state, attempts, createdEpochMs, finishedEpochMs, answerStatus, answer },
    url: withoutSecrets(delivery.url),
    nextAttemptEpochMs: state === 'waiting' ? delivery.nextAttemptEpochMs : null,
  };
}

function withoutSecrets(url: string): string {
  if (!URL.canParse(url)) return '';
  const { protocol, origin, pathname } = new URL(url);
  return protocol === 'mailto:' ? `mailto:${decodeURIComponent(pathname)}` : `${origin}${pathname}`;
}
