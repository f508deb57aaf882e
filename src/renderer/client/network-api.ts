/** The engine's routes for where it listens, as `shared/network.ts` lists them. */
import { SessionViewSchema } from '../../shared/contract.ts';
import { NetworkChangeSchema, type NetworkInput, NetworkViewSchema } from '../../shared/network.ts';
import { request } from './http.ts';

export const networkApi = {
  view: (signal?: AbortSignal) => request(NetworkViewSchema, '/network', { signal }),
  change: (body: NetworkInput) => request(NetworkChangeSchema, '/network', { method: 'PUT', body }),
  keep: () => request(NetworkViewSchema, '/network/keep', { method: 'POST' }),
  undo: () => request(NetworkViewSchema, '/network/trial', { method: 'DELETE' }),
  makeCertificate: () => request(NetworkViewSchema, '/network/certificate', { method: 'POST' }),
  /** Signs in at an address that the recorder has moved to. */
  handOver: (ticket: string) =>
    request(SessionViewSchema, '/session/handover', { method: 'POST', body: { ticket } }),
};
