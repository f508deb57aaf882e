/** Sites, rooms, pausing, and what other systems are registered with, for the UI. Registered inside the authenticated scope. */
import { randomBytes } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import {
  CamlyticsWebhookInputSchema,
  type CamlyticsWebhookView,
  PausedInputSchema,
  PlaceNameSchema,
  RoomInputSchema,
  RoomPatchSchema,
  type RoomView,
} from '../../../shared/contract-cameras.ts';
import { AppError } from '../../../shared/errors.ts';
import type { Clock } from '../../platform/clock.ts';
import type { CameraStore } from '../../store/cameras.ts';
import type { FleetStore } from '../../store/fleet.ts';
import type { CamlyticsWebhook, IntegrationStore } from '../../store/integrations.ts';
import type { Delivery } from '../../store/outbox.ts';
import type { Room, RoomStore } from '../../store/rooms.ts';
import type { SiteStore } from '../../store/sites.ts';
import type { StoredToken, TokenStore } from '../../store/tokens.ts';
import { forAdministrators } from './rights.ts';

export interface PlaceRouteDeps {
  sites: SiteStore;
  rooms: RoomStore;
  cameras: CameraStore;
  fleet: FleetStore;
  integrations: IntegrationStore;
  tokens: TokenStore;
  /** The newest delivery to a webhook. */
  lastDelivery(webhookId: number): Delivery | null;
  /** Sends a made-up event to a webhook as a real one would go. Throws AppError `conflict` where no camera is there to tell of. */
  sendTest(webhook: CamlyticsWebhook): void;
  /** Forgets what is still to be told to a webhook. */
  forgetWebhook(webhookId: number): void;
  clock: Clock;
}

const NumberParams = z.object({ id: z.coerce.number().int() });
const UuidParams = z.object({ id: z.guid() });
const KeyParams = z.object({ key: z.string() });

export function registerPlaceRoutes(app: FastifyInstance, deps: PlaceRouteDeps): void {
  registerSites(app, deps);
  registerRooms(app, deps);
  registerIntegrations(app, deps);
}

function registerSites(app: FastifyInstance, { sites, cameras, fleet }: PlaceRouteDeps): void {
  app.post('/sites', forAdministrators, (request, reply) =>
    reply.code(201).send(sites.add(PlaceNameSchema.parse(request.body))),
  );

  app.patch('/sites/:id', forAdministrators, (request) => {
    const site = sites.byId(NumberParams.parse(request.params).id);
    if (!site) throw new AppError('not-found', 'There is no such site.');
    const changed = { ...site, ...PlaceNameSchema.parse(request.body) };
    sites.update(changed);
    return changed;
  });

  app.delete('/sites/:id', forAdministrators, (request, reply) => {
    const { id } = NumberParams.parse(request.params);
    if (!sites.byId(id)) throw new AppError('not-found', 'There is no such site.');
    const left = cameras.list().filter((camera) => camera.siteId === id);
    if (left.length > 0)
      throw new AppError('conflict', `Move its cameras first: ${left.map(({ name }) => name).join(', ')}.`);
    sites.remove(id);
    return reply.code(204).send();
  });

  app.put('/cameras/:id/paused', forAdministrators, (request, reply) => {
    const { paused } = PausedInputSchema.parse(request.body);
    fleet.setState(UuidParams.parse(request.params).id, paused ? 'paused' : 'running');
    return reply.code(204).send();
  });
}

function registerRooms(app: FastifyInstance, { sites, rooms, cameras }: PlaceRouteDeps): void {
  const view = (room: Room): RoomView => ({ ...room, cameraIds: rooms.cameraIds(room.id) });

  app.get('/rooms', forAdministrators, () => rooms.list().map(view));

  app.post('/rooms', forAdministrators, (request, reply) => {
    const { siteId, name } = RoomInputSchema.parse(request.body);
    if (!sites.byId(siteId)) throw new AppError('invalid-input', `siteId: there is no site ${siteId}`);
    return reply.code(201).send(view(rooms.add(siteId, name)));
  });

  app.patch('/rooms/:id', forAdministrators, (request) => {
    const { id } = NumberParams.parse(request.params);
    const room = rooms.get(id);
    if (!room) throw new AppError('not-found', 'There is no such room.');
    const { name, cameraIds } = RoomPatchSchema.parse(request.body);
    for (const cameraId of cameraIds ?? [])
      if (cameras.get(cameraId)?.siteId !== room.siteId)
        throw new AppError('invalid-input', `cameraIds: ${cameraId} is no camera of the room's site`);
    if (name !== undefined) rooms.rename(id, name);
    if (cameraIds) {
      for (const cameraId of rooms.cameraIds(id)) rooms.assign(cameraId, null);
      for (const cameraId of cameraIds) rooms.assign(cameraId.toLowerCase(), id);
    }
    return view(rooms.get(id)!);
  });

  app.delete('/rooms/:id', forAdministrators, (request, reply) => {
    if (!rooms.remove(NumberParams.parse(request.params).id))
      throw new AppError('not-found', 'There is no such room.');
    return reply.code(204).send();
  });
}

function registerIntegrations(app: FastifyInstance, deps: PlaceRouteDeps): void {
  const { integrations, sites, cameras, tokens, clock } = deps;

  const listWebhooks = (): CamlyticsWebhookView[] =>
    integrations.camlyticsWebhooks().map((webhook) => {
      const last = deps.lastDelivery(webhook.id);
      if (!last) return { ...webhook, lastDelivery: null };
      const { state, createdEpochMs, answerStatus, answer } = last;
      return { ...webhook, lastDelivery: { state, createdEpochMs, answerStatus, answer } };
    });

  app.get('/camlytics-webhooks', forAdministrators, listWebhooks);

  app.post('/camlytics-webhooks', forAdministrators, (request, reply) => {
    const { url, siteId, cameraId } = CamlyticsWebhookInputSchema.parse(request.body);
    if (siteId !== null && !sites.byId(siteId))
      throw new AppError('invalid-input', `siteId: there is no site ${siteId}`);
    const camera = cameraId === null ? null : cameras.get(cameraId);
    if (cameraId !== null && !camera)
      throw new AppError('invalid-input', 'cameraId: there is no such camera');
    integrations.putCamlyticsWebhook({ url, siteId, cameraId: camera?.id ?? null });
    return reply.code(201).send(listWebhooks());
  });

  app.post('/camlytics-webhooks/:id/test', forAdministrators, (request, reply) => {
    const { id } = NumberParams.parse(request.params);
    const webhook = integrations.camlyticsWebhooks().find((one) => one.id === id);
    if (!webhook) throw new AppError('not-found', 'There is no such webhook.');
    deps.sendTest(webhook);
    return reply.code(202).send(listWebhooks());
  });

  app.delete('/camlytics-webhooks/:id', forAdministrators, (request, reply) => {
    const { id } = NumberParams.parse(request.params);
    if (!integrations.removeCamlyticsWebhook(id))
      throw new AppError('not-found', 'There is no such webhook.');
    deps.forgetWebhook(id);
    return reply.code(204).send();
  });

  app.get('/integration-keys', forAdministrators, () => tokens.list('integration').map(viewKey));

  app.post('/integration-keys', forAdministrators, (request, reply) => {
    const { name } = PlaceNameSchema.parse(request.body);
    const { token, ...stored } = tokens.put({ kind: 'integration', name, scopes: [] }, clock.epochMs());
    return reply.code(201).send({ ...viewKey(stored), key: token });
  });

  app.delete('/integration-keys/:id', forAdministrators, (request, reply) => {
    const { id } = UuidParams.parse(request.params);
    if (!tokens.list('integration').some((token) => token.id === id))
      throw new AppError('not-found', 'There is no such key.');
    tokens.remove(id);
    return reply.code(204).send();
  });

  app.get('/camlytics-keys', forAdministrators, () => integrations.camlyticsKeys().map((key) => ({ key })));

  app.post('/camlytics-keys', forAdministrators, (_request, reply) => {
    const key = randomBytes(12).toString('hex');
    const secret = randomBytes(24).toString('base64url');
    integrations.putCamlyticsKey(key, secret);
    return reply.code(201).send({ key, secret });
  });

  app.delete('/camlytics-keys/:key', forAdministrators, (request, reply) => {
    if (!integrations.removeCamlyticsKey(KeyParams.parse(request.params).key))
      throw new AppError('not-found', 'There is no such key.');
    return reply.code(204).send();
  });
}

function viewKey({ id, name, createdEpochMs, lastUsedEpochMs }: StoredToken) {
  return { id, name, createdEpochMs, lastUsedEpochMs };
}
