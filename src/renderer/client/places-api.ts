/** The engine's routes for sites, rooms, pausing, and what other systems are registered with, as `shared/contract-cameras.ts` lists them. */
import { z } from 'zod';
import {
  type CamlyticsWebhookInputSchema,
  CamlyticsWebhookSchema,
  IntegrationKeySchema,
  RoomSchema,
} from '../../shared/contract-cameras.ts';
import { SiteSchema } from '../../shared/domain-camera.ts';
import { request, requestNothing } from './http.ts';

const RoomsSchema = z.array(RoomSchema);
const WebhooksSchema = z.array(CamlyticsWebhookSchema);
const IntegrationKeysSchema = z.array(IntegrationKeySchema);
const IntegrationKeyMadeSchema = IntegrationKeySchema.extend({ key: z.string() });
const CamlyticsKeysSchema = z.array(z.object({ key: z.string() }));
const CamlyticsKeyMadeSchema = z.object({ key: z.string(), secret: z.string() });

export type IntegrationKeyView = z.infer<typeof IntegrationKeySchema>;

export const placesApi = {
  addSite: (name: string) => request(SiteSchema, '/sites', { method: 'POST', body: { name } }),
  renameSite: (id: number, name: string) =>
    request(SiteSchema, `/sites/${id}`, { method: 'PATCH', body: { name } }),
  deleteSite: (id: number) => requestNothing(`/sites/${id}`, { method: 'DELETE' }),

  rooms: (signal?: AbortSignal) => request(RoomsSchema, '/rooms', { signal }),
  addRoom: (siteId: number, name: string) =>
    request(RoomSchema, '/rooms', { method: 'POST', body: { siteId, name } }),
  patchRoom: (id: number, body: { name?: string; cameraIds?: string[] }) =>
    request(RoomSchema, `/rooms/${id}`, { method: 'PATCH', body }),
  deleteRoom: (id: number) => requestNothing(`/rooms/${id}`, { method: 'DELETE' }),

  setPaused: (cameraId: string, paused: boolean) =>
    requestNothing(`/cameras/${cameraId}/paused`, { method: 'PUT', body: { paused } }),

  integrationKeys: (signal?: AbortSignal) => request(IntegrationKeysSchema, '/integration-keys', { signal }),
  addIntegrationKey: (name: string) =>
    request(IntegrationKeyMadeSchema, '/integration-keys', { method: 'POST', body: { name } }),
  deleteIntegrationKey: (id: string) => requestNothing(`/integration-keys/${id}`, { method: 'DELETE' }),

  camlyticsKeys: (signal?: AbortSignal) => request(CamlyticsKeysSchema, '/camlytics-keys', { signal }),
  addCamlyticsKey: () => request(CamlyticsKeyMadeSchema, '/camlytics-keys', { method: 'POST', body: {} }),
  deleteCamlyticsKey: (key: string) =>
    requestNothing(`/camlytics-keys/${encodeURIComponent(key)}`, { method: 'DELETE' }),

  camlyticsWebhooks: (signal?: AbortSignal) => request(WebhooksSchema, '/camlytics-webhooks', { signal }),
  addCamlyticsWebhook: (body: z.input<typeof CamlyticsWebhookInputSchema>) =>
    request(WebhooksSchema, '/camlytics-webhooks', { method: 'POST', body }),
  deleteCamlyticsWebhook: (id: number) => requestNothing(`/camlytics-webhooks/${id}`, { method: 'DELETE' }),
  testCamlyticsWebhook: (id: number) =>
    request(WebhooksSchema, `/camlytics-webhooks/${id}/test`, { method: 'POST', body: {} }),
};
