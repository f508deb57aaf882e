/** Keys with which video platforms use the Faceter interface. */
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { type IntegrationKeyView, placesApi } from '../../../client/places-api.ts';
import { useResource } from '../../../client/resource.ts';
import { formatDayInSentence, formatSince } from '../../../client/time-format.ts';
import { Button } from '../../../ui/Button.tsx';
import { ConfirmDialog } from '../../../ui/Dialog.tsx';
import { Section } from '../../../ui/Page.tsx';
import { ErrorNote, Loading, Skeleton } from '../../../ui/States.tsx';
import { showProblem, showToast } from '../../../ui/Toast.tsx';
import { NameDialog } from '../places/NameDialog.tsx';
import styles from '../SettingsPage.module.css';
import { SecretDialog } from './SecretDialog.tsx';

export function FaceterKeysSection() {
  const keys = useResource('integration-keys', placesApi.integrationKeys);
  const [adding, setAdding] = useState(false);
  const [made, setMade] = useState<{ name: string; key: string } | null>(null);
  const [revoking, setRevoking] = useState<IntegrationKeyView | null>(null);
  const [busy, setBusy] = useState(false);

  async function revoke({ id, name }: IntegrationKeyView) {
    setBusy(true);
    try {
      await placesApi.deleteIntegrationKey(id);
      keys.put((keys.value ?? []).filter((key) => key.id !== id));
      showToast(`Revoked ${name}`);
      setRevoking(null);
    } catch (thrown) {
      showProblem(thrown);
    } finally {
      setBusy(false);
    }
  }

  return (
    <Section
      title="Faceter keys"
      note="For video platforms that read cameras, events and clips with X-Integration-Key."
      actions={
        <Button icon={Plus} onClick={() => setAdding(true)}>
          New key
        </Button>
      }
    >
      {keys.error && <ErrorNote onRetry={keys.refresh}>{keys.error}</ErrorNote>}
      {!keys.value && !keys.error && (
        <Loading label="Loading keys">
          <Skeleton height={48} />
        </Loading>
      )}
      {keys.value?.length === 0 && (
        <p className={styles.quiet}>None yet. Nobody can use the Faceter interface.</p>
      )}
      {keys.value && keys.value.length > 0 && (
        <ul className={styles.tokens}>
          {keys.value.map((key) => (
            <li key={key.id} className={styles.token}>
              <span className={styles.tokenName}>
                {key.name}
                <small>Made {formatDayInSentence(key.createdEpochMs)}</small>
              </span>
              <span>
                <small>
                  {key.lastUsedEpochMs === null
                    ? 'Never used'
                    : `Last used ${formatSince(key.lastUsedEpochMs)}`}
                </small>
              </span>
              <Button tone="danger" aria-label={`Revoke ${key.name}`} onClick={() => setRevoking(key)}>
                Revoke
              </Button>
            </li>
          ))}
        </ul>
      )}
      <NameDialog
        open={adding}
        onClose={() => setAdding(false)}
        title="New Faceter key"
        description="Name it after the program that will use it."
        label="Key name"
        placeholder="Video platform"
        action="Create key"
        onName={async (name) => {
          const { key, ...view } = await placesApi.addIntegrationKey(name);
          keys.put([...(keys.value ?? []), view]);
          setMade({ name, key });
        }}
      />
      <SecretDialog
        title="Copy the key now"
        description={`This is the only time that the key of ${made?.name} is shown.`}
        values={made && [{ label: 'Integration key', value: made.key }]}
        onDone={() => setMade(null)}
      />
      <ConfirmDialog
        open={revoking !== null}
        onOpenChange={(open) => !open && setRevoking(null)}
        title={`Revoke ${revoking?.name}?`}
        description="The program that uses it is shut out at once, from live streams too. It needs a new key to come back."
        action="Revoke key"
        busy={busy}
        onConfirm={() => revoking && void revoke(revoking)}
      />
    </Section>
  );
}
