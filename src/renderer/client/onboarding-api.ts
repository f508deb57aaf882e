/** The engine's routes for finding cameras, looking at their streams and trying folders, as `shared/onboarding.ts` lists them. */
import type { z } from 'zod';
import {
  type CheckInputSchema,
  type DeviceSignInSchema,
  DiscoveryViewSchema,
  FolderCheckSchema,
  NewCameraSchema,
  SourceCheckSchema,
} from '../../shared/onboarding.ts';
import { request } from './http.ts';

export const onboardingApi = {
  discovery: (signal?: AbortSignal) => request(DiscoveryViewSchema, '/discovery', { signal }),
  startDiscovery: () => request(DiscoveryViewSchema, '/discovery', { method: 'POST' }),
  stopDiscovery: () => request(DiscoveryViewSchema, '/discovery', { method: 'DELETE' }),
  addDevice: (address: string) =>
    request(DiscoveryViewSchema, '/discovery/devices', { method: 'POST', body: { address } }),
  signInAtDevices: (body: z.input<typeof DeviceSignInSchema>) =>
    request(DiscoveryViewSchema, '/discovery/sign-in', { method: 'POST', body }),
  checkDevice: (id: string, signal?: AbortSignal) =>
    request(SourceCheckSchema, `/discovery/devices/${encodeURIComponent(id)}/check`, {
      method: 'POST',
      signal,
    }),
  addCameraOfDevice: (id: string, name: string) =>
    request(NewCameraSchema, `/discovery/devices/${encodeURIComponent(id)}/camera`, {
      method: 'POST',
      body: { name },
    }),
  checkSource: (body: z.input<typeof CheckInputSchema>, signal?: AbortSignal) =>
    request(SourceCheckSchema, '/cameras/check', { method: 'POST', body, signal }),
  /** null: where recordings go already. */
  checkFolder: (path: string | null, signal?: AbortSignal) =>
    request(FolderCheckSchema, '/storage/folders/check', { method: 'POST', body: { path }, signal }),
};
