/** Connects taking settings out and bringing them in with the stores and the recording folders. Part of the composition root. */
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { registerConfigurationRoutes } from './api/app/configuration-routes.ts';
import type { PasswordConfirmation } from './api/confirm-password.ts';
import { applyFolders, refuseBadFolders } from './compose-folders.ts';
import type { Stores } from './compose-stores.ts';
import type { Clock } from './platform/clock.ts';
import type { RecordingFolders } from './recorder/recording-folders.ts';
import { applyProvision } from './settings/apply-provision.ts';
import type { StoredConfiguration } from './settings/export-provision.ts';
import type { Provision } from './settings/provision.ts';

export function composeConfiguration(deps: {
  dataDir: string;
  stores: Stores;
  folders: Pick<RecordingFolders, 'ensure'>;
  confirmation: PasswordConfirmation;
  clock: Clock;
}): { appPlugin(app: FastifyInstance): void } {
  const { dataDir, stores, folders, confirmation, clock } = deps;

  async function apply(provision: Provision): Promise<void> {
    const wanted = provision.storage?.folders ?? [];
    const inUse = stores.volumes.listVolumes().flatMap(({ path }) => path ?? []);
    await refuseBadFolders(wanted, dataDir, [join(dataDir, 'recordings'), ...inUse]);
    await applyProvision(provision, stores, clock.epochMs());
    await applyFolders(wanted, folders);
  }

  return {
    appPlugin: (app) =>
      registerConfigurationRoutes(app, { confirmation, stored: () => storedConfiguration(stores), apply }),
  };
}

function storedConfiguration(stores: Stores): StoredConfiguration {
  const { integrations, tokens } = stores;
  const upload = tokens.list('upload')[0];
  return {
    sites: stores.sites.list(),
    cameras: stores.cameras.list(),
    readers: stores.readers.list(),
    camlyticsWebhooks: integrations.camlyticsWebhooks(),
    storage: stores.settings.storage(),
    folders: stores.volumes
      .listVolumes()
      .flatMap(({ path, role, afterDays, minFreeBytes, maxBytes }) =>
        path === null || role === 'leaving' ? [] : [{ path, role, afterDays, minFreeBytes, maxBytes }],
      ),
    credentials: {
      uploadToken: upload ? tokens.reveal(upload.id) : null,
      camlyticsKeys: integrations
        .camlyticsKeys()
        .flatMap((key) => ({ key, secret: integrations.camlyticsKey(key)?.secret ?? '' })),
    },
  };
}
