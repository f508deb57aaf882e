/** Addresses that are told of analytics as they happen, of one camera or of a whole site; how the last delivery went; a test. */
import { Plus } from 'lucide-react';
import { useState } from 'react';
import type { CamlyticsWebhookView } from '../../../../shared/contract.ts';
import { api } from '../../../client/api.ts';
import { useCameras } from '../../../client/cameras-store.ts';
import { placesApi } from '../../../client/places-api.ts';
import { useResource } from '../../../client/resource.ts';
import { Button } from '../../../ui/Button.tsx';
import { ConfirmDialog } from '../../../ui/Dialog.tsx';
import { Section } from '../../../ui/Page.tsx';
import { ErrorNote, Loading, Skeleton } from '../../../ui/States.tsx';
import { showProblem, showToast } from '../../../ui/Toast.tsx';
import styles from './Integrations.module.css';
import { NewWebhookDialog } from './NewWebhookDialog.tsx';
import { wordsOfDelivery } from './webhook-words.ts';

/** A delivery that is under way, or a test, shows by itself. */
const LOOK_EVERY_MS = 5000;

export function CamlyticsWebhooksSection() {
  const webhooks = useResource('camlytics-webhooks', placesApi.camlyticsWebhooks, LOOK_EVERY_MS);
  const sites = useResource('sites', api.sites);
  const cameras = useCameras((state) => state.cameras) ?? [];
  const [adding, setAdding] = useState(false);
  const [removing, setRemoving] = useState<CamlyticsWebhookView | null>(null);
  const [busyId, setBusyId] = useState<number | null>(null);

  async function run(id: number, action: () => Promise<void>) {
    setBusyId(id);
    try {
      await action();
    } catch (thrown) {
      showProblem(thrown);
    } finally {
      setBusyId(null);
    }
  }
  const test = ({ id }: CamlyticsWebhookView) =>
    run(id, async () => {
      webhooks.put(await placesApi.testCamlyticsWebhook(id));
      showToast('A test is on its way');
    });
  const remove = ({ id }: CamlyticsWebhookView) =>
    run(id, async () => {
      await placesApi.deleteCamlyticsWebhook(id);
      webhooks.put((webhooks.value ?? []).filter((webhook) => webhook.id !== id));
      showToast('Removed the webhook');
      setRemoving(null);
    });
  const placeOf = ({ siteId, cameraId }: CamlyticsWebhookView) =>
    cameraId === null
      ? `All cameras of ${sites.value?.find(({ id }) => id === siteId)?.name ?? `site ${siteId}`}`
      : (cameras.find(({ id }) => id === cameraId)?.name ?? 'A camera that is gone');

  return (
    <Section
      title="Camlytics webhooks"
      note="Addresses that get each event of lines and zones within seconds, as JSON."
      actions={
        <Button icon={Plus} onClick={() => setAdding(true)}>
          New webhook
        </Button>
      }
    >
      {webhooks.error && <ErrorNote onRetry={webhooks.refresh}>{webhooks.error}</ErrorNote>}
      {!webhooks.value && !webhooks.error && (
        <Loading label="Loading webhooks">
          <Skeleton height={48} />
        </Loading>
      )}
      {webhooks.value?.length === 0 && <p className={styles.quiet}>None yet. Nobody is told by itself.</p>}
      {webhooks.value && webhooks.value.length > 0 && (
        <ul className={styles.list}>
          {webhooks.value.map((webhook) => (
            <li key={webhook.id} className={styles.row}>
              <span className={styles.words}>
                {webhook.url}
                <small>{placeOf(webhook)}</small>
                <small data-failed={webhook.lastDelivery?.state === 'failed' || undefined}>
                  {wordsOfDelivery(webhook.lastDelivery)}
                </small>
              </span>
              <span className={styles.actions}>
                <Button
                  busy={busyId === webhook.id && removing === null}
                  aria-label={`Send a test to ${webhook.url}`}
                  onClick={() => void test(webhook)}
                >
                  Send a test
                </Button>
                <Button
                  tone="danger"
                  aria-label={`Remove ${webhook.url}`}
                  onClick={() => setRemoving(webhook)}
                >
                  Remove
                </Button>
              </span>
            </li>
          ))}
        </ul>
      )}
      <NewWebhookDialog
        open={adding}
        onClose={() => setAdding(false)}
        sites={sites.value ?? []}
        cameras={cameras}
        onCreated={webhooks.put}
      />
      <ConfirmDialog
        open={removing !== null}
        onOpenChange={(open) => !open && setRemoving(null)}
        title="Remove this webhook?"
        description={`${removing?.url} is told of nothing more, also not of what still waits to be delivered.`}
        action="Remove webhook"
        busy={busyId !== null}
        onConfirm={() => removing && void remove(removing)}
      />
    </Section>
  );
}
