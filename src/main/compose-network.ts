/** Connects the setting of where to listen with its store, this computer's addresses and the web server. Part of the composition root. */
import { hostname, networkInterfaces } from 'node:os';
import type { FastifyInstance } from 'fastify';
import { registerNetworkRoutes } from './api/app/network-routes.ts';
import { Certificates } from './api/network/certificates.ts';
import type { Listeners } from './api/network/listeners.ts';
import { NetworkService } from './api/network/network-service.ts';
import { namesOfComputer, ownAddresses } from './api/network/plan-listening.ts';
import type { Audit } from './archive/audit.ts';
import type { Stores } from './compose-stores.ts';
import type { Clock } from './platform/clock.ts';
import type { Logger } from './platform/log.ts';
import type { SecretBox } from './settings/secrets.ts';
import { NetworkSettingsStore } from './store/network-settings.ts';

export function composeNetwork(deps: {
  stores: Stores;
  box: SecretBox;
  audit: Audit;
  flag: { host: string; port: number } | null;
  windowPort: number | null;
  newListeners(): Listeners;
  onMoved(): void;
  clock: Clock;
  log: Logger;
}): { network: NetworkService; appPlugin(app: FastifyInstance): void } {
  const { stores, box, audit, clock, log } = deps;
  const store = new NetworkSettingsStore(stores.settings, box);
  const addresses = () => ownAddresses(networkInterfaces());
  const names = () => namesOfComputer(hostname(), addresses());
  const certificates = new Certificates({ store, names, clock, log });
  const network = new NetworkService({ ...deps, store, certificates, addresses });
  return {
    network,
    appPlugin: (app) => registerNetworkRoutes(app, { network, certificates, audit }),
  };
}
