/** The engine's routes for Camio's clients, exactly as `shared/contract-camio.ts` lists them. */
import { z } from 'zod';
import {
  type DELIVERY_STATES,
  DeliveryViewSchema,
  EmbedKeyCreatedSchema,
  EmbedKeyViewSchema,
  type HookInputSchema,
  HookViewSchema,
  OAuthClientCreatedSchema,
  type OAuthClientInputSchema,
  OAuthClientViewSchema,
  UploadTokenViewSchema,
} from '../../shared/contract-camio.ts';
import { queryString } from './api.ts';
import { request, requestNothing } from './http.ts';

const HookViewsSchema = z.array(HookViewSchema);
const DeliveryViewsSchema = z.array(DeliveryViewSchema);
const OAuthClientViewsSchema = z.array(OAuthClientViewSchema);
const EmbedKeyViewsSchema = z.array(EmbedKeyViewSchema);

export const camioApi = {
  hooks: (signal?: AbortSignal) => request(HookViewsSchema, '/hooks', { signal }),
  addHook: (body: z.input<typeof HookInputSchema>) =>
    request(HookViewSchema, '/hooks', { method: 'POST', body }),
  deleteHook: (id: number) => requestNothing(`/hooks/${id}`, { method: 'DELETE' }),
  testHook: (id: number) => request(HookViewSchema, `/hooks/${id}/test`, { method: 'POST' }),
  deliveries: (query: { state?: (typeof DELIVERY_STATES)[number] | undefined }, signal?: AbortSignal) =>
    request(DeliveryViewsSchema, `/deliveries${queryString(query)}`, { signal }),

  oauthClients: (signal?: AbortSignal) => request(OAuthClientViewsSchema, '/oauth-clients', { signal }),
  addOAuthClient: (body: z.input<typeof OAuthClientInputSchema>) =>
    request(OAuthClientCreatedSchema, '/oauth-clients', { method: 'POST', body }),
  deleteOAuthClient: (clientId: string) =>
    requestNothing(`/oauth-clients/${encodeURIComponent(clientId)}`, { method: 'DELETE' }),

  uploadToken: (signal?: AbortSignal) => request(UploadTokenViewSchema, '/upload-token', { signal }),
  rotateUploadToken: () => request(UploadTokenViewSchema, '/upload-token/rotate', { method: 'POST' }),

  embedKeys: (signal?: AbortSignal) => request(EmbedKeyViewsSchema, '/embed-keys', { signal }),
  addEmbedKey: (name: string) =>
    request(EmbedKeyCreatedSchema, '/embed-keys', { method: 'POST', body: { name } }),
  deleteEmbedKey: (id: string) => requestNothing(`/embed-keys/${id}`, { method: 'DELETE' }),
};
