/** Addresses that are told of analytics as they happen, of one camera or of a whole site; how the last delivery went; a test. */
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
      ? `All cameras of ${sites.value?.find(({ id }) => id === siteId)?.name ?? `site ${siteId}`}`
      : (cameras.find(({ id }) => id === cameraId)?.name ?? 'A camera that is gone');

  return (
    <ListSection
      title="Camlytics webhooks"
      note="Addresses that get each event of lines and zones within seconds, as JSON."
      list={webhooks}
      things="webhooks"
      empty="None yet. Nobody is told by itself."
      add="New webhook"
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
        word: 'Send a test',
        label: ({ url }) => `Send a test to ${url}`,
        run: async ({ id }) => {
          webhooks.put(await placesApi.testCamlyticsWebhook(id));
          showToast('A test is on its way');
        },
      }}
      removal={{
        word: 'Remove',
        nameOf: ({ url }) => url,
        title: () => 'Remove this webhook?',
        description: ({ url }) =>
          `${url} is told of nothing more, also not of what still waits to be delivered.`,
        action: 'Remove webhook',
        done: () => 'Removed the webhook',
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
