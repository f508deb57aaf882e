/** Addresses that are told of analytics as they happen, of one camera or of a whole site; how the last delivery went; a test. */
import { t } from '@lingui/core/macro';
import { useState } from 'react';
import type { CamlyticsWebhookView } from '../../../../shared/contract-cameras.ts';
import { api } from '../../../client/api.ts';
import { useCameras } from '../../../client/cameras-store.ts';
import { placesApi } from '../../../client/places-api.ts';
import { useResource } from '../../../client/resource.ts';
import { showToast } from '../../../ui/Toast.tsx';
import { ListSection } from '../ListSection.tsx';
import { NewWebhookDialog } from './NewWebhookDialog.tsx';
import { wordsOfDelivery } from './webhook-words.ts';

/** A delivery that is under way, or a test, shows by itself. */
const LOOK_EVERY_MS = 5000;

export function CamlyticsWebhooksSection() {
  const webhooks = useResource('camlytics-webhooks', placesApi.camlyticsWebhooks, LOOK_EVERY_MS);
  const sites = useResource('sites', api.sites);
  const cameras = useCameras((state) => state.cameras) ?? [];
  const [adding, setAdding] = useState(false);
  const placeOf = ({ siteId, cameraId }: CamlyticsWebhookView) =>
    cameraId === null
      ? t`All cameras of ${sites.value?.find(({ id }) => id === siteId)?.name ?? t`site ${siteId ?? ''}`}`
      : (cameras.find(({ id }) => id === cameraId)?.name ?? t`A camera that is gone`);

  return (
    <ListSection
      title={t`Camlytics webhooks`}
      note={t`Addresses that get each event of lines and zones within seconds, as JSON.`}
      list={webhooks}
      loading={t`Loading webhooks`}
      empty={t`None yet. Nobody is told by itself.`}
      add={t`New webhook`}
      onAdd={() => setAdding(true)}
      keyOf={({ id }) => id}
      row={(webhook) => (
        <>
          {webhook.url}
          <small>{placeOf(webhook)}</small>
          <small data-failed={webhook.lastDelivery?.state === 'failed' || undefined}>
            {wordsOfDelivery(webhook.lastDelivery)}
          </small>
        </>
      )}
      extra={{
        word: t`Send a test`,
        label: ({ url }) => t`Send a test to ${url}`,
        run: async ({ id }) => {
          webhooks.put(await placesApi.testCamlyticsWebhook(id));
          showToast(t`A test is on its way`);
        },
      }}
      removal={{
        word: t`Remove`,
        label: ({ url }) => t`Remove ${url}`,
        title: () => t`Remove this webhook?`,
        description: ({ url }) =>
          t`${url} is told of nothing more, also not of what still waits to be delivered.`,
        action: t`Remove webhook`,
        done: () => t`Removed the webhook`,
        remove: ({ id }) => placesApi.deleteCamlyticsWebhook(id),
      }}
    >
      <NewWebhookDialog
        open={adding}
        onClose={() => setAdding(false)}
        sites={sites.value ?? []}
        cameras={cameras}
        onCreated={webhooks.put}
      />
    </ListSection>
  );
}
