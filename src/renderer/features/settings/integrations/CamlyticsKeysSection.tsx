/** Keys with which programs ask the Camlytics interface; each request is signed with the key's secret. */
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { placesApi } from '../../../client/places-api.ts';
import { useResource } from '../../../client/resource.ts';
import { Button } from '../../../ui/Button.tsx';
import { ConfirmDialog } from '../../../ui/Dialog.tsx';
import { Section } from '../../../ui/Page.tsx';
import { ErrorNote, Loading, Skeleton } from '../../../ui/States.tsx';
import { showProblem, showToast } from '../../../ui/Toast.tsx';
import styles from './Integrations.module.css';
import { SecretDialog } from './SecretDialog.tsx';

export function CamlyticsKeysSection() {
  const keys = useResource('camlytics-keys', placesApi.camlyticsKeys);
  const [made, setMade] = useState<{ key: string; secret: string } | null>(null);
  const [revoking, setRevoking] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  async function run(action: () => Promise<void>) {
    setBusy(true);
    try {
      await action();
    } catch (thrown) {
      showProblem(thrown);
    } finally {
      setBusy(false);
    }
  }
  const add = () =>
    run(async () => {
      const created = await placesApi.addCamlyticsKey();
      keys.put([...(keys.value ?? []), { key: created.key }]);
      setMade(created);
    });
  const revoke = (key: string) =>
    run(async () => {
      await placesApi.deleteCamlyticsKey(key);
      keys.put((keys.value ?? []).filter((one) => one.key !== key));
      showToast('Revoked the key');
      setRevoking(null);
    });

  return (
    <Section
      title="Camlytics keys"
      note="For programs that read counts and events of lines and zones. A key has a secret that signs each request."
      actions={
        <Button icon={Plus} busy={busy && revoking === null} onClick={() => void add()}>
          New key
        </Button>
      }
    >
      {keys.error && <ErrorNote onRetry={keys.refresh}>{keys.error}</ErrorNote>}
      {!keys.value && !keys.error && (
        <Loading label="Loading keys">
          <Skeleton height={40} />
        </Loading>
      )}
      {keys.value?.length === 0 && (
        <p className={styles.quiet}>None yet. Nobody can use the Camlytics interface.</p>
      )}
      {keys.value && keys.value.length > 0 && (
        <ul className={styles.list}>
          {keys.value.map(({ key }) => (
            <li key={key} className={styles.row}>
              <code className={styles.key}>{key}</code>
              <Button tone="danger" aria-label={`Revoke ${key}`} onClick={() => setRevoking(key)}>
                Revoke
              </Button>
            </li>
          ))}
        </ul>
      )}
      <SecretDialog
        title="Copy key and secret now"
        description="This is the only time that the secret is shown."
        values={
          made && [
            { label: 'Key', value: made.key },
            { label: 'Secret', value: made.secret },
          ]
        }
        onDone={() => setMade(null)}
      />
      <ConfirmDialog
        open={revoking !== null}
        onOpenChange={(open) => !open && setRevoking(null)}
        title="Revoke this key?"
        description={`The program that uses ${revoking} is shut out at once. It needs a new key to come back.`}
        action="Revoke key"
        busy={busy}
        onConfirm={() => revoking && void revoke(revoking)}
      />
    </Section>
  );
}
